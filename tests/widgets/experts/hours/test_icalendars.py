"""Calendar objects, read back by the library that other programs use, and byte by byte where the standard says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lmssocial.widgets.experts.hours.icalendars import Entry, House, Method, Party, calendar
from lmssocial.widgets.experts.hours.zones import changes, rules
from tests.support.hours import read

HOUSE = House(public_url="https://social.example.edu", sender="Forum <post@example.edu>")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENTRY = Entry(
    uuid="3f0e",
    sequence=2,
    starts_at=datetime(2026, 3, 30, 8, tzinfo=UTC),
    ends_at=datetime(2026, 3, 30, 8, 20, tzinfo=UTC),
    zone=ZoneInfo("Europe/Vienna"),
    summary='Maße, Zahlen; "Cpk" \\ ' + "größer – " * 12 + "eins",
    description="Zeile eins\nBEGIN:VEVENT\r\nZeile, drei",
    place="https://meet.example.edu/a?b=1,2;c",
    href="https://social.example.edu/w/1/experts/bookings/7",
    made_at=AT,
    changed_at=AT,
    is_cancelled=False,
    host=Party(user_id=1, name='Tom "T" Berg; MBA'),
    guest=Party(user_id=2, name="Ana Ruiz", address="ana@example.edu"),
)


def test_what_was_written_is_read_back_as_it_was() -> None:
    found = read(calendar(HOUSE, [ENTRY], Method.REQUEST))
    (event,) = found.walk("VEVENT")

    assert found["METHOD"] == "REQUEST"
    assert (str(event["UID"]), event["SEQUENCE"]) == ("3f0e@social.example.edu", 2)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (ENTRY.summary, ENTRY.place)
    assert str(event["DESCRIPTION"]) == "Zeile eins\nBEGIN:VEVENT\nZeile, drei"
    assert event["DTSTAMP"].dt == AT
    assert event["DTSTART"].params["TZID"] == "Europe/Vienna"
    assert event["DTSTART"].to_ical() == b"20260330T100000"  # summer time since the day before
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=20)
    assert (str(event["STATUS"]), str(event["URL"])) == ("CONFIRMED", ENTRY.href)
    assert str(event["ORGANIZER"]) == "mailto:post@example.edu"
    host, guest = event["ATTENDEE"]
    assert str(host).startswith("urn:uuid:")
    assert (str(guest), guest.params["CN"]) == ("mailto:ana@example.edu", "Ana Ruiz")


def test_what_is_published_invites_nobody() -> None:
    (event,) = read(calendar(HOUSE, [ENTRY], Method.PUBLISH)).walk("VEVENT")

    assert "ATTENDEE" not in event
    assert event["ORGANIZER"].params["CN"] == ENTRY.host.name


def test_lines_are_folded_at_75_octets_and_end_in_crlf() -> None:
    data = calendar(HOUSE, [ENTRY], Method.PUBLISH, name="Sprechstunden").encode()
    lines = data.split(b"\r\n")

    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no character is cut in two
    assert data.count(b"BEGIN:VEVENT\r\n") == 1


@pytest.mark.parametrize("name", ["Europe/Vienna", "America/New_York", "Australia/Sydney"])
def test_the_rules_of_a_zone_say_of_each_change_what_clocks_showed_before_it(name: str) -> None:
    """RFC 5545 §3.6.5: the onset of an observance is local time by the offset before it."""
    zone = ZoneInfo(name)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    found = list(changes(zone, first, first + timedelta(days=365)))
    parts: list[Any] = rules(name, 2026, 2026).subcomponents

    assert len(found) == 2
    for change, part in zip(found, parts[1:], strict=True):
        onset = part["DTSTART"].dt.replace(tzinfo=UTC) - part["TZOFFSETFROM"].td
        assert onset == change.at
        assert onset.astimezone(zone).utcoffset() == part["TZOFFSETTO"].td
        assert (onset - timedelta(seconds=1)).astimezone(zone).utcoffset() == part["TZOFFSETFROM"].td
        assert bool(onset.astimezone(zone).dst()) is (part.name == "DAYLIGHT")


def test_a_time_that_clocks_show_for_the_second_time_is_told_in_utc() -> None:
    begin = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Vienna, for the second time
    second = replace(ENTRY, starts_at=begin, ends_at=begin + timedelta(minutes=20))
    text = calendar(HOUSE, [second, replace(second, starts_at=begin - timedelta(hours=1))], Method.PUBLISH)

    assert "DTSTART:20261025T013000Z" in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    (event, _first) = read(text).walk("VEVENT")
    assert event["DTSTART"].dt == begin
