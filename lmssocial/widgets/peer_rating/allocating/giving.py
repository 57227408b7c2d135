"""Giving out works to review: the next one to whoever asks, one by hand, everything at once."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.db import JsonObject
from lmssocial.core.hooks.rating import Allocator, Pool, Rater
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.access import require_runs, takes_part, taking_part
from lmssocial.widgets.peer_rating.activities import Running, extension_of, locked, look_again, running
from lmssocial.widgets.peer_rating.allocating import asking, balanced, counting, leases, pools
from lmssocial.widgets.peer_rating.allocating.freezing import rubric_for
from lmssocial.widgets.peer_rating.allocating.planning import Missing, missing, plan, top_up
from lmssocial.widgets.peer_rating.allocating.standing import Mine, Owes, mine, obstacle, standing
from lmssocial.widgets.peer_rating.events import ReviewOffered, ReviewRevoked
from lmssocial.widgets.peer_rating.models import OPEN, Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.settings import Mode

__all__ = [
    "Missing",
    "Owes",
    "give",
    "missing",
    "next_review",
    "plan",
    "reassign",
    "standing",
    "top_up",
]


def next_review(
    session: Session,
    allocators: Mapping[str, Allocator],
    actor: Actor,
    placement_id: int,
    *,
    more: bool = False,
) -> Review | None:
    """The review that the actor does next: the one they hold, or one given to them now. ``None`` if there is none.

    :param more: they volunteer for more than they are asked.
    :raises NotAllowed: unless they take part.
    """
    running(session, actor, placement_id)
    if not takes_part(actor):
        raise NotAllowed(_("Only learners of this course review here; instructors review from the board."))
    here, now = locked(session, placement_id), clock.now()
    own = mine(session, here, actor.user_id)
    if obstacle(here, own, now):
        return None
    if own.open:
        held = own.open[0]
        if held.leased_until is not None and held.leased_until <= now:
            leases.renew(held, here.settings, now)  # nobody has been given it since
            look_again(here.activity)
        return held
    owed = here.settings.asked - own.done
    if owed <= 0 and not more:
        return None
    rater = own.rater(actor.user_id, pools.around(session, here, actor.user_id), max(owed, 1))
    work_id, why = _choose(session, allocators, here, actor.course_id, rater, own)
    if work_id is None:
        return None
    work = session.get_one(Work, work_id, populate_existing=True)
    given = counting.begin(
        session,
        work,
        actor.user_id,
        Source.PULL,
        leased_until=leases.until(here.settings, now),
        chosen=why | ({"more": True} if owed <= 0 else {}),
        rubric_id=rubric_for(session, here).id,
    )
    look_again(here.activity)
    session.flush()
    return given


def _choose(
    session: Session,
    allocators: Mapping[str, Allocator],
    here: Running,
    course_id: int,
    rater: Rater,
    own: Mine,
) -> tuple[int | None, JsonObject]:
    """The work for somebody, and why. What they had begun comes first among the works that lack as much."""
    allocator = asking.chosen(session, allocators, here)
    pool = pools.narrow(session, here, course_id, rater)
    least = min((work.load for work in pool.works), default=0)
    begun = pools.among(session, here, course_id, rater, own.begun) if own.begun else pool
    for work in begun.works:
        if work.load == least and work.id in own.begun:
            return work.id, _why(begun, rater, work.id, "resumed")
    if allocator.pick is balanced.pick:
        chosen = balanced.pick(pool, rater)
        return chosen, _why(pool, rater, chosen, allocator.name)
    pool = pools.whole(session, here, course_id, (rater,), here.settings.wanted)
    chosen, by = asking.pick(session, here, allocator, pool, rater)
    return chosen, _why(pool, rater, chosen, by)


def _why(pool: Pool, rater: Rater, work_id: int | None, by: str) -> JsonObject:
    """What the choice rested on."""
    work = next((work for work in pool.works if work.id == work_id), None)
    if work is None:
        return {}
    load, reciprocal, met, _order, drawn = balanced.key(pool, rater, work)
    return {"by": by, "load": load, "reciprocal": reciprocal, "met": met, "drawn": drawn}


def give(session: Session, actor: Actor, placement_id: int, reviewer_id: int, work_id: int) -> Review:
    """Give somebody a work to review, as staff.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises NotFound: if there is no such person or work.
    :raises Invalid: if nobody, or not this person, can review it now; it says why.
    :raises Conflict: if they have it already, or must not review it; it says why.
    """
    running(session, actor, placement_id)
    require_runs(actor)
    here = locked(session, placement_id)
    return _give(session, actor, here, reviewer_id, work_id)


def _give(session: Session, actor: Actor, here: Running, reviewer_id: int, work_id: int) -> Review:
    placement_id = here.placement.id
    name = session.scalar(
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(User.id == reviewer_id, taking_part(actor.course_id))
    )
    if name is None:
        raise NotFound(_("This person does not take part in this course."), reason=f"user {reviewer_id}")
    own = mine(session, here, reviewer_id)
    rater = own.rater(reviewer_id, pools.around(session, here, reviewer_id), 1)
    if here.settings.mode is not Mode.RUBRIC:
        raise Invalid(_("Works are compared in pairs here. Nobody is given one alone."))
    if not gates.may_review(
        here.settings, here.phase, extension_of(session, placement_id, reviewer_id), clock.now()
    ):
        raise Invalid(_("%(name)s cannot review now. Give them a later date for reviews first.", name=name))
    pool = pools.whole(session, here, actor.course_id, (rater,), here.settings.wanted)
    work = next((work for work in pool.works if work.id == work_id), None)
    if work is None:
        raise Invalid(_("This work cannot be reviewed by peers at the moment."), reason=f"work {work_id}")
    if not pool.allows(rater, work):
        raise Conflict(_why_refused(rater, own, work.authors, work.id, name))
    row = session.get_one(Work, work_id, populate_existing=True)
    chosen: JsonObject = {"by": "staff", "load": work.load}
    given = counting.begin(
        session, row, reviewer_id, Source.MANUAL, chosen=chosen, rubric_id=rubric_for(session, here).id
    )
    told = ReviewOffered(
        **actor.envelope,
        placement_id=placement_id,
        review_id=given.id,
        work_id=work_id,
        reviewer_id=reviewer_id,
        source=Source.MANUAL,
    )
    record(session, told)
    look_again(here.activity)
    session.flush()
    return given


def _why_refused(rater: Rater, own: Mine, authors: frozenset[int], work_id: int, name: str) -> str:
    """Why somebody must not be given a work."""
    before = next((review for review in own.reviews if review.work_id == work_id), None)
    if rater.id in authors:
        return _("%(name)s handed this work in.", name=name)
    if rater.avoids & authors:
        return _("There is a conflict of interest between %(name)s and an author of this work.", name=name)
    if before is not None and before.state is ReviewState.DECLINED:
        return _("%(name)s declined to review this work.", name=name)
    if before is not None and before.state is ReviewState.REVOKED:
        return _("This work was taken from %(name)s before.", name=name)
    if before is not None or work_id in own.besides:
        return _("%(name)s reviews this work already.", name=name)
    return _("By the rule for groups %(name)s does not review this work.", name=name)


def reassign(session: Session, actor: Actor, review_id: int, to_user_id: int | None) -> Review | None:
    """Take an open review from its reviewer, and give the work to another person, or back to all.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises NotFound: if there is no such review.
    :raises Conflict: if it is finished, or not open any more.
    :raises Invalid: as :func:`give`.
    """
    require_runs(actor)
    found = session.get(Review, review_id)
    if found is None or (found.tenant_id, found.community_id) != (actor.tenant_id, actor.community_id):
        raise NotFound(reason=f"no review {review_id} in community {actor.community_id}")
    here = locked(session, found.placement_id)
    review = session.get_one(Review, review_id, populate_existing=True)
    if review.state not in OPEN or review.source in counting.NOT_PEERS:
        raise Conflict(_("This review is not under way any more."), reason=f"it is {review.state}")
    work = session.get_one(Work, review.work_id, populate_existing=True)
    counting.settle(session, work, review, ReviewState.REVOKED, ended_by_id=actor.user_id)
    told = ReviewRevoked(
        **actor.envelope,
        placement_id=review.placement_id,
        review_id=review.id,
        work_id=work.id,
        reviewer_id=review.reviewer_id,
    )
    record(session, told)
    look_again(here.activity)
    return None if to_user_id is None else _give(session, actor, here, to_user_id, work.id)
