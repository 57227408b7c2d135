"""Scores as staff see them: one work's, all works' in order of disagreement or reviews, reviewers', and releases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Author, Work
from lmssocial.widgets.peer_rating.scoring.finals import final
from lmssocial.widgets.peer_rating.scoring.inputs import graded, late_of
from lmssocial.widgets.peer_rating.scoring_models import Override, Release, Result, ReviewerResult

PAGE = 50
"""Rows on a page."""


class Sort(StrEnum):
    """What stands first."""

    DISAGREEMENT = "disagreement"
    """Works whose reviews lie furthest apart: where a look by staff helps most."""
    COUNT = "count"
    """Works with the fewest reviews."""
    ALIAS = "alias"
    """By the number a work goes by."""


@dataclass(frozen=True, kw_only=True)
class WorkScore:
    """What is known of one work. Points are those of the rubric."""

    work_id: int
    alias: int
    authors: tuple[str, ...]
    points: float | None
    """By the scoring."""
    mean: float | None
    count: int
    lowest: float | None
    highest: float | None
    unsure: float | None
    staff_points: float | None
    criteria: tuple[float, ...]
    """The mean of each criterion."""
    method: str
    override: float | None
    override_reason: str
    late: float
    """The share that is taken off for being late, from 0 to 1."""
    released_points: float | None
    released_at: datetime | None

    @property
    def final(self) -> float | None:
        """What its author is shown with the next release; ``None`` if there is no score."""
        points = self.points if self.override is None else self.override
        return None if points is None else final(points, self.late)

    @property
    def differs(self) -> bool:
        """Whether the next release shows its author something else than the last one."""
        return self.released_at is not None and self.final is not None and self.final != self.released_points


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A page of works."""

    rows: tuple[WorkScore, ...]
    after: int | None
    """The work after which the next page begins; ``None`` if there is none."""


def result_of(session: Session, running: Running, work_id: int) -> WorkScore | None:
    """What is known of one work; ``None`` if it gets no score. Two or three questions."""
    found = session.execute(_works(running).where(Work.id == work_id)).all()
    rows = _rows(session, running, found)
    return rows[0] if rows else None


def results_of(
    session: Session,
    running: Running,
    sort: Sort = Sort.DISAGREEMENT,
    *,
    after: int | None = None,
    limit: int = PAGE,
) -> Scored:
    """A page of the works of an activity that get a score. Four questions at most.

    :param after: the work that the page before ended with.
    """
    statement = _works(running)
    key = _key(sort)
    if after is not None:
        last = _key_of(sort, after)
        statement = statement.where(or_(key > last, and_(key == last, Work.id > after)))
    found = session.execute(statement.order_by(key, Work.id).limit(limit + 1)).all()
    rows = _rows(session, running, found[:limit])
    return Scored(rows=rows, after=rows[-1].work_id if len(found) > limit else None)


def _works(running: Running) -> Select[int, int, Result, float, str]:
    return (
        select(Work.id, Work.alias, Result, Override.points.label("given"), Override.reason.label("why"))
        .join(Contribution, Contribution.id == Work.contribution_id)
        .outerjoin(Result, Result.work_id == Work.id)
        .outerjoin(Override, and_(Override.work_id == Work.id, Override.withdrawn_at.is_(None)))
        .where(Work.placement_id == running.placement.id, graded())
    )


def _key(sort: Sort) -> ColumnElement[Any]:
    """What the order goes by, the smallest first."""
    if sort is Sort.DISAGREEMENT:
        return func.coalesce(Result.lowest - Result.highest, 0.0)
    if sort is Sort.COUNT:
        return func.coalesce(Result.count, 0)
    return Work.alias + 0


def _key_of(sort: Sort, work_id: int) -> ColumnElement[Any]:
    one = select(_key(sort)).select_from(Work).outerjoin(Result, Result.work_id == Work.id)
    return one.where(Work.id == work_id).correlate(None).scalar_subquery()


