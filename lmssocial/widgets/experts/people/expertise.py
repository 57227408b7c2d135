"""The one row for somebody and a topic: made by whoever comes first, changed by one at a time."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.widgets.experts.people.levels import TO_CONFIRM
from lmssocial.widgets.experts.people_models import Endorsement, Expertise
from lmssocial.widgets.experts.topic_models import Topic

EMPTY = {"endorsements": 0, "weight": 0.0, "answers": 0, "evidence": 0, "doubts": 0}


def locked(session: Session, topic: Topic, user_id: int) -> Expertise:
    """The row, made if there is none; nobody else changes it until this transaction ends.

    :param topic: one that :func:`~lmssocial.widgets.experts.topics.naming.locked` gave.
    """
    row = {"topic_id": topic.id, "user_id": user_id, "community_id": topic.community_id, **EMPTY}
    insert_if_absent(session, Expertise, row, [Expertise.topic_id, Expertise.user_id])
    return session.scalars(
        select(Expertise)
        .where(Expertise.topic_id == topic.id, Expertise.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def declare(row: Expertise, at: datetime | None) -> bool:
    """Note that its person says they know it, or does not say so any more; says whether that is new."""
    if (row.declared_at is None) is (at is None):
        return False
    row.declared_at = at
    return True


def count_endorsements(session: Session, row: Expertise) -> None:
    """Count anew who endorses somebody; fewer than a steward looks at are not confirmed any more."""
    session.flush()
    count, weight = session.execute(
        select(func.count(), func.coalesce(func.sum(Endorsement.weight), 0.0)).where(
            Endorsement.topic_id == row.topic_id, Endorsement.user_id == row.user_id
        )
    ).one()
    row.endorsements, row.weight = count, float(weight)
    if count < TO_CONFIRM:
        row.confirmed_at = row.confirmed_by_id = None
