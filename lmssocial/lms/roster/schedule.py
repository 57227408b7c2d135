"""When rosters are read: soon after somebody came, when an instructor asks, and then while a course is alive."""

from datetime import timedelta

from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.roster.models import RosterSource

FRESH_FOR = timedelta(hours=1)
"""A launch has the roster read again if it is older than this."""


def came(session: Session, course_id: int) -> None:
    """Somebody launched in a course whose platform has a roster: have it read if what we know is not fresh."""
    source = source_of(session, course_id)
    now = clock.now()
    due = now if source.completed_at is None else source.completed_at + FRESH_FOR
    if source.failures == 0 and (source.next_at is None or source.next_at > max(due, now)):
        source.next_at = max(due, now)


def ask(session: Session, course_id: int) -> None:
    """Somebody wants the roster read now, whatever happened before."""
    source = source_of(session, course_id)
    source.next_at, source.failures = clock.now(), 0


def source_of(session: Session, course_id: int) -> RosterSource:
    """The roster of a course, made when it is first asked for."""
    found = session.get(RosterSource, course_id)
    if found is None:
        row = {
            "course_id": course_id,
            "next_at": None,
            "completed_at": None,
            "full_at": None,
            "differences_url": "",
            "failures": 0,
            "last_error": "",
        }
        insert_if_absent(session, RosterSource, row, [RosterSource.course_id])
        found = session.get_one(RosterSource, course_id)
    return found
