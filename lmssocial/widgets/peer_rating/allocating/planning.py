"""Giving out many reviews at once: all of them when reviewing begins, and what is missing towards the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.hooks.rating import Allocator, Pairing, Pool, Rater
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.access import require_runs
from lmssocial.widgets.peer_rating.activities import Running, envelope, locked, look_again, running
from lmssocial.widgets.peer_rating.allocating import asking, counting, pools
from lmssocial.widgets.peer_rating.allocating.exact import plan as exact_plan
from lmssocial.widgets.peer_rating.allocating.freezing import rubric_for
from lmssocial.widgets.peer_rating.allocating.raters import Busy, everybody
from lmssocial.widgets.peer_rating.events import ReviewOffered
from lmssocial.widgets.peer_rating.models import Source, Work
from lmssocial.widgets.peer_rating.settings import Mode


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A work with fewer reviews than it must have."""

    work_id: int
    alias: int
    completed: int
    live: int


@dataclass(frozen=True, kw_only=True)
class ToppedUp:
    """What became of the reviews that were missing."""

    given: int
    """So many were given to reviewers."""
    left: int
    """So many nobody could be found for: staff review these works."""


def missing(session: Session, running: Running) -> tuple[Missing, ...]:
    """The works with fewer finished reviews than they must have, those with the fewest first. Two queries."""
    course_id = _course_of(session, running)
    rows = session.execute(
        select(Work.id, Work.alias, Work.completed, Work.live)
        .where(
            Work.placement_id == running.placement.id,
            Work.completed < running.settings.least,
            pools.may_be_given(course_id),
        )
        .order_by(Work.completed, Work.live, Work.submitted_at, Work.id)
    )
    return tuple(
        Missing(work_id=work_id, alias=alias, completed=completed, live=live)
        for work_id, alias, completed, live in rows
    )


def plan(session: Session, allocators: Mapping[str, Allocator], running: Running) -> int:
    """Give everybody everything at once in a locked activity, where its allocator does that; how many reviews it gave.

    Only what is missing is given out, so that it may be asked for again when somebody was late or the date moved. What
    is asked of people beyond what is wanted is kept for that: it goes to late works, and to those that others declined.
    """
    allocator = asking.chosen(session, allocators, running)
    if allocator.plan is None or running.settings.mode is not Mode.RUBRIC:
        return 0
    course_id = _course_of(session, running)
    raters = tuple(_asked(running, one) for one in everybody(session, running, course_id))
    raters = tuple(rater for rater in raters if rater.asked > 0)
    pool = pools.whole(session, running, course_id, raters, running.settings.wanted)
    pairings, by = asking.plan(session, running, allocator, pool)
    return _hand_out(session, running, pool, pairings, Source.BATCH, by, None)


def _asked(running: Running, one: Busy) -> Rater:
    """A rater with what they are still to be given: nothing, if they may not review now."""
    own, settings = one.rater, running.settings
    may = gates.may_review(settings, running.phase, one.extension, clock.now())
    ready = (one.has_own or not settings.needs_own) and not one.untried
    return own if may and ready else replace(own, asked=0)


def top_up(session: Session, actor: Actor, placement_id: int) -> ToppedUp:
    """Give out what works lack to what they must have.

    Those get them who still owe reviews and hold none, and those who did more than was asked of them before. Each gets
    one at most; nobody is made to do what they have not offered.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    """
    running(session, actor, placement_id)
    require_runs(actor)
    here = locked(session, placement_id)
    if here.settings.mode is not Mode.RUBRIC:
        return ToppedUp(given=0, left=0)
    people = everybody(session, here, actor.course_id)
    raters = tuple(
        replace(ready, asked=1)
        for one in people
        if (ready := _asked(here, replace(one, rater=replace(one.rater, asked=1)))).asked
        and not one.open
        and (one.rater.asked > 0 or one.volunteered)
    )
    pool = pools.whole(session, here, actor.course_id, raters, here.settings.least)
    pairings = exact_plan(pool)
    given = _hand_out(session, here, pool, pairings, Source.MANUAL, "top-up", actor)
    lacking = sum(max(here.settings.least - work.load, 0) for work in pool.works)
    return ToppedUp(given=given, left=lacking - given)


def _hand_out(
    session: Session,
    here: Running,
    pool: Pool,
    pairings: Sequence[Pairing],
    source: Source,
    by: str,
    actor: Actor | None,
) -> int:
    """Write down what was decided, and tell those whom it concerns."""
    if not pairings:
        return 0
    loads = {work.id: work.load for work in pool.works}
    begun = counting.begin_all(
        session,
        here.placement.id,
        pairings,
        source,
        rubric_id=rubric_for(session, here).id,
        chosen={work: {"by": by, "load": load} for work, load in loads.items()},
    )
    common = envelope(session, here, actor)
    for review_id, rater_id, work_id in begun:
        told = ReviewOffered(
            **common,
            placement_id=here.placement.id,
            review_id=review_id,
            work_id=work_id,
            reviewer_id=rater_id,
            source=source,
        )
        record(session, told)
    look_again(here.activity)
    session.flush()
    return len(begun)


def _course_of(session: Session, running: Running) -> int:
    return session.get_one(Community, running.activity.community_id).course_id or 0
