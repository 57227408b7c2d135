"""What the lists of staff are made of: each thing that is counted or chosen by, said once in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, literal, or_, select

from lmssocial.lms.identity.models import User
from lmssocial.widgets.peer_rating.access import FINISHED, counted
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import OPEN, Author, Review, ReviewState, Source, Work, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring_models import Override, ReviewerResult
from lmssocial.widgets.peer_rating.settings import Mode

APART = 0.4
"""Reviews of a work disagree if they lie further apart than this share of all points. With two levels between them on a
rubric of five, somebody should look; less than that is what careful people differ by."""
CARELESS = 0.5
"""From here on, more of what somebody gave looks unrelated to the works than not."""


def compares(running: Running) -> bool:
    """Whether works are compared, instead of getting points."""
    return running.settings.mode is Mode.PAIRS


def each(running: Running) -> int:
    """How many reviews, or comparisons, are asked of everybody."""
    return running.settings.comparisons if compares(running) else running.settings.asked


def last_works(running: Running) -> Subquery:
    """For everybody (``user_id``) the last work that they handed in here (``work_id``)."""
    last = (
        select(Author.user_id, func.max(Author.round).label("round"))
        .where(Author.placement_id == running.placement.id)
        .group_by(Author.user_id)
        .subquery()
    )
    return (
        select(Author.user_id, Author.work_id)
        .join(last, and_(last.c.user_id == Author.user_id, last.c.round == Author.round))
        .where(Author.placement_id == running.placement.id)
        .subquery()
    )


def given(running: Running) -> Subquery:
    """What everybody did for others: ``user_id``, ``done``, ``open``, ``last_at``."""
    if compares(running):
        return (
            select(
                Comparison.judge_id.label("user_id"),
                func.count().filter(Comparison.state == ComparisonState.SUBMITTED).label("done"),
                func.count().filter(Comparison.state == ComparisonState.OFFERED).label("open"),
                func.max(func.coalesce(Comparison.submitted_at, Comparison.offered_at)).label("last_at"),
            )
            .where(Comparison.placement_id == running.placement.id)
            .group_by(Comparison.judge_id)
            .subquery()
        )
    last = func.max(func.coalesce(Review.submitted_at, Review.started_at, Review.offered_at))
    return (
        select(
            Review.reviewer_id.label("user_id"),
            func.count().filter(Review.state.in_(FINISHED)).label("done"),
            func.count().filter(Review.state.in_(OPEN)).label("open"),
            last.label("last_at"),
        )
        .where(Review.placement_id == running.placement.id, Review.source.not_in([Source.STAFF, Source.SELF]))
        .group_by(Review.reviewer_id)
        .subquery()
    )


def got(running: Running) -> tuple[Any, Any]:
    """How many reviews of a work are finished, and how many under way; comparisons, where works are compared."""
    if not compares(running):
        return Work.completed, Work.live
    either = or_(Comparison.low_id == Work.id, Comparison.high_id == Work.id)
    number = select(func.count()).select_from(Comparison).where(either).correlate(Work)
    return (
        number.where(Comparison.state == ComparisonState.SUBMITTED).scalar_subquery(),
        number.where(Comparison.state == ComparisonState.OFFERED).scalar_subquery(),
    )


def is_few(running: Running) -> ColumnElement[bool]:
    """Whether a work has too few reviews for a score by peers, and staff have not looked at it instead."""
    done, _live = got(running)
    least = 1 if compares(running) else running.settings.least
    lacks = or_(and_(Work.state == WorkState.SUBMITTED, done < least), Work.state == WorkState.EXCLUDED)
    return and_(lacks, ~by_staff(), ~is_overridden())


def by_staff() -> ColumnElement[bool]:
    """Whether an instructor or SME reviewed a work."""
    return exists().where(
        Review.work_id == Work.id, Review.source == Source.STAFF, Review.state == ReviewState.SUBMITTED
    )


def is_overridden() -> ColumnElement[bool]:
    """Whether an instructor gave a work points."""
    return exists().where(Override.work_id == Work.id, Override.withdrawn_at.is_(None))


def disagrees(running: Running) -> ColumnElement[bool]:
    """Whether the reviews of a work by peers lie far apart (:data:`APART`)."""
    apart = APART * running.settings.most
    if compares(running) or apart <= 0:
        return literal(value=False)
    spread = func.max(Review.points) - func.min(Review.points)
    works = (
        select(Review.work_id)
        .where(Review.placement_id == running.placement.id, counted())
        .group_by(Review.work_id)
        .having(func.count() > 1, spread > apart)
    )
    return Work.id.in_(works)


def is_flagged(running: Running) -> ColumnElement[bool]:
    """Whether somebody's reviews should be looked at: many unrelated to the works, or always the same points."""
    return exists().where(
        ReviewerResult.placement_id == running.placement.id,
        ReviewerResult.user_id == User.id,
        or_(ReviewerResult.careless >= CARELESS, ReviewerResult.straight.is_(True)),
    )
