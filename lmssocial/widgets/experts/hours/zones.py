"""The rules of a time zone as calendars want to be told them (RFC 5545 §3.6.5): every change of its clocks, one by one.

The library could write this, too, but says of the begin of summer time the hour after the change, where the standard
wants the one before: whoever meets in the first hour of summer time would come an hour late.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """From a moment on, the clocks of a zone show something else."""

    at: datetime
    """UTC."""
    before: timedelta
    """The offset from UTC until then."""
    after: timedelta
    is_summer: bool
    name: str
    """``CEST``."""


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[Change]:
    """Every change of the clocks between two moments, in their order."""
    day = first
    while day < last:
        if _shown(zone, day) != _shown(zone, day + _DAY):
            at = _found(zone, day, day + _DAY)
            yield _change(zone, at, _offset(zone, at - _SECOND))
        day += _DAY


@lru_cache(maxsize=256)
def rules(name: str, first_year: int, last_year: int) -> Timezone:
    """The component that tells the rules of a zone in some years, both included."""
    zone = ZoneInfo(name)
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (first_year, last_year + 1))
    made = Timezone()
    made.add("tzid", name)
    for change in (_change(zone, first, _offset(zone, first)), *changes(zone, first, last)):
        part = TimezoneDaylight() if change.is_summer else TimezoneStandard()
        part.add("dtstart", (change.at + change.before).replace(tzinfo=None))
        part.add("tzoffsetfrom", change.before)
        part.add("tzoffsetto", change.after)
        part.add("tzname", change.name)
        made.add_component(part)
    return made


def _change(zone: ZoneInfo, at: datetime, before: timedelta) -> Change:
    local = at.astimezone(zone)
    return Change(at, before, _offset(zone, at), bool(local.dst()), local.tzname() or zone.key)


def _found(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second between two moments at which what clocks show changes."""
    shown = _shown(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _shown(zone, middle) == shown:
            before = middle
        else:
            after = middle
    return after


def _shown(zone: ZoneInfo, at: datetime) -> tuple[timedelta, str | None]:
    return _offset(zone, at), at.astimezone(zone).tzname()


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
