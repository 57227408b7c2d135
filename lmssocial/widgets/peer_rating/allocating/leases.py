"""How long a work is kept for a reviewer who does not write, and what ends then."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.activities import Running, envelope
from lmssocial.widgets.peer_rating.allocating.counting import NOT_PEERS, settle
from lmssocial.widgets.peer_rating.events import ReviewExpired
from lmssocial.widgets.peer_rating.models import OPEN, Extension, Phase, Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.settings import PeerSettings

BEFORE_THE_END = frozenset({Phase.DRAFT, Phase.PUBLISHED, Phase.SUBMIT, Phase.REVIEW})
"""Phases in which reviewing has not ended by itself."""


def until(settings: PeerSettings, now: datetime) -> datetime:
    """Until when a work that is given out now is kept."""
    return now + timedelta(hours=settings.lease_hours)


def renew(review: Review, settings: PeerSettings, now: datetime) -> None:
    """Keep the work for a reviewer who has just written. What is held until the date of reviews stays so."""
    if review.source is Source.PULL:
        review.leased_until = until(settings, now)


def next_end(session: Session, placement_id: int) -> datetime | None:
    """When the next lease of an activity ends; ``None`` if there is none. For the clockwork."""
    return session.scalar(
        select(func.min(Review.leased_until)).where(
            Review.placement_id == placement_id, Review.state.in_(OPEN), Review.source.not_in(NOT_PEERS)
        )
    )


def expire_due(session: Session, running: Running, now: datetime) -> int:
    """End what is held beyond its time in a locked activity; how many that were.

    That is every lease that has run out, and, once somebody may not review any more, whatever they still hold.
    What was written stays where it is.
    """
    rows = session.execute(
        select(Review, Work, Extension)
        .join(Work, Work.id == Review.work_id)
        .outerjoin(
            Extension,
            (Extension.placement_id == Review.placement_id) & (Extension.user_id == Review.reviewer_id),
        )
        .where(
            Review.placement_id == running.placement.id,
            Review.state.in_(OPEN),
            Review.source.not_in(NOT_PEERS),
        )
        .order_by(Review.id)
        .execution_options(populate_existing=True)
    ).all()
    ended = [(review, work) for review, work, extension in rows if _is_over(running, review, extension, now)]
    common = envelope(session, running, None) if ended else {}
    for review, work in ended:
        settle(session, work, review, ReviewState.EXPIRED)
        told = ReviewExpired(
            **common,
            placement_id=review.placement_id,
            review_id=review.id,
            work_id=work.id,
            reviewer_id=review.reviewer_id,
        )
        record(session, told)
    return len(ended)


def _is_over(running: Running, review: Review, extension: Extension | None, now: datetime) -> bool:
    if review.leased_until is not None and review.leased_until <= now:
        return True
    if gates.may_review(running.settings, running.phase, extension, now):
        return False
    due = gates.review_due(running.settings, extension)
    return running.phase not in BEFORE_THE_END or (due is not None and now > due + gates.GRACE)
