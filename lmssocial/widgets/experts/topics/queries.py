"""Topics as pages show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import ALIVE, Audience, Level, Question, QuestionTopic, State
from lmssocial.widgets.experts.people_models import Expertise, Profile
from lmssocial.widgets.experts.topic_models import Topic, TopicName
from lmssocial.widgets.experts.topics import naming
from lmssocial.widgets.experts.topics.clauses import is_paused, known_by_somebody

PAGE = 25
"""Topics on one page."""
MOST_PEOPLE = 25
"""People on the page of a topic."""
RECENT = 10
"""Questions on the page of a topic."""


@dataclass(frozen=True, kw_only=True)
class TopicLine:
    """A topic in a list."""

    id: int
    label: str
    about: str
    synonyms: tuple[str, ...]
    asked: int
    """Questions about it that are open and that the reader sees."""
    experts: int
    """People here who know about it and may be asked."""
    is_retired: bool = False


@dataclass(frozen=True, kw_only=True)
class TopicPage:
    """A page of the list."""

    topics: list[TopicLine]
    after: int | None
    """The topic after which the next page begins; ``None`` on the last one."""


@dataclass(frozen=True, kw_only=True)
class AskedLine:
    """A question about a topic."""

    id: int
    title: str
    asker_name: str
    state: State
    visible: Visible
    """Whether its words may be read yet."""
    level: Level
    audience: Audience
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class TopicFound:
    """A topic with its names, for its page and its form."""

    id: int
    label: str
    about: str
    synonyms: tuple[str, ...]
    is_retired: bool
    merged_into_id: int | None


@dataclass(frozen=True, kw_only=True)
class Knower:
    """Somebody who knows about a topic."""

    user_id: int
    name: str
    is_sme: bool
    is_paused: bool
    """Whether they are not asked at present."""


def topics(session: Session, actor: Actor) -> list[TopicLine]:
    """The topics of the actor's community that something new may be put under, by name. Two queries."""
    return _lines(session, _listed(actor).where(Topic.retired_at.is_(None)))


def topic_page(session: Session, actor: Actor, *, called: str = "", after: int = 0) -> TopicPage:
    """Topics by name, :data:`PAGE` at a time; those who look after them also see retired ones. Two queries.

    :param called: a part of one of its names; empty for every topic.
    :param after: begins after this topic.
    """
    wanted = _listed(actor)
    if not access.looks_after(actor):
        wanted = wanted.where(Topic.retired_at.is_(None))
    if called.strip():
        names = select(TopicName.topic_id).where(
            TopicName.community_id == actor.community_id,
            TopicName.label.icontains(called.strip(), autoescape=True),
        )
        wanted = wanted.where(Topic.id.in_(names))
    if after:
        name = (
            select(func.lower(Topic.label))
            .where(Topic.id == after, Topic.community_id == actor.community_id)
            .scalar_subquery()
        )
        wanted = wanted.where(tuple_(func.lower(Topic.label), Topic.id) > tuple_(name, literal(after)))
    lines = _lines(session, wanted.limit(PAGE + 1))
    return TopicPage(topics=lines[:PAGE], after=lines[PAGE - 1].id if len(lines) > PAGE else None)


