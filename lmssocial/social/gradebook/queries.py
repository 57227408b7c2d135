"""How the grades of a placement fare, for those who grade. A handful of queries, however many grades there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import User
from lmssocial.social.gradebook import access
from lmssocial.social.gradebook.claiming import takes_grades
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.gradebook.wording import said_of

PAGE = 50
SOON = timedelta(minutes=10)
"""Within which a worker that runs has at least tried to send what is due, however much that is."""

_ON_ITS_WAY = Score.condition.in_([Condition.WAITING, Condition.SENDING])


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many grades of a placement are where."""

    there: int = 0
    """In the LMS."""
    waiting: int = 0
    """On their way."""
    held: int = 0
    """Waiting for the LMS to take grades from this tool at all."""
    in_trouble: int = 0
    """Given up; nobody tries again unless somebody asks for it."""
    overdue: int = 0
    """Of those on their way: nobody has even tried to send them for a while, so the worker does not run."""

    @property
    def number(self) -> int:
        """All of them."""
        return self.there + self.waiting + self.held + self.in_trouble


@dataclass(frozen=True, kw_only=True)
class Troubled:
    """A grade that was given up."""

    id: int
    user_id: int
    name: str
    column: str
    given: float | None
    maximum: float
    why: str
    """In words."""
    says: str
    """What the LMS said."""


@dataclass(frozen=True, kw_only=True)
class Delayed:
    """Grades that are tried again, for the same reason."""

    why: str
    number: int
    next_at: datetime
    """When the first of them is."""


def tally(session: Session, placement_id: int) -> Tally:
    """How many grades of a placement are where. One query; whoever asks has seen to it that the reader may know."""
    number, goes = func.count(Score.id), takes_grades()
    row = session.execute(
        select(
            number.filter(Score.condition == Condition.SENT, Score.given.is_not(None)).label("there"),
            number.filter(_ON_ITS_WAY, goes).label("waiting"),
            number.filter(_ON_ITS_WAY, ~goes).label("held"),
            number.filter(Score.condition == Condition.GIVEN_UP).label("in_trouble"),
            number.filter(_ON_ITS_WAY, goes, Score.next_at < clock.now() - SOON).label("overdue"),
        )
        .join_from(Score, Column, Column.id == Score.column_id)
        .outerjoin(CourseServices, CourseServices.course_id == Column.course_id)
        .where(Column.placement_id == placement_id)
    ).one()
    return Tally(
        there=row.there,
        waiting=row.waiting,
        held=row.held,
        in_trouble=row.in_trouble,
        overdue=row.overdue,
    )


def troubled(session: Session, actor: Actor, placement_id: int, *, after: int = 0) -> Sequence[Troubled]:
    """A page of what was given up and one more, in the order of ids, from the one after ``after``.

    :raises NotAllowed: if the actor does not grade here.
    """
    access.require_grader(session, actor, placement_id)
    rows = session.execute(
        select(Score, User.name, Column.label)
        .join(Column, Column.id == Score.column_id)
        .join(User, User.id == Score.user_id)
        .where(Column.placement_id == placement_id, Score.condition == Condition.GIVEN_UP, Score.id > after)
        .order_by(Score.id)
        .limit(PAGE + 1)
    )
    return [
        Troubled(
            id=score.id,
            user_id=score.user_id,
            name=name,
            column=label,
            given=score.given,
            maximum=score.maximum,
            why=said_of(score.trouble),
            says=score.last_error,
        )
        for score, name, label in rows
    ]


def delayed(session: Session, actor: Actor, placement_id: int) -> Sequence[Delayed]:
    """Why grades are tried again, and how many, the most first.

    :raises NotAllowed: if the actor does not grade here.
    """
    access.require_grader(session, actor, placement_id)
    number = func.count(Score.id)
    rows = session.execute(
        select(Score.trouble, number, func.min(Score.next_at))
        .join(Column, Column.id == Score.column_id)
        .where(Column.placement_id == placement_id, Score.condition == Condition.WAITING, Score.trouble != "")
        .group_by(Score.trouble)
        .order_by(number.desc(), Score.trouble)
    )
    return [Delayed(why=said_of(trouble), number=count, next_at=next_at) for trouble, count, next_at in rows]
