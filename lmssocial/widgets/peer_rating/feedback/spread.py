"""Where on the scale the reviews of one work lie: the geometry of a small picture. Pure; the template draws it.

It shows one author the reviews of their own work, and nobody else's. Its numbers stand beside it as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 72
"""Of the picture, in units of its own."""
LEFT, RIGHT = 12, 308
"""Where the scale begins and ends."""
BASE = 48
"""The height at which the scale stands."""
STEP = 9
"""Between two dots that stand above each other."""
MOST_ABOVE = 4
"""So many dots above each other; those that are more stand behind the topmost."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A picture of a score and of what it rests on."""

    dots: tuple[tuple[float, float], ...]
    """The middle of each review's dot."""
    score: float | None
    """Where the score stands; ``None`` if there is none."""
    lowest: float
    """Where the line between the lowest and the highest review begins."""
    highest: float


def draw(given: Sequence[float], most: float, score: float | None) -> Spread | None:
    """The picture of what reviews gave, of ``most``; ``None`` if there is nothing to see.

    :param score: what was released.
    """
    if not given or most <= 0:
        return None
    above: dict[float, int] = {}
    dots = []
    for points in sorted(given):
        x = _at(points, most)
        stacked = min(above.get(x, 0), MOST_ABOVE - 1)
        above[x] = above.get(x, 0) + 1
        dots.append((x, float(BASE - 10 - stacked * STEP)))
    return Spread(
        dots=tuple(dots),
        score=None if score is None else _at(score, most),
        lowest=_at(min(given), most),
        highest=_at(max(given), most),
    )


def _at(points: float, most: float) -> float:
    share = min(max(points / most, 0.0), 1.0)
    return round(LEFT + share * (RIGHT - LEFT), 1)
