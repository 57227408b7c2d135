"""What acts and evidence keep about a person: handed out, and forgotten."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial.plugin import Work
from lmssocial_reporting.evidence import days
from lmssocial_reporting.evidence.naming import is_blind, named
from lmssocial_reporting.models import Erased, FollowedCourse
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.choice import store_of
from lmssocial_reporting.store.sql import SqlStore


def export(session: Session, user_id: int, settings: Settings) -> dict[str, Any]:
    """What somebody did and what it is evidence of, as JSON values; as on their own page, not who read it.

    :param settings: of their tenant; they say where acts and evidence stand.
    """
    store = store_of(session, settings)
    courses = sorted({course_id for course_id, _day in store.traces_of(user_id)})
    evidence = store.evidence_of(courses, user_id, date.min, date.max)
    acts = [act for course_id in courses for act in store.acts_of(course_id, [user_id])]
    return {
        "evidence": [
            {
                "course": one.course_id,
                "day": one.day.isoformat(),
                "role": one.role.value,
                "kind": one.kind.value,
                "other": named(one),
                "item": one.item,
            }
            for one in evidence
        ],
        "acts": [
            {
                "course": act.course_id,
                "at": act.at.isoformat(),
                "deed": act.deed.value,
                "item": act.item,
                "other": 0 if is_blind(act) else act.other,
                "via": act.via,
            }
            for act in acts
        ],
    }


def forget(session: Session, user_id: int) -> None:
    """Forget what somebody did, and have the days derived again that it had to do with.

    Where acts stand in ClickHouse, the timer forgets them there: this transaction does not reach so far.
    """
    days.mark(session, SqlStore(session).forget_member(user_id))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(Erased).values(member=user_id).on_conflict_do_nothing())


def is_awaited(session: Session) -> bool:
    """Whether somebody was erased who is not forgotten yet where acts and evidence stand."""
    return bool(session.scalar(select(exists().where(Erased.member > 0))))


def forget_erased(work: Work) -> bool:
    """Forget one of those who were erased where acts and evidence stand; whether there was one.

    The days are marked first, in a transaction of their own: where there are no transactions, a failure would leave
    nothing by which to find them. No day is derived (:func:`is_awaited`) before all is done.
    """
    with work.reading() as session:
        member = session.scalar(select(Erased.member).order_by(Erased.member).limit(1))
    settings = _settings(work) if member else None
    if member is None or settings is None:
        return False
    with work.unit_of_work() as session:
        _wait_for_others(session)
        days.mark(session, store_of(session, settings).traces_of(member))
    with work.unit_of_work() as session:
        days.mark(session, store_of(session, settings).forget_member(member))
        session.execute(delete(Erased).where(Erased.member == member))
    return True


def _settings(work: Work) -> Settings | None:
    """How the report is set where it is on; where acts and evidence stand is the same for all courses."""
    with work.reading() as session:
        rows = session.execute(select(FollowedCourse.course_id, FollowedCourse.tenant_id))
        tenants = {row.course_id: row.tenant_id for row in rows}
    wanted = (one for one in work.courses_on() if one in tenants)
    found = (work.settings(tenant_id=tenants[one], course_id=one) for one in wanted)
    return next((one for one in found if one is not None), None)


def hold_courses_of(session: Session, user_id: int) -> None:
    """Hold the courses with acts or evidence of somebody here, before anything of theirs is touched.

    Otherwise who derives one of their days at this moment and who erases them may wait for each other.
    """
    hold_in_order(session, {course_id for course_id, _day in SqlStore(session).traces_of(user_id)})


def hold_in_order(session: Session, course_ids: Collection[int]) -> None:
    """Hold the rows of some courses until the end of the transaction, once nobody else does.

    Whoever needs several holds them by this: two who take them in different orders wait for each other for ever.
    """
    session.execute(
        select(FollowedCourse.course_id)
        .where(FollowedCourse.course_id.in_(sorted(course_ids)))
        .order_by(FollowedCourse.course_id)
        .with_for_update()
    ).all()


def _wait_for_others(session: Session) -> None:
    """Let everybody finish who is at a course: they may have read the log before somebody was erased in it."""
    hold_in_order(session, session.scalars(select(FollowedCourse.course_id)).all())
