"""The first page: what each kind of person reads there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.peer_rating.models import Extension, Phase, ReviewState, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.settings import Identity, Mode
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]


def test_a_learner_hands_in_first(session: Session, place: Place, ana: Actor, seat: Sit) -> None:
    set_up(session, place, submit_due_at=clock.now() + timedelta(days=2))
    page = seat(ana).open("/")
    assert "Your next step Hand in your work. You have time until" in text_of(page)
    assert "<strong>page</strong>" in page.get_data(as_text=True)
    assert '/work">Hand in your work</a>' in page.get_data(as_text=True)


def test_after_handing_in_the_page_says_when_reviews_open(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    set_up(session, place, submit_due_at=clock.now() + timedelta(days=2))
    make_work(session, place, ana, is_late=True)
    said = text_of(seat(ana).open("/"))
    assert "Your work is in. Reviews open on" in said
    assert "you will get a notice" in said
    assert ", late." in said


def test_reviews_left_and_their_minutes_are_said(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW, asked=3)
    make_work(session, place, ana)
    done, begun = make_work(session, place, ben), make_work(session, place, make_person(session, place))
    make_work(session, place, make_person(session, place))
    make_review(session, place, done, ana)
    begun_review = make_review(session, place, begun, ana, levels=None, state=ReviewState.STARTED)
    page = seat(ana).open("/")
    assert "2 reviews are left, about 40 minutes together" in text_of(page)
    assert f"/reviews/{begun_review.id}" in page.get_data(as_text=True)


def test_dates_of_ones_own_are_shown_as_such(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, submit_due_at=clock.now() - timedelta(days=1))
    session.add(
        Extension(
            placement_id=place.placement.id,
            user_id=ana.user_id,
            submit_due_at=clock.now() + timedelta(days=3),
            given_by_id=tom.user_id,
            given_at=clock.now(),
        )
    )
    said = text_of(seat(ana).open("/"))
    assert "This date is for you alone." in said
    assert "The date has passed" not in said


def test_nobody_is_left_without_a_word(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.FEEDBACK)
    make_work(session, place, ben, state=WorkState.CANCELLED, note="It was empty.")
    assert "You handed nothing in, and the time for it is over." in text_of(seat(ana).open("/"))
    assert "It was empty." in text_of(seat(ben).open("/"))


@pytest.mark.parametrize(
    ("phase", "said"), [(Phase.DRAFT, "This is being set up"), (Phase.CANCELLED, "This was called off")]
)
def test_a_draft_and_a_cancelled_activity_say_so(
    session: Session, place: Place, ana: Actor, seat: Sit, phase: Phase, said: str
) -> None:
    set_up(session, place, phase)
    assert said in text_of(seat(ana).open("/"))


@pytest.mark.parametrize("role", [LmsRole.MENTOR, LmsRole.TEACHING_ASSISTANT])
def test_those_who_take_no_part_read_what_it_is(
    session: Session, place: Place, seat: Sit, role: LmsRole
) -> None:
    set_up(session, place, Phase.REVIEW, identity=Identity.DOUBLE_BLIND, identity_reason="Fairness first.")
    said = text_of(seat(make_person(session, place, "Mo", role)).open("/"))
    assert "there is nothing for you to hand in or to review" in said
    assert "Why: Fairness first." in said
    assert "Your next step" not in said


def test_staff_go_on_to_where_they_work(session: Session, place: Place, tom: Actor, seat: Sit) -> None:
    activity = set_up(session, place, Phase.DRAFT)
    sitting = seat(tom)
    assert sitting.open("/").headers["Location"].endswith("/settings")
    activity.phase = Phase.SUBMIT
    session.commit()
    assert sitting.open("/").headers["Location"].endswith("/board")


def test_the_first_page_costs_the_same_for_three_and_for_thirty(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    own = make_work(session, place, ana)
    sitting, spent = seat(ana), []
    sitting.open("/")
    for more in (3, 27):
        for _ in range(more):
            other = make_person(session, place)
            make_review(session, place, own, other)
            make_review(session, place, make_work(session, place, other), ana)
        session.commit()
        with counted_queries() as seen:
            sitting.open("/")
        spent.append(len(seen))
    assert spent[0] == spent[1] <= 17


def test_where_works_are_compared_the_page_speaks_of_pairs(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    activity = set_up(session, place, Phase.REVIEW, mode=Mode.PAIRS, comparisons=2)
    hers, his = make_work(session, place, ana), make_work(session, place, ben)
    for _ in range(2):
        make_work(session, place, make_person(session, place))
    session.add(
        Comparison(
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            placement_id=place.placement.id,
            judge_id=cleo.user_id,
            low_id=hers.id,
            high_id=his.id,
            better_id=hers.id,
            state=ComparisonState.SUBMITTED,
            offered_at=clock.now(),
            submitted_at=clock.now(),
        )
    )
    session.flush()
    sitting = seat(ana)
    page = sitting.open("/")
    assert "2 comparisons are left." in text_of(page)
    assert sitting.form(page, "/pairs/next").buttons
    activity.phase = Phase.FEEDBACK
    session.commit()
    assert "Your work was compared with another 1 time." in text_of(sitting.open("/"))
