"""When rosters are read: soon after somebody came, when an instructor asks, and then while a course is alive."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.lti.services.trouble import Kind
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource

FRESH_FOR = timedelta(hours=1)
"""A launch has the roster read again if it is older than this."""
NOT_SOONER = timedelta(minutes=1)
"""What lies at least between two runs that somebody asks for."""
KEPT = timedelta(days=90)
"""How long what a run did is kept."""
SWEEP_AT_MOST = 500


def came(session: Session, course_id: int) -> None:
    """Somebody launched in a course whose platform has a roster: have it read if what we know is not fresh.

    After failures the pause stands, however many people come: a class that arrives must not hammer an LMS that is down.
    So does the one after a roster that is doubted: an LMS in trouble is given time to mend.
    """
    source = source_of(session, course_id)
    now = clock.now()
    due = max(now, now if source.completed_at is None else source.completed_at + FRESH_FOR)
    if source.next_at is None or (
        source.failures == 0 and source.next_at > due and not _is_doubted(session, course_id)
    ):
        source.next_at = due


def _is_doubted(session: Session, course_id: int) -> bool:
    last = select(RosterRun.outcome).where(RosterRun.course_id == course_id).order_by(RosterRun.id.desc())
    return session.scalar(last.limit(1)) is Outcome.DOUBTED


def ask(session: Session, course_id: int) -> bool:
    """Somebody wants the roster read now, whatever happened before; whether it will be, anew.

    Not if it is being read just now, or was a moment ago: who presses a button twice asks once.
    """
    source, now = source_of(session, course_id), clock.now()
    last = session.execute(
        select(RosterRun.began_at, RosterRun.outcome, RosterRun.id)
        .where(RosterRun.course_id == course_id)
        .order_by(RosterRun.id.desc())
        .limit(1)
    ).first()
    if last is not None and last.outcome is Outcome.RUNNING:
        _hurry(session, last.id)
        return False
    if last is not None and last.began_at > now - NOT_SOONER:
        return False
    source.next_at, source.failures = now, 0
    return True


def _hurry(session: Session, run_id: int) -> None:
    """A run that waits for an LMS to come back tries again soon; one that the LMS asked to wait goes on waiting."""
    soon = clock.now() + NOT_SOONER
    session.execute(
        update(RosterRun)
        .where(
            RosterRun.id == run_id,
            RosterRun.outcome == Outcome.RUNNING,
            RosterRun.attempts > 0,
            RosterRun.next_at > soon,
            ~RosterRun.last_error.startswith(Kind.TOO_MANY.value),
        )
        .values(next_at=soon)
        .execution_options(synchronize_session=False)
    )


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


def sweep(session: Session) -> int:
    """Delete some of the runs that ended long ago; says how many went."""
    old = (
        select(RosterRun.id)
        .where(RosterRun.outcome != Outcome.RUNNING, RosterRun.began_at < clock.now() - KEPT)
        .limit(SWEEP_AT_MOST)
    )
    gone = session.scalars(
        delete(RosterRun)
        .where(RosterRun.id.in_(old))
        .returning(RosterRun.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
