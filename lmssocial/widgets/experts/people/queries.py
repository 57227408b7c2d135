"""People who answer, as pages show them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people.levels import Known, Standing, known
from lmssocial.widgets.experts.people_models import Expertise, Person, Profile
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics.clauses import is_there, knows


@dataclass(frozen=True, kw_only=True)
class TopicKnown:
    """A topic that somebody knows about, and by what that is known."""

    topic_id: int
    label: str
    known: Known

    @property
    def standing(self) -> Standing:
        """In one word."""
        return self.known.standing


@dataclass(frozen=True, kw_only=True)
class ExpertCard:
    """Somebody who answers, in a few lines."""

    user_id: int
    name: str
    community_id: int
    """Where they offer themselves."""
    reach: Reach
    topics: tuple[TopicKnown, ...]
    """By name."""
    languages: tuple[str, ...]
    """BCP 47 tags; none: any."""
    paused_until: datetime | None
    """``None`` if they are not paused now."""
    reply_hours: float | None
    """Within how many hours they usually answer."""

    @property
    def is_paused(self) -> bool:
        """Whether they are not asked at present."""
        return self.paused_until is not None


def profile_of(session: Session, community_id: int, user_id: int) -> Profile | None:
    """Somebody as an expert in a community. One query, or none if it was looked for before."""
    return session.get(Profile, (community_id, user_id))


def cards(session: Session, actor: Actor, user_ids: Collection[int]) -> dict[int, ExpertCard]:
    """Some people who offered themselves, by their ids: as in the actor's community, else as where they go furthest.

    Whoever calls this knows that the actor may see them. Two queries, or none if there is nobody.
    """
    if not user_ids:
        return {}
    nearest = case(
        (Profile.community_id == actor.community_id, 0),
        (Profile.reach == Reach.ORGANISATION, 1),
        (Profile.reach == Reach.COMMUNITY, 2),
        else_=3,
    )
    rows = session.execute(
        people()
        .where(
            Profile.user_id.in_(sorted(user_ids)),
            Profile.tenant_id == actor.tenant_id,
            Profile.reach != Reach.NONE,
            is_there(),
        )
        .order_by(nearest, Profile.community_id)
    ).all()
    return as_cards(session, rows)


def as_cards(session: Session, rows: Iterable[Any]) -> dict[int, ExpertCard]:
    """Rows of :func:`people`, the first one of each person, with their topics. One query, or none without rows."""
    first: dict[int, Any] = {}
    for row in rows:
        first.setdefault(row.user_id, row)
    topics = _topics(session, [(row.community_id, row.user_id) for row in first.values()])
    now = clock.now()
    return {
        user_id: ExpertCard(
            user_id=user_id,
            name=row.name,
            community_id=row.community_id,
            reach=row.reach,
            topics=topics.get(user_id, ()),
            languages=tuple((row.languages or "").split()),
            paused_until=row.paused_until if row.paused_until and row.paused_until > now else None,
            reply_hours=row.reply_hours,
        )
        for user_id, row in first.items()
    }


def people() -> Any:
    """``SELECT`` of profiles with the names of their people, and how much these can take."""
    return (
        select(
            Profile.user_id,
            Profile.community_id,
            Profile.reach,
            Profile.reply_hours,
            Profile.bio_id,
            User.name,
            Person.languages,
            Person.paused_until,
        )
        .join(User, User.id == Profile.user_id)
        .outerjoin(Person, Person.user_id == Profile.user_id)
    )


def _topics(session: Session, of: Collection[tuple[int, int]]) -> dict[int, tuple[TopicKnown, ...]]:
    """What people know in one community each, by their ids."""
    if not of:
        return {}
    where = {user_id: community_id for community_id, user_id in of}
    rows = session.execute(
        select(Expertise, Topic.label)
        .join(Topic, Topic.id == Expertise.topic_id)
        .where(
            Expertise.user_id.in_(sorted(where)),
            Expertise.community_id.in_(sorted(set(where.values()))),
            and_(Topic.merged_into_id.is_(None), Topic.retired_at.is_(None)),
            knows(),
        )
        .order_by(Topic.label, Topic.id)
    )
    found: dict[int, tuple[TopicKnown, ...]] = {}
    for row, label in rows:
        if where[row.user_id] == row.community_id:
            one = TopicKnown(topic_id=row.topic_id, label=label, known=known(row))
            found[row.user_id] = (*found.get(row.user_id, ()), one)
    return found
