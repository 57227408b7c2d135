"""The least that says whether a thread went on."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Thread


class Pulse(NamedTuple):
    """How far a thread has come."""

    highest_number: int


def pulse_of(session: Session, actor: Actor, placement_id: int, thread_id: int) -> Pulse:
    """How far a thread that the actor sees has come. One query.

    :raises NotFound: if they do not see it (any more), or it is not in that placement.
    """
    values = {**ids_of(actor), "placement": placement_id, "thread": thread_id}
    row = session.connection().execute(_pulse(moderates=actor.moderates), values).first()
    if row is None:
        raise NotFound(
            _("This thread does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no thread {thread_id} in placement {placement_id}",
        )
    return Pulse(row.highest_number)


@cache
def _pulse(*, moderates: bool) -> Any:
    """Built once; it runs every twenty seconds for everybody who reads."""
    return select(Thread.highest_number).where(
        Thread.id == bindparam("thread"),
        Thread.placement_id == bindparam("placement"),
        access.threads_seen_by(AnyActor(moderates)),
    )
