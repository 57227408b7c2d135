"""Taking a work away from those who have it before them. Nothing here commits."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.allocating import counting
from lmssocial.widgets.peer_rating.events import ReviewRevoked
from lmssocial.widgets.peer_rating.models import OPEN, Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState


def release(
    session: Session,
    actor: Actor,
    work: Work,
    *,
    note: str,
    kept: tuple[Source, ...] = (),
) -> None:
    """Take a work away from those who have it before them; they are free for others. What they wrote is kept.

    :param kept: reviews of these sources go on.
    """
    held = session.scalars(
        select(Review)
        .where(Review.work_id == work.id, Review.state.in_(OPEN), Review.source.not_in(kept))
        .order_by(Review.id)
    ).all()
    for review in held:
        counting.settle(
            session,
            work,
            review,
            ReviewState.REVOKED,
            ended_by_id=actor.user_id,
            note=note,
            leased_until=None,
        )
        told = ReviewRevoked(
            **actor.envelope,
            placement_id=work.placement_id,
            review_id=review.id,
            work_id=work.id,
            reviewer_id=review.reviewer_id,
        )
        log.record(session, told)
    session.execute(
        update(Comparison)
        .where(
            or_(Comparison.low_id == work.id, Comparison.high_id == work.id),
            Comparison.state == ComparisonState.OFFERED,
        )
        .values(state=ComparisonState.EXPIRED, leased_until=None)
    )
