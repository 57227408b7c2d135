"""What happens to grades. No event carries words: they can be removed, and the log cannot."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class GradeEvent(Event):
    """Something happened to a learner's grade."""

    placement_id: int
    user_id: int
    """The learner's."""
    points: float
    most: float
    """The most they could have got."""


@dataclass(frozen=True, kw_only=True)
class GradeGiven(GradeEvent):
    """Staff saved a grade. The learner does not see it, and one they saw before is hidden, until it is returned."""

    name: ClassVar[str] = "discussion.graded"


@dataclass(frozen=True, kw_only=True)
class GradeReturned(GradeEvent):
    """Staff showed a learner their grade."""

    name: ClassVar[str] = "discussion.grade_returned"
