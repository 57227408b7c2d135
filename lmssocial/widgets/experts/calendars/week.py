"""A week of somebody, or of a course: its days, its hours, and in which part of the world."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

HOURS = 24
_DAY = timedelta(days=1)
_MONDAY, _SUNDAY = 1, 7

Window = tuple[datetime, datetime]
"""From a moment up to, and without, another one; both in UTC."""


@dataclass(frozen=True)
class Week:
    """When somebody is waited for. Whatever stands in it, there is always a next open hour.

    Hours that make no sense are the whole day, a zone that nobody knows is UTC, a week without days has all of them.
    """

    zone: str = ""
    """An IANA name."""
    opens: int = 8
    """The hour of the day from which they are waited for, 0 to 23."""
    closes: int = 20
    """The hour until which they are, 1 to 24."""
    days: str = "12345"
    """The days of the week: 1 is Monday."""
    holidays: tuple[str, ...] = ()
    """Days on which nobody is waited for, as ISO 8601 dates."""

    @cached_property
    def place(self) -> tzinfo:
        """Its time zone."""
        try:
            return ZoneInfo(self.zone) if self.zone else UTC
        except (KeyError, ValueError, OSError):
            return UTC

    @cached_property
    def hours(self) -> tuple[int, int]:
        """From which hour to which."""
        fits = 0 <= self.opens < self.closes <= HOURS
        return (self.opens, self.closes) if fits else (0, HOURS)

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """1 is Monday."""
        found = {int(day) for day in self.days if day in "1234567"}
        return frozenset(found or range(_MONDAY, _SUNDAY + 1))

    @cached_property
    def off(self) -> frozenset[date]:
        """Its holidays; what is no date is none."""
        found = set()
        for day in self.holidays:
            try:
                found.add(date.fromisoformat(day))
            except ValueError:
                continue
        return frozenset(found)

    def works_on(self, day: date) -> bool:
        """Whether anybody is waited for on that day."""
        return day.isoweekday() in self.weekdays and day not in self.off

    def day_of(self, moment: datetime) -> date:
        """On which day a moment is there."""
        return moment.astimezone(self.place).date()

    def open_on(self, day: date) -> Window:
        """Its open hours of one day; none are left where the clock is put forward over all of them."""
        opens, closes = self.hours
        return self._at(day, opens), self._at(day, closes)

    def whole(self, day: date) -> Window:
        """The whole of one day, which may have 23 or 25 hours."""
        return self._at(day, 0), self._at(day, HOURS)

    def _at(self, day: date, hour: int) -> datetime:
        """Where a clock that is put back shows an hour twice, the first; one that it leaves out is an hour later."""
        if hour == HOURS:
            day, hour = day + _DAY, 0
        return datetime.combine(day, time(hour), tzinfo=self.place).astimezone(UTC)

    def days_from(self, moment: datetime, step: int = 1) -> Iterator[date]:
        """Its working days from the one of a moment on; backwards with ``step=-1``."""
        day = self.day_of(moment)
        while True:
            if self.works_on(day):
                yield day
            day += step * _DAY
