"""Rosters as those see them who run the tool: where one is in trouble, what the last runs did, how many stand how."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from lmssocial.lms.identity.models import Course, Deployment, Registration, Tenant
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource

PAGE = 25
RUNS = 3
"""Runs that are shown of each course."""


class View(StrEnum):
    """Which rosters a page shows."""

    TROUBLE = "trouble"
    RUNNING = "running"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class RosterLine:
    """The roster of one course."""

    source: RosterSource
    course: str
    platform_id: int
    platform: str
    tenant: str
    runs: Sequence[RosterRun]
    """The last ones, newest first."""

    @property
    def state(self) -> str:
        """``running``, ``failing``, ``doubted``, ``read`` or ``never``."""
        if self.runs and self.runs[0].outcome is Outcome.RUNNING:
            return "running"
        if self.source.failures:
            return "failing"
        if self.runs and self.runs[0].outcome is Outcome.DOUBTED:
            return "doubted"
        return "never" if self.source.completed_at is None else "read"


@dataclass(frozen=True, kw_only=True)
class RosterCounts:
    """How many rosters stand how."""

    failing: int
    doubted: int
    running: int
    all: int


_Newest = aliased(RosterRun)
_LAST = (
    select(func.max(_Newest.id))
    .where(_Newest.course_id == RosterSource.course_id)
    .correlate(RosterSource)
    .scalar_subquery()
)
_RUNNING = exists().where(RosterRun.course_id == RosterSource.course_id, RosterRun.outcome == Outcome.RUNNING)
_DOUBTED = exists().where(RosterRun.id == _LAST, RosterRun.outcome == Outcome.DOUBTED)
_FAILING = RosterSource.failures > 0
_VIEWS: dict[View, ColumnElement[bool]] = {
    View.TROUBLE: or_(_FAILING, _DOUBTED),
    View.RUNNING: _RUNNING,
    View.ALL: true(),
}


def roster_page(
    session: Session, view: View, *, platform_id: int | None = None, before: int | None = None
) -> list[RosterLine]:
    """A page of rosters and one more, of the newest courses first, older than the course ``before``. Two queries."""
    query = (
        select(
            RosterSource,
            Course.title.label("course"),
            Registration.id.label("platform_id"),
            Registration.name.label("platform"),
            Tenant.name.label("tenant"),
        )
        .join(Course, Course.id == RosterSource.course_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .join(Tenant, Tenant.id == Course.tenant_id)
        .where(_VIEWS[view])
        .order_by(RosterSource.course_id.desc())
        .limit(PAGE + 1)
    )
    if platform_id is not None:
        query = query.where(Registration.id == platform_id)
    if before is not None:
        query = query.where(RosterSource.course_id < before)
    rows = session.execute(query).all()
    runs = _last_runs(session, [row.RosterSource.course_id for row in rows])
    return [
        RosterLine(
            source=row.RosterSource,
            course=row.course,
            platform_id=row.platform_id,
            platform=row.platform,
            tenant=row.tenant,
            runs=runs.get(row.RosterSource.course_id, []),
        )
        for row in rows
    ]


def counts(session: Session, *, platform_id: int | None = None) -> RosterCounts:
    """How many rosters stand how, of one platform or of all. One query."""
    number = func.count(RosterSource.course_id)
    query = select(
        number.filter(_FAILING), number.filter(and_(_DOUBTED, ~_FAILING)), number.filter(_RUNNING), number
    )
    if platform_id is not None:
        query = (
            query.join(Course, Course.id == RosterSource.course_id)
            .join(Deployment, Deployment.id == Course.deployment_id)
            .where(Deployment.registration_id == platform_id)
        )
    failing, doubted, running, everything = session.execute(query).one()
    return RosterCounts(failing=failing, doubted=doubted, running=running, all=everything)


def course_title(session: Session, course_id: int) -> str | None:
    """What the course of a roster is called; ``None`` if there is no such roster."""
    return session.scalar(
        select(Course.title)
        .join(RosterSource, RosterSource.course_id == Course.id)
        .where(Course.id == course_id)
    )


def _last_runs(session: Session, course_ids: Sequence[int]) -> dict[int, list[RosterRun]]:
    if not course_ids:
        return {}
    place = func.row_number().over(partition_by=RosterRun.course_id, order_by=RosterRun.id.desc())
    ranked = select(RosterRun.id, place.label("place")).where(RosterRun.course_id.in_(course_ids)).subquery()
    rows = session.scalars(
        select(RosterRun)
        .join(ranked, ranked.c.id == RosterRun.id)
        .where(ranked.c.place <= RUNS)
        .order_by(RosterRun.id.desc())
    )
    found: dict[int, list[RosterRun]] = {}
    for run in rows:
        found.setdefault(run.course_id, []).append(run)
    return found
