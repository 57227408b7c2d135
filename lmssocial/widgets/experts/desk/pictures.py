"""The curve of first answers as points of a picture. Pure; the page says the same in a table."""

from dataclasses import dataclass

from lmssocial.widgets.experts.desk.survival import Survival

WIDTH, HEIGHT, LEFT, TOP = 300, 100, 34, 8
LONGEST = 168
"""Hours the picture shows."""
TICKS = (0, 24, 48, 96, 168)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What is drawn, in the units of a picture of 340 × 136."""

    points: str
    """Of the steps, as an SVG polyline has them."""
    ticks: tuple[tuple[int, int], ...]
    """Hours, and where they are."""
    levels: tuple[tuple[int, int], ...]
    """Percent, and where they are."""


def curve(waits: Survival) -> Curve:
    """The share with an answer, from nothing upwards, over a week."""
    places = [(_x(0.0), _y(0.0))]
    for hours, waiting in zip(waits.times, waits.waiting, strict=True):
        if hours > LONGEST:
            break
        places += [(_x(hours), places[-1][1]), (_x(hours), _y(1 - waiting))]
    places.append((_x(LONGEST), places[-1][1]))
    return Curve(
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        ticks=tuple((hours, round(_x(hours))) for hours in TICKS),
        levels=tuple((percent, round(_y(percent / 100))) for percent in (0, 50, 100)),
    )


def _x(hours: float) -> float:
    return LEFT + WIDTH * hours / LONGEST


def _y(share: float) -> float:
    return TOP + HEIGHT * (1 - share)
