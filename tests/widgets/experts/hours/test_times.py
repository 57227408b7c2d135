"""When meetings are, whatever clocks do: three parts of the world, both changes, and days that are left out."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lmssocial.widgets.experts.hours import times
from lmssocial.widgets.experts.hours.times import Odd, Pattern

VIENNA, NEW_YORK, SYDNEY = (
    ZoneInfo(name) for name in ("Europe/Vienna", "America/New_York", "Australia/Sydney")
)


def pattern(zone: ZoneInfo = VIENNA, **changes: Any) -> Pattern:
    """Mondays at ten."""
    values = {"weekly": True, "first_on": date(2026, 3, 2), "begins": time(10), "minutes": 20, **changes}
    return Pattern(zone=zone, **values)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        (VIENNA, {9, 8}),  # from 29 March to 25 October clocks are one hour ahead
        (NEW_YORK, {15, 14}),  # from 8 March to 1 November
        (SYDNEY, {23, 0}),  # to 5 April and from 4 October, the other way round
    ],
)
def test_the_wall_clock_stays_right_all_year_while_the_moment_changes(
    zone: ZoneInfo, hours: set[int]
) -> None:
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    slots = times.slots(pattern(zone), begin, begin + timedelta(days=364))

    assert len(slots) == 52
    assert {slot.starts_at.astimezone(zone).time() for slot in slots} == {time(10)}
    assert {slot.starts_at.astimezone(zone).weekday() for slot in slots} == {0}
    assert {slot.starts_at.hour for slot in slots} == hours


@pytest.mark.parametrize(
    ("zone", "day", "at", "shown"),
    [
        (VIENNA, date(2026, 3, 29), time(2, 30), time(3, 30)),
        (NEW_YORK, date(2026, 3, 8), time(2, 30), time(3, 30)),
        (SYDNEY, date(2026, 10, 4), time(2), time(3)),
    ],
)
def test_a_time_that_clocks_skip_is_read_with_the_offset_before_the_gap(
    zone: ZoneInfo, day: date, at: time, shown: time
) -> None:
    moment, odd = times.moment(day, at, zone)

    assert odd is Odd.SKIPPED
    assert moment.astimezone(zone).time() == shown
    assert times.moment(day + timedelta(days=1), at, zone)[1] is Odd.NOTHING


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        (VIENNA, date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (NEW_YORK, date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (SYDNEY, date(2026, 4, 5), time(2, 30), datetime(2026, 4, 4, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_clocks_show_twice_is_the_first_of_the_two(
    zone: ZoneInfo, day: date, at: time, moment: datetime
) -> None:
    assert times.moment(day, at, zone) == (moment, Odd.REPEATED)


def test_meetings_follow_each_other_by_the_time_that_passes_and_are_found_by_their_begin() -> None:
    night = pattern(
        weekly=False, first_on=date(2026, 10, 24), begins=time(23, 30), minutes=50, pause=10, meetings=6
    )
    slots = times.of_day(night, date(2026, 10, 24))

    assert {later.starts_at - slot.starts_at for slot, later in pairwise(slots)} == {timedelta(hours=1)}
    shown = [slot.starts_at.astimezone(VIENNA).strftime("%H:%M") for slot in slots]
    assert shown == ["23:30", "00:30", "01:30", "02:30", "02:30", "03:30"]
    assert [times.slot_at(night, slot.starts_at) for slot in slots] == slots
    assert times.slot_at(night, slots[0].starts_at + timedelta(minutes=1)) is None
    assert times.of_key(times.key_of(slots[3].starts_at)) == slots[3].starts_at
    assert times.of_key("tomorrow") is None


def test_days_before_the_first_after_the_last_and_left_out_have_no_meetings() -> None:
    some = pattern(last_on=date(2026, 3, 23), gaps=frozenset({date(2026, 3, 9)}))
    begin = datetime(2026, 1, 1, tzinfo=UTC)

    days = [slot.on.day for slot in times.slots(some, begin, begin + timedelta(days=200))]

    assert days == [2, 16, 23]
    assert times.of_day(some, date(2026, 3, 10)) == []


def test_a_changed_meeting_is_the_one_of_the_same_number_in_the_same_week() -> None:
    before = pattern(meetings=3)
    second = times.of_day(before, date(2026, 3, 9))[1].starts_at
    thursdays = pattern(first_on=date(2026, 3, 5), begins=time(14), meetings=3)

    moved = times.counterpart(before, second, thursdays)

    assert moved is not None
    assert moved.starts_at.astimezone(VIENNA) == datetime(2026, 3, 12, 14, 20, tzinfo=VIENNA)
    assert times.counterpart(before, second, pattern(meetings=1)) is None
    assert times.counterpart(before, second, pattern(meetings=3, last_on=date(2026, 3, 2))) is None


@pytest.mark.parametrize("key", ["00010101T0000Z", "99991231T2359Z", "20261124", "tomorrow", ""])
def test_an_address_that_names_no_meeting_of_any_calendar_names_none(key: str) -> None:
    assert times.of_key(key) is None


def test_a_begin_is_found_again_by_what_stands_in_its_address() -> None:
    begin = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert times.of_key(times.key_of(begin)) == begin
