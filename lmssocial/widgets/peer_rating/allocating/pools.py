"""What allocators decide about, read from the database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import GroupScope, Pool, Rater, Reviewable
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.access import FINISHED, taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import (
    OPEN,
    Author,
    Conflict,
    Review,
    ReviewState,
    Source,
    Work,
    WorkState,
)

NEVER_AGAIN = (*OPEN, *FINISHED, ReviewState.DECLINED, ReviewState.REVOKED)
"""Whoever has, or had, a review in one of these states is not given the work again. An expired one may come back."""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What allocating knows of somebody, beside their own reviews."""

    groups: frozenset[int] = frozenset()
    avoids: frozenset[int] = frozenset()
    reviewed_by: frozenset[int] = frozenset()
    met: frozenset[int] = frozenset()


def may_be_given(course_id: int) -> ColumnElement[bool]:
    """Whether a work may be given out at all: it was handed in, everybody may read it, and it has an author here.

    The work of people who left is not given out while they are away: nobody would read the reviews. A WHERE clause.
    """
    published = (
        exists()
        .where(Contribution.id == Work.contribution_id, Contribution.state == State.PUBLISHED)
        .correlate(Work)
    )
    # One EXISTS within the other: asked in one, SQLite goes through the whole course for each work.
    takes_part = exists().where(
        Membership.user_id == Author.user_id, User.id == Author.user_id, taking_part(course_id)
    )
    present = exists().where(Author.work_id == Work.id, takes_part.correlate(Author)).correlate(Work)
    return and_(Work.state == WorkState.SUBMITTED, published, present)


def around(session: Session, running: Running, user_id: int) -> Around:
    """What stands between somebody and the others. Three queries, and one more where groups matter."""
    placement_id = running.placement.id
    pairs = session.execute(
        select(Conflict.user_id, Conflict.other_id).where(
            Conflict.placement_id == placement_id,
            or_(Conflict.user_id == user_id, Conflict.other_id == user_id),
        )
    )
    avoids = {one for pair in pairs for one in pair} - {user_id}
    reviewers = session.scalars(
        select(Review.reviewer_id)
        .join(Author, Author.work_id == Review.work_id)
        .where(
            Author.user_id == user_id,
            Author.placement_id == placement_id,
            Review.state.in_([*OPEN, *FINISHED]),
            Review.source.not_in([Source.STAFF, Source.SELF]),
        )
    )
    met = session.scalars(
        select(Author.user_id)
        .join(Review, Review.work_id == Author.work_id)
        .where(
            Review.reviewer_id == user_id,
            Review.community_id == running.activity.community_id,
            Review.placement_id != placement_id,
            Review.state.in_(FINISHED),
        )
        .distinct()
    )
    return Around(
        avoids=frozenset(avoids),
        reviewed_by=frozenset(reviewers),
        met=frozenset(met),
        groups=_groups_of(session, running, [user_id]).get(user_id, frozenset()),
    )


def narrow(session: Session, running: Running, course_id: int, rater: Rater) -> Pool:
    """A pool for one reviewer that has just so many works that the fewest-first allocator picks as from all of them.

    Those with the fewest reviews come first, then those that waited longest. What the allocator would rather avoid is
    by people it can name, each with one work at most: with one work more than these are people, the best is in it.
    The groups' rule and everything else is applied by the database already, which goes through an index in this order
    and stops there. One query.
    """
    unwelcome = len((rater.reviewed_by | rater.met) - {rater.id})
    return _for_one(session, running, course_id, rater, limit=1 + unwelcome)


def among(session: Session, running: Running, course_id: int, rater: Rater, ids: Collection[int]) -> Pool:
    """The works among ``ids`` that a reviewer may be given. One query."""
    return _for_one(session, running, course_id, rater, Work.id.in_(ids), limit=len(ids))


def _for_one(
    session: Session,
    running: Running,
    course_id: int,
    rater: Rater,
    *which: ColumnElement[bool],
    limit: int,
) -> Pool:
    few = (
        select(Work.id, Work.load, Work.submitted_at)
        .where(
            Work.placement_id == running.placement.id,
            may_be_given(course_id),
            _allowed(running, rater),
            *which,
        )
        .order_by(Work.load, Work.submitted_at, Work.id)
        .limit(limit)
        .subquery()
    )
    rows = (
        select(few.c.id, few.c.load, Author.user_id)
        .join(Author, Author.work_id == few.c.id)
        .order_by(few.c.submitted_at, few.c.id)
    )
    return Pool(
        works=_works(session, rows, {}),
        raters=(rater,),
        wanted=running.settings.wanted,
        seed=running.activity.seed,
    )


def whole(session: Session, running: Running, course_id: int, raters: tuple[Rater, ...], wanted: int) -> Pool:
    """The pool of all works that may be given out. One query, and one more where groups matter."""
    every = (
        select(Work.id, Work.load, Author.user_id)
        .join(Author, Author.work_id == Work.id)
        .where(Work.placement_id == running.placement.id, may_be_given(course_id))
        .order_by(Work.submitted_at, Work.id)
    )
    return Pool(
        works=_works(session, every, _groups_of(session, running)),
        raters=raters,
        wanted=wanted,
        scope=running.settings.groups,
        seed=running.activity.seed,
    )


def _works(
    session: Session, rows: Select[int, int, int], groups: Mapping[int, frozenset[int]]
) -> tuple[Reviewable, ...]:
    """Works from rows of work, load and author, in the order of handing in; by id."""
    loads: dict[int, int] = {}
    authors: dict[int, set[int]] = {}
    for work_id, load, user_id in session.execute(rows):
        loads[work_id] = load
        authors.setdefault(work_id, set()).add(user_id)
    found = (
        Reviewable(
            id=work_id,
            authors=frozenset(authors[work_id]),
            groups=frozenset[int]().union(*(groups.get(one, ()) for one in authors[work_id])),
            load=load,
            order=place,
        )
        for place, (work_id, load) in enumerate(loads.items())
    )
    return tuple(sorted(found, key=lambda work: work.id))


def _allowed(running: Running, rater: Rater) -> ColumnElement[bool]:
    """:meth:`Pool.allows` as a WHERE clause on Work."""
    by = exists().where(Author.work_id == Work.id, Author.user_id.in_({rater.id, *rater.avoids}))
    return and_(
        ~by.correlate(Work), Work.id.not_in(rater.had), _in_scope(running.settings.groups, rater.groups)
    )


def _in_scope(scope: GroupScope, groups: Iterable[int]) -> ColumnElement[bool]:
    if scope is GroupScope.ANYBODY:
        return true()
    shares = (
        exists()
        .where(
            Author.work_id == Work.id,
            GroupMember.user_id == Author.user_id,
            GroupMember.group_id.in_(groups),
        )
        .correlate(Work)
    )
    if scope is GroupScope.WITHIN:
        return shares if groups else false()
    return ~shares if groups else true()


def _groups_of(
    session: Session, running: Running, users: Collection[int] | None = None
) -> dict[int, frozenset[int]]:
    """The groups people are in, where groups matter."""
    if running.settings.groups is GroupScope.ANYBODY:
        return {}
    rows = (
        select(GroupMember.user_id, GroupMember.group_id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.community_id == running.activity.community_id)
    )
    if users is not None:
        rows = rows.where(GroupMember.user_id.in_(users))
    found: dict[int, set[int]] = {}
    for user_id, group_id in session.execute(rows):
        found.setdefault(user_id, set()).add(group_id)
    return {user_id: frozenset(groups) for user_id, groups in found.items()}
