"""What else waits at the desk: endorsements to look at, topics that nobody knows, knowledge to look at again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.knowledge import queries as knowledge
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.people.levels import TO_CONFIRM
from lmssocial.widgets.experts.people_models import Expertise
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics import gaps

MOST = 5
"""People that are named; how many more there are is said."""


@dataclass(frozen=True, kw_only=True)
class ToConfirm:
    """Somebody whom several people endorsed for a topic."""

    user_id: int
    name: str
    topic_id: int
    topic: str
    endorsements: int


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """What waits besides questions."""

    to_confirm: tuple[ToConfirm, ...]
    """By name, at most five."""
    confirmations: int
    """How many there are altogether."""
    gaps: int
    """Topics that were asked for and that nobody here knows about."""
    due: int
    """Published answers to look at again; 25 at most are counted."""


def blocks(session: Session, actor: Actor) -> Blocks:
    """What waits. Five queries.

    :raises NotAllowed: unless the actor looks after it.
    """
    access.require_looks_after(actor)
    rows = session.execute(_unconfirmed(actor)).all()
    return Blocks(
        to_confirm=tuple(
            ToConfirm(
                user_id=row.user_id,
                name=row.name,
                topic_id=row.topic_id,
                topic=row.topic,
                endorsements=row.endorsements,
            )
            for row in rows
        ),
        confirmations=rows[0].all if rows else 0,
        gaps=len(gaps.gaps(session, actor)),
        due=len(knowledge.due(session, actor)),
    )


def _unconfirmed(actor: Actor) -> Any:
    """Endorsements that nobody has looked at, of people who are still in the course."""
    return (
        select(
            Expertise.user_id,
            User.name,
            Expertise.topic_id,
            Topic.label.label("topic"),
            Expertise.endorsements,
            func.count().over().label("all"),
        )
        .join(Topic, Topic.id == Expertise.topic_id)
        .join(User, User.id == Expertise.user_id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Topic.community_id == actor.community_id,
            Topic.tenant_id == actor.tenant_id,
            Topic.merged_into_id.is_(None),
            Expertise.endorsements >= TO_CONFIRM,
            Expertise.confirmed_at.is_(None),
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
        )
        .order_by(User.name, Topic.label, Expertise.topic_id)
        .limit(MOST)
    )