def choices(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The topics of the actor's community that something new may be put under, by name: to choose from. One query."""
    rows = session.execute(
        select(Topic.id, Topic.label)
        .where(*_of(actor), Topic.merged_into_id.is_(None), Topic.retired_at.is_(None))
        .order_by(func.lower(Topic.label), Topic.id)
    )
    return [(row.id, row.label) for row in rows]


def names(session: Session, actor: Actor) -> list[str]:
    """What those are called, for suggestions while somebody writes. One query."""
    return [label for _id, label in choices(session, actor)]


def labels(session: Session, topic_ids: Collection[int]) -> dict[int, str]:
    """What some topics are called; one that was merged is called what it became. One query, or none without ids."""
    if not topic_ids:
        return {}
    into = Topic.__table__.alias("became")
    rows = session.execute(
        select(Topic.id, func.coalesce(into.c.label, Topic.label))
        .outerjoin(into, into.c.id == Topic.merged_into_id)
        .where(Topic.id.in_(sorted(topic_ids)))
    )
    return {row[0]: row[1] for row in rows}


def found(session: Session, actor: Actor, topic_id: int) -> TopicFound:
    """One topic of the actor's community. Two queries.

    :raises NotFound: if there is none of that number.
    """
    row = session.execute(
        select(Topic.id, Topic.label, Topic.about, Topic.retired_at, Topic.merged_into_id).where(
            Topic.id == topic_id, *_of(actor)
        )
    ).first()
    if row is None:
        raise NotFound(_("There is no topic at this address."), reason=f"no topic {topic_id} here")
    return TopicFound(
        id=row.id,
        label=row.label,
        about=row.about,
        synonyms=naming.synonyms(session, [row.id]).get(row.id, ()),
        is_retired=row.retired_at is not None,
        merged_into_id=row.merged_into_id,
    )


def who_knows(session: Session, actor: Actor, topic_id: int) -> list[Knower]:
    """People of the actor's community who know about a topic and may be asked, by name. One query.

    There are at most :data:`MOST_PEOPLE`; the directory has all of them.
    """
    rows = session.execute(
        known_by_somebody(topic_id)
        .join(User, User.id == Profile.user_id)
        .where(Profile.community_id == actor.community_id, Profile.tenant_id == actor.tenant_id)
        .add_columns(User.name, Expertise.appointed_at, is_paused(clock.now()).label("paused"))
        .order_by(func.lower(User.name), User.id)
        .limit(MOST_PEOPLE)
    )
    return [
        Knower(
            user_id=row.user_id,
            name=row.name,
            is_sme=row.appointed_at is not None,
            is_paused=bool(row.paused),
        )
        for row in rows
    ]


def recent_questions(session: Session, actor: Actor, topic_id: int) -> list[AskedLine]:
    """The latest questions about a topic that the actor sees. One query."""
    rows = session.execute(
        select(
            Question.id,
            Contribution.title,
            User.name.label("asker_name"),
            Question.state,
            Contribution.state.label("visible"),
            Question.level,
            Question.audience,
            Question.opened_at,
        )
        .join(QuestionTopic, QuestionTopic.question_id == Question.id)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .join(User, User.id == Question.asker_id)
        .where(QuestionTopic.topic_id == topic_id, access.seen_by(actor))
        .order_by(Question.opened_at.desc(), Question.id.desc())
        .limit(RECENT)
    )
    return [AskedLine(**row) for row in rows.mappings()]


def _of(actor: Actor) -> tuple[Any, Any]:
    return Topic.community_id == actor.community_id, Topic.tenant_id == actor.tenant_id


def _listed(actor: Actor) -> Any:
    asked = (
        select(func.count())
        .select_from(Question)
        .join(QuestionTopic, QuestionTopic.question_id == Question.id)
        .where(QuestionTopic.topic_id == Topic.id, Question.state.in_(ALIVE), access.seen_by(actor))
        .correlate(Topic)
        .scalar_subquery()
    )
    known = known_by_somebody(Topic.id).with_only_columns(func.count()).correlate(Topic).scalar_subquery()
    return (
        select(
            Topic.id,
            Topic.label,
            Topic.about,
            Topic.retired_at,
            asked.label("asked"),
            known.label("experts"),
        )
        .where(*_of(actor), Topic.merged_into_id.is_(None))
        .order_by(func.lower(Topic.label), Topic.id)
    )


def _lines(session: Session, statement: Any) -> list[TopicLine]:
    rows = session.execute(statement).all()
    also = naming.synonyms(session, [row.id for row in rows])
    return [
        TopicLine(
            id=row.id,
            label=row.label,
            about=row.about,
            synonyms=also.get(row.id, ()),
            asked=row.asked,
            experts=row.experts,
            is_retired=row.retired_at is not None,
        )
        for row in rows
    ]
