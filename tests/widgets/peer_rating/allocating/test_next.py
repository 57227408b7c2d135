"""Whoever asks is given what lacks reviews most, and nothing that they must not review."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Allocator, GroupScope, Pool, Rater
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.allocating import conflicts, counting, giving, leases
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.models import (
    Edge,
    Phase,
    Review,
    ReviewState,
    Rubric,
    Source,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.settings import Calibration, Late, PeerSettings
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries

OURS = {allocator.name: allocator for allocator in ALLOCATORS}


def ask(session: Session, place: Place, actor: Actor, *, more: bool = False) -> Review | None:
    """The actor asks for their next review."""
    return giving.next_review(session, OURS, actor, place.placement.id, more=more)


def given(session: Session, place: Place, actor: Actor) -> int | None:
    """The id of the work they get."""
    review = ask(session, place, actor)
    return review.work_id if review else None


def finish(session: Session, review: Review | None) -> None:
    """Send a review."""
    assert review is not None
    work = session.get_one(Work, review.work_id)
    counting.settle(session, work, review, ReviewState.SUBMITTED, submitted_at=clock.now())


def test_what_has_the_fewest_reviews_is_given_first(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    works = [make_work(session, place, author) for author in (ana, ben, cleo)]
    make_review(session, place, works[1], cleo)

    review = ask(session, place, ana)

    assert review is not None
    assert (review.work_id, review.state, review.source) == (works[2].id, ReviewState.OFFERED, Source.PULL)
    assert (works[2].completed, works[2].live) == (0, 1)
    assert (review.chosen["by"], review.chosen["load"]) == ("balanced", 0)
    assert review.leased_until is not None


def test_whoever_holds_a_review_gets_the_same_again(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    for author in (ana, ben, cleo):
        make_work(session, place, author)

    assert ask(session, place, ana) is ask(session, place, ana)


def test_those_who_review_each_other_are_kept_apart(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    own, _bens, cleos = [make_work(session, place, author) for author in (ana, ben, cleo)]
    make_review(session, place, own, ben)

    assert given(session, place, ana) == cleos.id


def test_a_conflict_keeps_two_people_apart_and_takes_back_what_they_hold(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    make_work(session, place, ana)
    work = make_work(session, place, ben)
    review = ask(session, place, ana)
    assert review is not None

    assert conflicts.declare(session, tom, place.placement.id, ben.user_id, ana.user_id)

    assert (review.state, work.live) == (ReviewState.REVOKED, 0)
    assert given(session, place, ana) is None
    assert conflicts.remove(session, tom, place.placement.id, ana.user_id, ben.user_id)
    assert not conflicts.declared(session, place.placement.id)


def test_work_that_is_held_or_taken_out_or_whose_author_left_is_not_given_out(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    make_work(session, place, ana)
    work = make_work(session, place, ben)
    words = session.get_one(Contribution, work.contribution_id)
    member = session.scalars(select(Membership).where(Membership.user_id == ben.user_id)).one()

    words.state = State.HELD
    assert given(session, place, ana) is None
    words.state, work.state = State.PUBLISHED, WorkState.EXCLUDED
    assert given(session, place, ana) is None
    work.state, member.active = WorkState.SUBMITTED, False
    assert given(session, place, ana) is None
    member.active = True
    assert given(session, place, ana) == work.id


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(GroupScope.WITHIN, "cleo"), (GroupScope.OUTSIDE, "ben"), (GroupScope.ANYBODY, "ben")],
)
def test_the_rule_for_groups_says_whose_work_it_may_be(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, scope: GroupScope, expected: str
) -> None:
    set_up(session, place, Phase.REVIEW, groups=scope)
    works = {
        who: make_work(session, place, actor) for who, actor in (("ana", ana), ("ben", ben), ("cleo", cleo))
    }
    group = Group(
        tenant_id=place.tenant.id, community_id=place.community.id, name="Blue", created_at=clock.now()
    )
    session.add(group)
    session.flush()
    session.add_all(GroupMember(group_id=group.id, user_id=one.user_id) for one in (ana, cleo))
    session.flush()

    assert given(session, place, ana) == works[expected].id


def test_one_who_did_everything_gets_more_only_if_they_want_to(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, asked=1)
    for author in (ana, ben, cleo):
        make_work(session, place, author)
    finish(session, ask(session, place, ana))

    assert ask(session, place, ana) is None
    owes = giving.standing(session, running(session, ana, place.placement.id), ana.user_id)
    assert (owes.done, owes.next_possible, owes.more_possible) == (1, False, True)
    more = ask(session, place, ana, more=True)
    assert more is not None
    assert more.chosen["more"] is True


def test_what_was_begun_and_ran_out_comes_back_to_its_reviewer(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    make_work(session, place, ana)
    make_work(session, place, ben)
    begun = make_work(session, place, cleo)
    review = make_review(session, place, begun, ana, state=ReviewState.STARTED)
    counting.settle(session, begun, review, ReviewState.EXPIRED, started_at=clock.now())

    again = ask(session, place, ana)

    assert again is review
    assert (review.state, review.answers["overall"] != "", begun.live) == (ReviewState.STARTED, True, 1)


def test_a_declined_work_is_not_given_again(session: Session, place: Place, ana: Actor, ben: Actor) -> None:
    set_up(session, place, Phase.REVIEW)
    make_work(session, place, ana)
    work = make_work(session, place, ben)
    make_review(session, place, work, ana, state=ReviewState.DECLINED)

    assert ask(session, place, ana) is None


def test_what_an_expert_reviewed_as_such_is_not_given_to_them_as_a_learner(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, needs_own=False)
    first, second = make_work(session, place, ana), make_work(session, place, ben)
    make_review(session, place, first, cleo, source=Source.STAFF)
    assert given(session, place, cleo) == second.id
    finish(session, ask(session, place, cleo))
    assert given(session, place, cleo) is None


def test_examples_that_are_required_come_first(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, calibration=Calibration.REQUIRED)
    make_work(session, place, ana)
    work = make_work(session, place, ben)
    example = Example(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        contribution_id=make_work(session, place, tom, round=9).contribution_id,
        levels={},
        points=1.0,
    )
    session.add(example)
    session.flush()

    assert given(session, place, ana) is None
    session.add(Try(example_id=example.id, user_id=ana.user_id, levels={}, points=1.0, made_at=clock.now()))
    session.flush()
    assert given(session, place, ana) == work.id


def test_nobody_reviews_before_they_have_handed_in_or_out_of_time(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW, late=Late.ACCEPTED)
    make_work(session, place, ben)

    assert ask(session, place, ana) is None
    assert "Hand in your own work first" in _why_not(session, place, ana)
    activity.phase = Phase.SUBMIT
    assert "Reviewing begins" in _why_not(session, place, ana)
    activity.phase = Phase.REVIEW
    assert "Nobody else has handed in" in _why_not(session, place, ben)
    with pytest.raises(NotAllowed):
        ask(session, place, tom)


def _why_not(session: Session, place: Place, actor: Actor) -> str:
    return giving.standing(session, running(session, actor, place.placement.id), actor.user_id).why_not


def _broken(_pool: Pool, _rater: Rater) -> int | None:
    raise ZeroDivisionError


def _own(pool: Pool, rater: Rater) -> int | None:
    return next(work.id for work in pool.works if rater.id in work.authors)


@pytest.mark.parametrize("pick", [_broken, _own])
def test_if_somebody_elses_allocator_fails_ours_decides_and_staff_are_told_once(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, pick: object
) -> None:
    set_up(session, place, Phase.REVIEW, allocator="theirs")
    works = [make_work(session, place, author) for author in (ana, ben, cleo)]
    theirs = {"theirs": Allocator(name="theirs", title="", summary="", pick=pick)}  # type: ignore[arg-type]

    reviews = [giving.next_review(session, theirs, actor, place.placement.id) for actor in (ana, ben)]

    assert [review.work_id for review in reviews if review] == [works[1].id, works[2].id]
    told = session.scalars(select(Edge).where(Edge.edge == "staff:allocator-failed")).all()
    assert len(told) == 1


def test_somebody_elses_allocator_is_asked_about_all_works(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, allocator="last")
    works = [make_work(session, place, author) for author in (ana, ben, cleo)]
    last = Allocator(
        name="last", title="", summary="", pick=lambda pool, _rater: max(work.id for work in pool.works)
    )

    review = giving.next_review(session, {"last": last}, ana, place.placement.id)

    assert review is not None
    assert (review.work_id, review.chosen["by"]) == (works[2].id, "last")


def test_the_number_of_statements_does_not_grow_with_the_works(
    session: Session, place: Place, ana: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    people = [make_person(session, place) for _number in range(30)]
    make_work(session, place, ana)
    sent = []
    for some in (people[:2], people[2:4], people[4:]):
        for author in some:
            make_work(session, place, author)
        with counted_queries() as seen:
            review = ask(session, place, ana)
        sent.append(len(seen))
        finish(session, review)

    assert sent[1] == sent[2] <= 18


def test_a_lease_that_ran_out_goes_on_to_others(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, lease_hours=2)
    for author in (ana, ben):
        make_work(session, place, author)
    own = make_work(session, place, cleo)
    review = ask(session, place, ana)
    assert review is not None
    work = session.get_one(Work, review.work_id)
    assert _expired(session, place, cleo, hours=1) == 0
    assert _expired(session, place, cleo, hours=2) == 1
    assert (review.state, work.live, own.live) == (ReviewState.EXPIRED, 0, 0)


def _expired(session: Session, place: Place, actor: Actor, hours: int) -> int:
    here = running(session, actor, place.placement.id)
    return leases.expire_due(session, here, clock.now() + timedelta(hours=hours))


def test_aliases_are_unlike_each_other_within_a_work(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place, Phase.REVIEW, needs_own=False)
    make_work(session, place, ana)
    reviews: Sequence[Review | None] = [ask(session, place, make_person(session, place)) for _ in range(12)]

    aliases = [review.alias for review in reviews if review]
    assert len(set(aliases)) == 12
    assert max(aliases) <= 12 + counting.SPARE_ALIASES


def test_what_somebody_has_is_not_begun_anew(session: Session, place: Place, ana: Actor, ben: Actor) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben)

    assert counting.begin(session, work, ben.user_id, Source.PULL) is review
    assert (review.state, work.completed, work.live) == (ReviewState.SUBMITTED, 1, 0)


def test_the_rubric_is_frozen_with_the_first_review(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW)
    make_work(session, place, ana)
    make_work(session, place, ben)
    first = ask(session, place, ana)
    changed = PeerSettings.read(place.placement.settings)
    place.placement.settings = replace(changed, rubric=changed.rubric[:1]).as_json()

    second = ask(session, place, ben)

    assert first is not None
    assert second is not None
    assert first.rubric_id == second.rubric_id == activity.rubric_id
    assert session.get_one(Rubric, activity.rubric_id).most == 10.0
