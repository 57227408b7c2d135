"""Several people want the same thing at the same moment: one has it, and nobody is in two places."""

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.hours import booking, seats
from lmssocial.widgets.experts.hours.booking import Full
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from tests.conftest import TestClock
from tests.support.hours import at, make_hour
from tests.support.people import Place, make_person

FIRST = at(9)
PEOPLE = 5


def together(engine: Engine, deeds: Iterable[Callable[[Session], object]]) -> list[BaseException]:
    """Do everything at the same moment, each in a transaction of its own; answers what was raised."""
    waiting, now = list(deeds), clock.now()
    start, errors = threading.Barrier(len(waiting)), list[BaseException]()

    def do(deed: Callable[[Session], object]) -> None:
        try:
            with clock.at(now), Session(engine) as session:
                start.wait(timeout=30)
                with unit_of_work(session):
                    deed(session)
        except BaseException as error:  # noqa: BLE001 – handed to the test
            errors.append(error)

    threads = [threading.Thread(target=do, args=(deed,)) for deed in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def booked(session: Session) -> list[tuple[int, int | None]]:
    """Who has a place, and which."""
    session.rollback()
    rows = session.execute(
        select(Booking.user_id, Booking.seat)
        .where(Booking.state == BookingState.BOOKED)
        .order_by(Booking.seat)
    )
    return [(row.user_id, row.seat) for row in rows]


@pytest.mark.usefixtures("db_url")
def test_of_many_who_press_at_once_as_many_come_as_there_are_places(
    engine: Engine, session: Session, place: Place, hour: OfficeHour
) -> None:
    hour.seats = 2
    people = [make_person(session, place) for _ in range(PEOPLE)]
    hour_id = hour.id
    session.commit()

    errors = together(engine, [_books(actor, hour_id) for actor in people])

    assert [type(error) for error in errors] == [Full] * (PEOPLE - 2)
    assert [seat for _user, seat in booked(session)] == [1, 2]


@pytest.mark.usefixtures("db_url")
def test_one_person_who_books_two_meetings_at_once_gets_one_of_them(
    engine: Engine,
    session: Session,
    place: Place,
    tom: Actor,
    ana: Actor,
    clock: TestClock,  # noqa: ARG001 – it is stopped
) -> None:
    hosts = [tom, *(make_person(session, place) for _ in range(3))]
    ids = [make_hour(session, place, host).id for host in hosts]
    session.commit()

    errors = together(engine, [_books(ana, hour_id) for hour_id in ids])

    assert [type(error) for error in errors] == [Conflict] * 3
    assert len(booked(session)) == 1


@pytest.mark.usefixtures("db_url")
def test_looking_at_the_calendar_before_the_time_is_held_would_book_people_twice(
    engine: Engine,
    session: Session,
    place: Place,
    tom: Actor,
    ana: Actor,
    clock: TestClock,  # noqa: ARG001 – it is stopped
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: the same load, with the same look, but everybody looks before anybody books."""
    hosts = [tom, *(make_person(session, place) for _ in range(3))]
    ids = [make_hour(session, place, host).id for host in hosts]
    session.commit()
    monkeypatch.setattr(booking, "_check_own_time", lambda *_args, **_more: None)
    looked = []
    for hour_id in ids:
        busy = seats.is_busy(
            session,
            ana.user_id,
            FIRST,
            FIRST + timedelta(minutes=20),
            hour=session.get_one(OfficeHour, hour_id),
        )
        looked.append(busy)
    session.rollback()

    errors = together(
        engine, [_books(ana, hour_id) for hour_id, busy in zip(ids, looked, strict=True) if not busy]
    )

    assert not errors
    assert len(booked(session)) == len(ids)


def _books(actor: Actor, hour_id: int) -> Callable[[Session], object]:
    return lambda session: booking.book(session, actor, hour_id, FIRST)
