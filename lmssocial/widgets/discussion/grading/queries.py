"""What the pages of graders show: everybody in their course, and one learner's posts beside the rubric."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Reached
from lmssocial.widgets.discussion.grading import access, posts
from lmssocial.widgets.discussion.grading.posts import ChosenPost
from lmssocial.widgets.discussion.grading.seen import seen
from lmssocial.widgets.discussion.models import Choice, Grade
from lmssocial.widgets.discussion.settings import DiscussionSettings

LEARNERS = 100
"""Learners on a page of the list."""


class Stage(StrEnum):
    """How far the grading of a learner has come."""

    NOTHING = "nothing"
    """They chose nothing yet, and nobody graded them."""
    CHOSEN = "chosen"
    """They chose, and wait for a grade."""
    GRADED = "graded"
    """Staff saved a grade, which the learner does not see yet."""
    RETURNED = "returned"
    """The learner sees it."""


@dataclass(frozen=True, kw_only=True)
class LearnerRow:
    """A learner in the list of graders."""

    user_id: int
    name: str
    sub: str
    """What the LMS calls them."""
    is_test: bool
    stage: Stage
    points: float | None
    most: float | None
    levels: tuple[Reached, ...]
    comment: str
    graded_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Learners:
    """A page of the list."""

    learners: tuple[LearnerRow, ...]
    counts: dict[Stage, int]
    """How many there are of each, on all pages."""
    after: int | None
    """The learner after whom the next page begins; ``None`` if there is none."""
    newest: datetime | None
    """When the newest grade that waits to be returned was saved."""

    @property
    def number(self) -> int:
        """How many learners there are."""
        return sum(self.counts.values())

    @property
    def first_open(self) -> int | None:
        """The first learner on this page without a grade, of those who chose posts if there are any."""
        waiting = (
            row.user_id
            for stage in (Stage.CHOSEN, Stage.NOTHING)
            for row in self.learners
            if row.stage is stage
        )
        return next(waiting, None)


@dataclass(frozen=True, kw_only=True)
class LearnerWork:
    """One learner, as a grader sees them."""

    user_id: int
    name: str
    is_test: bool
    chosen: tuple[ChosenPost, ...]
    latest: tuple[ChosenPost, ...]
    """Some of their posts, if they chose none."""
    version: int
    reached: tuple[Reached, ...]
    found_again: tuple[int | None, ...]
    """For each criterion of the present rubric the level they reached."""
    points: float
    most: float
    comment: str
    grader_name: str
    graded_at: datetime | None
    returned_at: datetime | None
    before: int | None
    """The learner before them who has no grade yet."""
    after: int | None
    seen: str

    @property
    def rubric_changed(self) -> bool:
        """Whether the grade speaks of levels that the rubric does not have any more."""
        return self.graded_at is not None and (
            None in self.found_again or len(self.found_again) != len(self.reached)
        )


def learners(
    session: Session, actor: Actor, placement_id: int, *, stage: Stage | None = None, after: int = 0
) -> Learners:
    """Everybody who is graded, by name; three queries, however many there are.

    :param stage: only those at this stage.
    :param after: begins after this learner.
    """
    access.require_grader(session, actor, placement_id)
    statement = _rows(actor, placement_id)
    if stage is not None:
        statement = statement.where(_stage(placement_id) == stage.value)
    if after:
        name = select(User.name).where(User.id == after).scalar_subquery()
        statement = statement.where(tuple_(User.name, User.id) > tuple_(name, literal(after)))
    rows = [_row(found) for found in session.execute(statement.limit(LEARNERS + 1))]
    counts, newest = _counts(session, actor, placement_id)
    return Learners(
        learners=tuple(rows[:LEARNERS]),
        counts=counts,
        after=rows[LEARNERS - 1].user_id if len(rows) > LEARNERS else None,
        newest=newest,
    )


def everybody(session: Session, actor: Actor, placement_id: int) -> Iterator[LearnerRow]:
    """All of them, for a file."""
    access.require_grader(session, actor, placement_id)
    for found in session.execute(_rows(actor, placement_id)):
        yield _row(found)


def learner_work(
    session: Session, actor: Actor, placement_id: int, user_id: int, settings: DiscussionSettings
) -> LearnerWork:
    """One learner's posts and grade. The same number of queries for everybody.

    :raises NotFound: if nobody here is graded under that id.
    """
    access.require_grader(session, actor, placement_id)
    grader = select(User.name).where(User.id == Grade.grader_id).correlate(Grade).scalar_subquery()
    found = session.execute(
        select(User.id, User.name, User.is_test, Grade, grader.label("grader"))
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(Grade, _grade_of(placement_id))
        .where(User.id == user_id, access.is_listed(actor))
    ).first()
    if found is None:
        raise NotFound(_("There is no learner at this address."), reason=f"user {user_id} is not graded")
    chosen = posts.chosen(session, placement_id, user_id)
    row: Grade | None = found.Grade
    levels = row.levels if row else {}
    return LearnerWork(
        user_id=found.id,
        name=found.name,
        is_test=found.is_test,
        chosen=chosen,
        latest=() if chosen else posts.latest(session, placement_id, user_id),
        version=row.version if row else 0,
        reached=criteria.reached(levels),
        found_again=criteria.found_again(settings.rubric, levels),
        points=row.points if row else 0.0,
        most=criteria.most_of(levels),
        comment=row.comment if row else "",
        grader_name=found.grader or "",
        graded_at=row.graded_at if row else None,
        returned_at=row.returned_at if row else None,
        before=next_open(session, actor, placement_id, found.id, found.name, backwards=True),
        after=next_open(session, actor, placement_id, found.id, found.name),
        seen=seen(row.version if row else 0, (post.id for post in chosen), settings.rubric),
    )


def next_open(
    session: Session, actor: Actor, placement_id: int, user_id: int, name: str, *, backwards: bool = False
) -> int | None:
    """The next learner by name who has no grade yet; ``None`` if there is none. One query.

    Who chose posts comes before all who did not: a grader reads first what there is to read.
    """
    place, here = tuple_(User.name, User.id), tuple_(literal(name), literal(user_id))
    order = (User.name.desc(), User.id.desc()) if backwards else (User.name, User.id)
    return session.scalar(
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(Grade, _grade_of(placement_id))
        .where(
            access.learns_here(actor), Grade.user_id.is_(None), place < here if backwards else place > here
        )
        .order_by(_has_chosen(placement_id).desc(), *order)
        .limit(1)
    )


def _grade_of(placement_id: int) -> Any:
    return and_(Grade.user_id == User.id, Grade.placement_id == placement_id)


def _has_chosen(placement_id: int) -> Any:
    return (
        select(literal(1))
        .where(Choice.user_id == User.id, Choice.placement_id == placement_id)
        .correlate(User)
        .exists()
    )


def _stage(placement_id: int) -> Any:
    return case(
        (Grade.returned_at.is_not(None), Stage.RETURNED.value),
        (Grade.user_id.is_not(None), Stage.GRADED.value),
        (_has_chosen(placement_id), Stage.CHOSEN.value),
        else_=Stage.NOTHING.value,
    )


def _rows(actor: Actor, placement_id: int) -> Any:
    return (
        select(
            User.id,
            User.name,
            User.sub,
            User.is_test,
            _stage(placement_id).label("stage"),
            Grade.points,
            Grade.levels,
            Grade.comment,
            Grade.graded_at,
            Grade.returned_at,
        )
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(Grade, _grade_of(placement_id))
        .where(access.is_listed(actor))
        .order_by(User.name, User.id)
    )


def _row(found: Any) -> LearnerRow:
    graded = found.levels is not None
    return LearnerRow(
        user_id=found.id,
        name=found.name,
        sub=found.sub,
        is_test=found.is_test,
        stage=Stage(found.stage),
        points=found.points,
        most=criteria.most_of(found.levels) if graded else None,
        levels=criteria.reached(found.levels) if graded else (),
        comment=found.comment or "",
        graded_at=found.graded_at,
        returned_at=found.returned_at,
    )


def _counts(session: Session, actor: Actor, placement_id: int) -> tuple[dict[Stage, int], datetime | None]:
    each = (
        select(_stage(placement_id).label("stage"), Grade.graded_at.label("graded_at"))
        .select_from(User)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(Grade, _grade_of(placement_id))
        .where(access.is_listed(actor))
        .subquery()
    )
    found = session.execute(
        select(
            each.c.stage, func.count().label("number"), func.max(each.c.graded_at).label("newest")
        ).group_by(each.c.stage)
    ).all()
    counts = dict.fromkeys(Stage, 0) | {Stage(row.stage): row.number for row in found}
    newest = next((row.newest for row in found if row.stage == Stage.GRADED), None)
    return counts, newest
