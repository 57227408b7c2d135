"""The people who come into question: found by their words and topics, and held against what excludes somebody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.routing import Candidate
from lmssocial.social.communities import spanning
from lmssocial.widgets.experts.indexing.recency import HALF_LIFE, WEEK, day_of, value_of
from lmssocial.widgets.experts.matching import formula, topical
from lmssocial.widgets.experts.matching.eligible import Around, Eligible, eligible
from lmssocial.widgets.experts.matching.searching import Similar, corpus_of, similar
from lmssocial.widgets.experts.matching.topical import Knows
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.questions import Asked

LIKEST, LATEST = 150, 100
"""How many of those whose answers resemble the question, and who answered last, are looked at first."""
MORE = 400
"""How many are looked at further, while too few of them may be invited …"""
ENOUGH = 20
"""… and how many that is."""
ROUNDS = 4
MOST_COMMUNITIES = 200
"""Communities of the customer that are looked through."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Somebody who may be invited, with everything that speaks for them."""

    eligible: Eligible
    candidate: Candidate
    knows: Knows
    similar: Similar | None


@dataclass(frozen=True, kw_only=True)
class There:
    """Everybody who comes into question."""

    people: Sequence[Found]
    labels: frozenset[str]
    """What the topics of the question are called."""
    likest: float
    """The similarity of whoever resembles the question most."""


def found(
    session: Session,
    asked: Asked,
    *,
    topic_ids: Collection[int],
    words: Mapping[str, int],
    exclude: Collection[int],
    now: datetime,
    half_life: float,
) -> There:
    """Everybody who comes into question, by their ids. Constant queries."""
    today, around = day_of(now), around_of(session, asked)
    everywhere = {asked.question.community_id, *around.together, *around.elsewhere}
    corpus = corpus_of(session, everywhere)
    like = similar(session, everywhere, corpus, words, today=today, half_life=half_life)
    topics = topical.topics_for(session, topic_ids, everywhere)
    knows = topical.knowing(session, topics, corpus.documents, today)
    never = {asked.question.asker_id, *exclude, *topical.unwilling(session, topics)}
    people: list[Found] = []
    for some in _portions(session, everywhere, like, knows, never):
        for one in eligible(session, asked, around, some, now):
            user_id = one.profile.user_id
            own, resembles = knows.get(user_id, topical.NOTHING), like.get(user_id)
            candidate = _candidate(one, own, resembles, today)
            if formula.is_known(candidate):
                people.append(Found(eligible=one, candidate=candidate, knows=own, similar=resembles))
        if len(people) >= ENOUGH:
            break
    return There(
        people=sorted(people, key=lambda one: one.candidate.user_id),
        labels=frozenset(topics.labels[topic_id] for topic_id in topic_ids if topic_id in topics.labels),
        likest=max((one.similarity for one in (found.candidate for found in people)), default=0.0),
    )


def around_of(session: Session, asked: Asked) -> Around:
    """Which communities a question reaches beside its own. At most two queries."""
    question, reach = asked.question, asked.settings.reach
    if reach not in {Reach.COMMUNITY, Reach.ORGANISATION}:
        return Around()
    together = frozenset(spanning.together(session, question.community_id))
    if reach is Reach.COMMUNITY:
        return Around(together=together)
    wanted = (
        select(Profile.community_id)
        .where(
            Profile.tenant_id == question.tenant_id,
            Profile.reach == Reach.ORGANISATION,
            Profile.community_id != question.community_id,
        )
        .distinct()
        .order_by(Profile.community_id.desc())
        .limit(MOST_COMMUNITIES)
    )
    return Around(together=together, elsewhere=frozenset(session.scalars(wanted)) - together)


def _portions(
    session: Session,
    community_ids: Collection[int],
    like: Mapping[int, Similar],
    knows: Mapping[int, Knows],
    never: Collection[int],
) -> Iterable[list[int]]:
    """People who come into question, those first who are most likely to be the best."""
    likest = sorted(like, key=lambda user_id: (-like[user_id].worth, user_id))
    latest = session.scalars(
        select(Profile.user_id)
        .where(Profile.community_id.in_(community_ids), Profile.recent_30.is_not(None))
        .order_by(Profile.recent_30.desc(), Profile.user_id)
        .limit(LATEST)
    )
    first = {*likest[:LIKEST], *knows, *(user_id for user_id in latest if user_id in like)} - set(never)
    yield sorted(first)
    rest = [user_id for user_id in likest[LIKEST:] if user_id not in first and user_id not in never]
    for at in range(0, min(len(rest), ROUNDS * MORE), MORE):
        yield rest[at : at + MORE]


def _candidate(one: Eligible, knows: Knows, like: Similar | None, today: float) -> Candidate:
    profile = one.profile
    return Candidate(
        user_id=profile.user_id,
        community_id=profile.community_id,
        answers=profile.answers,
        accepted=profile.accepted,
        on_topic=knows.on_topic,
        declared=bool(knows.declared),
        endorsed=knows.endorsed,
        is_sme=bool(knows.sme_of),
        helpfulness=formula.helpfulness(profile.helpful_sum, profile.helpful_count),
        invited=one.load.ever,
        taken=profile.taken,
        invited_lately=one.load.lately,
        similarity=like.worth if like else 0.0,
        topicality=knows.topicality,
        recent_7=value_of(profile.recent_7, today, WEEK),
        recent_30=value_of(profile.recent_30, today, HALF_LIFE),
    )
