"""Following the log of each course: events become acts, and the days they touch are derived again.

Each course has a place of its own in its log, so whoever switches the report on late, off and on again, or changes the
zone misses nothing. One call does a short piece of work in one transaction. Two workers never do the same: the row of
the course is held while one is at it.
"""

import random
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial.plugin import Happened, Work, now
from lmssocial.plugin_data import courses, of_course
from lmssocial_reporting.definition import VERSION
from lmssocial_reporting.evidence import days
from lmssocial_reporting.evidence.acts import acts_of
from lmssocial_reporting.evidence.deriving import derive
from lmssocial_reporting.evidence.forgetting import forget_erased, hold_in_order, is_awaited
from lmssocial_reporting.evidence.listeners import tell
from lmssocial_reporting.evidence.touching import days_touched
from lmssocial_reporting.models import DirtyDay, FollowedCourse
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.choice import store_of
from lmssocial_reporting.store.port import ReportStore

EVENTS = 500
"""Events that are read in one piece of work."""
GLANCE = timedelta(minutes=1)
"""How long a quiet course is left alone before somebody looks whether it was missed, or is set in another way."""
GLANCES = 50
"""Courses that are looked at in one piece of work."""

_ANEW = ""
"""The zone of a course that has to be told from the beginning: no setting is like it."""


def note(session: Session, event: Happened) -> None:
    """Remember that something happened in a course; what it is stands in the log. One statement."""
    if event.course_id is not None:
        session.execute(
            update(FollowedCourse)
            .where(FollowedCourse.course_id == event.course_id, FollowedCourse.has_news.is_(False))
            .values(has_news=True)
        )


def tenant_of(session: Session, course_id: int) -> int:
    """The tenant of a course; 0 if there is no such course."""
    return next((course.tenant_id for course in courses(session, ids=[course_id])), 0)


def replay(session: Session, course_id: int) -> None:
    """Have everything of a course derived anew from the beginning of its log."""
    session.execute(
        update(FollowedCourse).where(FollowedCourse.course_id == course_id).values(zone=_ANEW, has_news=True)
    )


def follow(work: Work) -> bool:
    """Read some of what is new in one course, or derive one of its days; says whether there is more to do.

    Which course comes next is drawn, so that none waits behind a busy one. Courses in which the report is off are left
    as they are.
    """
    on = frozenset(work.courses_on())
    if forget_erased(work):
        return True
    with work.reading() as session:
        known = frozenset(session.scalars(select(FollowedCourse.course_id)))
        waiting = [row for row in _waiting(session) if row[0] in on]
    if on - known:
        with work.unit_of_work() as session:
            _begin(session, sorted(on - known)[:GLANCES])
        return True
    if not waiting:
        return _glance(work, on)
    course_id, tenant_id = random.choice(waiting)  # noqa: S311 – nothing secret hangs on it
    settings = work.settings(tenant_id=tenant_id, course_id=course_id)
    if settings is None:  # switched off a moment ago
        return False
    with work.unit_of_work() as session:
        catch_up(session, course_id, settings, at_most=EVENTS)
    return True


def catch_up(session: Session, course_id: int, settings: Settings, *, at_most: int = EVENTS) -> bool:
    """Read up to ``at_most`` events of a course or, if none is left, derive one day; whether nothing was left to do.

    A course nobody followed yet is begun; one that was told in another zone, or by another definition, is told anew.
    While somebody waits to be forgotten, no day is derived.
    """
    course = _held(session, course_id)
    if course is None:
        return True
    store = store_of(session, settings)
    if (course.zone, course.definition) != (settings.zone, VERSION):
        if course.zone != _ANEW:  # committed before anything is deleted where no roll-back brings it back
            course.zone, course.has_news = _ANEW, True
            return False
        _tell_anew(session, store, course, settings)
    if not _read(session, store, course, settings, at_most):
        day = None if is_awaited(session) else days.take(session, course_id)
        if day is not None:
            tell(session, settings, course, derive(session, store, course_id, day))
            days.mark(session, store.unsettled)
    done = not course.has_news and not days.are_left(session, course_id)
    if done:
        course.looked_at = now()
    return done


