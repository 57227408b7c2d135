"""When the meetings of an office hour are. Pure: a pattern by somebody's wall clock in, moments out.

The wall clock stays right across changes between summer and winter time, as the begin is kept by the clock of the
host's zone, and turned into a moment day by day. Two kinds of local times need a decision, and RFC 5545 §3.3.5 makes
it, for calendars have to come to the same one: a time that the clocks skip is read with the offset before the gap
(02:30 becomes 03:30), and one that they repeat is the first of the two. Meetings of one day follow each other by the
time that passes, whatever clocks say meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_KEY = "%Y%m%dT%H%MZ"
WEEK = timedelta(days=7)


class Odd(StrEnum):
    """What a change of the clocks does to a local time."""

    NOTHING = ""
    SKIPPED = "skipped"
    """There is no such time on that day; the moment is later by the clock."""
    REPEATED = "repeated"
    """It is there twice; the moment is the first of the two."""


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """When an office hour takes place."""

    zone: ZoneInfo
    weekly: bool
    first_on: date
    last_on: date | None = None
    begins: time
    minutes: int
    meetings: int = 1
    pause: int = 0
    """Minutes between two meetings."""
    gaps: frozenset[date] = field(default_factory=frozenset)

    @property
    def step(self) -> timedelta:
        """From the begin of one meeting to that of the next on the same day."""
        return timedelta(minutes=self.minutes + self.pause)

    @property
    def whole(self) -> timedelta:
        """From the begin of the first to the end of the last on one day."""
        return self.step * self.meetings - timedelta(minutes=self.pause)


@dataclass(frozen=True, order=True)
class Slot:
    """One meeting."""

    starts_at: datetime
    ends_at: datetime
    on: date
    """The day of the office hour it belongs to, by the clock of the host; it may begin after midnight."""
    number: int
    """Which one of that day, from 0."""


def moment(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, Odd]:
    """The moment (UTC) at which a clock of ``zone`` shows ``at`` on ``day``, and whether that was a question."""
    local = datetime.combine(day, at.replace(fold=0), zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return found, Odd.SKIPPED
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        return found, Odd.REPEATED
    return found, Odd.NOTHING


def takes_place(pattern: Pattern, day: date) -> bool:
    """Whether there are meetings on a day."""
    if day in pattern.gaps:
        return False
    if not pattern.weekly:
        return day == pattern.first_on
    is_over = pattern.last_on is not None and day > pattern.last_on
    return day >= pattern.first_on and not is_over and day.weekday() == pattern.first_on.weekday()


def of_day(pattern: Pattern, day: date) -> list[Slot]:
    """The meetings of one day, in their order."""
    if not takes_place(pattern, day):
        return []
    begin, _odd = moment(day, pattern.begins, pattern.zone)
    length = timedelta(minutes=pattern.minutes)
    starts = (begin + pattern.step * number for number in range(pattern.meetings))
    return [Slot(start, start + length, day, number) for number, start in enumerate(starts)]


def days(pattern: Pattern, first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last`` on which it takes place."""
    if not pattern.weekly:
        if first <= pattern.first_on <= last and takes_place(pattern, pattern.first_on):
            yield pattern.first_on
        return
    day = max(first, pattern.first_on)
    day += timedelta(days=(pattern.first_on.weekday() - day.weekday()) % 7)
    while day <= last:
        if takes_place(pattern, day):
            yield day
        day += WEEK


def slots(pattern: Pattern, after: datetime, until: datetime) -> list[Slot]:
    """The meetings that begin after a moment and not after another, in their order."""
    first = after.astimezone(pattern.zone).date() - timedelta(
        days=1
    )  # those of yesterday may go over midnight
    last = until.astimezone(pattern.zone).date()
    found = (slot for day in days(pattern, first, last) for slot in of_day(pattern, day))
    return [slot for slot in found if after < slot.starts_at <= until]


def slot_at(pattern: Pattern, starts_at: datetime) -> Slot | None:
    """The meeting that begins at a moment; ``None`` if there is none (any more)."""
    today = starts_at.astimezone(pattern.zone).date()
    near = (slot for back in (0, 1) for slot in of_day(pattern, today - timedelta(days=back)))
    return next((slot for slot in near if slot.starts_at == starts_at), None)


def counterpart(before: Pattern, starts_at: datetime, after: Pattern) -> Slot | None:
    """What becomes of a meeting when its office hour is changed: the one of the same number in the same week.

    What takes place once has one day, so its meetings go wherever that is. ``None``: the meeting is not there any more.
    """
    slot = slot_at(before, starts_at)
    if slot is None:
        return None
    day = after.first_on
    if after.weekly:
        day = same_week(slot.on, after.first_on)
    return next((one for one in of_day(after, day) if one.number == slot.number), None)


def same_week(day: date, like: date) -> date:
    """The day in the week of ``day`` that is the same day of the week as ``like``; weeks begin on Monday."""
    return day + timedelta(days=like.weekday() - day.weekday())


def key_of(starts_at: datetime) -> str:
    """A begin as it stands in addresses: ``20261124T0900Z``."""
    return starts_at.astimezone(UTC).strftime(_KEY)


def of_key(key: str) -> datetime | None:
    """The begin that :func:`key_of` wrote; ``None`` if it wrote nothing like it.

    Of the first and the last year there is none: in another zone it might be a day that calendars do not have.
    """
    try:
        found = datetime.strptime(key, _KEY).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if MINYEAR < found.year < MAXYEAR else None
