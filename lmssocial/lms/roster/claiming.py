"""Who reads which page: a run belongs to one worker for some minutes, in a transaction of its own.

The moment until which it is claimed is at the same time the proof of the claim. Whoever comes back with a page and
finds another moment there was too slow, and throws the page away: somebody else has it, or had it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Course, Deployment, Registration, Standing
from lmssocial.lms.lti.services.calling import Endpoint
from lmssocial.lms.lti.services.roster import first_page_url
from lmssocial.lms.lti.services.scopes import GROUPS
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource
from lmssocial.lms.roster.patience import GIVE_UP
from lmssocial.lms.roster.persons import Where

CLAIM = timedelta(minutes=5)
"""How long a run belongs to whoever reads a page of it; longer than any page takes."""
FULL_EVERY = timedelta(days=7)
"""All members are read at least as often as this, whatever changes the platform tells of."""
MOST_DIFFERENCES = 24
"""Runs over changes between two over all members."""
TOO_OLD = GIVE_UP + CLAIM
"""A run that is older was left lying, with no worker there to give it up: another one begins."""
SWITCHED_OFF = "The platform was switched off while its roster was read."
LEFT_LYING = "No worker went on with it for a day, so it is read anew."
WHILE_RUNNING = timedelta(hours=1)
"""What stands as the next time while a run is under way, whose end says better; no second one begins meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A run that is ours for a while, and what it takes to read its next page outside of any transaction."""

    run_id: int
    until: datetime
    url: str
    """The page to read; empty if the end is to be done."""
    groups_url: str
    """Where the platform names its groups; empty if it does not."""
    endpoint: Endpoint
    where: Where


def begin_due(session: Session) -> bool:
    """Begin a run over the roster that has been due longest; whether there was one."""
    while (source := _longest_due(session)) is not None:
        found = first_url(session, source.course_id)
        if not found:
            source.next_at = None  # the next launch asks again
            continue
        changes = "" if _must_be_full(session, source) else source.differences_url
        url = changes or found
        begin(session, source.course_id, url, is_full=not changes)
        source.next_at, source.differences_url = (
            clock.now() + WHILE_RUNNING,
            "",
        )  # the run learns the next one
        return True
    return False


def _longest_due(session: Session) -> RosterSource | None:
    running = select(RosterRun.id).where(
        RosterRun.course_id == RosterSource.course_id, RosterRun.outcome == Outcome.RUNNING
    )
    return session.scalar(
        select(RosterSource)
        .where(RosterSource.next_at <= clock.now(), ~running.exists())
        .order_by(RosterSource.next_at, RosterSource.course_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def first_url(session: Session, course_id: int) -> str:
    """The first page of a course's roster; empty if nobody is to be asked: the platform names none, or is off."""
    services = session.get(CourseServices, course_id)
    if services is None or not services.memberships_url or not _is_open(session, course_id):
        return ""
    registration_id, context_id = session.execute(
        select(Deployment.registration_id, Course.context_id)
        .join(Course, Course.deployment_id == Deployment.id)
        .where(Course.id == course_id)
    ).one()
    return first_page_url(
        services.memberships_url,
        endpoint_of(session, registration_id).profile,
        course=context_id,
        groups=bool(_groups_url(services)),
    )


def _groups_url(services: CourseServices | None) -> str:
    """Where the platform names its groups; empty if it does not, or not to us."""
    if services is None or GROUPS not in services.group_scopes.split():
        return ""
    return services.groups_url


def begin(session: Session, course_id: int, url: str, *, is_full: bool) -> RosterRun:
    """A new run, due at once."""
    now = clock.now()
    run = RosterRun(course_id=course_id, began_at=now, is_full=is_full, next_url=url, next_at=now)
    session.add(run)
    session.flush()
    return run


def claim(session: Session) -> Claimed | None:
    """Take the run that has waited longest, so that nobody else reads its page for a while."""
    while (run := _longest_waiting(session)) is not None:
        is_open = _is_open(session, run.course_id)
        if not is_open or run.began_at < clock.now() - TOO_OLD:
            run.outcome, run.ended_at = Outcome.FAILED, clock.now()
            run.last_error = SWITCHED_OFF if not is_open else LEFT_LYING
            source = session.get_one(RosterSource, run.course_id)
            source.next_at, source.differences_url = clock.now() if is_open else None, ""
            continue
        run.next_at = clock.now() + CLAIM
        return _claimed(session, run)
    return None


def _longest_waiting(session: Session) -> RosterRun | None:
    return session.scalar(
        select(RosterRun)
        .where(RosterRun.outcome == Outcome.RUNNING, RosterRun.next_at <= clock.now())
        .order_by(RosterRun.next_at, RosterRun.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _claimed(session: Session, run: RosterRun) -> Claimed:
    row = session.execute(
        select(Course.tenant_id, Deployment.registration_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .where(Course.id == run.course_id)
    ).one()
    groups_url = _groups_url(session.get(CourseServices, run.course_id))
    return Claimed(
        run_id=run.id,
        until=run.next_at,
        url=run.next_url,
        groups_url=groups_url,
        endpoint=endpoint_of(session, row.registration_id),
        where=Where(
            tenant_id=row.tenant_id,
            registration_id=row.registration_id,
            course_id=run.course_id,
            tells_groups=bool(groups_url) and (run.is_full or "groups=true" in run.next_url),
        ),
    )


def still_ours(session: Session, claimed: Claimed) -> RosterRun | None:
    """The claimed run, locked; ``None`` if somebody else has taken it over, or it is gone."""
    run = session.scalar(
        select(RosterRun)
        .where(RosterRun.id == claimed.run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if run is None or run.outcome is not Outcome.RUNNING:
        return None
    return run if run.next_at == claimed.until and run.next_url == claimed.url else None


def _is_open(session: Session, course_id: int) -> bool:
    """Whether neither the platform nor its deployment was switched off."""
    return (
        session.scalar(
            select(Course.id)
            .join(Deployment, Deployment.id == Course.deployment_id)
            .join(Registration, Registration.id == Deployment.registration_id)
            .where(Course.id == course_id, Registration.enabled, Deployment.standing == Standing.APPROVED)
        )
        is not None
    )


def _must_be_full(session: Session, source: RosterSource) -> bool:
    """Whether all members are to be read, rather than what changed."""
    if not source.differences_url or source.full_at is None or source.failures:
        return True
    if source.full_at < clock.now() - FULL_EVERY:
        return True
    last = session.execute(
        select(RosterRun.outcome)
        .where(RosterRun.course_id == source.course_id)
        .order_by(RosterRun.id.desc())
        .limit(1)
    ).scalar()
    if last is Outcome.DOUBTED:
        return True
    since = session.scalar(
        select(func.count(RosterRun.id)).where(
            RosterRun.course_id == source.course_id,
            RosterRun.is_full.is_(False),
            RosterRun.began_at > source.full_at,
        )
    )
    return (since or 0) >= MOST_DIFFERENCES
