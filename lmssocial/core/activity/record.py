"""Writing an event down, and the value a reader gets."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import JsonObject, add_last
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An event as its readers see it. ``payload`` holds the fields of the event class ``name``/``version``."""

    id: int
    name: str
    version: int
    tenant_id: int
    course_id: int | None
    community_id: int | None
    actor_id: int | None
    actor_role: str
    payload: JsonObject
    at: datetime


def record(session: Session, event: Event) -> None:
    """Write ``event`` into the log with the transaction of ``session``: both are there, or neither."""
    add_last(
        session,
        ActivityEvent(
            name=event.name,
            version=event.version,
            tenant_id=event.tenant_id,
            course_id=event.course_id,
            community_id=event.community_id,
            actor_id=event.actor_id,
            actor_role=event.actor_role,
            payload=event.payload(),
            at=clock.now(),
        ),
    )


def happened(row: ActivityEvent) -> Happened:
    """The value for ``row``."""
    return Happened(
        id=row.id,
        name=row.name,
        version=row.version,
        tenant_id=row.tenant_id,
        course_id=row.course_id,
        community_id=row.community_id,
        actor_id=row.actor_id,
        actor_role=row.actor_role,
        payload=row.payload,
        at=row.at,
    )
