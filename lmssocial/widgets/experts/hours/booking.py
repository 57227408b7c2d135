"""Coming to a meeting: booking it, waiting for a place, taking one, cancelling, moving. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Gone, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.hours import access, times
from lmssocial.widgets.experts.hours.finding import again, booking_of, found, pattern
from lmssocial.widgets.experts.hours.seats import (
    LIVE,
    free_seat,
    is_busy,
    is_called_off,
    let_go,
    offer_next,
    reminder_due,
)
from lmssocial.widgets.experts.hours.telling import tell, tell_cancelled
from lmssocial.widgets.experts.hours.times import Slot
from lmssocial.widgets.experts.hours_events import MeetingBooked, MeetingWaited
from lmssocial.widgets.experts.hours_models import Booking, BookingState, OfficeHour
from lmssocial.widgets.experts.models import Question
from lmssocial.widgets.experts.people.rows import hold

MOST_AHEAD = 3
"""Meetings of one office hour that one person has booked, or waits for, at the same time."""


class Full(Conflict):
    """Every place of the meeting is taken; whoever wants one may wait for it."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody comes with."""

    note: str = ""
    """What it is about, for the host: a sentence that the policies let pass."""
    question_id: int | None = None
    """A question of their own, if they asked before."""


def book(
    session: Session, actor: Actor, office_hour_id: int, starts_at: datetime, wish: Wish | None = None
) -> Booking:
    """Take a place in a meeting.

    :raises NotFound: if there is no such office hour here.
    :raises NotAllowed: for its host, and for test users of the LMS.
    :raises Gone: if no meeting begins then, or none of it is offered any more.
    :raises Full: if no place is free.
    :raises Conflict: if it is too early or too late to book it, or one of the two has another meeting meanwhile.
    """
    hour, slot = _wanted(session, actor, office_hour_id, starts_at)
    return _take_seat(session, actor, hour, slot, wish or Wish(), None)


def wait(
    session: Session, actor: Actor, office_hour_id: int, starts_at: datetime, wish: Wish | None = None
) -> Booking:
    """Wait for a place in a meeting. If one came free meanwhile, it is taken at once.

    :raises NotFound: as :func:`book`, as are the others.
    :raises Conflict: likewise.
    """
    hour, slot = _wanted(session, actor, office_hour_id, starts_at)
    if is_called_off(session, hour, slot.starts_at):
        raise Gone(_("This meeting was called off by its host."))
    if free_seat(session, hour, slot.starts_at) is not None:
        return _take_seat(session, actor, hour, slot, wish or Wish(), None)
    _check_own_time(session, actor, hour, slot, but=0)
    booking = _row(session, actor, hour, slot, wish or Wish())
    booking.state, booking.next_at = BookingState.WAITING, slot.starts_at
    session.add(booking)
    session.flush()
    tell(session, MeetingWaited, hour, booking, actor)
    return booking


def take(session: Session, actor: Actor, booking_id: int) -> Booking:
    """Take the place that is kept for somebody who waited.

    :raises NotFound: if the booking is not theirs.
    :raises Gone: if it is not kept for them any more.
    :raises Conflict: if one of the two has another meeting meanwhile.
    """
    booking, hour = _mine(session, actor, booking_id)
    now = clock.now()
    if booking.state is not BookingState.OFFERED or booking.next_at is None or booking.next_at <= now:
        raise Gone(_("This place is not kept for you any more."))
    _check_own_time(session, actor, hour, booking, but=booking.id)
    _check_host_time(session, hour, booking, but=booking.id)
    booking.state, booking.changed_at = BookingState.BOOKED, now
    booking.next_at = reminder_due(booking.starts_at, now)
    session.flush()
    tell(session, MeetingBooked, hour, booking, actor)
    return booking


def cancel(session: Session, actor: Actor, booking_id: int, because: str = "") -> Booking:
    """Do not come, or wait no more; whoever waits is offered the place.

    :param because: for the host, who reads it with the cancellation.
    :raises NotFound: if the booking is not theirs.
    :raises Conflict: if it is over, or the meeting has begun.
    """
    booking, hour = _mine(session, actor, booking_id)
    _check_alive(booking)
    _cancel(session, actor, hour, booking, because)
    return booking


def move(session: Session, actor: Actor, booking_id: int, starts_at: datetime) -> Booking:
    """Come to another meeting of the same office hour: a new booking, and the old one is cancelled with it.

    :raises NotFound: if the booking is not theirs.
    :raises Conflict: if the old one is over, or as :func:`book`.
    """
    old, hour = _mine(session, actor, booking_id)
    _check_alive(old)
    slot = _slot(session, hour, starts_at)
    if slot.starts_at == old.starts_at:
        raise Conflict(_("This is the meeting that you have booked already."))
    wish = Wish(note=old.note, question_id=old.question_id)
    new = _take_seat(session, actor, hour, slot, wish, old)
    _cancel(session, actor, hour, old, "")
    return new


def _wanted(
    session: Session, actor: Actor, office_hour_id: int, starts_at: datetime
) -> tuple[OfficeHour, Slot]:
    """The meeting, with the time of both held."""
    hour = found(session, actor, office_hour_id)
    access.require_books(actor, hour)
    hold(session, hour.tenant_id, (hour.host_id, actor.user_id))
    again(session, hour)
    return hour, _slot(session, hour, starts_at)


