"""Series under one another, each on a scale that it fills, with the reach of every point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.drawing import (
    Mark,
    across,
    box,
    down,
    line,
    percent,
    percents,
    picture,
    point,
    tag,
    text,
)

_LEFT, _WIDE, _END = 0.02, 0.78, 0.84
"""Where the first point stands, how far the last is from there, and where axes end; the scale is beside them."""
_HEAD, _HIGH, _GAP = 1.6, 4.2, 1.1
"""Above a panel, of a panel, and below it."""
_CEILINGS = (0.1, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value of a series."""

    label: str
    """When it was."""
    share: float | None
    """From 0 to 1; ``None``: not said, and the line has a gap."""
    low: float = 0.0
    high: float = 0.0
    filling: bool = False
    """Whether more may still come: it is drawn hollow."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One series. All panels of a chart have points with the same labels."""

    name: str
    points: tuple[Point, ...]
    band: tuple[float, float] | None = None


def lines(panels: Sequence[Panel], caption: Caption) -> Chart:
    """Small pictures of several series, one under the other."""
    labels = [spot.label for spot in panels[0].points] if panels else []
    step = _HEAD + _HIGH + _GAP
    parts = [_panel(panel, number * step) for number, panel in enumerate(panels)]
    foot = len(panels) * step
    parts.append(_times(labels, foot))
    return caption.chart(
        picture(caption, height=foot + 1.2, parts=parts),
        header=("", *labels),
        rows=tuple((panel.name, *(_cell(spot) for spot in panel.points)) for panel in panels),
    )


def _ceiling(panel: Panel) -> float:
    """Where the scale of a panel ends: a series of small shares would be a flat line beside one of large ones."""
    highest = max((spot.high for spot in panel.points if spot.share is not None), default=0.0)
    band = panel.band[1] if panel.band else 0.0
    return next((ceiling for ceiling in _CEILINGS if ceiling >= max(highest, band)), 1.0)


def _place(number: int, count: int) -> float:
    return _LEFT + _WIDE * (number / (count - 1) if count > 1 else 0.5)


def _panel(panel: Panel, top: float) -> Markup:
    base, count, ceiling = top + _HEAD + _HIGH, len(panel.points), _ceiling(panel)

    def y(share: float) -> float:
        return base - _HIGH * share / ceiling

    found = [
        text(panel.name, 0, top + 1.1, "chart-name"),
        line("chart-grid", (0, y(ceiling)), (_END, y(ceiling))),
        line("chart-axis", (0, base), (_END, base)),
        text(percent(ceiling), 1, y(ceiling) + 0.35, "chart-soft", anchor="end"),
        text(percent(0), 1, base + 0.35, "chart-soft", anchor="end"),
    ]
    if panel.band is not None:
        low, high = panel.band
        found.append(box("chart-band", 0, y(high), _END, y(low) - y(high)))
    for run in _runs(panel.points):
        found += _run(panel.points, run, top + _HEAD, ceiling)
    for number, spot in enumerate(panel.points):
        if spot.share is not None:
            found.append(point(Mark.PLAIN, _place(number, count), y(spot.share), hollow=spot.filling))
    return Markup("").join(found)


def _runs(points: Sequence[Point]) -> Iterator[list[int]]:
    """Where values follow one another without a gap."""
    run: list[int] = []
    for number, spot in enumerate(points):
        if spot.share is not None:
            run.append(number)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _run(points: Sequence[Point], run: list[int], top: float, ceiling: float) -> list[Markup]:
    """The ribbon and the line of one run; a single value has its reach as an upright line."""
    count = len(points)

    def at(number: int, share: float) -> tuple[float, float]:
        return _place(number, count), top + _HIGH * (1 - share / ceiling)

    if len(run) == 1:
        only = points[run[0]]
        return [line("chart-reach", at(run[0], only.low), at(run[0], only.high))]
    found = [_ribbon(points, run, top, ceiling)]
    for one, two in pairwise(run):
        first, second = points[one], points[two]
        found += [
            line("chart-rim", at(one, first.low), at(two, second.low)),
            line("chart-rim", at(one, first.high), at(two, second.high)),
            line(
                "chart-line chart-filling" if second.filling else "chart-line",
                at(one, first.share or 0),
                at(two, second.share or 0),
            ),
        ]
    return found


def _ribbon(points: Sequence[Point], run: list[int], top: float, ceiling: float) -> Markup:
    """From low to high, stretched over the room that the run has."""
    left = _place(run[0], len(points))
    wide = _place(run[-1], len(points)) - left

    def corner(number: int, share: float) -> str:
        x = (_place(number, len(points)) - left) / wide * 100
        return f"{x:.2f},{(1 - share / ceiling) * 100:.2f}"

    upper = [corner(number, points[number].high) for number in run]
    lower = [corner(number, points[number].low) for number in reversed(run)]
    return tag(
        "svg",
        tag("polygon", points=" ".join(upper + lower), class_="chart-ribbon"),
        x=across(left),
        y=down(top),
        width=across(wide),
        height=down(_HIGH),
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
    )


def _times(labels: Sequence[str], foot: float) -> Markup:
    """The first, the middle and the last time: more would meet one another where there is little room."""
    if not labels:
        return Markup("")
    last = len(labels) - 1
    shown = {0: "start", last: "end"} if last else {0: "middle"}
    if last >= 2 and last % 2 == 0:
        shown[last // 2] = "middle"
    found = []
    for number, anchor in shown.items():
        x = 0.0 if anchor == "start" else _place(number, len(labels)) + (0.02 if anchor == "end" else 0)
        found.append(text(labels[number], x, foot + 0.6, "chart-soft", anchor=anchor))
    return Markup("").join(found)


def _cell(spot: Point) -> str:
    if spot.share is None:
        return "–"
    said = f"{percent(spot.share)} ({percents(spot.low, spot.high)})"
    return _("%(figure)s, still filling", figure=said) if spot.filling else said
