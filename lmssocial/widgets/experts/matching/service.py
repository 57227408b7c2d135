"""Finding whom to invite. Nothing here commits, and nothing here writes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.routing import Candidate, Wanted
from lmssocial.social.communities.models import Community
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.widgets.experts.indexing import recency, tokens
from lmssocial.widgets.experts.invitation_models import Invitation, Source
from lmssocial.widgets.experts.matching import formula, reasons
from lmssocial.widgets.experts.matching.ranked import Rankings, said
from lmssocial.widgets.experts.matching.seeking import Found, found
from lmssocial.widgets.experts.models import Question, Urgency
from lmssocial.widgets.experts.questions import Asked, topics_of

SLOW = timedelta(weeks=8)
"""How far back is looked to see how much is asked …"""
MANY = 8
"""… and how many questions in that time are one a week."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Somebody to be invited, and why."""

    user_id: int
    community_id: int
    """Where they offered themselves."""
    placement_id: int
    """Under which activity they are told of it."""
    source: Source
    reasons: dict[str, Any]
    """As :mod:`.reasons` words it; plain JSON."""
    signals: dict[str, Any]
    """What their place in the order was made of; plain JSON."""


def best(
    session: Session,
    rankings: Rankings,
    asked: Asked,
    *,
    most: int,
    now: datetime,
    exclude: Collection[int] = (),
) -> list[Chosen]:
    """Up to ``most`` people to be invited, the first one first; nobody twice, nobody who may not be.

    The same question in the same state gives the same answer.

    :param rankings: by the name of the plugin; those that are off in the course of the question are left out.
    :param exclude: user ids of people who are not to be among them, beside everybody who was invited before.
    """
    question, text = asked.question, tokens.text_of(asked.words.html)
    topic_ids = topics_of(session, question.id)
    half_life = recency.HALF_LIFE if _is_lively(session, question, now) else formula.LONG_HALF_LIFE
    there = found(
        session,
        asked,
        topic_ids=topic_ids,
        words=tokens.asked(asked.words.title, text),
        exclude=exclude,
        now=now,
        half_life=half_life,
    )
    wanted = Wanted(
        question_id=question.id,
        tenant_id=question.tenant_id,
        community_id=question.community_id,
        asker_id=question.asker_id,
        title=asked.words.title,
        text=text,
        topics=tuple(sorted(there.labels)),
        is_urgent=question.urgency is Urgency.EXAM,
    )
    learners = [one for one in there.people if not one.eligible.is_staff]
    ordered = _ordered(session, rankings, wanted, learners or there.people)
    before = session.scalar(select(func.count()).where(Invitation.question_id == question.id)) or 0
    return [
        _chosen(one, signals, source, there.likest)
        for one, signals, source in _picked(ordered, question.id, before, most)
    ]


_Ranked = tuple[Found, dict[str, Any]]


def _ordered(session: Session, rankings: Rankings, wanted: Wanted, people: Sequence[Found]) -> list[_Ranked]:
    """People, the best first, with what made them so."""
    if not people:
        return []
    candidates: list[Candidate] = [one.candidate for one in people]
    course_id = session.get_one(Community, wanted.community_id).course_id
    on = plugin_settings.on_in(session, rankings, tenant_id=wanted.tenant_id, course_id=course_id)
    parts = said(rankings, on, wanted, candidates)
    placed = []
    for one in people:
        user_id, load = one.candidate.user_id, one.eligible.load
        own = {name: values[user_id] for name, values in parts.items() if user_id in values}
        by = formula.factor(load, one.eligible.near)
        score = formula.held_back(sum(own.values()), by)
        signals = {
            "score": round(score, 4),
            "parts": {name: round(value, 4) for name, value in own.items()},
            "factor": round(by, 4),
            "near": one.eligible.near.value,
            "lately": load.lately,
        }
        placed.append((formula.place(score, load.ever, wanted.question_id, user_id), one, signals))
    return [(one, signals) for _, one, signals in sorted(placed, key=lambda it: it[0])]


def _picked(
    ordered: Sequence[_Ranked], question_id: int, before: int, most: int
) -> list[tuple[Found, dict[str, Any], Source]]:
    """The first ones, but where it is the turn of somebody who was hardly ever asked: then the first of those."""
    left = list(ordered)
    picked: list[tuple[Found, dict[str, Any], Source]] = []
    while left and len(picked) < most:
        at, source = 0, Source.MATCH
        if formula.explores(question_id, before + len(picked)):
            new = (
                number
                for number, (one, _) in enumerate(left)
                if one.eligible.load.ever < formula.HARDLY_ASKED
            )
            at = next(new, 0)
            source = Source.EXPLORE if at else Source.MATCH
        one, signals = left.pop(at)
        picked.append((one, signals, source))
    return picked


def _chosen(one: Found, signals: dict[str, Any], source: Source, likest: float) -> Chosen:
    profile = one.eligible.profile
    return Chosen(
        user_id=profile.user_id,
        community_id=profile.community_id,
        placement_id=profile.placement_id,
        source=source,
        reasons=reasons.facts(
            one.candidate, one.knows, one.similar, likest=likest, hours=profile.reply_hours
        ),
        signals=signals,
    )


def _is_lively(session: Session, question: Question, now: datetime) -> bool:
    """Whether at least one question a week was asked lately. One query."""
    lately = (
        select(Question.id)
        .where(Question.community_id == question.community_id, Question.opened_at > now - SLOW)
        .limit(MANY)
        .subquery()
    )
    return (session.scalar(select(func.count()).select_from(lately)) or 0) >= MANY
