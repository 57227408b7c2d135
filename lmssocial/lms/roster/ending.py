"""How a run ends: who is put out, what is doubted first, and when the roster is read again."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from lmssocial.lms.roster import claiming, patience
from lmssocial.lms.roster.applying import absent_from, put_out
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource
from lmssocial.lms.roster.ports import Hooks

EVERY = timedelta(days=1)
"""How often a roster is read while somebody comes to the course."""
ALIVE = timedelta(days=14)
"""A course to which nobody came for longer than this is left in peace until somebody does."""
CHECK_AFTER = timedelta(minutes=10)
"""When a roster that would put out most of a course is read once more, to be believed or not."""
ABOUT_GROUPS = "groups: "
"""How an error begins that is about the names of groups only."""
FEW = 20
"""In a course of at most this many people, half of them may leave without anybody wondering."""


def complete(session: Session, run: RosterRun, hooks: Hooks) -> None:
    """End a run that has read everything."""
    source = session.get_one(RosterSource, run.course_id)
    now = clock.now()
    if run.is_full:
        leaving = _count(session, absent_from(run))
        if _is_doubtful(session, run, leaving) and not _was_doubted(session, run):
            run.outcome, run.ended_at, run.left = Outcome.DOUBTED, now, leaving
            source.next_at = now + CHECK_AFTER
            return
        run.left = put_out(session, run) if leaving else 0
        source.full_at = now
    if run.left:
        hooks.left(session, run.course_id)
    run.outcome, run.ended_at = Outcome.COMPLETE, now
    source.completed_at, source.failures, source.last_error = now, 0, ""
    source.next_at = now + EVERY if _is_alive(session, run.course_id, now) else None


def fail(session: Session, run: RosterRun, trouble: ServiceTrouble) -> None:
    """End a run that came to nothing. Nobody is put out, and what it has read stays."""
    source = session.get_one(RosterSource, run.course_id)
    now, refused = clock.now(), not patience.passes(trouble)
    run.outcome, run.ended_at, run.last_error = Outcome.FAILED, now, worded(trouble)
    source.differences_url = ""  # what changed since a run that read some of it says nothing of the rest
    if not run.is_full and refused and (url := claiming.first_url(session, run.course_id)):
        claiming.begin(session, run.course_id, url, is_full=True)
        return
    source.failures += 1
    source.last_error = worded(trouble)
    later = patience.again(source.failures, refused=refused)
    source.next_at = now + later if _is_alive(session, run.course_id, now) else None


def worded(trouble: ServiceTrouble) -> str:
    """What an administrator reads, beginning with the kind, from which pages make the words for everybody else."""
    return f"{trouble.kind.value}: {trouble.says}"


def kind_of(error: str) -> Kind | None:
    """The kind of trouble that :func:`worded` wrote down; ``None`` if it is none."""
    name = error.partition(":")[0]
    return Kind(name) if name in set(Kind) else None


def _is_doubtful(session: Session, run: RosterRun, leaving: int) -> bool:
    """Whether a roster looks rather like a mistake of the platform than like people who left."""
    if not leaving:
        return False
    if not run.members:
        return True
    known = _count(
        session,
        (Membership.course_id == run.course_id)
        & Membership.active.is_(True)
        & Membership.roster_run_id.is_not(None),
    )
    return known > FEW and leaving * 2 > known


def _was_doubted(session: Session, run: RosterRun) -> bool:
    """Whether the last full run that came to its end was in doubt; then this one confirms it."""
    last = session.scalar(
        select(RosterRun.outcome)
        .where(
            RosterRun.course_id == run.course_id,
            RosterRun.id < run.id,
            RosterRun.is_full.is_(True),
            RosterRun.outcome.in_([Outcome.COMPLETE, Outcome.DOUBTED]),
        )
        .order_by(RosterRun.id.desc())
        .limit(1)
    )
    return last is Outcome.DOUBTED


def _count(session: Session, whom: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Membership.id)).where(whom)) or 0


def _is_alive(session: Session, course_id: int, now: datetime) -> bool:
    last = session.scalar(
        select(func.max(Membership.last_launch_at)).where(Membership.course_id == course_id)
    )
    return last is not None and last > now - ALIVE
