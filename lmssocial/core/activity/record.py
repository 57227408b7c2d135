"""Writing an event down, and the value a reader gets."""

from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import add_last
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Event, Happened


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
