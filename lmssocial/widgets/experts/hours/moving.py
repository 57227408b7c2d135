"""What becomes of bookings when their office hour is changed. Nothing here commits."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.hours import times
from lmssocial.widgets.experts.hours.hosting import call_off
from lmssocial.widgets.experts.hours.seats import reminder_due
from lmssocial.widgets.experts.hours.telling import tell
from lmssocial.widgets.experts.hours.times import Pattern, Slot
from lmssocial.widgets.experts.hours_events import MeetingChanged
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour


def follow(
    session: Session,
    actor: Actor,
    hour: OfficeHour,
    bookings: list[Booking],
    before: Pattern,
    after: Pattern,
) -> int:
    """Bring every booking to where its meeting is now; says how many could not follow, and were called off.

    :raises Conflict: if the host has another meeting at one of the new times.
    """
    closed = _called_off(session, hour)
    targets = {
        booking.id: times.counterpart(before, booking.starts_at, after) for booking in [*bookings, *closed]
    }
    seats = {booking.id: booking.seat for booking in [*bookings, *closed]}
    for booking in [*bookings, *closed]:
        booking.seat = None  # so that nobody moves to a place that somebody is just about to leave
    session.flush()
    lost = 0
    for booking in bookings:
        slot = targets[booking.id]
        if slot is None or not _can_follow(session, hour, booking, slot):
            because = _("The office hour was changed, and this meeting is not part of it any more.")
            call_off(session, hour, booking, actor, because)
            lost += 1
            continue
        _bring(session, booking, slot, seats[booking.id])
        tell(session, MeetingChanged, hour, booking, actor)
    for booking in closed:
        slot = targets[booking.id]
        if slot is not None:
            booking.starts_at, booking.ends_at, booking.seat = slot.starts_at, slot.ends_at, seats[booking.id]
    session.flush()
    return lost


def _can_follow(session: Session, hour: OfficeHour, booking: Booking, slot: Slot) -> bool:
    """Whether the meeting is still to come, and its person free then. Who only waits need not be."""
    if slot.starts_at <= clock.now():
        return False
    if (slot.starts_at, slot.ends_at) == (booking.starts_at, booking.ends_at):
        return True
    if booking.state is not BookingState.BOOKED:
        return True
    if _is_elsewhere(session, hour.host_id, hour, slot):
        raise Conflict(_("You have another meeting at one of these times. Choose others."))
    return not _is_elsewhere(session, booking.user_id, hour, slot)


def _is_elsewhere(session: Session, user_id: int, hour: OfficeHour, slot: Slot) -> bool:
    """Whether somebody has a meeting of another office hour then; all of this one move together."""
    statement = (
        select(Booking.id)
        .join(OfficeHour, OfficeHour.id == Booking.office_hour_id)
        .where(
            Booking.state == BookingState.BOOKED,
            Booking.starts_at < slot.ends_at,
            Booking.ends_at > slot.starts_at,
            Booking.office_hour_id != hour.id,
            or_(Booking.user_id == user_id, OfficeHour.host_id == user_id),
        )
    )
    return session.scalar(statement.limit(1)) is not None


def _bring(session: Session, booking: Booking, slot: Slot, seat: int | None) -> None:
    """Put a booking where its meeting is; calendars take it as the newer version of the same thing."""
    now = clock.now()
    is_waiting = booking.state is BookingState.WAITING
    booking.starts_at, booking.ends_at, booking.seat = slot.starts_at, slot.ends_at, seat
    booking.sequence += 1
    booking.changed_at = now
    if booking.state is BookingState.BOOKED:
        booking.next_at = reminder_due(slot.starts_at, now)
    elif is_waiting or booking.next_at is None or booking.next_at > slot.starts_at:
        booking.next_at = slot.starts_at
    session.flush()


def _called_off(session: Session, hour: OfficeHour) -> list[Booking]:
    """What the host called off: it stays called off wherever the office hour moves."""
    statement = select(Booking).where(
        Booking.office_hour_id == hour.id,
        Booking.state == BookingState.CALLED_OFF,
        Booking.seat.is_not(None),
        Booking.starts_at > clock.now(),
    )
    return list(session.scalars(statement))
