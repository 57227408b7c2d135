"""Office hours and bookings found, and held while something about them is decided. Nothing here commits."""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.reach import zone_named
from lmssocial.widgets.experts.hours import access
from lmssocial.widgets.experts.hours.times import Pattern
from lmssocial.widgets.experts.hours_models import Booking, Gap, OfficeHour
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Profile


def found(session: Session, actor: Actor, office_hour_id: int) -> OfficeHour:
    """An office hour of the actor's community, also one that is over.

    :raises NotFound: if there is none of that number there.
    """
    hour = session.scalar(
        select(OfficeHour).where(
            OfficeHour.id == office_hour_id, OfficeHour.community_id == actor.community_id
        )
    )
    if hour is None:
        raise NotFound(
            _("There is no office hour at this address."),
            reason=f"no office hour {office_hour_id} in community {actor.community_id}",
        )
    return hour


def own(session: Session, actor: Actor, office_hour_id: int) -> OfficeHour:
    """An office hour of the actor's own.

    :raises NotFound: if there is none of that number, or it is somebody else's.
    """
    hour = found(session, actor, office_hour_id)
    if not access.is_host(actor, hour):
        raise NotFound(
            _("This office hour is not yours."), reason=f"user {actor.user_id} is not the host of {hour.id}"
        )
    return hour


def booking_of(session: Session, actor: Actor, booking_id: int) -> tuple[Booking, OfficeHour]:
    """A booking that concerns the actor, with its office hour.

    :raises NotFound: if there is none of that number, or it is not theirs to see.
    """
    row = session.execute(
        select(Booking, OfficeHour)
        .join(OfficeHour, OfficeHour.id == Booking.office_hour_id)
        .where(Booking.id == booking_id, access.seen_by(actor))
    ).first()
    if row is None:
        raise NotFound(
            _("There is no booking at this address, or it is not yours."),
            reason=f"no booking {booking_id} that user {actor.user_id} sees",
        )
    return row.Booking, row.OfficeHour


def reach_of(session: Session, actor: Actor) -> Reach | None:
    """How far the actor's profile here reaches; ``None`` if they have none."""
    return session.scalar(
        select(Profile.reach).where(
            Profile.community_id == actor.community_id, Profile.user_id == actor.user_id
        )
    )


def again(session: Session, hour: OfficeHour, *bookings: Booking) -> None:
    """Read rows once more, now that the people are held: somebody may have changed them meanwhile."""
    for row in (hour, *bookings):
        session.refresh(row)


def pattern_of(hour: OfficeHour, gaps: Iterable[date]) -> Pattern:
    """When it takes place."""
    return Pattern(
        zone=zone_of(hour),
        weekly=hour.weekly,
        first_on=hour.first_on,
        last_on=hour.last_on,
        begins=hour.begins,
        minutes=hour.minutes,
        meetings=hour.meetings,
        pause=hour.pause,
        gaps=frozenset(gaps),
    )


def pattern(session: Session, hour: OfficeHour) -> Pattern:
    """When it takes place. One query."""
    return pattern_of(hour, session.scalars(select(Gap.on).where(Gap.office_hour_id == hour.id)))


def gaps_of(session: Session, office_hour_ids: Sequence[int]) -> dict[int, list[date]]:
    """The days on which some office hours do not take place. One query."""
    rows = session.execute(select(Gap.office_hour_id, Gap.on).where(Gap.office_hour_id.in_(office_hour_ids)))
    gaps: dict[int, list[date]] = {}
    for office_hour_id, on in rows:
        gaps.setdefault(office_hour_id, []).append(on)
    return gaps


def zone_of(hour: OfficeHour) -> ZoneInfo:
    """The zone of the host's clock; UTC if its name is not known any more."""
    return zone_named(hour.zone) or ZoneInfo("UTC")
