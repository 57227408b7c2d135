"""People who answer questions, to be looked through: by name, in pages, without any order that says who is better."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people.queries import ExpertCard, as_cards, people
from lmssocial.widgets.experts.people.seeing import Circle, seen_by
from lmssocial.widgets.experts.people_models import Expertise, Profile
from lmssocial.widgets.experts.topic_models import TopicName
from lmssocial.widgets.experts.topics.clauses import knows

PAGE = 25
"""People on one page."""


@dataclass(frozen=True, kw_only=True)
class Directory:
    """A page of it."""

    people: list[ExpertCard]
    after: int | None
    """The person after whom the next page begins; ``None`` on the last one."""


def directory(
    session: Session,
    actor: Actor,
    circle: Circle,
    *,
    topic_id: int | None = None,
    called: str = "",
    after: int = 0,
) -> Directory:
    """Whoever answers questions and may be seen by the actor, by name. Three queries, however many there are.

    :param topic_id: only those who know about this topic of the actor's community, or one of the same name elsewhere.
    :param called: parts of the name; empty for everybody.
    :param after: begins after this person.
    """
    seen = [seen_by(actor, circle), *([_knows(actor, topic_id)] if topic_id else [])]
    wanted: Any = (
        select(User.id)
        .where(select(Profile.user_id).where(Profile.user_id == User.id, *seen).correlate(User).exists())
        .order_by(func.lower(User.name), User.id)
    )
    for part in called.split():
        wanted = wanted.where(User.name.icontains(part, autoescape=True))
    if after:
        name = select(func.lower(User.name)).where(User.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(func.lower(User.name), User.id) > tuple_(name, literal(after)))
    found = list(session.scalars(wanted.limit(PAGE + 1)))
    cards = as_cards(session, _profiles(session, actor, found[:PAGE], seen))
    return Directory(
        people=[cards[user_id] for user_id in found[:PAGE] if user_id in cards],
        after=found[PAGE - 1] if len(found) > PAGE else None,
    )


def _profiles(session: Session, actor: Actor, user_ids: list[int], seen: list[Any]) -> list[Any]:
    """The profiles that are seen of some people; of each the nearest first."""
    if not user_ids:
        return []
    nearest = case(
        (Profile.community_id == actor.community_id, 0), (Profile.reach == Reach.ORGANISATION, 1), else_=2
    )
    rows = people().where(Profile.user_id.in_(user_ids), *seen).order_by(nearest, Profile.community_id)
    return list(session.execute(rows))


def _knows(actor: Actor, topic_id: int) -> Any:
    """Profiles of people who know about a topic of the actor's community, or one that is called the same elsewhere."""
    names = select(TopicName.name).where(
        TopicName.topic_id == topic_id, TopicName.community_id == actor.community_id
    )
    alike = select(TopicName.topic_id).where(TopicName.name.in_(names))
    return (
        select(Expertise.topic_id)
        .where(
            and_(Expertise.user_id == Profile.user_id, Expertise.community_id == Profile.community_id),
            Expertise.topic_id.in_(alike),
            knows(),
        )
        .correlate(Profile)
        .exists()
    )
