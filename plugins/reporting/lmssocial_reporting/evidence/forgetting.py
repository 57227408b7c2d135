"""What acts and evidence keep about a person: handed out, and forgotten."""

from datetime import date
from typing import Any

from sqlalchemy import delete, select
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
    courses = session.scalars(select(FollowedCourse.course_id).order_by(FollowedCourse.course_id)).all()
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


def forget_erased(work: Work) -> bool:
    """Forget one of those who were erased where acts and evidence stand; whether there was one."""
    with work.reading() as session:
        member = session.scalar(select(Erased.member).order_by(Erased.member).limit(1))
        course = (
            session.scalars(select(FollowedCourse).order_by(FollowedCourse.course_id)).all() if member else ()
        )
        tenants = {row.course_id: row.tenant_id for row in course}
    if member is None:
        return False
    wanted = (one for one in work.courses_on() if one in tenants)
    found = (work.settings(tenant_id=tenants[one], course_id=one) for one in wanted)
    settings = next((one for one in found if one is not None), None)
    if settings is None:
        return False
    with work.unit_of_work() as session:
        days.mark(session, store_of(session, settings).forget_member(member))
        session.execute(delete(Erased).where(Erased.member == member))
    return True
