"""Which works get no reviews any more unless staff do something: time runs out, or nobody is left who could."""

from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.allocating import pools
from lmssocial.widgets.peer_rating.board import columns
from lmssocial.widgets.peer_rating.clockwork.plan import WARNING
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Conflict, Phase, Review, Work, WorkState

_Other, _Theirs, _Authors = aliased(Work), aliased(GroupMember), aliased(GroupMember)


def time_runs_out(running: Running, now: datetime) -> bool:
    """Whether reviewing is over, or has a day left (:data:`.plan.WARNING`); never while it has no date."""
    if running.phase is Phase.REVIEW:
        due = running.settings.review_due_at
        return due is not None and now > due - WARNING
    return running.phase not in {Phase.DRAFT, Phase.PUBLISHED, Phase.SUBMIT}


def is_stuck(actor: Actor, running: Running, now: datetime) -> ColumnElement[bool]:
    """Whether a work has too few reviews, nobody is writing one, and nobody will: a WHERE clause on Work.

    Work that a moderator holds, and that of people who left, is not: it waits for something else.
    """
    _done, live = columns.got(running)
    idle = and_(columns.is_few(running), live == 0)
    if time_runs_out(running, now):
        return idle
    waits = pools.may_be_given(actor.course_id)
    return and_(idle, or_(Work.state == WorkState.EXCLUDED, and_(waits, ~_somebody_left(actor, running))))


def _somebody_left(actor: Actor, running: Running) -> ColumnElement[bool]:
    """Whether anybody who owes a review may be given the work. The rules are those of :mod:`.allocating.pools`."""
    owing = _owing(actor, running)
    own = exists().where(Author.work_id == Work.id, Author.user_id == owing.c.user_id)
    had = exists().where(
        Review.work_id == Work.id,
        Review.reviewer_id == owing.c.user_id,
        Review.state.in_(pools.NEVER_AGAIN),
    )
    low, high = Conflict.user_id, Conflict.other_id
    conflict = exists().where(
        Conflict.placement_id == running.placement.id,
        Author.work_id == Work.id,
        or_(
            and_(low == owing.c.user_id, high == Author.user_id),
            and_(high == owing.c.user_id, low == Author.user_id),
        ),
    )
    barred = [~one.correlate(Work, owing) for one in (own, had, conflict)]
    able = (owing.c.user_id.is_not(None), *barred, _in_scope(running, owing), _has_another(running, owing))
    return exists().where(*able).correlate(Work)


def _owing(actor: Actor, running: Running) -> Subquery:
    """Those who take part and owe more than they hold (``user_id``)."""
    gave = columns.given(running)
    found = (
        select(User.id.label("user_id"))
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(gave, gave.c.user_id == User.id)
        .where(
            taking_part(actor.course_id),
            func.coalesce(gave.c.done, 0) + func.coalesce(gave.c.open, 0) < columns.each(running),
        )
    )
    if running.settings.needs_own:
        handed_in = (
            select(Author.user_id)
            .join(Work, Work.id == Author.work_id)
            .where(Author.placement_id == running.placement.id, Work.state.in_(HANDED_IN))
            .correlate(None)
        )
        found = found.where(User.id.in_(handed_in))
    return found.correlate(None).subquery("owing")


def _has_another(running: Running, owing: Subquery) -> ColumnElement[bool]:
    """Whether there is a second work that is not theirs, where works are compared two by two."""
    if not columns.compares(running):
        return true()
    own = exists().where(Author.work_id == _Other.id, Author.user_id == owing.c.user_id)
    return (
        exists()
        .where(
            _Other.placement_id == running.placement.id,
            _Other.state == WorkState.SUBMITTED,
            _Other.id != Work.id,
            ~own.correlate(_Other, owing),
        )
        .correlate(Work, owing)
    )


def _in_scope(running: Running, owing: Subquery) -> ColumnElement[bool]:
    """Whether the rule about groups lets them review the work."""
    scope = running.settings.groups
    if scope is GroupScope.ANYBODY:
        return true()
    shares = (
        exists()
        .where(
            Author.work_id == Work.id,
            _Authors.user_id == Author.user_id,
            _Theirs.group_id == _Authors.group_id,
            _Theirs.user_id == owing.c.user_id,
            Group.id == _Theirs.group_id,
            Group.community_id == running.activity.community_id,
        )
        .correlate(Work, owing)
    )
    return shares if scope is GroupScope.WITHIN else ~shares
