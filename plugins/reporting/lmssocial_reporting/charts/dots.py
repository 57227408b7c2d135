"""Points with the reach they plausibly have, and the band they are meant to be in."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lmssocial.plugin import gettext as _
from lmssocial.plugin import pgettext
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.drawing import Mark, percent, percents, picture
from lmssocial_reporting.charts.pen import Pen, more, pen

_LEFT, _WIDE = 0.015, 0.97
"""Where 0 stands, and how far 100 per cent is from there: whole points find room at both ends."""
_ROW, _TRACK = 3.5, 2.1
"""How high a row is, and how far below its beginning its points stand."""


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One row."""

    name: str
    share: float | None
    """From 0 to 1; ``None``: not said, and ``word`` says why."""
    low: float = 0.0
    high: float = 0.0
    """The reach of the share."""
    band: tuple[float, float] | None = None
    """Where it is meant to be."""
    mark: Mark = Mark.PLAIN
    word: str = ""
    """What is to be said of it: the verdict."""


def dots(rows: Sequence[Dot], caption: Caption) -> Chart:
    """A row for each share, all on one scale from 0 to 100 per cent."""
    foot, drawn, by = 0.0, [], pen()
    for row in rows:
        drawn.append(_row(row, foot, by))
        foot += _ROW + more(row.name, _said(row))
    parts = [_grid(foot, by), *drawn]
    return caption.chart(
        picture(caption, height=foot + 1.6, parts=parts),
        header=_header(rows),
        rows=tuple(_cells(row, banded=_banded(rows), worded=_worded(rows)) for row in rows),
    )


def _x(share: float) -> float:
    return _LEFT + _WIDE * share


def _grid(foot: float, by: Pen) -> Markup:
    found = []
    for quarter in range(5):
        x = _x(quarter / 4)
        anchor = "start" if quarter == 0 else "end" if quarter == 4 else "middle"
        at = 0.0 if quarter == 0 else 1.0 if quarter == 4 else x
        found += [
            by.line("chart-grid", (x, 0.2), (x, foot)),
            by.text(percent(quarter / 4), at, foot + 1.2, "chart-soft", anchor=anchor),
        ]
    return Markup("").join(found)


def _said(row: Dot) -> str:
    share = percent(row.share) if row.share is not None else ""
    return " · ".join(part for part in (share, row.word) if part)


def _row(row: Dot, top: float, by: Pen) -> Markup:
    middle = top + more(row.name, _said(row)) + _TRACK
    found = [
        by.head(row.name, _said(row), top),
        by.line("chart-axis", (_x(0), middle), (_x(1), middle)),
    ]
    if row.band is not None:
        low, high = row.band
        found.append(by.box("chart-band", _x(low), middle - 0.6, _WIDE * (high - low), 1.2))
    if row.share is not None:
        found += [
            by.line("chart-reach", (_x(row.low), middle), (_x(row.high), middle)),
            by.point(row.mark, _x(row.share), middle),
        ]
    return Markup("").join(found)


def _banded(rows: Sequence[Dot]) -> bool:
    return any(row.band for row in rows)


def _worded(rows: Sequence[Dot]) -> bool:
    return any(row.word for row in rows)


def _header(rows: Sequence[Dot]) -> tuple[str, ...]:
    found = ["", pgettext("a part of all", "Share"), _("Plausible range")]
    if _banded(rows):
        found.append(_("Target"))
    if _worded(rows):
        found.append(_("What that says"))
    return tuple(found)


def _cells(row: Dot, *, banded: bool, worded: bool) -> tuple[str, ...]:
    found = [row.name, percent(row.share), "–" if row.share is None else percents(row.low, row.high)]
    if banded:
        found.append(percents(*row.band) if row.band else "–")
    if worded:
        found.append(row.word or "–")
    return tuple(found)
