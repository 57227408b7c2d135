"""How unequally something is spread over people."""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.drawing import across, down, line, percent, picture, tag
from lmssocial_reporting.charts.letters import ROOM, lines_of
from lmssocial_reporting.charts.pen import LINE, pen

_LEFT, _WIDE, _TOP, _HIGH = 0.02, 0.96, 0.6, 16.0
_SIGN = 0.1
"""Where the samples of lines end that words below the picture explain."""
_STEPS, _TOGETHER = 50, 5
"""More corners than that nobody sees; and each of them is about at least so many people."""


def lorenz(counts: Sequence[int], caption: Caption) -> Chart:
    """The Lorenz curve of ``counts``, one for each person, zeros included: the share of all that the least active have.

    No step of it is one person: it has a corner every five people, or fewer corners still.
    """
    curve = curve_of(counts)
    below, foot = _below()
    parts = [
        tag(
            "svg",
            tag(
                "polygon",
                points=" ".join(f"{x * 100:.2f},{(1 - y) * 100:.2f}" for x, y in [*curve, (0.0, 0.0)]),
                class_="chart-ribbon",
            ),
            x=across(_LEFT),
            y=down(_TOP),
            width=across(_WIDE),
            height=down(_HIGH),
            viewBox="0 0 100 100",
            preserveAspectRatio="none",
        ),
        line("chart-axis", _at(0, 0), _at(1, 0)),
        line("chart-axis", _at(0, 0), _at(0, 1)),
        line("chart-rim", _at(0, 0), _at(1, 1)),
        *(line("chart-line", _at(*one), _at(*two)) for one, two in pairwise(curve)),
        *below,
    ]
    return caption.chart(
        picture(caption, height=foot, parts=parts),
        header=(_("The least active"), _("do so much of it")),
        rows=tuple((percent(tenth / 10), percent(_height(curve, tenth / 10))) for tenth in range(1, 11)),
    )


def curve_of(counts: Sequence[int]) -> list[tuple[float, float]]:
    """The curve as (share of people, share of all), from (0, 0) to (1, 1), in steps of five people or more."""
    ordered, total = sorted(counts), sum(counts)
    if not total:
        return [(0.0, 0.0), (1.0, 1.0)]
    sums = [0]
    for count in ordered:
        sums.append(sums[-1] + count)
    last = len(ordered)
    steps = max(1, min(_STEPS, last // _TOGETHER))
    marks = [step * last // steps for step in range(steps + 1)]
    return [(mark / last, sums[mark] / total) for mark in marks]


def _below() -> tuple[list[Markup], float]:
    """What is drawn, in lines below it that fit on the narrowest screen, and how far down they reach."""
    found: list[Markup] = []
    y, by = _TOP + _HIGH, pen()
    for class_, words in (
        ("", _("All members, the least active first")),
        ("chart-line", _("Their share of all of it")),
        ("chart-rim", _("if all did alike")),
    ):
        y += LINE
        if class_:
            found.append(by.line(class_, (_LEFT, y - 0.35), (_SIGN, y - 0.35)))
        for number, part in enumerate(lines_of(words, ROOM * (1 - _SIGN) - 1)):
            y += LINE if number else 0
            at, anchor = (_SIGN + 0.03, "start") if class_ else (0.5, "middle")
            found.append(by.text(part, at, y, "chart-soft", anchor=anchor))
    return found, y + 0.6


def _at(x: float, y: float) -> tuple[float, float]:
    return _LEFT + _WIDE * x, _TOP + _HIGH * (1 - y)


def _height(curve: Sequence[tuple[float, float]], x: float) -> float:
    for (x1, y1), (x2, y2) in pairwise(curve):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * ((x - x1) / (x2 - x1))
    return 1.0
