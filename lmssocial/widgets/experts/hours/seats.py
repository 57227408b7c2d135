"""Places in meetings: who is busy, which place is free, and who is next when one comes free.

Whoever calls holds the host's time (:func:`lmssocial.widgets.experts.people.rows.hold`), so that all who want a place
in a meeting follow each other. The unique constraint on places stands behind that.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.widgets.experts.hours.telling import tell_offered
from lmssocial.widgets.experts.hours_models import TAKES_A_SEAT, Booking, BookingState, OfficeHour

OFFER_HOURS = 12
"""How long a place that came free is kept for the next on the list, or half of the time that is left."""
TOO_LATE = timedelta(minutes=10)
"""So shortly before a meeting begins a place that comes free is offered to nobody."""
DAY_BEFORE, HOUR_BEFORE = timedelta(hours=24), timedelta(hours=1)
"""When whoever comes, and the host, are reminded."""
LIVE = (BookingState.WAITING, BookingState.OFFERED, BookingState.BOOKED)
"""The states of a booking from which something may still come."""


def is_busy(
    session: Session,
    user_id: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    hour: OfficeHour,
    but: int = 0,
) -> bool:
    """Whether somebody has another meeting meanwhile, as whoever comes or as its host, in whatever course.

    :param hour: other people in the meeting of this one that begins then are no other meeting of its host.
    :param but: a booking that does not count, for it is about to be another one.
    """
    as_host = and_(
        OfficeHour.host_id == user_id,
        not_(and_(Booking.office_hour_id == hour.id, Booking.starts_at == starts_at)),
    )
    statement = (
        select(Booking.id)
        .join(OfficeHour, OfficeHour.id == Booking.office_hour_id)
        .where(
            Booking.state == BookingState.BOOKED,
            Booking.starts_at < ends_at,
            Booking.ends_at > starts_at,
            Booking.id != but,
            or_(Booking.user_id == user_id, as_host),
        )
        .limit(1)
    )
    return session.scalar(statement) is not None


def free_seat(session: Session, hour: OfficeHour, starts_at: datetime) -> int | None:
    """The number of a place that nobody has; ``None`` if all are taken, or the host called the meeting off."""
    rows = session.execute(
        select(Booking.seat, Booking.state).where(
            Booking.office_hour_id == hour.id, Booking.starts_at == starts_at, Booking.seat.is_not(None)
        )
    ).all()
    taken = {row.seat for row in rows if row.state in TAKES_A_SEAT}
    if len(taken) >= hour.seats or any(row.state is BookingState.CALLED_OFF for row in rows):
        return None
    return next(number for number in range(1, hour.seats + 1) if number not in taken)


def is_called_off(session: Session, hour: OfficeHour, starts_at: datetime) -> bool:
    """Whether the host called a meeting off: its places stay taken, so that nobody books it again."""
    statement = select(Booking.id).where(
        Booking.office_hour_id == hour.id,
        Booking.starts_at == starts_at,
        Booking.state == BookingState.CALLED_OFF,
        Booking.seat.is_not(None),
    )
    return session.scalar(statement.limit(1)) is not None


def offer_next(session: Session, hour: OfficeHour, starts_at: datetime) -> int:
    """Keep free places of a meeting for those who wait, first come, first served; says for how many.

    Who has another meeting then keeps their place on the list, and is passed over.
    """
    now = clock.now()
    if starts_at - now < TOO_LATE or hour.ended_at is not None:
        return 0
    until = now + min(timedelta(hours=OFFER_HOURS), (starts_at - now) / 2)
    offered = 0
    for booking in _waiting(session, hour, starts_at):
        seat = free_seat(session, hour, starts_at)
        if seat is None:
            break
        if is_busy(session, booking.user_id, booking.starts_at, booking.ends_at, hour=hour):
            continue
        booking.state, booking.seat, booking.next_at = BookingState.OFFERED, seat, until
        booking.changed_at = now
        session.flush()
        tell_offered(session, hour, booking, until)
        offered += 1
    return offered


def _waiting(session: Session, hour: OfficeHour, starts_at: datetime) -> list[Booking]:
    statement = select(Booking).where(
        Booking.office_hour_id == hour.id,
        Booking.starts_at == starts_at,
        Booking.state == BookingState.WAITING,
    )
    return list(session.scalars(statement.order_by(Booking.made_at, Booking.id)))


def waiting_before(session: Session, booking: Booking) -> int:
    """How many are before somebody on the list of a meeting."""
    earlier = or_(
        Booking.made_at < booking.made_at,
        and_(Booking.made_at == booking.made_at, Booking.id < booking.id),
    )
    statement = select(func.count(Booking.id)).where(
        Booking.office_hour_id == booking.office_hour_id,
        Booking.starts_at == booking.starts_at,
        Booking.state == BookingState.WAITING,
        earlier,
    )
    return session.scalar(statement) or 0


def reminder_due(starts_at: datetime, now: datetime) -> datetime | None:
    """When the next reminder of a meeting is due; ``None``: there is none any more."""
    due = (starts_at - before for before in (DAY_BEFORE, HOUR_BEFORE))
    return next((moment for moment in due if moment > now), None)


def let_go(booking: Booking, state: BookingState, because: str = "") -> None:
    """End a booking; its place is free."""
    booking.state, booking.seat, booking.next_at, booking.because = state, None, None, because
    booking.sequence += 1
    booking.changed_at = clock.now()
