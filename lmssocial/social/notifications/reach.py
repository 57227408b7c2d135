"""When somebody may be reached: their digest, their quiet hours, in their own time zone. Values and arithmetic only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lmssocial.social.notifications.models import Reachability, Rhythm


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How one person may be reached; the defaults hold for whoever chose nothing."""

    mail: bool = True
    rhythm: Rhythm = Rhythm.DAILY
    hour: int = 7
    """When their digest comes, 0 to 23 by their own clock."""
    day: int = 0
    """On which day a weekly one comes; 0 is Monday."""
    zone: str = ""
    """An IANA name; empty is UTC."""
    quiet_from: time | None = None
    quiet_until: time | None = None

    @property
    def clock(self) -> ZoneInfo:
        """Their time zone; UTC if there is none of that name (any more)."""
        return zone_named(self.zone) or ZoneInfo("UTC")


def reach_of(row: Reachability | None) -> Reach:
    """What a stored row says."""
    if row is None:
        return Reach()
    return Reach(
        mail=row.mail,
        rhythm=row.rhythm,
        hour=row.digest_hour,
        day=row.digest_day,
        zone=row.zone,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
    )


def next_digest(reach: Reach, after: datetime) -> datetime | None:
    """When the next digest is due after a moment; ``None`` if there is none.

    It comes once on each of its days, whatever the clocks do: an hour that they skip is the one after it, and of an
    hour that they repeat it is the first.
    """
    if reach.rhythm is Rhythm.NEVER:
        return None
    today = after.astimezone(reach.clock).date()
    if reach.rhythm is Rhythm.WEEKLY:
        days = [today + timedelta(days=(reach.day - today.weekday()) % 7 + more) for more in (0, 7)]
    else:
        days = [today + timedelta(days=more) for more in (0, 1)]
    return next(moment for day in days if (moment := _at(day, time(reach.hour), reach.clock)) > after)


def period(reach: Reach) -> timedelta:
    """What lies between two digests."""
    return timedelta(days=7 if reach.rhythm is Rhythm.WEEKLY else 1)


def quiet_until(reach: Reach, moment: datetime) -> datetime | None:
    """When the quiet hours end in which ``moment`` lies; ``None`` if it lies in none.

    Quiet hours may go over midnight; from and until the same time means that there are none.
    """
    begin, end = reach.quiet_from, reach.quiet_until
    if begin is None or end is None or begin == end:
        return None
    local = moment.astimezone(reach.clock)
    now = local.time()
    is_quiet = begin <= now < end if begin < end else (now >= begin or now < end)
    if not is_quiet:
        return None
    ends = [
        _at(local.date() + timedelta(days=days), end.replace(fold=fold), reach.clock)
        for days in (0, 1)
        for fold in (0, 1)  # when clocks go back, the end may come twice; quiet is over at the next
    ]
    return min(one for one in ends if one > moment)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name; ``None`` if there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _at(day: date, clock_time: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock_time, zone).astimezone(UTC)
