"""Staff move an activity on a page that says first what becomes of what is there."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Activity, Phase
from lmssocial.widgets.peer_rating.settings import PeerSettings
from tests.conftest import TestClock
from tests.support.peer_rating import make_work, set_up
from tests.support.people import Place
from tests.support.seat import Seat, text_of
from tests.widgets.peer_rating.clockwork.conftest import DATES, DAY, MONDAY

pytestmark = pytest.mark.one_database


@pytest.mark.usefixtures("clock")
def test_an_instructor_reads_what_follows_and_goes_on(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    set_up(session, place, **DATES)
    make_work(session, place, ana)
    desk = seat(tom)
    page = desk.open("/board/phase")
    assert "Nobody but you can review it" in text_of(page)
    assert desk.send(desk.form(page, "?to=review")).status_code == 303
    session.rollback()
    assert session.get_one(Activity, place.placement.id).phase is Phase.REVIEW


@pytest.mark.usefixtures("clock")
def test_going_back_asks_why_and_until_when(
    session: Session, place: Place, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    set_up(session, place, Phase.REVIEW, **(DATES | {"submit_due_at": MONDAY - DAY}))
    desk = seat(tom)
    refused = desk.send(desk.form(desk.open("/board/phase"), "?to=submit"), **{"submit-reason": "More time."})
    assert refused.status_code == 422
    assert "Its date is over" in text_of(refused)
    until = {"submit-due_at": "2026-03-12T18:00", "submit-zone": "UTC"}
    assert desk.send(desk.form(refused, "?to=submit"), **until).status_code == 303
    session.rollback()
    activity = session.get_one(Activity, place.placement.id)
    assert (activity.phase, activity.epoch) == (Phase.SUBMIT, 1)


def test_dates_are_changed_for_everybody_on_the_same_page(
    session: Session, place: Place, tom: Actor, seat: Callable[[Actor], Seat], clock: TestClock
) -> None:
    set_up(session, place, **DATES)
    desk = seat(tom)
    assert clock.now == MONDAY
    form = desk.form(desk.open("/board/phase"), "/dates")
    done = desk.send(form, **{"dates-submit_due_at": "2026-03-17T09:00", "dates-zone": "UTC"})

    assert done.status_code == 303
    session.rollback()
    now = PeerSettings.read(place.placement.settings)
    assert now.submit_due_at == MONDAY + 15 * DAY
    assert now.review_due_at == MONDAY + 22 * DAY


def test_calling_it_off_needs_a_reason_and_is_not_for_learners(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    set_up(session, place)
    assert seat(ana).open("/board/phase").status_code == 403
    desk = seat(tom)
    form = desk.form(desk.open("/board/phase"), "?to=cancelled")
    assert "Say why" in text_of(desk.send(form))
    desk.send(form, **{"cancelled-reason": "The course ends early."})
    assert "taken up" not in text_of(desk.open("/board/phase"))
    assert "Take it up again" in text_of(desk.open("/board/phase"))


@pytest.mark.parametrize("phase", list(Phase))
def test_the_page_opens_in_every_phase(
    session: Session, place: Place, tom: Actor, seat: Callable[[Actor], Seat], phase: Phase
) -> None:
    set_up(session, place, phase, **DATES)
    assert seat(tom).open("/board/phase").status_code == 200
