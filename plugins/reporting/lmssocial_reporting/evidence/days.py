"""The days that have to be derived again, and what was carried from one course to another."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.models import Base, CarriedItem, DirtyDay, Withheld
from lmssocial_reporting.store.port import Act, Deed, ReportStore

CourseDay = tuple[int, date]

CHUNK = 1_000

_ALL_READING = (
    Withheld.kind == Kind.ITEM_OPENED,
    Withheld.day.is_(None),
    Withheld.other.is_(None),
    Withheld.item.is_(None),
)
"""That somebody wants none of their reading to be counted."""


def mark(session: Session, days: Iterable[CourseDay]) -> None:
    """Have these days derived again, once, however often they are marked."""
    rows = [{"course_id": course_id, "day": day} for course_id, day in sorted(set(days))]
    _add(session, DirtyDay, rows)


def mark_member(session: Session, store: ReportStore, course_id: int, member: int) -> None:
    """Have every day derived again on which somebody did something in a course, or took something up.

    To be called when they withhold something, or do not any more. What they opened is evidence of whoever wrote it, on
    the day on which that was written, which is why their whole time here is looked at.
    """
    acts = store.acts_of(course_id, [member])
    opened = {act.item for act in acts if act.deed is Deed.READ}
    about = store.acts_about(
        course_id, items=opened, targets=opened, deeds=(Deed.POSTED, Deed.LINKED, Deed.SHARED)
    )
    days = {(course_id, act.day) for act in (*acts, *about)}
    mark(session, days | carried_from(session, opened))


def take(session: Session, course_id: int) -> date | None:
    """The newest day of a course that has to be derived, which is marked no longer; ``None`` if there is none.

    It is let go before its acts are read: whoever marks it meanwhile finds it unmarked, and marks it anew.
    """
    day = session.scalar(
        select(DirtyDay.day).where(DirtyDay.course_id == course_id).order_by(DirtyDay.day.desc()).limit(1)
    )
    if day is not None:
        session.execute(delete(DirtyDay).where(DirtyDay.course_id == course_id, DirtyDay.day == day))
    return day


def are_left(session: Session, course_id: int) -> bool:
    """Whether any day of a course has to be derived."""
    return bool(session.scalar(select(exists().where(DirtyDay.course_id == course_id))))


def note_carried(session: Session, acts: Iterable[Act]) -> None:
    """Remember what carries something of a course in another one."""
    shares = [act for act in acts if act.deed is Deed.SHARED and act.target]
    rows = {(act.target, act.course_id, act.day) for act in shares}
    _add(
        session,
        CarriedItem,
        [{"item": item, "course_id": course, "day": day} for item, course, day in sorted(rows)],
    )


def carried_from(session: Session, items: Collection[str]) -> set[CourseDay]:
    """From where, and on which days, the things were shared that these items carry."""
    found: set[CourseDay] = set()
    wanted = sorted(items)
    for start in range(0, len(wanted), CHUNK):
        rows = session.execute(
            select(CarriedItem.course_id, CarriedItem.day).where(
                CarriedItem.item.in_(wanted[start : start + CHUNK])
            )
        )
        found.update((row.course_id, row.day) for row in rows)
    return found


def forget(session: Session, course_id: int) -> None:
    """Forget what was marked in a course, and what was carried from it; what its members withhold stays."""
    for model in (DirtyDay, CarriedItem):
        session.execute(delete(model).where(model.course_id == course_id))


def withheld_in(session: Session, course_id: int) -> Sequence[Withheld]:
    """What members of a course do not want to be counted."""
    return session.scalars(select(Withheld).where(Withheld.course_id == course_id)).all()


def unread_in(session: Session, course_ids: Collection[int]) -> frozenset[int]:
    """Who wants none of their reading and searching to be counted in one of these courses. One query."""
    return frozenset(
        session.scalars(
            select(Withheld.member).where(Withheld.course_id.in_(sorted(course_ids)), *_ALL_READING)
        )
    )


def unread_by_course(session: Session, course_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """(Course, member) of all who want none of their reading and searching there to be counted. One query."""
    rows = session.execute(
        select(Withheld.course_id, Withheld.member).where(
            Withheld.course_id.in_(sorted(course_ids)), *_ALL_READING
        )
    )
    return frozenset((row.course_id, row.member) for row in rows)


def opened_by(session: Session, store: ReportStore, items: Collection[str]) -> dict[str, int]:
    """By how many people each of these items was read, in whichever course; without those nobody read.

    Who does not want their reading in that course to be counted is not among them. Two statements.
    """
    read = store.readers_of(items)
    unread = unread_by_course(session, {course for _item, course, _member in read})
    counted = {(item, member) for item, course, member in read if (course, member) not in unread}
    return dict(Counter(item for item, _member in counted))


def _add(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(model).on_conflict_do_nothing(), rows[start : start + CHUNK])
