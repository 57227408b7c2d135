"""What happens to people in courses."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CourseJoined(Event):
    """Somebody opened an activity of a course for the first time; ``actor_id`` is them."""

    name: ClassVar[str] = "identity.course_joined"
