"""Office hours for tests, made directly as rows. Flushed, not committed."""

from datetime import UTC, date, datetime, time
from typing import Any

from icalendar import Calendar
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.hours_models import OfficeHour
from tests.support.people import Place

MONDAY = date(2026, 3, 9)
"""A week after the day at which the tests' clock stands."""


def make_hour(session: Session, there: Place, host: Actor, **columns: Any) -> OfficeHour:
    """Three meetings of twenty minutes each Monday from 10:00 in Vienna, which is 09:00 UTC in winter."""
    hour = OfficeHour(
        **{
            "tenant_id": there.tenant.id,
            "community_id": there.community.id,
            "placement_id": there.placement.id,
            "host_id": host.user_id,
            "title": "Statistics",
            "weekly": True,
            "first_on": MONDAY,
            "begins": time(10),
            "zone": "Europe/Vienna",
            "minutes": 20,
            "meetings": 3,
            "place": "https://meet.example.edu/tom",
            **columns,
        }
    )
    session.add(hour)
    session.flush()
    return hour


def at(hour: int, minute: int = 0, *, day: int = 9, month: int = 3) -> datetime:
    """A moment of 2026 in UTC; the first meeting of :func:`make_hour` begins ``at(9)``."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def read(text: str | bytes) -> Any:
    """A calendar object as the library of other programs reads it."""
    return Calendar.from_ical(text)
