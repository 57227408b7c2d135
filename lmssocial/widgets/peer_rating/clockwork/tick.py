"""The one thing that moves activities by itself. Looking twice is looking once, and nothing is done before its time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.hooks.rating import Allocator, Scoring
from lmssocial.core.jobs import rounds
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.widgets.peer_rating.activities import Running, enter, locked
from lmssocial.widgets.peer_rating.clockwork import plan
from lmssocial.widgets.peer_rating.clockwork.facts import facts_of
from lmssocial.widgets.peer_rating.clockwork.keeping import keep, purge
from lmssocial.widgets.peer_rating.clockwork.plan import Facts
from lmssocial.widgets.peer_rating.clockwork.telling import Why, needs_staff, tell_staff, warn
from lmssocial.widgets.peer_rating.models import Activity, Phase
from lmssocial.widgets.peer_rating.releasing import service as releasing

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Activities that are looked at in one round."""
ROUND_SECONDS = 10.0
"""After this no other activity is begun, as others wait for the same thread."""
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)
"""When an activity is looked at again that could not be: the longer it goes on, the later."""


def tick(
    session: Session,
    allocators: Mapping[str, Allocator],
    scorings: Mapping[str, Scoring],
    placement_id: int,
    now: datetime,
) -> Phase:
    """Do everything that is due in one activity, and say in which phase it is then.

    A moment before the one of the last look changes nothing: the clock was set back.
    """
    running = locked(session, placement_id)
    activity = running.activity
    if activity.looked_at is not None and now < activity.looked_at:
        activity.next_at = activity.looked_at
        return running.phase
    activity.looked_at = now
    with clock.at(now):
        for _step in Phase:  # each phase is entered at most once
            trouble = keep(session, allocators, scorings, running, now)
            facts = facts_of(session, running, trouble=trouble)
            tell_staff(session, running, facts, now)
            warn(session, running, now)
            to = plan.step(running.settings, facts, now)
            if to is None or not _take(session, scorings, running, facts, to):
                break
    activity.next_at = plan.looks_again(running.settings, facts, now)
    session.flush()
    return running.phase


def _take(
    session: Session, scorings: Mapping[str, Scoring], running: Running, facts: Facts, to: Phase
) -> bool:
    """Take one step; whether it could be taken."""
    if to is Phase.RELEASED:
        return _release(session, scorings, running, facts)
    if to is Phase.ARCHIVED:
        purge(session, running)
    enter(session, running, to, actor=None)
    return True


def _release(session: Session, scorings: Mapping[str, Scoring], running: Running, facts: Facts) -> bool:
    """Show authors their scores, also if works of people who left have none. If it cannot be, staff are told why."""
    try:
        with session.begin_nested():
            releasing.release(session, scorings, None, running.placement.id, others=facts.left > 0)
    except releasing.Unscored as problem:
        needs_staff(session, running, Why.REVIEWS_MISSING, len(problem.works))
    except Conflict as problem:
        log.warning("scores were not released", placement_id=running.placement.id, problem=problem.message)
        needs_staff(session, running, Why.SCORING_FAILED)
    else:
        return True
    return False


def run_due(
    sessions: sessionmaker[Session], allocators: Mapping[str, Allocator], scorings: Mapping[str, Scoring]
) -> int:
    """Look at every activity whose time has come, each in a transaction of its own; says at how many.

    One that fails harms no other: it is noted in the log, and looked at again later. Safe to run in several processes.
    """
    now = clock.now()
    due = (
        select(Activity.placement_id).where(Activity.next_at <= now).order_by(Activity.next_at).limit(AT_ONCE)
    )
    return rounds.run_due(
        sessions,
        due,
        lambda session, placement_id: tick(session, allocators, scorings, placement_id, now),
        lambda session, placement_id: rounds.look_later(
            session, Activity, Activity.placement_id == placement_id, now, SOONEST, LATEST
        ),
        what="activity",
        seconds=ROUND_SECONDS,
    )
