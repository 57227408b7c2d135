"""Drawing what begins where lines of text begin: at the right where a language is written from there."""

from dataclasses import dataclass

from flask_babel import get_locale
from markupsafe import Markup

from lmssocial_reporting.charts import drawing
from lmssocial_reporting.charts.drawing import Mark
from lmssocial_reporting.charts.letters import ROOM, ems, lines_of

LINE = 1.4
"""How far below one line of text the next one is, in ems."""
_BETWEEN = 0.8
"""What is at least between a name and its value, in ems."""
_BOLD = 0.92
"""How much less of bold letters there is in the same room."""
_OTHER_END = {"start": "end", "middle": "middle", "end": "start"}


@dataclass(frozen=True)
class Pen:
    """Draws as :mod:`.drawing` does, with places that are counted from where a line of text begins."""

    turned: bool
    """Whether that is at the right."""

    def x(self, share: float) -> float:
        """The place from the left."""
        return 1 - share if self.turned else share

    def text(self, words: str, x: float, y: float, *classes: str, anchor: str = "start") -> Markup:
        """See :func:`.drawing.text`."""
        at = _OTHER_END[anchor] if self.turned else anchor
        return drawing.text(words, self.x(x), y, *classes, anchor=at)

    def line(self, class_: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
        """See :func:`.drawing.line`."""
        return drawing.line(class_, (self.x(start[0]), start[1]), (self.x(end[0]), end[1]))

    def box(self, class_: str, x: float, y: float, width: float, height: float) -> Markup:
        """See :func:`.drawing.box`."""
        return drawing.box(class_, self.x(x + width) if self.turned else x, y, width, height)

    def point(self, mark: Mark, x: float, y: float) -> Markup:
        """See :func:`.drawing.point`."""
        return drawing.point(mark, self.x(x), y)

    def head(self, name: str, said: str, top: float) -> Markup:
        """A name and at the other end of the line its value, or below it where both do not fit: see :func:`more`."""
        names, values = _head(name, said)
        first = len(names) - 1 if _fit(names, values) else len(names)
        base = top + 1.1
        found = [self.text(part, 0, base + at * LINE, "chart-name") for at, part in enumerate(names)]
        found += [self.text(part, 1, base + at * LINE, anchor="end") for at, part in enumerate(values, first)]
        return Markup("").join(found)


def pen() -> Pen:
    """The one for the reader's language."""
    locale = get_locale()
    return Pen(turned=locale is not None and locale.text_direction == "rtl")


def more(name: str, said: str) -> float:
    """How much higher than one line :meth:`Pen.head` is, in ems, on the narrowest screen."""
    names, values = _head(name, said)
    return (len(names) + len(values) - (2 if _fit(names, values) else 1)) * LINE


def _head(name: str, said: str) -> tuple[list[str], list[str]]:
    return lines_of(name, ROOM * _BOLD), lines_of(said)


def _fit(names: list[str], values: list[str]) -> bool:
    return ems(names[-1]) / _BOLD + _BETWEEN + ems(values[0]) <= ROOM
