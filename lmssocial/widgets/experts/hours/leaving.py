"""Who is not there any more: hosts who left or offer nothing now, and people who booked and left. Nothing commits."""

from sqlalchemy import Select, not_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.widgets.experts.hours import access
from lmssocial.widgets.experts.hours.finding import again
from lmssocial.widgets.experts.hours.hosting import close, held_by_clock
from lmssocial.widgets.experts.hours.seats import LIVE, let_go, offer_next
from lmssocial.widgets.experts.hours.telling import tell_cancelled
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from lmssocial.widgets.experts.people.rows import hold

AT_ONCE = 50
"""How many are looked at in one round."""


def abandoned() -> Select[int]:
    """The ids of office hours whose host is not in the course any more, or offers none."""
    statement = select(OfficeHour.id).where(OfficeHour.ended_at.is_(None), not_(access.still_hosts()))
    return statement.order_by(OfficeHour.id).limit(AT_ONCE)


def close_abandoned(session: Session, office_hour_id: int) -> None:
    """End one; whoever is booked is told."""
    hour = session.get_one(OfficeHour, office_hour_id)
    hour, bookings = held_by_clock(session, hour)
    still = select(OfficeHour.id).where(OfficeHour.id == office_hour_id, access.still_hosts())
    if hour.ended_at is not None or session.scalar(still) is not None:
        return
    close(session, hour, bookings, None, _("The host does not offer office hours here any more."))


def orphaned() -> Select[int]:
    """The ids of bookings to come of people who are not in the course any more."""
    statement = select(Booking.id).where(
        Booking.state.in_(LIVE), Booking.starts_at > clock.now(), not_(access.still_comes())
    )
    return statement.order_by(Booking.id).limit(AT_ONCE)


def free_orphaned(session: Session, booking_id: int) -> None:
    """Give the place of one to others; the host is told."""
    booking = session.get_one(Booking, booking_id)
    hour = session.get_one(OfficeHour, booking.office_hour_id)
    hold(session, hour.tenant_id, (hour.host_id, booking.user_id))
    again(session, hour, booking)
    if booking.state not in LIVE or booking.starts_at <= clock.now():
        return
    was_booked, had_seat = booking.state is BookingState.BOOKED, booking.seat is not None
    let_go(booking, BookingState.CANCELLED)
    session.flush()
    if was_booked:
        tell_cancelled(session, hour, booking, None, by_host=False)
    if had_seat:
        offer_next(session, hour, booking.starts_at)