def _mine(session: Session, actor: Actor, booking_id: int) -> tuple[Booking, OfficeHour]:
    """A booking of the actor's own, with the time of both held."""
    booking, hour = booking_of(session, actor, booking_id)
    if booking.user_id != actor.user_id:
        raise NotAllowed(_("This is the booking of somebody else. As its host you can call the meeting off."))
    hold(session, hour.tenant_id, (hour.host_id, actor.user_id))
    again(session, hour, booking)
    return booking, hour


def _slot(session: Session, hour: OfficeHour, starts_at: datetime) -> Slot:
    """The meeting that begins then, if it can be booked now."""
    slot = None if hour.ended_at else times.slot_at(pattern(session, hour), starts_at)
    if slot is None:
        raise Gone(_("This meeting does not take place. Choose another one in the list of office hours."))
    ahead = starts_at - clock.now()
    if ahead < timedelta(hours=hour.notice_hours) or ahead <= timedelta():
        raise Conflict(
            ngettext(
                "It is too late for this meeting: it is booked at least %(num)s hour before.",
                "It is too late for this meeting: it is booked at least %(num)s hours before.",
                hour.notice_hours,
            )
        )
    if ahead > timedelta(days=hour.horizon_days):
        raise Conflict(
            ngettext(
                "It is too early for this meeting: it can be booked from %(num)s day before.",
                "It is too early for this meeting: it can be booked from %(num)s days before.",
                hour.horizon_days,
            )
        )
    return slot


def _take_seat(
    session: Session, actor: Actor, hour: OfficeHour, slot: Slot, wish: Wish, instead: Booking | None
) -> Booking:
    """Book it.

    :param instead: a booking that is cancelled right after.
    """
    but = instead.id if instead else 0
    _check_own_time(session, actor, hour, slot, but=but)
    _check_host_time(session, hour, slot, but=but)
    if is_called_off(session, hour, slot.starts_at):
        raise Gone(_("This meeting was called off by its host."))
    seat = free_seat(session, hour, slot.starts_at)
    if seat is None:
        raise _full()
    now, booking = clock.now(), _row(session, actor, hour, slot, wish)
    booking.state, booking.seat = BookingState.BOOKED, seat
    booking.next_at = reminder_due(slot.starts_at, now)
    try:
        with session.begin_nested():
            session.add(booking)
    except (
        IntegrityError
    ) as error:  # nobody comes this far while the host's time is held; the constraint is the last word
        raise _full() from error
    tell(session, MeetingBooked, hour, booking, actor)
    return booking


def _full() -> Full:
    return Full(_("Somebody else was faster: this meeting is full. You can wait for a place."))


def _row(session: Session, actor: Actor, hour: OfficeHour, slot: Slot, wish: Wish) -> Booking:
    now = clock.now()
    return Booking(
        uuid=str(uuid4()),
        tenant_id=hour.tenant_id,
        community_id=hour.community_id,
        office_hour_id=hour.id,
        user_id=actor.user_id,
        question_id=_own_question(session, actor, wish.question_id),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        note=wish.note,
        made_at=now,
        changed_at=now,
    )


def _own_question(session: Session, actor: Actor, question_id: int | None) -> int | None:
    if question_id is None:
        return None
    own = select(Question.id).where(
        Question.id == question_id,
        Question.asker_id == actor.user_id,
        Question.community_id == actor.community_id,
    )
    return session.scalar(own)


def _check_own_time(
    session: Session, actor: Actor, hour: OfficeHour, slot: Slot | Booking, *, but: int
) -> None:
    mine = select(Booking.starts_at).where(
        Booking.office_hour_id == hour.id,
        Booking.user_id == actor.user_id,
        Booking.state.in_(LIVE),
        Booking.starts_at > clock.now(),
        Booking.id != but,
    )
    ahead = list(session.scalars(mine))
    if slot.starts_at in ahead:
        raise Conflict(_("You have booked this meeting already, or wait for a place in it."))
    if len(ahead) >= MOST_AHEAD:
        raise Conflict(
            _(
                "You have booked %(num)s meetings of this office hour. Others want to come, too: cancel one first.",
                num=len(ahead),
            )
        )
    if is_busy(session, actor.user_id, slot.starts_at, slot.ends_at, hour=hour, but=but):
        raise Conflict(
            _("You have another meeting at this time. Move that one first, or choose another time.")
        )


def _check_host_time(session: Session, hour: OfficeHour, slot: Slot | Booking, *, but: int) -> None:
    if is_busy(session, hour.host_id, slot.starts_at, slot.ends_at, hour=hour, but=but):
        raise Conflict(_("The host has another meeting at this time by now. Choose another time."))


def _check_alive(booking: Booking) -> None:
    if booking.state not in LIVE:
        raise Conflict(_("This booking is over already."))
    if booking.starts_at <= clock.now():
        raise Conflict(_("This meeting has begun, so nothing about it can be changed any more."))


def _cancel(session: Session, actor: Actor, hour: OfficeHour, booking: Booking, because: str) -> None:
    had_place = booking.state is BookingState.BOOKED
    had_seat = booking.seat is not None
    let_go(booking, BookingState.CANCELLED, because)
    session.flush()
    if had_place:
        tell_cancelled(session, hour, booking, actor, by_host=False)
    if had_seat:
        offer_next(session, hour, booking.starts_at)