def _rows(session: Session, running: Running, found: Sequence[Any]) -> tuple[WorkScore, ...]:
    authors = _authors(session, [row.id for row in found])
    late = late_of(session, running)
    return tuple(_row(row, authors.get(row.id, ()), late.get(row.id, 0.0)) for row in found)


def _row(row: Any, authors: Sequence[str], late: float) -> WorkScore:
    result: Result | None = row.Result
    return WorkScore(
        work_id=row.id,
        alias=row.alias,
        authors=tuple(authors),
        points=result.points if result else None,
        mean=result.mean if result else None,
        count=result.count if result else 0,
        lowest=result.lowest if result else None,
        highest=result.highest if result else None,
        unsure=result.unsure if result else None,
        staff_points=result.staff_points if result else None,
        criteria=tuple(result.criteria.get("means", ())) if result else (),
        method=result.method if result else "",
        override=row.given,
        override_reason=row.why or "",
        late=late,
        released_points=result.released_points if result else None,
        released_at=result.released_at if result else None,
    )


def _authors(session: Session, work_ids: Sequence[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(Author.work_id, User.name)
        .join(User, User.id == Author.user_id)
        .where(Author.work_id.in_(work_ids))
        .order_by(User.name, User.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for work_id, name in rows:
        found[work_id].append(name)
    return found


@dataclass(frozen=True, kw_only=True)
class ReviewerScore:
    """What is known of somebody's reviewing; for staff."""

    user_id: int
    name: str
    completed: int
    owed: int
    lenient: float | None
    """In points; above 0 is generous."""
    scatter: float | None
    careless: float | None
    straight: bool
    points: float | None
    """From 0 to 1."""
    released_points: float | None


def reviewers_of(
    session: Session, running: Running, *, after: int | None = None, limit: int = PAGE
) -> tuple[tuple[ReviewerScore, ...], int | None]:
    """A page of those who reviewed or were asked to, by name, and after whom the next one begins. One question."""
    statement = (
        select(User.id, User.name, ReviewerResult)
        .join(User, User.id == ReviewerResult.user_id)
        .where(ReviewerResult.placement_id == running.placement.id)
    )
    if after is not None:
        last = select(User.name).where(User.id == after).correlate(None).scalar_subquery()
        statement = statement.where(or_(User.name > last, and_(User.name == last, User.id > after)))
    found = session.execute(statement.order_by(User.name, User.id).limit(limit + 1)).all()
    rows = tuple(_reviewer(*row) for row in found[:limit])
    return rows, rows[-1].user_id if len(found) > limit else None


def _reviewer(user_id: int, name: str, row: ReviewerResult) -> ReviewerScore:
    return ReviewerScore(
        user_id=user_id,
        name=name,
        completed=row.completed,
        owed=row.owed,
        lenient=row.lenient,
        scatter=row.scatter,
        careless=row.careless,
        straight=row.straight,
        points=row.points,
        released_points=row.released_points,
    )


@dataclass(frozen=True, kw_only=True)
class ReleaseLine:
    """A release, in a list."""

    id: int
    number: int
    made_at: datetime
    made_by: str
    """A name; empty: by itself."""
    reason: str
    method: str


def releases_of(session: Session, placement_id: int) -> tuple[ReleaseLine, ...]:
    """All releases of an activity, the last first. One question, which leaves what they rest on where it is."""
    rows = session.execute(
        select(Release.id, Release.number, Release.made_at, User.name, Release.reason, Release.method)
        .outerjoin(User, User.id == Release.made_by_id)
        .where(Release.placement_id == placement_id)
        .order_by(Release.number.desc())
    )
    return tuple(
        ReleaseLine(
            id=row.id,
            number=row.number,
            made_at=row.made_at,
            made_by=row.name or "",
            reason=row.reason,
            method=row.method,
        )
        for row in rows
    )
