"""A person in the log of events: who did it, and whom it was done to."""

import re
from typing import Any

from sqlalchemy import String, cast, select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.core.db.held import without_ids

PERSON = re.compile(
    r"(?:[a-z]+_)*"
    r"(?:answerer|asker|assigned_to|author|by|first|host|judge|learner|member|named|reviewer|second|user)_ids?"
    r"|(?:missing|waiting)_ids"
)
"""The names of fields that hold ids of people: ``author_id``, ``parent_author_id``, ``user_ids``, ``by_id``."""
AT_ONCE = 500
"""Events that are looked at in one go."""


def own(session: Session, user_id: int, tenant_id: int) -> list[dict[str, Any]]:
    """What somebody did, in the order of the log, without the numbers of others."""
    rows = session.scalars(
        select(ActivityEvent)
        .where(ActivityEvent.actor_id == user_id, ActivityEvent.tenant_id == tenant_id)
        .order_by(ActivityEvent.id)
    )
    return [
        {
            "at": event.at.isoformat(),
            "name": event.name,
            "version": event.version,
            "course_id": event.course_id,
            "role": event.actor_role,
            "facts": {
                name: value
                for name, value in event.payload.items()
                if not PERSON.fullmatch(name) or value == user_id
            },
        }
        for event in map(happened, rows)
    ]


def forget(session: Session, user_id: int, tenant_id: int) -> int:
    """Blank a person in the log: 0 stands where their number stood. Says how many events named them."""
    session.execute(
        update(ActivityEvent)
        .where(ActivityEvent.actor_id == user_id)
        .values(actor_id=None)
        .execution_options(synchronize_session=False)
    )
    changed, after = 0, 0
    while True:
        rows = session.execute(
            select(ActivityEvent.id, ActivityEvent.payload)
            .where(
                ActivityEvent.tenant_id == tenant_id,
                ActivityEvent.id > after,
                cast(ActivityEvent.payload, String).contains(str(user_id)),
            )
            .order_by(ActivityEvent.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return changed
        for row in rows:
            names = {name for name in row.payload if PERSON.fullmatch(name)}
            payload = without_ids(row.payload, user_id, names)
            if payload != row.payload:
                session.execute(
                    update(ActivityEvent)
                    .where(ActivityEvent.id == row.id)
                    .values(payload=payload)
                    .execution_options(synchronize_session=False)
                )
                changed += 1
        after = rows[-1].id
