"""What office hours do by themselves: remind, let offers of places lapse, and close what nobody is there for.

Each in a transaction of its own; one that fails harms no other. Looking twice is looking once, and looking late does
no more than what still makes sense: nobody is reminded of a meeting that has begun.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.widgets.experts.hours import leaving
from lmssocial.widgets.experts.hours.finding import again, hold
from lmssocial.widgets.experts.hours.seats import DAY_BEFORE, HOUR_BEFORE, let_go, offer_next, reminder_due
from lmssocial.widgets.experts.hours.telling import tell_near
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Bookings that are looked at in one round."""
ROUND_SECONDS = 10.0
"""After this no other one is begun, as others wait for the same thread."""
LATER = timedelta(minutes=5)
"""When a booking is looked at again that could not be."""


@dataclass(frozen=True)
class _Work:
    """One kind of thing to do: to what, and how."""

    ids: Sequence[int]
    do: Callable[[Session, int], None]
    is_booking: bool


def run_due(sessions: sessionmaker[Session]) -> int:
    """Do everything that is due, each in a transaction of its own; says how much. Safe in several processes."""
    with sessions() as session:
        work = (
            _Work(due(session), look_at, is_booking=True),
            _Work(leaving.abandoned(session), leaving.close_abandoned, is_booking=False),
            _Work(leaving.orphaned(session), leaving.free_orphaned, is_booking=False),
        )
    until, done = time.monotonic() + ROUND_SECONDS, 0
    for part in work:
        for row_id in part.ids:
            if time.monotonic() > until:
                return done
            done += _one(sessions, part, row_id)
    return done


def _one(sessions: sessionmaker[Session], part: _Work, row_id: int) -> bool:
    try:
        with sessions() as session, unit_of_work(session):
            part.do(session, row_id)
    except Exception:
        log.exception("an office hour was not looked after", deed=part.do.__name__, row_id=row_id)
        if part.is_booking:
            _look_later(sessions, row_id)
        return False
    return True


def _look_later(sessions: sessionmaker[Session], booking_id: int) -> None:
    with sessions() as session, unit_of_work(session):
        later = update(Booking).where(Booking.id == booking_id).values(next_at=clock.now() + LATER)
        session.execute(later.execution_options(synchronize_session=False))


def due(session: Session) -> list[int]:
    """The ids of bookings whose time has come, those that wait longest first."""
    statement = select(Booking.id).where(Booking.state.in_(_DEEDS), Booking.next_at <= clock.now())
    return list(session.scalars(statement.order_by(Booking.next_at, Booking.id).limit(AT_ONCE)))


def look_at(session: Session, booking_id: int) -> None:
    """Do what is due in one booking; nothing, if somebody else has."""
    booking = session.get_one(Booking, booking_id)
    hour = session.get_one(OfficeHour, booking.office_hour_id)
    hold(session, hour.tenant_id, (hour.host_id, booking.user_id))
    again(session, hour, booking)
    if booking.next_at is None or booking.next_at > clock.now() or booking.state not in _DEEDS:
        return
    _DEEDS[booking.state](session, hour, booking)
    session.flush()


def _remind(session: Session, hour: OfficeHour, booking: Booking) -> None:
    now = clock.now()
    left = booking.starts_at - now
    booking.next_at = reminder_due(booking.starts_at, now)
    if left <= timedelta():
        return
    booking.reminded += 1
    hours = HOUR_BEFORE if left <= HOUR_BEFORE else DAY_BEFORE
    tell_near(session, hour, booking, int(hours / HOUR_BEFORE))


def _lapse(session: Session, hour: OfficeHour, booking: Booking) -> None:
    starts_at, had_seat = booking.starts_at, booking.seat is not None
    let_go(booking, BookingState.LAPSED)
    session.flush()
    if had_seat:
        offer_next(session, hour, starts_at)


_DEEDS: dict[BookingState, Callable[[Session, OfficeHour, Booking], None]] = {
    BookingState.BOOKED: _remind,
    BookingState.OFFERED: _lapse,
    BookingState.WAITING: _lapse,
}
"""What is due in each state."""
