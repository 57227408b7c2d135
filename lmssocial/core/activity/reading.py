"""Reading the log of one course from the beginning, for whoever keeps a place of its own in it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.core.kernel.events import Happened


def of_course(session: Session, course_id: int, *, after: int = 0, at_most: int = 1000) -> Sequence[Happened]:
    """What happened in a course after the event ``after``, in the order of the log. One query by an index.

    Who remembers the last id and asks again misses nothing: ids are given in the order of commits.
    """
    rows = session.scalars(
        select(ActivityEvent)
        .where(ActivityEvent.course_id == course_id, ActivityEvent.id > after)
        .order_by(ActivityEvent.id)
        .limit(at_most)
        .execution_options(populate_existing=True)
    )
    return [happened(row) for row in rows]


def newest_in(session: Session, course_ids: Sequence[int]) -> dict[int, int]:
    """The id of the last event of each of these courses; without those in which nothing ever happened."""
    rows = session.execute(
        select(ActivityEvent.course_id, func.max(ActivityEvent.id))
        .where(ActivityEvent.course_id.in_(course_ids))
        .group_by(ActivityEvent.course_id)
    )
    return {course_id: newest for course_id, newest in rows if course_id is not None}
