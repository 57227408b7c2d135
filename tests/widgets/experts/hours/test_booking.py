"""Places in meetings: taken once, waited for in turn, moved and given back, and never two things at one time."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Gone, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.hours import booking, hosting
from lmssocial.widgets.experts.hours.booking import Full, Wish
from lmssocial.widgets.experts.hours.tick import look_at
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from tests.conftest import TestClock
from tests.support.experts import make_question
from tests.support.hours import at, make_hour
from tests.support.people import Place, make_person, make_place

FIRST, SECOND, THIRD = at(9), at(9, 20), at(9, 40)


def events(session: Session) -> list[str]:
    """What the log says, without the name of the widget."""
    with unit_of_work(session):
        pass  # events are written with its end
    return [name.partition(".")[2] for name in session.scalars(select(ActivityEvent.name).order_by("id"))]


def test_a_place_is_taken_once_and_who_comes_second_waits_until_it_is_free(
    session: Session, place: Place, hour: OfficeHour, ana: Actor, ben: Actor, cleo: Actor, clock: TestClock
) -> None:
    question = make_question(session, place, ana)
    others = make_question(session, place, ben)
    with_question = Wish(note="Chapter 3", question_id=question.id)
    first = booking.book(session, ana, hour.id, FIRST, with_question)
    assert (first.state, first.seat, first.note) == (BookingState.BOOKED, 1, "Chapter 3")
    assert first.question_id == question.id
    with pytest.raises(Full):
        booking.book(session, ben, hour.id, FIRST)
    second = booking.wait(session, ben, hour.id, FIRST, Wish(question_id=others.id))
    third = booking.wait(session, cleo, hour.id, FIRST, Wish(question_id=question.id))
    assert (second.state, third.state) == (BookingState.WAITING, BookingState.WAITING)
    assert third.question_id is None  # it is somebody else's
    clock.tick(minutes=1)

    booking.cancel(session, ana, first.id, "I found it myself.")

    assert (first.state, first.seat, first.because) == (BookingState.CANCELLED, None, "I found it myself.")
    assert (second.state, second.seat, third.state) == (BookingState.OFFERED, 1, BookingState.WAITING)
    assert second.next_at == clock.now + timedelta(hours=12)
    with pytest.raises(Gone):
        booking.take(session, cleo, third.id)
    clock.tick(hours=12)
    look_at(session, second.id)
    assert (second.state, third.state) == (BookingState.LAPSED, BookingState.OFFERED)
    with pytest.raises(Gone):
        booking.take(session, ben, second.id)
    booking.take(session, cleo, third.id)
    assert (third.state, third.next_at) == (BookingState.BOOKED, FIRST - timedelta(hours=24))
    assert [name for name in events(session) if "question" not in name] == [
        "meeting_booked",
        "meeting_waited",
        "meeting_waited",
        "meeting_cancelled",
        "seat_offered",
        "seat_offered",
        "meeting_booked",
    ]


@pytest.mark.one_database
def test_a_place_that_comes_free_late_is_kept_for_half_of_the_time_that_is_left(
    session: Session, hour: OfficeHour, ana: Actor, ben: Actor, clock: TestClock
) -> None:
    first = booking.book(session, ana, hour.id, FIRST)
    second = booking.wait(session, ben, hour.id, FIRST)
    clock.move_to(FIRST - timedelta(hours=4))
    booking.cancel(session, ana, first.id)
    assert second.next_at == FIRST - timedelta(hours=2)

    clock.move_to(FIRST)
    look_at(session, second.id)

    assert second.state is BookingState.LAPSED
    with pytest.raises(Conflict):
        booking.cancel(session, ben, second.id)


@pytest.mark.one_database
def test_meetings_are_booked_neither_too_late_nor_too_early_and_not_by_everybody(
    session: Session, place: Place, hour: OfficeHour, ana: Actor, tom: Actor, clock: TestClock
) -> None:
    far = make_person(session, make_place(session, widget="experts"), "Zoe")
    wrong: list[tuple[Actor, int, object, type[Exception]]] = [
        (tom, hour.id, FIRST, NotAllowed),
        (far, hour.id, FIRST, NotFound),
        (ana, hour.id, FIRST + timedelta(minutes=1), Gone),
        (ana, hour.id, at(9, day=23), Conflict),  # three weeks ahead
    ]
    for actor, hour_id, when, problem in wrong:
        with pytest.raises(problem):
            booking.book(session, actor, hour_id, when)  # type: ignore[arg-type]  # moments, as the list says
    clock.move_to(FIRST - timedelta(hours=23, minutes=59))
    with pytest.raises(Conflict, match="24 hours"):
        booking.book(session, ana, hour.id, FIRST)
    booking.book(session, ana, hour.id, SECOND)
    short = make_hour(session, place, tom, notice_hours=0, begins=hour.begins.replace(hour=8), meetings=1)
    clock.move_to(at(7))
    with pytest.raises(Conflict):
        booking.book(session, ana, short.id, at(7))


def test_nobody_is_booked_for_two_things_at_one_time_in_whatever_course(
    session: Session, place: Place, hour: OfficeHour, ana: Actor, tom: Actor
) -> None:
    elsewhere = make_place(session, widget="experts", beside=place)
    lea, tim = make_person(session, elsewhere, "Lea"), make_person(session, elsewhere, "Tim")
    in_other = {
        actor.user_id: Actor(
            user_id=actor.user_id,
            name=actor.name,
            tenant_id=elsewhere.tenant.id,
            course_id=elsewhere.course.id,
            community_id=elsewhere.community.id,
        )
        for actor in (ana, tom)
    }
    other = make_hour(session, elsewhere, lea, begins=hour.begins.replace(minute=10))
    of_tom = make_hour(session, elsewhere, in_other[tom.user_id], begins=hour.begins.replace(minute=10))
    booking.book(session, ana, hour.id, FIRST)

    with pytest.raises(Conflict, match="another meeting"):
        booking.book(session, in_other[ana.user_id], other.id, at(9, 10))  # Ana is with Tom until 9:20
    with pytest.raises(Conflict, match="host has another"):
        booking.book(session, tim, of_tom.id, at(9, 10))  # and Tom with Ana
    with pytest.raises(Conflict, match="another meeting"):
        booking.book(session, in_other[tom.user_id], other.id, at(9, 10))
    booking.book(session, in_other[ana.user_id], other.id, at(9, 30))  # nothing meets here
    with pytest.raises(Conflict, match="another meeting"):
        booking.book(session, ana, hour.id, SECOND + timedelta(minutes=20))


@pytest.mark.one_database
def test_a_group_comes_together_and_one_person_cannot_take_everything(
    session: Session, place: Place, tom: Actor, ana: Actor, ben: Actor, cleo: Actor, hour: OfficeHour
) -> None:
    group = make_hour(session, place, tom, seats=2, begins=hour.begins.replace(hour=12), meetings=5)
    starts = at(11)
    seats = [booking.book(session, who, group.id, starts).seat for who in (ana, ben)]
    assert seats == [1, 2]
    with pytest.raises(Full):
        booking.book(session, cleo, group.id, starts)
    with pytest.raises(Conflict, match="already"):
        booking.wait(session, ana, group.id, starts)
    for number in (1, 2):
        booking.book(session, ana, group.id, starts + timedelta(minutes=20 * number))
    with pytest.raises(Conflict, match="3 meetings"):
        booking.book(session, ana, group.id, starts + timedelta(minutes=60))


def test_moving_takes_the_new_place_before_the_old_one_is_given_up(
    session: Session, hour: OfficeHour, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    old = booking.book(session, ana, hour.id, FIRST, Wish(note="Cpk"))
    waiting = booking.wait(session, cleo, hour.id, FIRST)
    booking.book(session, ben, hour.id, SECOND)
    with pytest.raises(Full), session.begin_nested():
        booking.move(session, ana, old.id, SECOND)
    assert old.state is BookingState.BOOKED

    new = booking.move(session, ana, old.id, THIRD)

    assert (new.state, new.note, new.starts_at) == (BookingState.BOOKED, "Cpk", THIRD)
    assert new.uuid != old.uuid
    assert (old.state, waiting.state) == (BookingState.CANCELLED, BookingState.OFFERED)


def test_what_a_host_calls_off_is_nobodys_any_more_and_a_free_day_is_left_out(
    session: Session, hour: OfficeHour, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, clock: TestClock
) -> None:
    booked, waiting = booking.book(session, ana, hour.id, FIRST), booking.wait(session, ben, hour.id, FIRST)
    with pytest.raises(NotFound):
        hosting.call_off_meeting(session, ana, hour.id, FIRST, "no")
    assert hosting.call_off_meeting(session, tom, hour.id, FIRST, "I am ill.") == 2
    assert {one.state for one in (booked, waiting)} == {BookingState.CALLED_OFF}
    assert booked.because == "I am ill."
    for deed in (booking.book, booking.wait):
        with pytest.raises(Gone):
            deed(session, cleo, hour.id, FIRST)

    second = booking.book(session, cleo, hour.id, SECOND)
    assert hosting.skip(session, tom, hour.id, FIRST.date(), "A fair.") == 1
    assert second.state is BookingState.CALLED_OFF
    with pytest.raises(Gone):
        booking.book(session, cleo, hour.id, THIRD)
    clock.move_to(at(8, day=10))
    next_week = booking.book(session, cleo, hour.id, at(9, day=16))
    assert hosting.end(session, tom, hour.id, "I leave.") == 1
    assert next_week.state is BookingState.CALLED_OFF
    with pytest.raises(Gone):
        booking.book(session, ana, hour.id, at(9, 20, day=16))


@pytest.mark.one_database
def test_only_the_host_says_who_missed_a_meeting_and_only_afterwards(
    session: Session, hour: OfficeHour, ana: Actor, ben: Actor, tom: Actor, clock: TestClock
) -> None:
    booked = booking.book(session, ana, hour.id, FIRST)
    with pytest.raises(Conflict):
        hosting.note_missed(session, tom, booked.id, missed=True)
    clock.move_to(FIRST + timedelta(minutes=5))
    with pytest.raises(NotAllowed):
        hosting.note_missed(session, ana, booked.id, missed=True)
    with pytest.raises(NotFound):
        hosting.note_missed(session, ben, booked.id, missed=True)
    before = events(session)
    assert hosting.note_missed(session, tom, booked.id, missed=True).state is BookingState.MISSED
    assert hosting.note_missed(session, tom, booked.id, missed=False).state is BookingState.BOOKED
    assert events(session) == before  # nobody else hears of it


@pytest.mark.one_database
def test_the_two_concerned_see_a_booking_and_nobody_else(
    session: Session, hour: OfficeHour, ana: Actor, ben: Actor
) -> None:
    booked = booking.book(session, ana, hour.id, FIRST)
    for deed in (booking.cancel, booking.take):
        with pytest.raises(NotFound):
            deed(session, ben, booked.id)
    assert session.scalar(select(Booking.state)) is BookingState.BOOKED
