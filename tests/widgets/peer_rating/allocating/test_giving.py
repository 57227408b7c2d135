"""Given by staff, given all at once, and what is missing towards the end."""

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import locked, running
from lmssocial.widgets.peer_rating.allocating import conflicts, giving
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS, EXACT
from lmssocial.widgets.peer_rating.models import Phase, Review, ReviewState, Source, Work
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries

OURS = {allocator.name: allocator for allocator in ALLOCATORS}


def test_staff_give_a_work_to_somebody(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)

    review = giving.give(session, tom, place.placement.id, ben.user_id, work.id)

    assert (review.source, review.state, review.leased_until) == (Source.MANUAL, ReviewState.OFFERED, None)
    assert work.live == 1
    assert [row.name for row in session.info["lmssocial_add_last"]] == ["peer_rating.review_offered"]


def test_staff_are_told_why_somebody_must_not_review_a_work(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben)
    conflicts.declare(session, tom, place.placement.id, ana.user_id, cleo.user_id)
    dee = make_person(session, place, "Dee Lang")
    make_review(session, place, work, dee, state=ReviewState.DECLINED)

    def refused(person: Actor, kind: type[Exception] = Conflict) -> str:
        with pytest.raises(kind) as refusal:
            giving.give(session, tom, place.placement.id, person.user_id, work.id)
        return str(refusal.value)

    assert refused(ana) == "Ana Ruiz handed this work in."
    assert refused(ben) == "Ben Okoro reviews this work already."
    assert "conflict of interest between Cleo Maas" in refused(cleo)
    assert refused(dee) == "Dee Lang declined to review this work."
    refused(tom, NotFound)
    activity.phase = Phase.EVALUATE
    assert "cannot review now" in refused(make_person(session, place), Invalid)
    with pytest.raises(NotAllowed):
        giving.give(session, ana, place.placement.id, ben.user_id, work.id)


def test_staff_give_what_somebody_holds_to_another_person(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben, state=ReviewState.OFFERED)

    other = giving.reassign(session, tom, review.id, cleo.user_id)

    assert other is not None
    assert (review.state, review.ended_by_id, other.reviewer_id) == (
        ReviewState.REVOKED,
        tom.user_id,
        cleo.user_id,
    )
    assert work.live == 1
    with pytest.raises(Conflict):
        giving.reassign(session, tom, review.id, None)


def test_all_at_once_gives_each_work_as_many_and_again_only_what_is_missing(
    session: Session, place: Place
) -> None:
    set_up(session, place, Phase.REVIEW, allocator=EXACT, wanted=3, asked=4)
    people = [make_person(session, place) for _number in range(8)]
    for author in people:
        make_work(session, place, author)
    here = locked(session, place.placement.id)

    assert giving.plan(session, OURS, here) == 24
    assert giving.plan(session, OURS, here) == 0
    late = make_work(session, place, make_person(session, place))
    assert giving.plan(session, OURS, here) == 3

    assert set(session.scalars(select(Work.live))) == {3}
    reviews = session.scalars(select(Review)).all()
    assert {review.source for review in reviews} == {Source.BATCH}
    assert max(Counter((review.work_id, review.alias) for review in reviews).values()) == 1
    assert late.live == 3


def test_all_at_once_gives_an_expert_nothing_that_they_reviewed_as_such(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, allocator=EXACT, needs_own=False, wanted=1, asked=2)
    anas, bens = make_work(session, place, ana), make_work(session, place, ben)
    make_review(session, place, anas, ben, source=Source.STAFF)

    giving.plan(session, OURS, locked(session, place.placement.id))

    peers = select(Review.reviewer_id, Review.work_id).where(Review.source != Source.STAFF)
    assert [tuple(row) for row in session.execute(peers)] == [(ana.user_id, bens.id)]
    with pytest.raises(Conflict, match="reviews this work already"):
        giving.give(session, tom, place.placement.id, ben.user_id, anas.id)


def test_all_at_once_takes_as_many_statements_for_many_as_for_few(session: Session, place: Place) -> None:
    set_up(session, place, Phase.REVIEW, allocator=EXACT, asked=1, wanted=1)
    here = locked(session, place.placement.id)
    sent = []
    for many in (4, 4, 20):
        for _number in range(many):
            make_work(session, place, make_person(session, place))
        with counted_queries() as seen:
            giving.plan(session, OURS, here)
        sent.append(len(seen))

    assert sent[1] == sent[2] <= 20


def test_whoever_pulls_is_given_nothing_at_once(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place, Phase.REVIEW)
    make_work(session, place, ana)

    assert giving.plan(session, OURS, locked(session, place.placement.id)) == 0


def test_what_is_missing_goes_to_those_who_owe_and_to_volunteers_and_the_rest_is_left_to_staff(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, asked=1, least=2)
    anas, bens, cleos = [make_work(session, place, author) for author in (ana, ben, cleo)]
    make_review(session, place, bens, ana)  # Ana has done what was asked of her
    make_review(session, place, anas, ben)
    make_review(session, place, cleos, ben)  # Ben did more than that; Cleo owes hers

    listed = giving.missing(session, running(session, tom, place.placement.id))
    topped = giving.top_up(session, tom, place.placement.id)

    assert [(one.work_id, one.completed) for one in listed] == [(work.id, 1) for work in (anas, bens, cleos)]
    given = session.scalars(select(Review).where(Review.state == ReviewState.OFFERED)).all()
    assert [(review.reviewer_id, review.source) for review in given] == [(cleo.user_id, Source.MANUAL)]
    assert (topped.given, topped.left) == (1, 2)
