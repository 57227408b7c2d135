"""What a host fills in."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, kw_only=True)
class OfficeHourDraft:
    """An office hour as it was filled in; see :class:`~lmssocial.widgets.experts.hours_models.OfficeHour`."""

    title: str
    about: str
    weekly: bool
    first_on: date
    last_on: date | None
    begins: time
    zone: str
    minutes: int
    meetings: int
    pause: int
    seats: int
    notice_hours: int
    horizon_days: int
    place: str
