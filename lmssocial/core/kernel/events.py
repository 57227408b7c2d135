"""Events as values: what happened, in which course, by whom. The activity log writes them down."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

ENVELOPE = frozenset({"tenant_id", "course_id", "community_id", "actor_id", "actor_role"})
"""The fields every event has; they become columns of the log, everything else becomes its payload."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Subclasses add what a reader of the log needs to know, in plain JSON types.

    ``actor_role`` is the LMS role at that moment, so that a later promotion does not rewrite history.
    Times are not part of it: the log stamps them.
    """

    name: ClassVar[str]
    """``<slice>.<noun>_<past verb>``, for instance ``discussion.thread_posted``."""
    version: ClassVar[int] = 1
    """Raised when the meaning of a field changes; readers are told both."""

    tenant_id: int
    """Where it happened: the customer."""
    course_id: int | None
    """The course, if in one."""
    community_id: int | None
    """The community, if in one."""
    actor_id: int | None
    """Who did it, if somebody did; the same number for the same person."""
    actor_role: str
    """Their LMS role at that moment."""

    def payload(self) -> dict[str, Any]:
        """All that is not in the envelope, as JSON types."""
        return {key: value for key, value in asdict(self).items() if key not in ENVELOPE}

    @classmethod
    def payload_fields(cls) -> tuple[str, ...]:
        """The names of the payload's fields, for documentation and checks."""
        return tuple(field.name for field in fields(cls) if field.name not in ENVELOPE)


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An event as its readers see it. ``payload`` holds the fields of the event class ``name``/``version``."""

    id: int
    """Its place in the log: later events have larger numbers."""
    name: str
    """As :attr:`Event.name`."""
    version: int
    """As :attr:`Event.version`."""
    tenant_id: int
    """Where it happened: the customer."""
    course_id: int | None
    """The course, if in one."""
    community_id: int | None
    """The community, if in one."""
    actor_id: int | None
    """Who did it; nobody once that person was erased."""
    actor_role: str
    """Their LMS role at that moment."""
    payload: dict[str, Any]
    """The other fields of the event, as JSON values."""
    at: datetime
    """When (UTC)."""
