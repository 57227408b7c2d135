"""What a host does with what others booked: calling it off, and noting who did not come. Nothing here commits."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.hours import access, times
from lmssocial.widgets.experts.hours.finding import again, booking_of, own, pattern
from lmssocial.widgets.experts.hours.seats import LIVE, let_go
from lmssocial.widgets.experts.hours.telling import tell_cancelled, tell_hour
from lmssocial.widgets.experts.hours_events import OfficeHourChanged
from lmssocial.widgets.experts.hours_models import Booking, BookingState, Gap, OfficeHour
from lmssocial.widgets.experts.people.rows import hold


def call_off_meeting(
    session: Session, actor: Actor, office_hour_id: int, starts_at: datetime, because: str
) -> int:
    """Call one meeting off; says for how many people. They are told, and nobody books it again.

    :raises NotFound: if the office hour is not theirs.
    :raises Conflict: if nobody is booked for it, or it has begun.
    """
    hour, bookings = held(session, actor, office_hour_id)
    concerned = [one for one in bookings if one.starts_at == starts_at]
    if not any(one.seat is not None for one in concerned):
        raise Conflict(_("Nobody is booked for this meeting. Leave out the day if you will not be there."))
    for booking in concerned:
        seat = booking.seat
        call_off(session, hour, booking, actor, because)
        booking.seat = seat  # so that it is free for nobody
    session.flush()
    return len(concerned)


def skip(session: Session, actor: Actor, office_hour_id: int, on: date, because: str) -> int:
    """Leave a day out; whoever is booked then is told. Says how many those are.

    :raises NotFound: if the office hour is not theirs.
    :raises Conflict: if it does not take place on that day, or the day is over.
    """
    hour, bookings = held(session, actor, office_hour_id)
    before = pattern(session, hour)
    slots = times.of_day(before, on)
    if not slots or slots[-1].starts_at <= clock.now():
        raise Conflict(_("There is no office hour on that day that is still to come."))
    insert_if_absent(session, Gap, {"office_hour_id": hour.id, "on": on}, [Gap.office_hour_id, Gap.on])
    starts = {slot.starts_at for slot in slots}
    concerned = [booking for booking in bookings if booking.starts_at in starts]
    for booking in concerned:
        call_off(session, hour, booking, actor, because)
    tell_hour(session, OfficeHourChanged, hour, actor)
    return len(concerned)


def end(session: Session, actor: Actor, office_hour_id: int, because: str) -> int:
    """Offer it no more; whoever is booked is told. Says how many those are.

    :raises NotFound: if the office hour is not theirs.
    """
    hour, bookings = held(session, actor, office_hour_id)
    if hour.ended_at is not None:
        return 0
    close(session, hour, bookings, actor, because)
    return len(bookings)


def close(
    session: Session, hour: OfficeHour, bookings: list[Booking], actor: Actor | None, because: str
) -> None:
    """End an office hour with everything that is booked.

    :param actor: ``None``: the host is not there any more.
    """
    hour.ended_at = clock.now()
    for booking in bookings:
        call_off(session, hour, booking, actor, because)
    tell_hour(session, OfficeHourChanged, hour, actor)


def note_missed(session: Session, actor: Actor, booking_id: int, *, missed: bool) -> Booking:
    """Note that somebody did not come, or take that back. Only the two see it; it counts for nothing.

    :raises NotFound: if the booking does not concern them.
    :raises NotAllowed: for anybody but the host.
    :raises Conflict: if the meeting has not begun, or did not take place.
    """
    booking, hour = booking_of(session, actor, booking_id)
    if not access.is_host(actor, hour):
        raise NotAllowed(_("Only the host of the meeting says who did not come."))
    hold(session, hour.tenant_id, (hour.host_id, booking.user_id))
    again(session, hour, booking)
    if booking.starts_at > clock.now():
        raise Conflict(_("This meeting has not begun yet."))
    if booking.state not in {BookingState.BOOKED, BookingState.MISSED}:
        raise Conflict(_("This meeting did not take place for them."))
    booking.state = BookingState.MISSED if missed else BookingState.BOOKED
    booking.changed_at, booking.next_at = clock.now(), None
    session.flush()
    return booking


def held(session: Session, actor: Actor, office_hour_id: int) -> tuple[OfficeHour, list[Booking]]:
    """An office hour of the actor's own with all bookings to come, and the time of everybody concerned held.

    :raises NotFound: if it is not theirs.
    """
    return held_by_clock(session, own(session, actor, office_hour_id))


def held_by_clock(session: Session, hour: OfficeHour) -> tuple[OfficeHour, list[Booking]]:
    """:func:`held` for whoever has asked who may, or for the clock."""
    concerned = {booking.user_id for booking in _to_come(session, hour)}
    hold(session, hour.tenant_id, {hour.host_id, *concerned})
    again(session, hour)
    # With the host held nobody new gets in. Who booked between the two looks is not held themselves: should they book
    # elsewhere in the same instant, the worst that comes of it is two meetings at one time, of which they hear.
    return hour, _to_come(session, hour)


def _to_come(session: Session, hour: OfficeHour) -> list[Booking]:
    statement = select(Booking).where(
        Booking.office_hour_id == hour.id, Booking.state.in_(LIVE), Booking.starts_at > clock.now()
    )
    ordered = statement.order_by(Booking.starts_at, Booking.made_at, Booking.id)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def call_off(session: Session, hour: OfficeHour, booking: Booking, actor: Actor | None, because: str) -> None:
    """Call one booking off; its person is told. Who only waited is told as well, that they need not any more."""
    had_place = booking.state is BookingState.BOOKED
    let_go(booking, BookingState.CALLED_OFF, because)
    session.flush()
    tell_cancelled(session, hour, booking, actor, by_host=True, had_place=had_place)
