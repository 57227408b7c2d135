"""Who still owes something, and until when: asked before a date, and when staff remind people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.access import counted, taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Extension, Phase, Review, Work, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring_models import Rated
from lmssocial.widgets.peer_rating.settings import Mode


class What(StrEnum):
    """What somebody may owe."""

    WORK = "work"
    """They have not handed in."""
    REVIEWS = "reviews"
    """They have done fewer reviews than were asked of them."""
    FEEDBACK = "feedback"
    """They have not said of a review whether it helped."""


IN_PHASES: dict[What, frozenset[Phase]] = {
    What.WORK: frozenset({Phase.SUBMIT, Phase.REVIEW}),
    What.REVIEWS: frozenset({Phase.SUBMIT, Phase.REVIEW, Phase.FEEDBACK, Phase.EVALUATE}),
    What.FEEDBACK: frozenset({Phase.FEEDBACK}),
}
"""When each of them can still be done by somebody."""


@dataclass(frozen=True)
class Owing:
    """Somebody who owes it."""

    user_id: int
    due_at: datetime | None
    """Until when: their own date, or everybody's."""


def owing(session: Session, running: Running, what: What) -> tuple[Owing, ...]:
    """Everybody in the course who owes something, by id. One question, or two."""
    settings = running.settings
    if what is What.WORK:
        rows = _ask(session, running, Extension.submit_due_at, ~_handed_in(running))
        return _owing(rows, settings.submit_due_at)
    if what is What.REVIEWS:
        rows = _ask(session, running, Extension.review_due_at, _has_reviews_to_do(session, running))
        return _owing(rows, settings.review_due_at)
    if not settings.rate_reviews or settings.mode is Mode.PAIRS:
        return ()
    own_date = Extension.review_due_at  # nobody has another date for answers
    return tuple(
        Owing(found.user_id, settings.feedback_due_at)
        for found in _owing(_ask(session, running, own_date, _has_unanswered(running)), None)
    )


def _owing(rows: Sequence[Row[Any]], due_at: datetime | None) -> tuple[Owing, ...]:
    return tuple(Owing(row.user_id, row.own or due_at) for row in rows)


def _ask(
    session: Session,
    running: Running,
    own_date: InstrumentedAttribute[datetime | None],
    owes: ColumnElement[bool],
) -> Sequence[Row[Any]]:
    course_id = session.get_one(Community, running.activity.community_id).course_id or 0
    extended = and_(Extension.placement_id == running.placement.id, Extension.user_id == User.id)
    statement: Any = (
        select(User.id.label("user_id"), own_date.label("own"))
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(Extension, extended)
        .where(taking_part(course_id), owes)
        .order_by(User.id)
    )
    return session.execute(statement).all()


def _handed_in(running: Running) -> ColumnElement[bool]:
    return exists().where(
        Author.user_id == User.id,
        Author.placement_id == running.placement.id,
        Work.id == Author.work_id,
        Work.state.in_(HANDED_IN),
    )


def _has_reviews_to_do(session: Session, running: Running) -> ColumnElement[bool]:
    """Nobody is asked for more reviews than there is work by others."""
    settings, placement_id = running.settings, running.placement.id
    others = session.scalars(
        select(func.count() - 1).where(Work.placement_id == placement_id, Work.state == WorkState.SUBMITTED)
    ).one()
    if settings.mode is Mode.PAIRS:
        asked = min(settings.comparisons, max(0, others * (others - 1) // 2))
        done = select(func.count()).where(
            Comparison.placement_id == placement_id,
            Comparison.judge_id == User.id,
            Comparison.state == ComparisonState.SUBMITTED,
        )
    else:
        asked = min(settings.asked, max(0, others))
        done = select(func.count()).where(
            Review.placement_id == placement_id,
            Review.reviewer_id == User.id,
            counted(),
        )
    has_fewer = done.correlate(User).scalar_subquery() < asked
    return and_(has_fewer, _handed_in(running)) if settings.needs_own else has_fewer


def _has_unanswered(running: Running) -> ColumnElement[bool]:
    answered = exists().where(Rated.review_id == Review.id, Rated.author_id == User.id)
    return exists().where(
        Author.user_id == User.id,
        Author.placement_id == running.placement.id,
        Review.work_id == Author.work_id,
        counted(),
        Contribution.id == Review.contribution_id,
        Contribution.state == State.PUBLISHED,
        ~answered,
    )
