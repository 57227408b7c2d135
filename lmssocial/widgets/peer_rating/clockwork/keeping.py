"""What is done while an activity stays in a phase: reviews go on to others, works are given out, scores worked out."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.hooks.rating import Allocator, Scoring
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Draft
from lmssocial.widgets.peer_rating.access import FINISHED
from lmssocial.widgets.peer_rating.activities import Running, envelope, once
from lmssocial.widgets.peer_rating.allocating import giving, leases
from lmssocial.widgets.peer_rating.allocating.counting import NOT_PEERS, settle
from lmssocial.widgets.peer_rating.clockwork.facts import facts_of
from lmssocial.widgets.peer_rating.events import ReviewExpired
from lmssocial.widgets.peer_rating.models import OPEN, Phase, Review, ReviewState, Work
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.pairs import service as pairs
from lmssocial.widgets.peer_rating.scoring import working_out
from lmssocial.widgets.peer_rating.settings import Mode
from lmssocial.widgets.peer_rating.works.drafts import target_of

log = structlog.get_logger(__name__)

REVIEWED_IN = frozenset({Phase.SUBMIT, Phase.REVIEW, Phase.FEEDBACK, Phase.EVALUATE, Phase.RELEASED})
"""The phases in which somebody may still hold a review."""


def keep(
    session: Session,
    allocators: Mapping[str, Allocator],
    scorings: Mapping[str, Scoring],
    running: Running,
    now: datetime,
) -> bool:
    """Do what is to be done in the phase that a locked activity is in; whether scores could not be worked out."""
    if running.phase in REVIEWED_IN and running.settings.mode is Mode.RUBRIC:
        end_for_leavers(session, running)
        leases.expire_due(session, running, now)
    if running.phase in REVIEWED_IN and running.settings.mode is Mode.PAIRS:
        pairs.expire_due(session, running, now)
    if running.phase is Phase.REVIEW and running.settings.mode is Mode.RUBRIC:
        _give_out(session, allocators, running)
    if running.phase is Phase.EVALUATE and facts_of(session, running).stale:
        return _work_out(session, scorings, running)
    return False


def end_for_leavers(session: Session, running: Running) -> int:
    """Take back what people hold who are not in the course any more; how many reviews that were."""
    course_id = session.get_one(Community, running.activity.community_id).course_id
    is_here = exists().where(
        Membership.user_id == Review.reviewer_id,
        Membership.course_id == course_id,
        Membership.active.is_(True),
        User.id == Membership.user_id,
        User.is_former.is_(False),
    )
    return end_open(session, running, Review.source.not_in(NOT_PEERS), ~is_here)


def end_open(session: Session, running: Running, *which: ColumnElement[bool], by: Actor | None = None) -> int:
    """Take back open reviews of a locked activity. What was written stays: whoever gets the work again, goes on there.

    How many that were. They expire, and are not revoked: rosters have gaps, and who is called back is given their work.

    :param which: WHERE clauses on Review.
    :param by: who does it; ``None``: the clock.
    """
    found = session.execute(
        select(Review, Work)
        .join(Work, Work.id == Review.work_id)
        .where(Review.placement_id == running.placement.id, Review.state.in_(OPEN), *which)
        .order_by(Review.id)
    ).all()
    common = envelope(session, running, by) if found else {}
    for review, work in found:
        settle(session, work, review, ReviewState.EXPIRED)
        told = ReviewExpired(
            **common,
            placement_id=review.placement_id,
            review_id=review.id,
            work_id=work.id,
            reviewer_id=review.reviewer_id,
        )
        record(session, told)
    return len(found)


def _give_out(session: Session, allocators: Mapping[str, Allocator], running: Running) -> None:
    """Give out what is missing, where everything is given out at once: for every date and every number of works."""
    works, due_at = facts_of(session, running).works, running.settings.review_due_at
    if once(session, running.placement.id, f"given:{works}:{due_at}", running.activity.epoch):
        giving.plan(session, allocators, running)


def _work_out(session: Session, scorings: Mapping[str, Scoring], running: Running) -> bool:
    outcome = working_out.work_out(session, scorings, running)
    if outcome.trouble:
        log.warning("scores were not worked out", placement_id=running.placement.id, problem=outcome.trouble)
    return bool(outcome.trouble)


def purge(session: Session, running: Running) -> None:
    """Delete what nobody sent: drafts of works, and what stands in reviews and comparisons never finished."""
    session.execute(
        delete(Draft).where(
            Draft.community_id == running.activity.community_id,
            Draft.target == target_of(running.placement.id),
        )
    )
    session.execute(
        update(Review)
        .where(Review.placement_id == running.placement.id, Review.state.not_in(FINISHED))
        .values(answers={}, version=Review.version + 1)
        .execution_options(synchronize_session=False)
    )
    finished = (ComparisonState.SUBMITTED, ComparisonState.VOIDED)
    session.execute(
        update(Comparison)
        .where(Comparison.placement_id == running.placement.id, Comparison.state.not_in(finished))
        .values(answers={})
        .execution_options(synchronize_session=False)
    )
