"""What staff of a course see of its roster: when it was read, what came of it, and what is wrong in plain words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Course, Deployment, Registration
from lmssocial.lms.lti.services.trouble import Kind
from lmssocial.lms.roster.ending import ABOUT_GROUPS, kind_of
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The roster of one course."""

    platform: str
    """What the LMS is called here, which says who is in the course."""
    is_offered: bool
    """Whether it tells at all."""
    completed_at: datetime | None
    """When the last complete run ended."""
    next_at: datetime | None
    """When it is read next, or the page that did not come is asked for again."""
    state: str
    """``unread``, ``running``, ``complete``, ``doubted`` or ``failed``."""
    is_full: bool
    """Whether the last run read all members, rather than what had changed."""
    members: int
    joined: int
    left: int
    """Of the last run."""
    trouble: str
    """What is wrong, for somebody who teaches; empty if nothing is."""
    lacks_names: bool
    """Whether the last run read everybody and could not read what groups are called."""


def standing(session: Session, course_id: int) -> Standing:
    """How the roster of a course stands. Two queries."""
    row = session.execute(
        select(
            Registration.name,
            CourseServices.memberships_url,
            RosterSource.completed_at,
            RosterSource.next_at,
            RosterSource.last_error,
        )
        .select_from(Course)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .outerjoin(CourseServices, CourseServices.course_id == Course.id)
        .outerjoin(RosterSource, RosterSource.course_id == Course.id)
        .where(Course.id == course_id)
    ).one()
    run = session.scalar(
        select(RosterRun).where(RosterRun.course_id == course_id).order_by(RosterRun.id.desc()).limit(1)
    )
    is_running = run is not None and run.outcome is Outcome.RUNNING
    error = run.last_error if run is not None and is_running else row.last_error or ""
    waits = run.next_at if run is not None and is_running and run.attempts else None
    return Standing(
        platform=row.name,
        is_offered=bool(row.memberships_url),
        completed_at=row.completed_at,
        next_at=waits if is_running else row.next_at,
        state="unread" if run is None else run.outcome.value,
        is_full=run is None or run.is_full,
        members=0 if run is None else run.members,
        joined=0 if run is None else run.joined,
        left=0 if run is None else run.left,
        trouble=in_words(error),
        lacks_names=run is not None and run.last_error.startswith(ABOUT_GROUPS),
    )


def in_words(error: str) -> str:
    """What :func:`~lmssocial.lms.roster.ending.worded` wrote down, for somebody who teaches; empty if all is well."""
    if not error or error.startswith(ABOUT_GROUPS):
        return ""
    kind = kind_of(error)
    if kind in {Kind.NO_TOKEN, Kind.UNAUTHORIZED, Kind.FORBIDDEN}:
        return _(
            "Your LMS does not let this tool read who is in the course. Its administrator can allow it, in the "
            "settings of the tool: Names and Role Provisioning."
        )
    if kind is Kind.NOT_FOUND:
        return _(
            "Your LMS has no list of members at the place it named. Open an activity from the course once more; "
            "that names the place anew."
        )
    if kind is Kind.TOO_MANY:
        return _("Your LMS asked us to wait before we read on.")
    if kind is Kind.AWAY:
        return _("Your LMS did not answer.")
    return _(
        "Your LMS answered with something this tool does not understand. Whoever runs the tool finds the details in "
        "its administration, under Rosters."
    )
