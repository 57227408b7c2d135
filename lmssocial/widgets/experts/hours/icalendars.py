"""Bookings as calendars read them (RFC 5545): files to open, invitations in mail (RFC 5546), and a feed.

Two programs that get the same booking have to see the same thing, so what names it never changes: ``UID`` is the
booking's own, ``SEQUENCE`` rises with every change, and the begin stands in the zone of the host together with the
rules of that zone. Nobody learns an address from it: the organizer is the address that mail comes from, other people
are names with a number that leads nowhere, and only whoever a file is made for stands in it as their mail knows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vDuration, vText, vUri

from lmssocial.widgets.experts.hours.zones import rules

PRODUCT = "-//lmssocial//Office hours//EN"
REFRESH = timedelta(hours=1)
"""How often a program that follows the feed may look."""


class Method(StrEnum):
    """What a calendar object is for (RFC 5546 §1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class Party:
    """One of the two who meet."""

    user_id: int
    name: str
    address: str = ""
    """Only of whoever the file is for; nobody else's is known to it."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One booking."""

    uuid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    """Of the host's clock."""
    summary: str
    description: str
    place: str
    href: str
    """The page of the booking."""
    made_at: datetime
    changed_at: datetime
    is_cancelled: bool
    host: Party
    guest: Party


@dataclass(frozen=True, kw_only=True)
class House:
    """Who says it: the tool."""

    public_url: str
    sender: str = ""
    """``Name <address>``, or an address; empty: ``no-reply`` at the tool's own host."""

    @property
    def name(self) -> str:
        """The host that makes identifiers unique in the world."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def organizer(self) -> str:
        """The address that invitations come from."""
        return parseaddr(self.sender)[1] or f"no-reply@{self.name}"


def calendar(house: House, entries: Sequence[Entry], method: Method, *, name: str = "") -> str:
    """The object as it is sent: UTF-8, lines of at most 75 octets that end in CRLF.

    :param name: what a program that follows it calls it.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", method.value)
    if name:
        made.add("name", name)  # RFC 7986 §5.1
        made.add("x-wr-calname", name)  # what programs read that are older than it
        made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(REFRESH))
    for zone in sorted({entry.zone.key for entry in entries} - {"UTC"}):
        made.add_component(rules(zone, *_years(entries)))
    for entry in entries:
        made.add_component(_event(house, entry, method))
    return bytes(made.to_ical()).decode()


def uid(house: House, uuid: str) -> str:
    """What names a booking in every calendar of the world."""
    return f"{uuid}@{house.name}"


def _event(house: House, entry: Entry, method: Method) -> Event:
    event = Event()
    event.add("uid", uid(house, entry.uuid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("created", entry.made_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    for name, moment in zip(("dtstart", "dtend"), _locally(entry), strict=True):
        event.add(name, moment)
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    if entry.place:
        event.add("location", entry.place)
    event.add("url", vUri(entry.href))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", _organizer(house, entry.host), encode=False)
    # What is published is for whoever reads it and invites nobody, so nobody attends it (RFC 5546 §3.2.1).
    invited = () if method is Method.PUBLISH else (entry.host, entry.guest)
    for party in invited:
        event.add("attendee", _attendee(house, party), encode=False)
    return event


def _locally(entry: Entry) -> tuple[datetime, datetime]:
    """Begin and end by the clock of the zone; in UTC, if that shows one of them for the second time on that day.

    A local time cannot say which of the two it is, and is read as the first (RFC 5545 §3.3.5).
    """
    begin, end = entry.starts_at.astimezone(entry.zone), entry.ends_at.astimezone(entry.zone)
    if entry.zone.key == "UTC" or begin.fold or end.fold:
        return begin.astimezone(UTC), end.astimezone(UTC)
    return begin, end


def _organizer(house: House, host: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{house.organizer}")
    address.params["CN"] = vText(host.name)
    return address


def _attendee(house: House, party: Party) -> vCalAddress:
    who = f"mailto:{party.address}" if party.address else _nowhere(house, party)
    address = vCalAddress(who)
    address.params["CN"] = vText(party.name)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("ACCEPTED")
    address.params["RSVP"] = vText("FALSE")  # nobody reads answers: people cancel on the page
    return address


def _nowhere(house: House, party: Party) -> str:
    """A number that is always the same for one person, and leads nowhere."""
    return uuid5(NAMESPACE_URL, f"{house.public_url}/people/{party.user_id}").urn


def _years(entries: Sequence[Entry]) -> tuple[int, int]:
    """From when until when the rules of a zone are told."""
    first = min(entry.starts_at for entry in entries).year
    return first - 1, max(entry.ends_at for entry in entries).year + 1
