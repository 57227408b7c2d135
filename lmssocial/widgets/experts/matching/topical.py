"""What is known of people about the topics of a question."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.widgets.experts.indexing.recency import HALF_LIFE, value_of
from lmssocial.widgets.experts.matching import formula
from lmssocial.widgets.experts.people_models import Expertise
from lmssocial.widgets.experts.topic_models import Topic, TopicName

_Own, _Other = aliased(TopicName), aliased(TopicName)

MOST = 300
"""People of topics that are looked at."""
_NEVER = -1e9
_READ = (
    Expertise.topic_id,
    Expertise.user_id,
    Expertise.answers,
    Expertise.endorsements,
    Expertise.weight,
    Expertise.declared_at,
    Expertise.appointed_at,
    Expertise.doubts,
    Expertise.recent_30,
)


@dataclass(frozen=True, kw_only=True)
class Topics:
    """What a question is about."""

    labels: Mapping[int, str] = field(default_factory=dict)
    """Its topics, and topics of the same name in other communities."""
    answers: Mapping[int, int] = field(default_factory=dict)
    """Answers about each of them."""


@dataclass(frozen=True, kw_only=True)
class Knows:
    """What is known of somebody about them."""

    topicality: float = 0.0
    on_topic: int = 0
    endorsed: float = 0.0
    answered: tuple[str, int] | None = None
    """The topic they answered most about, and how often."""
    endorsed_for: tuple[str, int] | None = None
    """The topic for which most people endorse them, and how many."""
    declared: str = ""
    """A topic they say they know about."""
    sme_of: str = ""
    """A topic of which they are the SME."""


NOTHING = Knows()


def topics_for(session: Session, topic_ids: Collection[int], community_ids: Collection[int]) -> Topics:
    """The topics of a question wherever they are known by the same names. Two queries, or none."""
    if not topic_ids:
        return Topics()
    named = (
        select(_Other.topic_id)
        .join(_Own, _Own.name == _Other.name)
        .where(_Own.topic_id.in_(topic_ids), _Other.community_id.in_(community_ids))
    )
    rows = session.execute(
        select(Topic.id, Topic.label).where(or_(Topic.id.in_(topic_ids), Topic.id.in_(named)))
    )
    labels = {row.id: row.label for row in rows}
    counted = session.execute(
        select(Expertise.topic_id, func.sum(Expertise.answers))
        .where(Expertise.topic_id.in_(labels))
        .group_by(Expertise.topic_id)
    )
    return Topics(labels=labels, answers={topic_id: int(answers) for topic_id, answers in counted})


def knowing(session: Session, topics: Topics, documents: int, today: float) -> dict[int, Knows]:
    """What is known of people about these topics, by their ids; of very many, those who stand out. One query.

    :param documents: answers in the index.
    :param today: in days since 1970.
    """
    if not topics.labels:
        return {}
    rows: Any = session.execute(
        select(*_READ)
        .where(
            Expertise.topic_id.in_(topics.labels),
            or_(
                Expertise.answers > 0,
                Expertise.endorsements > 0,
                Expertise.declared_at.is_not(None),
                Expertise.appointed_at.is_not(None),
            ),
        )
        .order_by(
            case((Expertise.appointed_at.is_not(None), 0), else_=1),
            func.coalesce(Expertise.recent_30, _NEVER).desc(),
            Expertise.weight.desc(),
            Expertise.user_id,
            Expertise.topic_id,
        )
        .limit(MOST)
    )
    of: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        of[row.user_id].append(row)
    return {user_id: _knows(own, topics, documents, today) for user_id, own in of.items()}


def unwilling(session: Session, topics: Topics) -> set[int]:
    """Those who do not want to be asked about one of these topics. One query, or none."""
    if not topics.labels:
        return set()
    wanted = select(Expertise.user_id).where(
        Expertise.topic_id.in_(topics.labels), Expertise.suspended_at.is_not(None)
    )
    return set(session.scalars(wanted))


def _knows(rows: Sequence[Any], topics: Topics, documents: int, today: float) -> Knows:
    most = max(rows, key=lambda row: (row.answers, -row.topic_id))
    praised = max(rows, key=lambda row: (row.endorsements, -row.topic_id))
    return Knows(
        topicality=formula.topicality(
            documents, ((topics.answers[row.topic_id], _own(row, today)) for row in rows)
        ),
        on_topic=sum(row.answers for row in rows),
        endorsed=sum(row.weight for row in rows),
        answered=(topics.labels[most.topic_id], most.answers) if most.answers else None,
        endorsed_for=(topics.labels[praised.topic_id], praised.endorsements)
        if praised.endorsements
        else None,
        declared=_first(topics, rows, [row.declared_at is not None for row in rows]),
        sme_of=_first(topics, rows, [row.appointed_at is not None for row in rows]),
    )


def _own(row: Any, today: float) -> float:
    """Their answers about a topic, older ones less; less, too, for each question about it that was not theirs."""
    return value_of(row.recent_30, today, HALF_LIFE) / (1 + int(row.doubts))


def _first(topics: Topics, rows: Sequence[Any], chosen: Sequence[bool]) -> str:
    labels = [topics.labels[row.topic_id] for row, is_it in zip(rows, chosen, strict=True) if is_it]
    return min(labels, default="")