def _read(
    session: Session, store: ReportStore, course: FollowedCourse, settings: Settings, at_most: int
) -> bool:
    """Turn the next events into acts; whether there were any."""
    events = of_course(session, course.course_id, after=course.read_up_to, at_most=at_most)
    if not events:
        return False
    acts = [act for event in events for act in acts_of(event, settings.time_zone)]
    store.add_acts(acts)
    days.note_carried(session, acts)
    days.mark(session, days_touched(session, store, course.course_id, settings.time_zone, acts))
    course.read_up_to = events[-1].id
    course.has_news = len(events) == at_most
    if acts:
        first = min(act.day for act in acts)
        course.begins_on = min(first, course.begins_on or first)
    return True


def _held(session: Session, course_id: int) -> FollowedCourse | None:
    """The row of a course, which nobody else can work at until the end of the transaction; begun if there was none.

    That it has no news is said before the log is read: what happens meanwhile says again that it has.
    """
    statement = (
        update(FollowedCourse)
        .where(FollowedCourse.course_id == course_id)
        .values(has_news=False)
        .returning(FollowedCourse)
        .execution_options(populate_existing=True)
    )
    row = session.scalars(statement).one_or_none()
    if row is None and _begin(session, [course_id]):
        row = session.scalars(statement).one_or_none()
    return row


def _begin(session: Session, course_ids: Sequence[int]) -> bool:
    """Follow courses from the beginning of their logs; whether there are such courses."""
    rows = [
        {
            "course_id": course.id,
            "tenant_id": course.tenant_id,
            "community_id": course.community_id,
            "zone": _ANEW,
            "definition": VERSION,
            "read_up_to": 0,
            "has_news": True,
        }
        for course in courses(session, ids=course_ids)
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if rows:
        session.execute(insert(FollowedCourse).on_conflict_do_nothing(), rows)
    return bool(rows)


def _tell_anew(session: Session, store: ReportStore, course: FollowedCourse, settings: Settings) -> None:
    """Forget what was derived of a course, and go back to the beginning of its log."""
    store.forget_course(course.course_id)
    days.forget(session, course.course_id)
    course.zone, course.definition = settings.zone, VERSION
    course.read_up_to, course.begins_on, course.looked_at = 0, None, None


def _waiting(session: Session) -> list[tuple[int, int]]:
    """The courses, and their tenants, in which there is something to read or to derive."""
    dirty = exists().where(DirtyDay.course_id == FollowedCourse.course_id)
    rows = session.execute(
        select(FollowedCourse.course_id, FollowedCourse.tenant_id).where(FollowedCourse.has_news | dirty)
    )
    return [(row.course_id, row.tenant_id) for row in rows]


def _glance(work: Work, on: frozenset[int]) -> bool:
    """Look at courses that have been quiet: whether they were off when something happened, or are set in another way.

    Says whether there is something to do in any of them.
    """
    with work.reading() as session:
        rows = session.scalars(
            select(FollowedCourse)
            .where(FollowedCourse.looked_at < now() - GLANCE)
            .order_by(FollowedCourse.looked_at, FollowedCourse.course_id)
        )
        quiet = [row for row in rows if row.course_id in on][:GLANCES]
        missed = {
            row.course_id
            for row in quiet
            if of_course(session, row.course_id, after=row.read_up_to, at_most=1)
        }
    for row in quiet:
        settings = work.settings(tenant_id=row.tenant_id, course_id=row.course_id)
        if settings is not None and (row.zone, row.definition) != (settings.zone, VERSION):
            missed.add(row.course_id)
    if not quiet:
        return False
    looked = {row.course_id for row in quiet}
    with work.unit_of_work() as session:
        hold_in_order(session, looked)
        for wanted, news in ((missed, True), (looked - missed, False)):
            changed = {"has_news": True} if news else {"looked_at": now()}
            session.execute(
                update(FollowedCourse).where(FollowedCourse.course_id.in_(sorted(wanted))).values(changed)
            )
    return bool(missed)
