"""What the clockwork says once: that a date is near, and that it does not go on without staff."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.widgets.peer_rating.activities import Running, envelope, once
from lmssocial.widgets.peer_rating.clockwork import plan
from lmssocial.widgets.peer_rating.clockwork.owing import IN_PHASES, What
from lmssocial.widgets.peer_rating.clockwork.plan import Facts
from lmssocial.widgets.peer_rating.events import DueSoon, StaffNeeded
from lmssocial.widgets.peer_rating.models import Extension, Phase


class Why(StrEnum):
    """Why staff are needed."""

    TOO_FEW_WORKS = "too-few-works"
    REVIEWS_MISSING = "reviews-missing"
    SCORES_READY = "scores-ready"
    SCORING_FAILED = "scoring-failed"
    ALLOCATOR_FAILED = "allocator-failed"


@dataclass(frozen=True)
class _Date:
    """A date of everybody, or of one person."""

    what: What
    at: datetime
    told_at: datetime
    """When those whom it concerns were told of it for the first time."""
    phases: frozenset[Phase]
    """When it matters."""


def tell_staff(session: Session, running: Running, facts: Facts, now: datetime) -> None:
    """Say what staff have to do, each once in an epoch; that works are too few once for every date."""
    if plan.lacks_works(running.settings, facts, now):
        needs_staff(session, running, Why.TOO_FEW_WORKS, facts.works, of=f":{running.settings.submit_due_at}")
    elif facts.phase not in {Phase.FEEDBACK, Phase.EVALUATE}:
        return
    elif facts.trouble:
        needs_staff(session, running, Why.SCORING_FAILED)
    elif facts.missing:
        needs_staff(session, running, Why.REVIEWS_MISSING, facts.missing)
    elif plan.is_ready(facts, now) and not (running.settings.release_by_itself and facts.by_itself):
        needs_staff(session, running, Why.SCORES_READY, facts.works)


def needs_staff(session: Session, running: Running, why: Why, count: int = 0, *, of: str = "") -> None:
    """Say that it does not go on, or not well, without staff: once.

    :param of: what else makes it another time, besides the epoch.
    """
    activity = running.activity
    if once(session, activity.placement_id, f"staff:{why}{of}", activity.epoch, facts={"count": count}):
        needed = StaffNeeded(
            **envelope(session, running, None),
            placement_id=activity.placement_id,
            why=why,
            count=count,
            epoch=activity.epoch,
        )
        record(session, needed)


def warn(session: Session, running: Running, now: datetime) -> None:
    """Say that a date is near, once for every date. Who has just been told of it anyway is not told again."""
    activity = running.activity
    for date in _dates(session, running):
        begins = date.at - plan.WARNING
        if activity.phase not in date.phases or not begins <= now < date.at or date.told_at > begins:
            continue
        due_at = date.at.isoformat()
        if once(session, activity.placement_id, f"soon:{date.what}:{due_at}", 0):
            near = DueSoon(
                **envelope(session, running, None),
                placement_id=activity.placement_id,
                what=date.what,
                due_at=due_at,
            )
            record(session, near)


def _dates(session: Session, running: Running) -> Iterator[_Date]:
    settings, since = running.settings, running.activity.phase_since
    for what, at, phase in (
        (What.WORK, settings.submit_due_at, Phase.SUBMIT),
        (What.REVIEWS, settings.review_due_at, Phase.REVIEW),
        (What.FEEDBACK, settings.feedback_due_at, Phase.FEEDBACK),
    ):
        if at is not None:
            yield _Date(what, at, since, frozenset({phase}))
    own = session.execute(
        select(Extension.submit_due_at, Extension.review_due_at, Extension.given_at).where(
            Extension.placement_id == running.placement.id
        )
    )
    for row in own:
        for what, at in ((What.WORK, row.submit_due_at), (What.REVIEWS, row.review_due_at)):
            if at is not None:
                yield _Date(what, at, row.given_at, IN_PHASES[what])
