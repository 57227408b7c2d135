"""Two topics that turn out to be one: everything under the one goes to the other. Nothing here commits."""

from math import log2
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity.record import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.index_models import Document, DocumentTopic, Kind
from lmssocial.widgets.experts.models import QuestionTopic
from lmssocial.widgets.experts.people_events import TopicMerged
from lmssocial.widgets.experts.people_models import Endorsement, Expertise
from lmssocial.widgets.experts.topic_models import Topic, TopicName
from lmssocial.widgets.experts.topics import naming


def merge(session: Session, actor: Actor, topic_id: int, into_id: int) -> Topic:
    """Make a topic a part of another: its names, questions, answers and the people who know it go there.

    :raises NotAllowed: unless the actor looks after topics.
    :raises NotFound: if there is no such topic.
    :raises Invalid: if they are the same one, or the topic is a part of another already.
    """
    access.require_looks_after(actor)
    topic, into = _both(session, actor, topic_id, into_id)
    twice = _twice(session, topic, into)
    _move(session, QuestionTopic, QuestionTopic.question_id, topic, into)
    _move(session, DocumentTopic, DocumentTopic.document_id, topic, into)
    _move_endorsements(session, topic, into)
    _move_expertise(session, topic, into, twice)
    session.execute(update(TopicName).where(TopicName.topic_id == topic.id).values(topic_id=into.id))
    session.execute(update(Topic).where(Topic.merged_into_id == topic.id).values(merged_into_id=into.id))
    topic.merged_into_id, topic.retired_at = into.id, topic.retired_at or clock.now()
    place = naming.somewhere(session, into.community_id)
    record(session, TopicMerged(**actor.envelope, placement_id=place, topic_id=topic.id, into_id=into.id))
    return into


def _both(session: Session, actor: Actor, topic_id: int, into_id: int) -> tuple[Topic, Topic]:
    """The two, locked in the order of their ids, so that two people who merge at once follow each other."""
    found = {one: naming.locked(session, actor, one, to_change=True) for one in sorted({topic_id, into_id})}
    if topic_id not in {topic.id for topic in found.values()}:
        raise Invalid(_("This topic is a part of another already."))
    topic, into = found[topic_id], found[into_id]
    if topic.id == into.id:
        raise Invalid(_("Choose another topic than this one."))
    return topic, into


def _move(session: Session, table: Any, key: Any, topic: Topic, into: Topic) -> None:
    """Rows of two columns, of which some stand under both topics."""
    there = select(key).where(table.topic_id == into.id)
    session.execute(
        delete(table)
        .where(table.topic_id == topic.id, key.in_(there))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(table)
        .where(table.topic_id == topic.id)
        .values(topic_id=into.id)
        .execution_options(synchronize_session=False)
    )


def _move_endorsements(session: Session, topic: Topic, into: Topic) -> None:
    """Whoever endorsed the same person for both said so once; what they said of the topic that stays is kept."""
    there = session.execute(
        select(Endorsement.user_id, Endorsement.by_id).where(Endorsement.topic_id == into.id)
    )
    kept = {tuple(row) for row in there}
    for one in session.scalars(select(Endorsement).where(Endorsement.topic_id == topic.id)).all():
        if (one.user_id, one.by_id) in kept:
            session.delete(one)
        else:
            one.topic_id = into.id
    session.flush()


def _twice(session: Session, topic: Topic, into: Topic) -> dict[int, tuple[int, int]]:
    """Answers that stand under both topics and count once from now on, and those of them that helped; by author."""
    under = [
        select(DocumentTopic.document_id).where(DocumentTopic.topic_id == one.id) for one in (topic, into)
    ]
    rows = session.execute(
        select(Document.author_id, Document.accepted).where(
            Document.id.in_(under[0]), Document.id.in_(under[1]), Document.kind != Kind.BIO
        )
    )
    found: dict[int, tuple[int, int]] = {}
    for author_id, accepted in rows:
        answers, evidence = found.get(author_id, (0, 0))
        found[author_id] = (answers + 1, evidence + bool(accepted))
    return found


def _move_expertise(session: Session, topic: Topic, into: Topic, twice: dict[int, tuple[int, int]]) -> None:
    """What somebody knows of both becomes one row: the earliest that was said, and everything counted once."""
    rows = session.scalars(
        select(Expertise)
        .where(Expertise.topic_id.in_([topic.id, into.id]))
        .order_by(Expertise.topic_id, Expertise.user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    said = _endorsements(session, into)
    there = {row.user_id: row for row in rows if row.topic_id == into.id}
    for row in [row for row in rows if row.topic_id == topic.id]:
        kept = there.get(row.user_id)
        if kept is None:
            session.delete(row)
            kept = _copy(row, into)
            session.add(kept)
        else:
            session.delete(row)
            _combine(kept, row, *twice.get(row.user_id, (0, 0)))
        kept.endorsements, kept.weight = said.get(row.user_id, (0, 0.0))
    session.flush()


def _copy(row: Expertise, into: Topic) -> Expertise:
    values = {column.key: getattr(row, column.key) for column in Expertise.__table__.columns}
    return Expertise(**values | {"topic_id": into.id})


def _combine(kept: Expertise, gone: Expertise, answers: int, evidence: int) -> None:
    """:param answers: those that were counted in both; :param evidence: likewise."""
    kept.declared_at = _earliest(kept.declared_at, gone.declared_at)
    if not (kept.suspended_at and gone.suspended_at):
        kept.suspended_at = None
    if kept.appointed_at is None or (gone.appointed_at and gone.appointed_at < kept.appointed_at):
        kept.appointed_at, kept.appointed_by_id = gone.appointed_at, gone.appointed_by_id
    if kept.confirmed_at is None:
        kept.confirmed_at, kept.confirmed_by_id = gone.confirmed_at, gone.confirmed_by_id
    kept.answers += max(gone.answers - answers, 0)
    kept.evidence += max(gone.evidence - evidence, 0)
    kept.doubts += gone.doubts
    kept.recent_30 = added(kept.recent_30, gone.recent_30)


def _earliest(one: Any, other: Any) -> Any:
    found = [moment for moment in (one, other) if moment is not None]
    return min(found, default=None)


def added(one: float | None, other: float | None) -> float | None:
    """Two sums that are kept as their logarithm to base 2, as one; ``None`` is a sum of nothing."""
    if one is None or other is None:
        return other if one is None else one
    larger, smaller = max(one, other), min(one, other)
    return larger + log2(1 + 2.0 ** (smaller - larger))


def _endorsements(session: Session, topic: Topic) -> dict[int, tuple[int, float]]:
    """How many people endorse somebody for a topic, and what they weigh together."""
    found: dict[int, tuple[int, float]] = {}
    for one in session.scalars(select(Endorsement).where(Endorsement.topic_id == topic.id)):
        count, weight = found.get(one.user_id, (0, 0.0))
        found[one.user_id] = (count + 1, weight + one.weight)
    return found
