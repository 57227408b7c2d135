"""What a figure of a skill is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel.speaklater import LazyString

from lmssocial_reporting.skills.told import Told, Value


class Unit(StrEnum):
    """What a figure is measured in."""

    SHARE = "share"
    """From 0 to 1."""
    POINTS = "points"
    """A difference of shares."""
    NUMBER = "number"
    """Whole things."""
    SIZE = "size"
    """A number with places."""
    HOURS = "hours"
    TIMES = "times"
    """A multiple of what is usual."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure that stands for a skill, or for a part of it."""

    key: str
    skill: str
    """The key of a skill."""
    title: LazyString
    unit: Unit
    chances: int
    """How many chances somebody has to have had for it to be said."""
    of: LazyString
    """What these chances are."""
    caveat: LazyString
    reads: bool = False
    """Whether it rests on what was read, so that it is left out where there is too much of it."""
    reckon: Callable[[Told], Mapping[int, Value]]
