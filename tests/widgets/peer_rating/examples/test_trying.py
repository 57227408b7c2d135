"""Trying the rubric on an example, once, and reading how staff see it."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities.models import Appointment
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.activities import locked, running
from lmssocial.widgets.peer_rating.allocating import giving
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.examples import service
from lmssocial.widgets.peer_rating.examples.drafts import ExampleDraft
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import Calibration
from tests.support.discussion import HOLD, let_pass
from tests.support.peer_rating import make_work, set_up
from tests.support.people import Place
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]
WHY = "It names three sources, but none of them is followed."


def example(session: Session, place: Place, tom: Actor, source: str = "An essay about tides.") -> Example:
    """One that staff give 4 + 3 points."""
    draft = ExampleDraft(source=source, levels=(0, 1), explanation=WHY)
    return service.make(session, let_pass, tom, place.placement.id, draft)


def test_what_staff_think_is_read_only_after_the_try_and_then_criterion_by_criterion(
    session: Session, place: Place, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    one = example(session, place, tom)
    at = seat(ben)
    page = at.open(f"/examples/{one.id}")
    assert "An essay about tides." in text_of(page)
    assert WHY not in text_of(page)
    tried = at.follow(at.send(at.form(page, f"/examples/{one.id}"), level_0="0", level_1="0"))
    said = text_of(tried)
    assert "Together you gave 10 points, your instructors 7." in said
    assert "You gave the same." in said
    assert "You gave 3 points more." in said
    assert WHY in said


def test_there_is_one_try(session: Session, place: Place, ben: Actor, tom: Actor, seat: Sit) -> None:
    set_up(session, place, Phase.REVIEW)
    one = example(session, place, tom)
    at = seat(ben)
    form = at.form(at.open(f"/examples/{one.id}"), f"/examples/{one.id}")
    at.send(form, level_0="2", level_1="2")
    again = at.follow(at.send(form, level_0="0", level_1="1"))
    assert "your first try stands" in text_of(again)
    session.rollback()
    assert session.scalars(select(Try)).one().points == 0.0
    assert "You gave 4 points less." in text_of(again)


def test_a_level_that_is_missing_is_asked_for(
    session: Session, place: Place, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    one = example(session, place, tom)
    at = seat(ben)
    answer = at.send(at.form(at.open(f"/examples/{one.id}"), f"/examples/{one.id}"), level_0="2")
    assert answer.status_code == 422
    assert "Choose a level." in text_of(answer)
    assert session.scalar(select(func.count()).select_from(Try)) == 0


def test_where_they_are_required_the_list_says_how_many_are_left_and_reviewing_waits(
    session: Session, place: Place, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW, calibration=Calibration.REQUIRED, needs_own=False)
    first, second = example(session, place, tom), example(session, place, tom, "An essay about wind.")
    at = seat(ben)
    said = text_of(page := at.open("/examples"))
    assert "you can review once you have tried all of them; 2 are left" in said.lower()
    token = {"csrf_token": dict(at.form(page, "/handover").fields)["csrf_token"]}
    refused = at.follow(at.client.post(at.address("/reviews/next"), data=token))
    assert "Try the 2 examples first" in text_of(refused)
    for one in (first, second):
        at.send(at.form(at.open(f"/examples/{one.id}"), f"/examples/{one.id}"), level_0="0", level_1="1")
    assert "are left" not in text_of(at.open("/examples"))
    answer = at.follow(at.client.post(at.address("/reviews/next"), data=token))
    assert "Nobody else has handed in anything" in text_of(answer)


def test_an_expert_among_the_learners_tries_what_is_required_before_they_review(
    session: Session, place: Place, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW, calibration=Calibration.REQUIRED, needs_own=False)
    one = example(session, place, tom)
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=ben.user_id,
            offices=Office.SME,
            appointed_by_id=tom.user_id,
            appointed_at=clock.now(),
        )
    )
    at = seat(ben)
    page = at.open(f"/examples/{one.id}")
    assert WHY not in text_of(page)
    tried = at.follow(at.send(at.form(page, f"/examples/{one.id}"), level_0="0", level_1="1"))
    assert WHY in text_of(tried)
    session.rollback()
    owes = giving.standing(session, running(session, ben, place.placement.id), ben.user_id)
    assert "Try the example first" not in owes.why_not


def test_an_example_that_waits_for_a_moderator_keeps_nobody_from_reviewing(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, calibration=Calibration.REQUIRED, needs_own=False)
    make_work(session, place, ana)
    draft = ExampleDraft(source="An essay about tides.", levels=(0, 1), explanation=WHY)
    held = service.make(session, HOLD, tom, place.placement.id, draft)
    here = locked(session, place.placement.id)
    assert giving.standing(session, here, ben.user_id).next_possible
    session.get_one(Contribution, held.contribution_id).state = State.PUBLISHED
    assert "Try the example first" in giving.standing(session, here, ben.user_id).why_not


def test_staff_read_an_example_with_its_answer_and_try_nothing(
    session: Session, place: Place, tom: Actor, seat: Sit
) -> None:
    set_up(session, place)
    one = example(session, place, tom)
    page = seat(tom).open(f"/examples/{one.id}")
    assert WHY in text_of(page)
    assert 'type="radio"' not in page.get_data(as_text=True)


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    session: Session, place: Place, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    example(session, place, tom)
    at = seat(ben)
    at.open("/examples")
    counts = []
    for more in range(2):
        for number in range(more * 6):
            example(session, place, tom, f"Essay {number}.")
        session.commit()
        with counted_queries() as seen:
            assert at.open("/examples").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
