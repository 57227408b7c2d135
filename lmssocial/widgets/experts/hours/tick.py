"""What office hours do by themselves: remind, let offers of places lapse, and close what nobody is there for.

Each in a transaction of its own; one that fails harms no other. Looking twice is looking once, and looking late does
no more than what still makes sense: nobody is reminded of a meeting that has begun.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.jobs.rounds import run_due as run
from lmssocial.core.kernel import clock
from lmssocial.widgets.experts.hours import leaving
from lmssocial.widgets.experts.hours.finding import again
from lmssocial.widgets.experts.hours.seats import DAY_BEFORE, HOUR_BEFORE, let_go, offer_next, reminder_due
from lmssocial.widgets.experts.hours.telling import tell_near
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from lmssocial.widgets.experts.people.rows import hold

AT_ONCE = 200
"""Bookings that are looked at in one round."""
ROUND_SECONDS = 10.0
"""After this no other one is begun, as others wait for the same thread."""
LATER = timedelta(minutes=5)
"""When a booking is looked at again that could not be."""


def run_due(sessions: sessionmaker[Session]) -> int:
    """Do everything that is due, each in a transaction of its own; says how much. Safe in several processes."""
    rounds = (
        (due(), look_at, _look_later, "bookings"),
        (leaving.abandoned(), leaving.close_abandoned, _nothing, "office hours without a host"),
        (leaving.orphaned(), leaving.free_orphaned, _nothing, "bookings of people who left"),
    )
    return sum(
        run(sessions, ids, look, later, what=what, seconds=ROUND_SECONDS) for ids, look, later, what in rounds
    )


def due() -> Select[int]:
    """The ids of bookings whose time has come, those that wait longest first."""
    statement = select(Booking.id).where(Booking.state.in_(tuple(_DEEDS)), Booking.next_at <= clock.now())
    return statement.order_by(Booking.next_at, Booking.id).limit(AT_ONCE)


def _look_later(session: Session, booking_id: int) -> None:
    later = update(Booking).where(Booking.id == booking_id).values(next_at=clock.now() + LATER)
    session.execute(later.execution_options(synchronize_session=False))


def _nothing(session: Session, row_id: int) -> None:
    """They are found again with the next round."""


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
