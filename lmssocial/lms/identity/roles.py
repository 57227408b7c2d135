"""The LMS roles the domain knows. Never confused with the five community roles."""

from enum import StrEnum


class LmsRole(StrEnum):
    """What somebody is in a course, as the LMS says."""

    LEARNER = "learner"
    """Who takes the course."""
    MENTOR = "mentor"
    """Who accompanies learners."""
    TEACHING_ASSISTANT = "teaching_assistant"
    """Who helps to teach."""
    INSTRUCTOR = "instructor"
    """Who teaches."""
    CONTENT_DEVELOPER = "content_developer"
    """Who writes the course."""
    ADMINISTRATOR = "administrator"
    """Who runs the LMS or the course."""


PRECEDENCE = (
    LmsRole.ADMINISTRATOR,
    LmsRole.INSTRUCTOR,
    LmsRole.TEACHING_ASSISTANT,
    LmsRole.CONTENT_DEVELOPER,
    LmsRole.MENTOR,
    LmsRole.LEARNER,
)
"""Which role is shown when somebody has several."""

STAFF = frozenset({LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR})
"""Who may configure, pin, lock and moderate. A teaching assistant is not a teacher unless the LMS says Instructor."""


def lead_role(roles: frozenset[LmsRole]) -> LmsRole:
    """The one role that is shown; a person without any is a learner."""
    return next((role for role in PRECEDENCE if role in roles), LmsRole.LEARNER)
