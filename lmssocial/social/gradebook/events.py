"""What happens to grades on their way to the LMS."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class GradeGivenUp(Event):
    """A grade did not get into the LMS, and nobody tries again unless somebody asks for it."""

    name: ClassVar[str] = "gradebook.grade_given_up"

    placement_id: int
    user_id: int
    """The learner's."""
    trouble: str
    """What was in the way, as :class:`~lmssocial.social.gradebook.rulings.Trouble` calls it."""
