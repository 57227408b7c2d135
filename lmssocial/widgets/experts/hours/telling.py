"""What happened to office hours and bookings, told to the log."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community
from lmssocial.widgets.experts.hours_events import (
    BookingEvent,
    MeetingCancelled,
    MeetingNear,
    OfficeHourEvent,
    SeatOffered,
)
from lmssocial.widgets.experts.hours_models import Booking, OfficeHour


def tell_hour(session: Session, kind: type[OfficeHourEvent], hour: OfficeHour, actor: Actor | None) -> None:
    """Something happened to an office hour.

    :param actor: who did it; ``None``: the clock.
    """
    record(session, kind(**_about(session, hour, actor)))


def tell(
    session: Session, kind: type[BookingEvent], hour: OfficeHour, booking: Booking, actor: Actor | None
) -> None:
    """Something happened to a booking.

    :param kind: one of the events that have nothing more to say.
    :param actor: who did it; ``None``: the clock.
    """
    record(session, kind(**_about(session, hour, actor), **_of(booking)))


def tell_offered(session: Session, hour: OfficeHour, booking: Booking, until: datetime) -> None:
    """A place is kept for somebody."""
    about = _about(session, hour, None)
    record(session, SeatOffered(**about, **_of(booking), until=until.isoformat()))


def tell_cancelled(
    session: Session,
    hour: OfficeHour,
    booking: Booking,
    actor: Actor | None,
    *,
    by_host: bool,
    had_place: bool = True,
) -> None:
    """A meeting does not take place for somebody, or they need not wait for it any more."""
    about = _about(session, hour, actor)
    record(session, MeetingCancelled(**about, **_of(booking), by_host=by_host, had_place=had_place))


def tell_near(session: Session, hour: OfficeHour, booking: Booking, hours: int) -> None:
    """A meeting is soon."""
    record(session, MeetingNear(**_about(session, hour, None), **_of(booking), hours=hours))


def _about(session: Session, hour: OfficeHour, actor: Actor | None) -> dict[str, Any]:
    community = session.get_one(Community, hour.community_id)
    return {
        "tenant_id": hour.tenant_id,
        "course_id": community.course_id,
        "community_id": hour.community_id,
        "actor_id": actor.user_id if actor else None,
        "actor_role": actor.lead_role if actor else "",
        "placement_id": hour.placement_id,
        "office_hour_id": hour.id,
        "host_id": hour.host_id,
    }


def _of(booking: Booking) -> dict[str, Any]:
    return {
        "booking_id": booking.id,
        "user_id": booking.user_id,
        "starts_at": booking.starts_at.isoformat(),
    }
