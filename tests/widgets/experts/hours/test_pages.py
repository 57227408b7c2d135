"""Office hours as people meet them: without scripts, by their own clock, and with calendars that ask on their own."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.models import Reachability
from lmssocial.widgets.experts.hours import booking
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from lmssocial.widgets.experts.people_models import Person
from tests.conftest import TestClock
from tests.support.experts import make_question
from tests.support.hours import at, make_hour, read
from tests.support.people import Place, make_person, make_place
from tests.support.seat import Seat, text_of
from tests.widgets.experts.budget import statements_of

FIRST = at(9)
Sit = Callable[[Actor], Seat]


@pytest.mark.one_database
def test_an_instructor_offers_an_office_hour_and_learns_beside_the_field_what_is_wrong(
    seat: Sit,
    session: Session,
    tom: Actor,
    ana: Actor,
    clock: TestClock,  # noqa: ARG001 – it is stopped
) -> None:
    learner, browser = seat(ana), seat(tom)
    form = browser.form(browser.open("/hours/new"), "/hours/new")
    wrong = browser.send(
        form, title="", minutes="5", first_on="2026-03-09", begins="10:00", zone="Europe/Vienna"
    )
    assert wrong.status_code == 422
    assert "Choose a number from 10 to 120." in text_of(wrong)
    assert 'value="2026-03-09"' in wrong.get_data(as_text=True)
    filled = {"title": "Statistics", "first_on": "2026-03-09", "begins": "10:00", "zone": "Europe/Vienna"}

    page = browser.follow(browser.send(form, **filled, place="javascript:alert(1)"))

    assert "Every week at 10:00, by the clock of Europe/Vienna" in text_of(page)
    assert 'href="javascript' not in page.get_data(as_text=True)  # not an address of the web, so only words
    session.rollback()
    hour = session.scalars(select(OfficeHour)).one()
    assert (hour.host_id, hour.minutes, hour.place) == (tom.user_id, 20, "javascript:alert(1)")
    assert learner.open("/hours/new").status_code == 403
    assert learner.open(f"/hours/{hour.id}/edit").status_code == 404
    changed = browser.fill_in(
        f"/hours/{hour.id}/edit", "/edit", begins="11:00", place="https://meet.example.edu/t"
    )
    assert "Saved" in text_of(changed)
    assert 'href="https://meet.example.edu/t"' in changed.get_data(as_text=True)
    assert "not offered any more" in text_of(
        browser.fill_in(f"/hours/{hour.id}/end", "/end", because="Done.")
    )
    for deed in ("edit", "skip", "end"):
        assert browser.open(f"/hours/{hour.id}/{deed}").status_code == 303


@pytest.mark.one_database
def test_a_learner_books_moves_and_cancels_by_their_own_clock(
    seat: Sit, session: Session, place: Place, hour: OfficeHour, ana: Actor, ben: Actor, tom: Actor
) -> None:
    question = make_question(session, place, ana, title="What is Cpk?")
    session.add(Reachability(user_id=ana.user_id, zone="America/New_York"))
    hour_id, question_id = hour.id, question.id
    host, again, browser = seat(tom), seat(ben), seat(ana)

    page = browser.open("/hours")
    clock_of_ana, clock_of_tom = "5:00 AM – 5:20 AM", "10:00 AM – 10:20 AM"
    assert f"Mon, Mar 9, 2026, {clock_of_ana} America/New York · {clock_of_tom} in Europe/Vienna" in text_of(
        page
    )
    booked = browser.fill_in(
        f"/hours/{hour_id}/20260309T0900Z/book", "/book", note="Chapter 3", question=str(question_id)
    )
    assert "What is Cpk?" in text_of(booked)
    session.rollback()
    booking_id = session.scalars(select(Booking.id)).one()
    assert "https://meet.example.edu/tom" in text_of(booked)
    assert "https://meet" not in text_of(again.open(f"/hours/{hour_id}"))  # the room is for those who come
    assert "Chapter 3" in text_of(host.open(f"/hours/{hour_id}"))
    assert again.open(f"/bookings/{booking_id}").status_code == 404
    assert again.open(f"/bookings/{booking_id}.ics").status_code == 404

    full = again.open(f"/hours/{hour_id}/20260309T0900Z/book")
    assert "All places are taken." in text_of(full)
    waits = again.follow(again.send(again.form(full, "/book")))
    assert "You are the first on the list." in text_of(waits)

    file = browser.open(f"/bookings/{booking_id}.ics")
    assert file.content_type.startswith("text/calendar")
    (event,) = read(file.get_data()).walk("VEVENT")
    assert (str(event["SUMMARY"]), event["DTSTART"].to_ical()) == (
        "Statistics with Tom Berg",
        b"20260309T100000",
    )

    moved = browser.fill_in(f"/bookings/{booking_id}/move", "/move", starts="20260309T0940Z")
    assert "5:40" in text_of(moved)
    cancelled = browser.fill_in(f"/bookings/{booking_id + 2}/cancel", "/cancel", because="I found it.")
    assert "I found it." in text_of(cancelled)
    for deed in ("cancel", "move"):  # in a window that is older than that
        old = browser.follow(browser.open(f"/bookings/{booking_id + 2}/{deed}"))
        assert "Nothing about this booking can be changed any more." in text_of(old)
    offered = again.open(f"/bookings/{booking_id + 1}")
    taken = again.follow(again.send(again.form(offered, "/take")))
    assert "It is booked." in text_of(taken)


@pytest.mark.one_database
def test_a_meeting_that_filled_up_meanwhile_is_offered_with_the_waiting_list_and_the_words_kept(
    seat: Sit, session: Session, hour: OfficeHour, ana: Actor, ben: Actor
) -> None:
    browser, hour_id = seat(ana), hour.id
    form = browser.form(browser.open(f"/hours/{hour_id}/20260309T0900Z/book"), "/book")
    booking.book(session, ben, hour_id, FIRST)
    session.commit()

    full = browser.send(form, note="Chapter 3")

    assert full.status_code == 409
    assert "Somebody else was faster" in text_of(full)
    waits = browser.follow(browser.send(browser.form(full, "/book")))
    assert "On the waiting list" in text_of(waits)
    assert (
        session.scalars(select(Booking.note).where(Booking.state == BookingState.WAITING)).one()
        == "Chapter 3"
    )
    assert browser.open(f"/hours/{hour_id}/20260309T0901Z/book").status_code == 410
    assert browser.open(f"/hours/{hour_id}/nonsense/book").status_code == 410


@pytest.mark.one_database
def test_the_list_costs_as_much_for_many_as_for_few(
    seat: Sit, session: Session, place: Place, hour: OfficeHour, ana: Actor, tom: Actor
) -> None:
    booking.book(session, ana, hour.id, FIRST)
    browser = seat(ana)
    few = statements_of(browser, "/hours")
    session.rollback()
    for number in range(12):
        other = make_hour(session, place, make_person(session, place), meetings=5)
        other.begins = other.begins.replace(hour=12 + number % 8)
        session.flush()
        booking.book(session, make_person(session, place), other.id, at(11 + number % 8))
    session.commit()
    page = browser.open("/hours")

    assert statements_of(browser, "/hours") == few
    assert "Show more" in text_of(page)
    host = browser.open(f"/hours?host={tom.user_id}")
    assert "Your meetings" in text_of(host)


@pytest.mark.one_database
def test_a_private_address_answers_calendar_programs_and_nobody_who_guesses(
    app: Flask,
    seat: Sit,
    session: Session,
    place: Place,
    hour: OfficeHour,
    ana: Actor,
    ben: Actor,
    tom: Actor,
) -> None:
    there = make_place(session, widget="experts", beside=place)
    lea = make_person(session, there, "Lea")
    booking.book(session, ana, hour.id, FIRST)
    booking.book(session, ben, hour.id, at(9, 20))
    booking.book(session, make_person(session, there, "Kim"), make_hour(session, there, lea).id, at(9, 40))
    host, browser, stranger = seat(tom), seat(ana), app.test_client()
    made = browser.send(browser.form(browser.open("/hours/calendar"), "/hours/calendar"))
    address = made.get_data(as_text=True).partition('readonly value="')[2].partition('"')[0]
    path = "/calendar/" + address.rpartition("/")[2]
    token = path.split("/")[-1].removesuffix(".ics")
    assert token not in (session.scalar(select(Person.feed_hash).where(Person.user_id == ana.user_id)) or "")
    assert address not in browser.open("/hours/calendar").get_data(as_text=True)  # shown once

    answer = stranger.get(path)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    found = read(answer.get_data())
    assert [str(event["SUMMARY"]) for event in found.walk("VEVENT")] == ["Statistics with Tom Berg"]
    assert b"Ben" not in answer.get_data()
    assert stranger.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert stranger.post(path).status_code == 405
    assert stranger.get(f"/calendar/{'A' * 43}.ics").status_code == 404

    browser.send(browser.form(browser.open("/hours/calendar"), "/hours/calendar"), button="make")
    assert stranger.get(path).status_code == 404
    host.send(host.form(host.open("/hours/calendar"), "/hours/calendar"))
    host.send(host.form(host.open("/hours/calendar"), "/hours/calendar"), button="off")
    assert session.scalar(select(Person.feed_hash).where(Person.user_id == tom.user_id)) == ""
