"""Topics that are asked for and that nobody here can be asked about; and where a community's first topics come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import ALIVE, Answer, Question, QuestionTopic
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics.clauses import known_by_somebody

WITHIN = timedelta(days=90)
"""How long a topic counts as asked for."""
MOST = 50
"""Topics on the page; the most asked for come first."""
MOST_PEOPLE = 5
"""People who come to mind for one topic."""
MOST_TAGS = 12
"""Tags that are offered as topics."""


@dataclass(frozen=True, kw_only=True)
class Thought:
    """Somebody who answered about a topic, though they are not asked."""

    user_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TopicGap:
    """A topic that is asked for and that nobody can be asked about."""

    id: int
    label: str
    asked: int
    """Questions about it in the last 90 days."""
    unanswered: int
    """Those of them that nobody has answered yet."""
    people: tuple[Thought, ...]
    """Who answered about it before; no order says anything about them."""


def gaps(session: Session, actor: Actor) -> list[TopicGap]:
    """Topics asked for in the last 90 days about which nobody is active, the most asked for first. Two queries.

    :raises NotAllowed: unless the actor looks after topics.
    """
    access.require_looks_after(actor)
    now = clock.now()
    unanswered = func.count(Question.id).filter(Question.first_answer_at.is_(None), Question.state.in_(ALIVE))
    rows = session.execute(
        select(Topic.id, Topic.label, func.count(Question.id), unanswered)
        .join(QuestionTopic, QuestionTopic.topic_id == Topic.id)
        .join(Question, Question.id == QuestionTopic.question_id)
        .where(
            Topic.community_id == actor.community_id,
            Topic.tenant_id == actor.tenant_id,
            Topic.merged_into_id.is_(None),
            Topic.retired_at.is_(None),
            Question.opened_at > now - WITHIN,
            access.seen_by(actor),
            ~known_by_somebody(Topic.id, now).correlate(Topic).exists(),
        )
        .group_by(Topic.id, Topic.label)
        .order_by(func.count(Question.id).desc(), func.lower(Topic.label), Topic.id)
        .limit(MOST)
    ).all()
    people = _who_answered(session, actor, [row[0] for row in rows])
    return [
        TopicGap(id=row[0], label=row[1], asked=row[2], unanswered=row[3], people=people.get(row[0], ()))
        for row in rows
    ]


def _who_answered(session: Session, actor: Actor, topic_ids: Sequence[int]) -> dict[int, tuple[Thought, ...]]:
    """Members of the course who answered about some topics, by name."""
    if not topic_ids:
        return {}
    rows = session.execute(
        select(QuestionTopic.topic_id, User.id, User.name)
        .join(Answer, Answer.question_id == QuestionTopic.question_id)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .join(User, User.id == Answer.author_id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            QuestionTopic.topic_id.in_(topic_ids),
            Contribution.state == Visible.PUBLISHED,
            Contribution.community_id == actor.community_id,
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
        )
        .distinct()
        .order_by(User.name, User.id)
    )
    found: dict[int, tuple[Thought, ...]] = {}
    for topic_id, user_id, name in rows:
        known = found.get(topic_id, ())
        if len(known) < MOST_PEOPLE:
            found[topic_id] = (*known, Thought(user_id=user_id, name=name))
    return found


def first_topics(session: Session, actor: Actor) -> list[str]:
    """The tags that most of what is published here carries, where there is no topic yet. At most two queries.

    :raises NotAllowed: unless the actor looks after topics.
    """
    access.require_looks_after(actor)
    if session.scalar(select(Topic.id).where(Topic.community_id == actor.community_id).limit(1)):
        return []
    used: Any = func.count()
    rows = session.execute(
        select(Tag.label, used)
        .join(Tagging, Tagging.tag_id == Tag.id)
        .join(Contribution, Contribution.id == Tagging.contribution_id)
        .where(
            Tag.community_id == actor.community_id,
            Tag.tenant_id == actor.tenant_id,
            Contribution.state == Visible.PUBLISHED,
        )
        .group_by(Tag.id, Tag.label)
        .order_by(used.desc(), Tag.label)
        .limit(MOST_TAGS)
    )
    return [row[0] for row in rows]
