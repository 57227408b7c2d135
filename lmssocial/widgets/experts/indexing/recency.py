"""How lately somebody answered, as numbers that stay the same while time goes by. Pure."""

import math
from collections.abc import Iterable
from datetime import datetime

HALF_LIFE = 30.0
"""Days after which an answer says half as much."""
WEEK = 7.0
"""Likewise, where only what was lately is meant."""


def decay(days: float, half_life: float = HALF_LIFE) -> float:
    """What is left of an answer after ``days``. What is to come counts in full."""
    return float(2 ** (-max(days, 0.0) / half_life))


def key_of(moments: Iterable[float], half_life: float) -> float | None:
    """Answers, halved every ``half_life`` days, as one number that stays the same while time goes by.

    :param moments: when they were given, in days since 1970.
    :returns: log2 of the sum, plus days / half-life; ``None`` without answers.
    """
    places = sorted(moment / half_life for moment in moments)
    if not places:
        return None
    last = places[-1]
    return last + math.log2(math.fsum(2 ** (place - last) for place in places))


def value_of(key: float | None, today: float, half_life: float) -> float:
    """What :func:`key_of` is worth on a day, given in days since 1970."""
    return 0.0 if key is None else float(2 ** min(key - today / half_life, 64.0))


def day_of(moment: datetime) -> float:
    """A time in days since 1970."""
    return moment.timestamp() / 86_400
