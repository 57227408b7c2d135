"""Whatever people do in whatever order, what must never be the case is not."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.allocating import balanced, conflicts, counting, giving, pools
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.allocating.standing import mine
from lmssocial.widgets.peer_rating.models import OPEN, Author, Phase, Review, ReviewState, Work, WorkState
from tests.support.peer_rating import make_work, set_up
from tests.support.people import make_person, make_place

OURS = {allocator.name: allocator for allocator in ALLOCATORS}
PEOPLE, ASKED = 7, 3
ENDS = {
    "finish": ReviewState.SUBMITTED,
    "decline": ReviewState.DECLINED,
    "expire": ReviewState.EXPIRED,
    "revoke": ReviewState.REVOKED,
}
WHAT = (
    *(
        "hand in",
        "team",
        "pull",
        "pull",
        "pull",
        "more",
        "void",
        "leave",
        "return",
        "hold",
        "conflict",
        "cancel",
    ),
    *ENDS,
)
STEPS = st.tuples(st.sampled_from(WHAT), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1))


class Class:
    """A class in which steps are taken."""

    def __init__(self, session: Session, scope: GroupScope) -> None:
        """An activity in which people review, in two groups."""
        self.session = session
        self.place = make_place(session, widget="peer_rating")
        set_up(session, self.place, Phase.REVIEW, asked=ASKED, needs_own=False, groups=scope)
        self.people = [make_person(session, self.place) for _number in range(PEOPLE)]
        self.staff = make_person(session, self.place, "", LmsRole.INSTRUCTOR)
        self.placement_id = self.place.placement.id
        self.owners: set[int] = set()
        for number, name in enumerate(("Blue", "Red")):
            group = Group(
                tenant_id=self.place.tenant.id,
                community_id=self.place.community.id,
                name=name,
                created_at=clock.now(),
            )
            session.add(group)
            session.flush()
            session.add_all(
                GroupMember(group_id=group.id, user_id=person.user_id) for person in self.people[number::2]
            )
        session.flush()

    def take(self, what: str, who: Actor, other: Actor) -> None:
        """Take one step."""
        if what == "hand in":
            self.hand_in({who})
        elif what == "team":
            self.hand_in({who, other})
        elif what in {"pull", "more"}:
            self.pull(who, more=what == "more")
        elif what in ENDS:
            self.end(who, OPEN, ENDS[what])
        elif what == "void":
            self.end(who, (ReviewState.SUBMITTED,), ReviewState.VOIDED)
        elif what in {"leave", "return"}:
            member = select(Membership).where(Membership.user_id == who.user_id)
            self.session.scalars(member).one().active = what == "return"
        elif what == "conflict" and who is not other and self.both_here(who, other):
            conflicts.declare(self.session, self.staff, self.placement_id, who.user_id, other.user_id)
        else:
            self.change_work(what, who)

    def hand_in(self, authors: set[Actor]) -> None:
        """Hand something in, unless one of them has."""
        ids = {author.user_id for author in authors}
        if not ids & self.owners:
            self.owners |= ids
            make_work(self.session, self.place, *authors)

    def pull(self, who: Actor, *, more: bool) -> None:
        """Ask for a review; what is given is what the pure allocator gives that sees all works."""
        here = locked(self.session, self.placement_id)
        own = mine(self.session, here, who.user_id)
        rater = own.rater(who.user_id, pools.around(self.session, here, who.user_id), 1)
        pool = pools.whole(self.session, here, who.course_id, (rater,), 3)
        loads = {work.id: work.load for work in pool.works if pool.allows(rater, work)}
        expected = balanced.pick(pool, rater)

        review = giving.next_review(self.session, OURS, who, self.placement_id, more=more)

        if own.open:
            assert review is own.open[0]
        elif own.done >= ASKED and not more:
            assert review is None
        elif review is None:
            assert expected is None
        else:
            assert loads[review.work_id] == min(loads.values())
            assert review.work_id == expected or review.chosen["by"] == "resumed"

    def end(self, who: Actor, before: tuple[ReviewState, ...], after: ReviewState) -> None:
        """Let the oldest review of theirs in one of these states be in another."""
        found = select(Review).where(Review.reviewer_id == who.user_id, Review.state.in_(before))
        review = self.session.scalars(found.order_by(Review.id)).first()
        if review is not None:
            work = self.session.get_one(Work, review.work_id)
            counting.settle(self.session, work, review, after, started_at=review.offered_at)

    def change_work(self, what: str, who: Actor) -> None:
        """Have a moderator hold a work, or staff cancel it."""
        own = select(Work).join(Author, Author.work_id == Work.id).where(Author.user_id == who.user_id)
        work = self.session.scalars(own).first()
        if work is not None and what == "hold":
            self.session.get_one(Contribution, work.contribution_id).state = State.HELD
        elif work is not None and what == "cancel":
            work.state = WorkState.CANCELLED

    def both_here(self, *people: Actor) -> bool:
        """Whether they are all in the course."""
        ids = [person.user_id for person in people]
        members = select(Membership.active).where(Membership.user_id.in_(ids))
        return all(self.session.scalars(members))

    def check(self) -> None:
        """Nothing is the case that must never be."""
        self.session.flush()
        authors = select(Author.work_id, Author.user_id).where(Author.placement_id == self.placement_id)
        own = {(work_id, user_id) for work_id, user_id in self.session.execute(authors)}
        found = select(Review).where(Review.placement_id == self.placement_id)
        reviews = self.session.scalars(found).all()
        assert not own & {(review.work_id, review.reviewer_id) for review in reviews}
        works = self.session.scalars(select(Work).where(Work.placement_id == self.placement_id)).all()
        received = Counter(review.work_id for review in reviews if review.state is ReviewState.SUBMITTED)
        held = Counter(review.work_id for review in reviews if review.state in OPEN)
        assert {work.id: (work.completed, work.live) for work in works} == {
            work.id: (received[work.id], held[work.id]) for work in works
        }
        aliases = Counter((review.work_id, review.alias) for review in reviews)
        assert max(aliases.values(), default=1) == 1


@pytest.mark.one_database
@settings(
    max_examples=12,
    deadline=None,
    phases=(Stage.explicit, Stage.reuse, Stage.generate),  # what fails is short enough as it is
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(scope=st.sampled_from(list(GroupScope)), steps=st.lists(STEPS, min_size=15, max_size=40))
def test_whatever_happens(session: Session, scope: GroupScope, steps: list[tuple[str, int, int]]) -> None:
    here = Class(session, scope)
    for number in range(0, PEOPLE, 2):
        here.hand_in({here.people[number]})
    for what, who, other in steps:
        here.take(what, here.people[who], here.people[other])
        here.check()
