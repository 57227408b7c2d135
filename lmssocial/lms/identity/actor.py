"""The person who acts, as the domain sees them: a value, not a row and not a login."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lmssocial.lms.identity.roles import STAFF, LmsRole, lead_role


class Office(StrEnum):
    """What a community asks one of its members to look after, whatever their LMS role is."""

    STEWARD = "steward"
    """Keeps the community alive: welcomes, moderates, connects."""
    SME = "sme"
    """Subject-matter expert: knows whether an answer is right."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody acting in one community, with the roles the LMS gave them at their last launch there.

    Every query is scoped by ``tenant_id`` and ``community_id``; a person in two courses is two actors.
    """

    user_id: int
    name: str
    tenant_id: int
    course_id: int
    community_id: int
    roles: frozenset[LmsRole] = field(default_factory=frozenset)
    offices: frozenset[Office] = frozenset()
    """What they look after in this community."""
    groups: frozenset[int] = frozenset()
    """The ids of the course groups they are in."""
    session_id: int = 0
    """The web session they act through; 0 outside of a browser."""
    locale: str = ""
    """The language the LMS asked for, as a BCP 47 tag; empty when it did not say."""
    is_test: bool = False
    """Marked by the LMS as a test user, such as Canvas's student view."""

    @property
    def lead_role(self) -> LmsRole:
        """The role that is shown beside the name."""
        return lead_role(self.roles)

    @property
    def envelope(self) -> dict[str, Any]:
        """Where they act and as whom: the fields that every event has."""
        return {
            "tenant_id": self.tenant_id,
            "course_id": self.course_id,
            "community_id": self.community_id,
            "actor_id": self.user_id,
            "actor_role": self.lead_role,
        }

    @property
    def is_staff(self) -> bool:
        """Whether they may configure what is here."""
        return bool(self.roles & STAFF)

    @property
    def moderates(self) -> bool:
        """Whether they decide about what waits here: staff, stewards and SMEs."""
        return self.is_staff or bool(self.offices)
