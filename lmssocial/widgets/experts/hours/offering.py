"""Offering office hours, and changing them with everything that is booked. Nothing here commits."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.reach import zone_named
from lmssocial.widgets.experts.hours import access, times
from lmssocial.widgets.experts.hours.drafts import OfficeHourDraft
from lmssocial.widgets.experts.hours.finding import pattern, pattern_of, reach_of
from lmssocial.widgets.experts.hours.hosting import held
from lmssocial.widgets.experts.hours.moving import follow
from lmssocial.widgets.experts.hours.seats import offer_next
from lmssocial.widgets.experts.hours.telling import tell_hour
from lmssocial.widgets.experts.hours.times import Pattern
from lmssocial.widgets.experts.hours_events import OfficeHourChanged, OfficeHourOffered
from lmssocial.widgets.experts.hours_models import TAKES_A_SEAT, Booking, Gap, OfficeHour

MOST = 10
"""Office hours that one person offers in one community at the same time."""
LONGEST_DAY = timedelta(hours=16)
"""From the begin of the first meeting of a day to the end of the last."""
FURTHEST = timedelta(days=366)
"""How far ahead the first day may be; what is further is a slip of the finger."""


def offer(session: Session, actor: Actor, placement_id: int, draft: OfficeHourDraft) -> OfficeHour:
    """Be there for others.

    :param draft: with words that the policies let pass.
    :raises NotAllowed: for those who offer none.
    :raises Invalid: if it could never be booked.
    :raises Conflict: if they offer enough already.
    """
    access.require_offers(actor, reach_of(session, actor))
    offered = select(func.count(OfficeHour.id)).where(
        OfficeHour.community_id == actor.community_id,
        OfficeHour.host_id == actor.user_id,
        OfficeHour.ended_at.is_(None),
    )
    if (session.scalar(offered) or 0) >= MOST:
        raise Conflict(_("You offer %(num)s office hours. End one of them first.", num=MOST))
    _check_zone(draft)
    hour = OfficeHour(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        host_id=actor.user_id,
        **asdict(draft),
    )
    check(pattern_of(hour, ()), is_new=True)
    session.add(hour)
    session.flush()
    tell_hour(session, OfficeHourOffered, hour, actor)
    return hour


def change(session: Session, actor: Actor, office_hour_id: int, draft: OfficeHourDraft, seen: int) -> int:
    """Change an office hour; what is booked follows, or is called off where it cannot. Says how often that was.

    :param seen: the version that was before the host.
    :raises NotFound: if it is not theirs.
    :raises Invalid: if it could never be booked, or has fewer places than are taken.
    :raises Conflict: if it was ended or changed meanwhile, or the host has other meetings at the new times.
    """
    hour, bookings = held(session, actor, office_hour_id)
    access.require_offers(actor, reach_of(session, actor))
    if hour.ended_at is not None:
        raise Conflict(_("This office hour was ended. Offer a new one."))
    if hour.version != seen:
        raise Conflict(
            _("You changed it meanwhile, perhaps in another window. Look at it again, and change it then.")
        )
    before = pattern(session, hour)
    _check_zone(draft)
    _check_seats(session, hour, draft.seats)
    words = (hour.title, hour.place)
    for name, value in asdict(draft).items():
        setattr(hour, name, value)
    after = _with_gaps(session, hour, before)
    check(after, is_new=False)
    lost = 0
    if after != before or words != (hour.title, hour.place):
        lost = follow(session, actor, hour, bookings, before, after)
    session.flush()
    tell_hour(session, OfficeHourChanged, hour, actor)
    for starts_at in sorted({booking.starts_at for booking in bookings}):
        offer_next(session, hour, starts_at)
    return lost


def check(pattern: Pattern, *, is_new: bool) -> None:
    """See that an office hour can take place.

    :raises Invalid: if it cannot.
    """
    if pattern.whole > LONGEST_DAY:
        raise Invalid(_("These meetings would take more than 16 hours. Offer fewer, or shorter ones."))
    if pattern.last_on is not None and pattern.weekly and pattern.last_on < pattern.first_on:
        raise Invalid(_("The last day is before the first."))
    now = clock.now()
    if pattern.first_on > now.date() + FURTHEST:
        raise Invalid(_("This day is more than a year away. Choose an earlier one."))
    if is_new and not _is_to_come(pattern, now):
        raise Invalid(_("This day and time are over. Choose a later one."))


def _is_to_come(pattern: Pattern, now: datetime) -> bool:
    """Whether there is a meeting that has not begun."""
    if pattern.weekly and pattern.last_on is None:
        return True
    last = pattern.last_on if pattern.weekly and pattern.last_on else pattern.first_on
    days = times.days(pattern, max(pattern.first_on, now.date() - timedelta(days=2)), last)
    return any(slot.starts_at > now for day in days for slot in times.of_day(pattern, day))


def _check_zone(draft: OfficeHourDraft) -> None:
    if zone_named(draft.zone) is None:
        raise Invalid(_("Choose a time zone from the list."))


def _check_seats(session: Session, hour: OfficeHour, seats: int) -> None:
    """See that nobody loses a place only because there are fewer."""
    taken = (
        select(func.count(Booking.id).label("number"))
        .where(
            Booking.office_hour_id == hour.id,
            Booking.starts_at > clock.now(),
            Booking.state.in_(TAKES_A_SEAT),
        )
        .group_by(Booking.starts_at)
        .subquery()
    )
    most = session.scalar(select(func.max(taken.c.number))) or 0
    if seats < most:
        raise Invalid(
            _(
                "%(num)s people are booked for one of the meetings, so there have to be as many places.",
                num=most,
            )
        )


def _with_gaps(session: Session, hour: OfficeHour, before: Pattern) -> Pattern:
    """The new pattern; days that were left out stay left out, also if they are other days of the week now."""
    gaps = before.gaps
    if hour.weekly and before.weekly and hour.first_on.weekday() != before.first_on.weekday():
        gaps = frozenset(times.same_week(day, hour.first_on) for day in before.gaps)
        session.execute(delete(Gap).where(Gap.office_hour_id == hour.id))
        session.add_all(Gap(office_hour_id=hour.id, on=day) for day in gaps)
    elif not hour.weekly and hour.first_on in gaps:
        session.execute(delete(Gap).where(Gap.office_hour_id == hour.id, Gap.on == hour.first_on))
        gaps -= {hour.first_on}
    return pattern_of(hour, gaps)
