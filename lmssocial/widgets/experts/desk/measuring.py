"""What the desk measures, each for a purpose. Nobody is named, nobody is ranked, and few are never shown.

Everything is about the questions of one community that were published within the period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.desk.spread import gini, most_in_a_week
from lmssocial.widgets.experts.desk.survival import Survival, Waited, survival
from lmssocial.widgets.experts.invitation_models import Invitation, Source
from lmssocial.widgets.experts.models import ALIVE, Deflection, Question, QuestionTopic, Rating, State
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics.clauses import has_opted_in, known_by_somebody

PERIODS = (28, 90, 365)
"""Days that can be chosen."""
FEW = 5
"""Of fewer nothing is shown: it would say something about single people."""
ASKED_OFTEN = 3
"""How often a topic has to be asked for to count as a gap."""
SOON = 48
"""Hours within which a question should be resolved."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Share:
    """Some of all."""

    some: int
    all: int

    @property
    def percent(self) -> int | None:
        """Rounded; ``None`` if there are too few."""
        return round(100 * self.some / self.all) if self.all >= FEW else None


@dataclass(frozen=True, kw_only=True)
class Load:
    """What falls to those who may be asked."""

    experts: int
    invitations: int
    most_a_week: int | None
    """The most that any one person got within seven days; ``None``: too few people."""
    uneven: float | None
    """The Gini coefficient; ``None``: too few people, or nobody was invited."""


@dataclass(frozen=True, kw_only=True)
class Helpfulness:
    """What askers said of answers, all together."""

    ratings: int
    mean: float | None
    """1 to 5; ``None``: too few people said something."""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The measures of one period."""

    days: int
    asked: int
    answered: int
    waits: Survival | None
    """Until the first answer; ``None``: too few questions."""
    resolved: Share
    """Within 48 hours, of those that are older."""
    deflected: Share
    """Solved before they were sent, of all that somebody wanted to ask."""
    gaps: int
    """Topics asked for three times or more that nobody who may be asked knows about."""
    load: Load
    helpful: Helpfulness


def measures(session: Session, actor: Actor, days: int, now: datetime) -> Measures:
    """The measures of the last ``days``. Six queries.

    :raises NotAllowed: unless the actor looks after questions.
    """
    access.require_looks_after(actor)
    since = now - timedelta(days=days)
    rows = _questions(session, actor, since)
    older = [row for row in rows if row.opened_at <= now - SOON * _HOUR]
    deflected = session.scalar(
        select(func.count(Deflection.id)).where(
            Deflection.community_id == actor.community_id, Deflection.at > since
        )
    )
    return Measures(
        days=days,
        asked=len(rows),
        answered=sum(row.first_answer_at is not None for row in rows),
        waits=survival(_waited(row, now) for row in rows) if len(rows) >= FEW else None,
        resolved=Share(some=sum(_soon(row) for row in older), all=len(older)),
        deflected=Share(some=deflected or 0, all=len(rows) + (deflected or 0)),
        gaps=_gaps(session, actor, since, now),
        load=_load(session, actor, since),
        helpful=_helpful(session, actor, since),
    )


def _questions(session: Session, actor: Actor, since: datetime) -> Sequence[Any]:
    return session.execute(
        select(
            Question.state,
            Question.opened_at,
            Question.first_answer_at,
            Question.resolved_at,
        )
        .join(Contribution, Contribution.id == Question.contribution_id)
        .where(
            Question.community_id == actor.community_id,
            Question.tenant_id == actor.tenant_id,
            Question.opened_at > since,
            Contribution.published_at.is_not(None),
        )
    ).all()


def _waited(row: Any, now: datetime) -> Waited:
    """Without an answer it was watched until now, or until it ended in another way."""
    if row.first_answer_at is not None:
        return Waited(hours=_hours(row.opened_at, row.first_answer_at), happened=True)
    until = now if row.state in ALIVE else row.resolved_at or now
    return Waited(hours=_hours(row.opened_at, until), happened=False)


def _soon(row: Any) -> bool:
    ended = row.state is State.RESOLVED and row.resolved_at is not None
    return ended and _hours(row.opened_at, row.resolved_at) <= SOON


def _hours(begin: datetime, end: datetime) -> float:
    return max((end - begin) / _HOUR, 0.0)


def _gaps(session: Session, actor: Actor, since: datetime, now: datetime) -> int:
    asked_often = (
        select(QuestionTopic.topic_id)
        .join(Question, Question.id == QuestionTopic.question_id)
        .join(Topic, Topic.id == QuestionTopic.topic_id)
        .where(
            Topic.community_id == actor.community_id,
            Topic.merged_into_id.is_(None),
            Topic.retired_at.is_(None),
            Question.opened_at > since,
            ~known_by_somebody(Topic.id, now).correlate(Topic).exists(),
        )
        .group_by(QuestionTopic.topic_id)
        .having(func.count() >= ASKED_OFTEN)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(asked_often)) or 0


def _load(session: Session, actor: Actor, since: datetime) -> Load:
    """Of those who may be asked here, invited for any question; who took one by themselves was not asked."""
    experts = set(
        session.scalars(
            select(Profile.user_id).where(Profile.community_id == actor.community_id, has_opted_in())
        )
    )
    sent = session.execute(
        select(Invitation.user_id, Invitation.sent_at)
        .where(
            Invitation.community_id == actor.community_id,
            Invitation.tenant_id == actor.tenant_id,
            Invitation.sent_at > since,
            Invitation.source != Source.VOLUNTEER,
        )
        .order_by(Invitation.sent_at, Invitation.id)
    ).all()
    counts = dict.fromkeys(experts, 0)
    for row in sent:
        counts[row.user_id] = counts.get(row.user_id, 0) + 1
    enough = len(counts) >= FEW
    return Load(
        experts=len(experts),
        invitations=len(sent),
        most_a_week=most_in_a_week((row.user_id, row.sent_at) for row in sent) if enough else None,
        uneven=gini(list(counts.values())) if enough else None,
    )


def _helpful(session: Session, actor: Actor, since: datetime) -> Helpfulness:
    """What askers said; what was said of questions is another thing."""
    row = session.execute(
        select(func.count(), func.avg(Rating.value), func.count(Rating.by_id.distinct()))
        .join(Question, Question.id == Rating.question_id)
        .where(
            Question.community_id == actor.community_id,
            Rating.by_id == Question.asker_id,
            Rating.at > since,
        )
    ).one()
    return Helpfulness(ratings=row[0], mean=float(row[1]) if row[2] >= FEW else None)
