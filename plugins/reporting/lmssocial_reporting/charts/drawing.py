"""What all charts are drawn with.

Across, everything is a percentage; down, it is measured in the size of the text. So a chart fills whatever room it has,
from 320 pixels on, and its words stay as large as those around it. A picture has classes and no colours, styles or
scripts: ``frontend/css/components/charts.css`` says how it looks on a page, :mod:`.printing` how it looks elsewhere.
Curves and times run from left to right in every language, as numbers do; bars and rows of points begin where lines of
text begin: see :mod:`.pen`.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from math import ceil, floor

from markupsafe import Markup

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.chart import Caption


class Mark(StrEnum):
    """The shape of a point. Shapes differ where meanings do, so that no meaning rests on a colour."""

    PLAIN = "plain"
    WITHIN = "within"
    BELOW = "below"
    ABOVE = "above"
    UNCLEAR = "unclear"


SYMBOLS = {Mark.PLAIN: "●", Mark.WITHIN: "●", Mark.BELOW: "▼", Mark.ABOVE: "▲", Mark.UNCLEAR: "◇"}
"""The same shapes, for text."""

_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What is no character of XML 1.0 (§2.2)."""
_OUTLINES = {
    Mark.BELOW: "M-6 -5L6 -5L0 6Z",
    Mark.ABOVE: "M-6 5L6 5L0 -6Z",
    Mark.UNCLEAR: "M0 -6.5L6.5 0L0 6.5L-6.5 0Z",
}


def tag(name: str, /, *inside: str, **attributes: object) -> Markup:
    """One element. ``_`` in names of attributes stands for ``-``, and one at their end for nothing; text is escaped."""
    given = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
    )
    if not inside:
        return Markup("<{}{}/>").format(name, given)
    return Markup("<{0}{1}>{2}</{0}>").format(name, given, Markup("").join(inside))


def across(share: float) -> str:
    """A place or length across, from 0 (left) to 1 (right)."""
    return f"{round(share * 100, 2):g}%"


def down(ems: float) -> str:
    """A place or length down, in the size of the text."""
    return f"{round(ems, 3):g}em"


def picture(caption: Caption, *, height: float, parts: Iterable[Markup]) -> Markup:
    """The whole: a picture with a name and a description for people who hear the page.

    Characters that no XML has are replaced: one in the title of an activity would leave no picture at all.

    :param height: in the size of the text.
    """
    names = f"chart-{caption.key}-title", f"chart-{caption.key}-desc"
    drawn = tag(
        "svg",
        tag("title", caption.title, id=names[0]),
        tag("desc", caption.description, id=names[1]),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="chart-svg",
        role="img",
        aria_labelledby=" ".join(names),
        width="100%",
        height=down(height),
    )
    return Markup(_NO_XML.sub("\ufffd", drawn))  # noqa: S704 – all words in it are escaped


def text(words: str, x: float, y: float, *classes: str, anchor: str = "start") -> Markup:
    """Words with their base line at ``y`` ems; ``anchor`` is ``start``, ``middle`` or ``end``."""
    named = " ".join(("chart-text", *classes))
    return tag("text", words, x=across(x), y=down(y), text_anchor=anchor, class_=named)


def line(class_: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    """A straight line between two places (share across, ems down)."""
    (x1, y1), (x2, y2) = start, end
    return tag("line", x1=across(x1), y1=down(y1), x2=across(x2), y2=down(y2), class_=class_)


def box(class_: str, x: float, y: float, width: float, height: float) -> Markup:
    """A rectangle: share across and ems down of its corner, then its sides likewise."""
    return tag("rect", x=across(x), y=down(y), width=across(width), height=down(height), class_=class_)


def point(mark: Mark, x: float, y: float, *, hollow: bool = False) -> Markup:
    """A point of some shape; hollow where it is not final."""
    open_ = hollow or mark is Mark.UNCLEAR
    class_ = "chart-mark chart-open" if open_ else "chart-mark"
    if mark not in _OUTLINES:
        return tag("circle", cx=across(x), cy=down(y), r=5.5, class_=class_)
    return tag(
        "svg", tag("path", d=_OUTLINES[mark], class_=class_), x=across(x), y=down(y), overflow="visible"
    )


def percent(share: float | None) -> str:
    """A share in whole per cent; a dash where there is none."""
    return "–" if share is None else _tied(_("%(number)d %%", number=round(share * 100)))


def percents(low: float, high: float) -> str:
    """From one share to another, in whole per cent: outwards, so that nothing is cut off."""
    return _tied(_("%(low)d–%(high)d %%", low=lowest(low), high=highest(high)))


def lowest(share: float) -> int:
    """The whole per cent that ``share`` is not below."""
    return floor(round(share * 100, 6))


def highest(share: float) -> int:
    """The whole per cent that ``share`` is not above."""
    return ceil(round(share * 100, 6))


def _tied(words: str) -> str:
    """Words that are not parted where a line ends."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
