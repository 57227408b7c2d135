"""Taking notices as read, and forgetting old ones. Bell and rows change together; nothing commits.

First the notices, then the counter: the order in which whoever makes them locks, too (:mod:`.making`).
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.notifications.models import Notice

KEPT = timedelta(days=90)
"""How long a notice stays on the page after it was read."""

AT_ONCE = 500
"""Rows that one transaction deletes."""


def own(actor: Actor) -> ColumnElement[bool]:
    """The notices that are the actor's, in their community, as a WHERE clause."""
    return and_(
        Notice.user_id == actor.user_id,
        Notice.community_id == actor.community_id,
        Notice.tenant_id == actor.tenant_id,
    )


def mark_read(session: Session, actor: Actor, notice_ids: Collection[int]) -> int:
    """Take some notices of the actor as read; says how many were not before."""
    return _mark(session, actor, Notice.id.in_(notice_ids)) if notice_ids else 0


def mark_about_read(session: Session, actor: Actor, contribution_ids: Collection[int]) -> int:
    """The actor has these contributions before them: what tells of them is over. Says how many notices that were."""
    return _mark(session, actor, Notice.about_id.in_(contribution_ids)) if contribution_ids else 0


def mark_all_read(session: Session, actor: Actor) -> int:
    """Take every notice of the actor as read; says how many were not before."""
    return _mark(session, actor, Notice.id > 0)


def _mark(session: Session, actor: Actor, which: ColumnElement[bool]) -> int:
    marked: Sequence[int] = session.scalars(
        update(Notice)
        .where(own(actor), Notice.generation == 0, which)
        .values(read_at=clock.now(), generation=Notice.id)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).all()
    if marked:
        session.execute(
            update(Membership)
            .where(Membership.user_id == actor.user_id, Membership.course_id == actor.course_id)
            .values(unread_notices=Membership.unread_notices - len(marked))
            .execution_options(synchronize_session=False)
        )
    return len(marked)


def sweep(session: Session) -> int:
    """Delete some of what was read long ago; says how many went."""
    old = select(Notice.id).where(Notice.read_at < clock.now() - KEPT).limit(AT_ONCE)
    gone = session.scalars(
        delete(Notice)
        .where(Notice.id.in_(old.scalar_subquery()))
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
