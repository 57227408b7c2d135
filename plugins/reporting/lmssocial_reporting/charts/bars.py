"""Bars that begin at nothing, with a mark to compare them with."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.drawing import picture
from lmssocial_reporting.charts.pen import Pen, more, pen

_ROW = 2.9


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One row."""

    name: str
    value: float | None
    """0 or more; ``None``: there is none, and ``said`` says why."""
    said: str
    """The value as people say it: ``3 of 8``, ``2 days``."""
    beside: float | None = None
    """What to compare it with, such as a median: an upright line."""
    said_beside: str = ""
    parts: tuple[float, ...] = ()
    """What the value is made of, at most three parts, in the order of ``legend``; empty: it is of one piece."""


def bars(
    rows: Sequence[Bar],
    caption: Caption,
    *,
    header: tuple[str, ...],
) -> Chart:
    """A bar for each row, all on one scale from 0 to the largest.

    :param header: of the table: what is named, the value, and – if any row has one – what it is compared with.
    """
    largest = max((max(row.value or 0, row.beside or 0) for row in rows), default=0) or 1
    foot, parts, by = 0.0, [], pen()
    for row in rows:
        parts.append(_row(row, foot, largest, by))
        foot += _ROW + more(row.name, _said(row))
    return caption.chart(
        picture(caption, height=foot + 0.2, parts=parts),
        header=header,
        rows=tuple((row.name, row.said, row.said_beside or "–")[: len(header)] for row in rows),
    )


def _said(row: Bar) -> str:
    return f"{row.said} · {row.said_beside}" if row.said_beside else row.said


def _row(row: Bar, top: float, largest: float, by: Pen) -> Markup:
    base = top + more(row.name, _said(row))
    found = [
        by.head(row.name, _said(row), top),
        by.line("chart-axis", (0, base + 1.5), (0, base + 2.5)),
    ]
    start = 0.0
    pieces = row.parts or ((row.value,) if row.value else ())
    for number, piece in enumerate(pieces[:3], start=1):
        found.append(by.box(f"chart-bar chart-bar-{number}", start, base + 1.6, piece / largest, 0.8))
        start += piece / largest
    if row.beside is not None:
        x = row.beside / largest
        found.append(by.line("chart-beside", (x, base + 1.4), (x, base + 2.6)))
    return Markup("").join(found)
