"""Grades as those see them who run the tool: how many are where, which are in trouble and what their LMS said.

Whose grade it is and how high is between people and their course, and is not read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Course, Deployment, Registration, Tenant
from lmssocial.social.gradebook.claiming import takes_grades
from lmssocial.social.gradebook.models import Column, Condition, Score

PAGE = 30


@dataclass(frozen=True, kw_only=True)
class PlatformGrades:
    """How many scores of one platform are where; those that arrived are not counted."""

    platform_id: int
    platform: str
    tenant: str
    waiting: int
    """On their way."""
    failing: int
    """Of those, tried at least once."""
    held: int
    """That wait until a launch names a service to which they can go."""
    given_up: int
    oldest: datetime | None
    """Since when the oldest that is on its way stands as it is."""


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """One score in trouble."""

    id: int
    condition: Condition
    attempts: int
    next_at: datetime
    changed_at: datetime
    status: int | None
    error: str
    column: str
    course: str
    platform_id: int
    platform: str
    tenant: str


_ON_ITS_WAY = Score.condition.in_([Condition.WAITING, Condition.SENDING])
_IN_TROUBLE = or_(
    Score.condition == Condition.GIVEN_UP, and_(_ON_ITS_WAY, Score.attempts > 0, Score.last_error != "")
)


def by_platform(session: Session, *, platform_id: int | None = None) -> list[PlatformGrades]:
    """Platforms with scores that have not arrived, the worst first. One query."""
    number, goes = func.count(Score.id), takes_grades()
    dead = number.filter(Score.condition == Condition.GIVEN_UP)
    waiting = number.filter(_ON_ITS_WAY, goes)
    query = (
        _placed(
            select(
                Registration.id.label("platform_id"),
                Registration.name.label("platform"),
                Tenant.name.label("tenant"),
                waiting.label("waiting"),
                number.filter(_ON_ITS_WAY, goes, Score.attempts > 0).label("failing"),
                number.filter(_ON_ITS_WAY, ~goes).label("held"),
                dead.label("given_up"),
                func.min(Score.changed_at).filter(_ON_ITS_WAY, goes).label("oldest"),
            )
        )
        .outerjoin(CourseServices, CourseServices.course_id == Column.course_id)
        .where(Score.condition != Condition.SENT)
        .group_by(Registration.id, Registration.name, Tenant.name)
        .order_by(dead.desc(), waiting.desc(), Registration.id)
    )
    if platform_id is not None:
        query = query.where(Registration.id == platform_id)
    return [PlatformGrades(**row) for row in session.execute(query).mappings()]


def stuck_page(
    session: Session, *, platform_id: int | None = None, before: int | None = None
) -> Sequence[Stuck]:
    """A page of scores in trouble and one more, the newest first, older than the one with the id ``before``."""
    query = (
        _placed(
            select(
                Score.id,
                Score.condition,
                Score.attempts,
                Score.next_at,
                Score.changed_at,
                Score.last_status.label("status"),
                Score.last_error.label("error"),
                Column.label.label("column"),
                Course.title.label("course"),
                Registration.id.label("platform_id"),
                Registration.name.label("platform"),
                Tenant.name.label("tenant"),
            )
        )
        .where(_IN_TROUBLE)
        .order_by(Score.changed_at.desc(), Score.id.desc())
        .limit(PAGE + 1)
    )
    if platform_id is not None:
        query = query.where(Registration.id == platform_id)
    if before is not None:
        last = select(Score.changed_at, Score.id).where(Score.id == before).subquery()
        query = query.where(
            tuple_(Score.changed_at, Score.id) < select(last.c.changed_at, last.c.id).scalar_subquery()
        )
    return [Stuck(**row) for row in session.execute(query).mappings()]


def retry(session: Session, score_id: int) -> bool:
    """Have a score sent again from the beginning; ``False`` if there is nothing in trouble with this id."""
    return _retry(session, Score.id == score_id) > 0


def retry_all(session: Session, *, platform_id: int | None = None) -> int:
    """Have everything in trouble sent again from the beginning, of one platform or of all; gives how many."""
    if platform_id is None:
        return _retry(session, Score.id.is_not(None))
    theirs = (
        select(Column.id)
        .join(Course, Course.id == Column.course_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .where(Deployment.registration_id == platform_id)
    )
    return _retry(session, Score.column_id.in_(theirs))


def _retry(session: Session, which: ColumnElement[bool]) -> int:
    """Nothing that is being sent this moment: whoever sends it writes down what becomes of it."""
    now = clock.now()
    found = session.execute(
        update(Score)
        .where(which, _IN_TROUBLE, Score.condition != Condition.SENDING)
        .values(condition=Condition.WAITING, trouble="", attempts=0, next_at=now)
        .returning(Score.id)
        .execution_options(synchronize_session=False)
    )
    return len(found.all())


def _placed(columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        columns.join_from(Score, Column, Column.id == Score.column_id)
        .join(Course, Course.id == Column.course_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .join(Tenant, Tenant.id == Registration.tenant_id)
    )
