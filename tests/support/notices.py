"""Doing what the worker does about notices, and what somebody finds in their bell."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity.record import happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.notifications import making, queries
from lmssocial.social.notifications.models import Notice
from lmssocial.social.notifications.ports import Registry
from lmssocial.social.notifications.registry import everything
from lmssocial.widgets.discussion.wiring import lmssocial_register_widgets

REGISTRY = everything(lmssocial_register_widgets())
"""What discussion and moderation tell of."""


def tell(session: Session, registry: Registry = REGISTRY) -> None:
    """Read what was written into the log since, as the worker would."""
    session.flush()
    rows = session.info.pop("lmssocial_add_last", [])
    session.add_all(rows)
    session.flush()
    for row in rows:
        making.tell(registry, happened(row), session)
    session.flush()
    session.expire_all()


def bell(session: Session, actor: Actor) -> int:
    """What somebody's bell counts; it is right, or the test fails."""
    counted = session.scalars(
        select(Membership.unread_notices).where(
            Membership.user_id == actor.user_id, Membership.course_id == actor.course_id
        )
    ).one()
    there = session.scalar(
        select(func.count(Notice.id)).where(
            Notice.user_id == actor.user_id,
            Notice.community_id == actor.community_id,
            Notice.read_at.is_(None),
        )
    )
    assert counted == there
    return counted


def notices_of(session: Session, actor: Actor) -> list[str]:
    """The sentences on somebody's page of notices, the newest first."""
    return [one.words.sentence for one in queries.notice_page(session, REGISTRY, actor).notices]
