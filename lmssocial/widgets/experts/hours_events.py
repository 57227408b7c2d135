"""What happens to office hours and to those who come."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event
from lmssocial.widgets.experts.events import ExpertsEvent


@dataclass(frozen=True, kw_only=True)
class OfficeHourEvent(ExpertsEvent):
    """Something happened to an office hour."""

    office_hour_id: int
    host_id: int


@dataclass(frozen=True, kw_only=True)
class OfficeHourOffered(OfficeHourEvent):
    """Somebody can be met."""

    name: ClassVar[str] = "experts.office_hour_offered"


@dataclass(frozen=True, kw_only=True)
class OfficeHourChanged(OfficeHourEvent):
    """Its time, place or size is another one, or it is not offered any more."""

    name: ClassVar[str] = "experts.office_hour_changed"


@dataclass(frozen=True, kw_only=True)
class BookingEvent(OfficeHourEvent):
    """Something happened to a booking."""

    booking_id: int
    user_id: int
    """Who comes."""
    starts_at: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, kw_only=True)
class MeetingBooked(BookingEvent):
    """Somebody comes."""

    name: ClassVar[str] = "experts.meeting_booked"


@dataclass(frozen=True, kw_only=True)
class MeetingWaited(BookingEvent):
    """Somebody is on the waiting list."""

    name: ClassVar[str] = "experts.meeting_waited"


@dataclass(frozen=True, kw_only=True)
class SeatOffered(BookingEvent):
    """A place came free, and is kept for the next on the list."""

    name: ClassVar[str] = "experts.seat_offered"

    until: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, kw_only=True)
class MeetingChanged(BookingEvent):
    """Its place or length is another one."""

    name: ClassVar[str] = "experts.meeting_changed"


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(BookingEvent):
    """It does not take place for this person."""

    name: ClassVar[str] = "experts.meeting_cancelled"

    by_host: bool
    had_place: bool = True
    """Whether they had a place; else they only waited for one, and calendars know nothing of it."""


@dataclass(frozen=True, kw_only=True)
class MeetingNear(BookingEvent):
    """It is soon."""

    name: ClassVar[str] = "experts.meeting_near"

    hours: int
    """About how many until it begins."""


EVENT_TYPES: tuple[type[Event], ...] = (
    OfficeHourOffered,
    OfficeHourChanged,
    MeetingBooked,
    MeetingWaited,
    SeatOffered,
    MeetingChanged,
    MeetingCancelled,
    MeetingNear,
)
"""All of them."""
