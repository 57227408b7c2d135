"""When a meeting is, in words: by the reader's clock, with the name of its zone, and by the host's where it differs."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time

from lmssocial.core.kernel.words import gettext as _


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A meeting by one clock."""

    day: str
    """``Tue, Nov 24, 2026``."""
    hours: str
    """``10:00 – 10:20``."""
    zone: str
    """``Europe/Vienna``."""

    @property
    def whole(self) -> str:
        """All of it on one line."""
        return f"{self.day}, {self.hours} ({self.zone})"


def spoken(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, locale: Locale | str) -> Spoken:
    """A meeting by the clock of ``zone``, in a language."""
    begin, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return Spoken(
        day=format_skeleton("yMMMEd", begin.replace(tzinfo=None), locale=locale),
        hours=f"{_clock(begin, locale)} – {_clock(end, locale)}",
        zone=zone_words(zone),
    )


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """The clocks by which one reader is told of meetings."""

    zone: ZoneInfo | None
    """The reader's own; ``None``: nobody knows, so it is the host's."""
    locale: Locale | str

    def said(self, starts_at: datetime, ends_at: datetime, host: ZoneInfo) -> Spoken:
        """A meeting by the reader's clock."""
        return spoken(starts_at, ends_at, self.zone or host, self.locale)

    def of_host(self, starts_at: datetime, ends_at: datetime, host: ZoneInfo) -> Spoken | None:
        """The same by the host's, if that shows something else."""
        if self.zone is None or same_clock(starts_at, self.zone, host):
            return None
        return spoken(starts_at, ends_at, host, self.locale)


def zone_words(zone: ZoneInfo) -> str:
    """The name of a zone as people read it."""
    return zone.key.replace("_", " ")


def same_clock(moment: datetime, one: ZoneInfo, other: ZoneInfo) -> bool:
    """Whether clocks of both zones show the same at a moment."""
    return moment.astimezone(one).utcoffset() == moment.astimezone(other).utcoffset()


def link_of(place: str) -> str:
    """The address that a place is; empty, if it is words, or an address that is not of the web."""
    if not place or any(one.isspace() for one in place):
        return ""
    try:
        parts = urlsplit(place)
    except ValueError:
        return ""
    return place if parts.scheme in {"http", "https"} and parts.hostname else ""


def summary_for_guest(title: str, host: str) -> str:
    """What a meeting is called in the calendar of whoever comes."""
    return _("%(title)s with %(name)s", title=title or _("Office hour"), name=host)


def summary_for_host(title: str, guest: str) -> str:
    """What it is called in the calendar of the host."""
    return _("%(title)s: %(name)s", title=title or _("Office hour"), name=guest)


def _clock(local: datetime, locale: Locale | str) -> str:
    shown = format_time(local.replace(tzinfo=None), "short", locale=locale)
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{shown} {local.tzname()}" if is_twice else shown
