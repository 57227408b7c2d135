"""Counting open hours and working hours, wherever somebody lives and whatever the clock there does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial.widgets.experts.calendars import (
    Week,
    after_open_hours,
    after_working_hours,
    before_working_hours,
    open_hours,
    working_hours,
)

VIENNA, NEW_YORK, SYDNEY = "Europe/Vienna", "America/New_York", "Australia/Sydney"


def utc(text: str) -> datetime:
    """A moment, from its ISO 8601 text."""
    return datetime.fromisoformat(text).astimezone(UTC)


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 700 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))
weeks = st.builds(
    Week,
    zone=st.sampled_from([VIENNA, NEW_YORK, SYDNEY, "Asia/Kathmandu", "Mars/Olympus", "../etc", ""]),
    opens=st.integers(-2, 26),
    closes=st.integers(-2, 26),
    days=st.text("0123456789x", max_size=7),
    holidays=st.lists(moments.map(lambda at: at.date().isoformat()) | st.just("no date"), max_size=8).map(
        tuple
    ),
)
hours = st.floats(0, 120).map(lambda number: round(number, 3))


@pytest.mark.parametrize(
    ("week", "start", "count", "end"),
    [
        # an evening, then the night, then a morning
        (Week(VIENNA), "2026-11-16T18:00+01:00", 6, "2026-11-17T12:00+01:00"),
        # a whole day ends where the next one begins
        (Week(VIENNA), "2026-11-16T08:00+01:00", 12, "2026-11-17T08:00+01:00"),
        # the same moment is a Friday evening in Vienna and a Friday noon in New York
        (Week(VIENNA), "2026-11-20T19:00+01:00", 3, "2026-11-23T10:00+01:00"),
        (Week(NEW_YORK), "2026-11-20T19:00+01:00", 3, "2026-11-20T16:00-05:00"),
        # a holiday is no working day, whatever day of the week
        (Week(VIENNA, holidays=("2026-12-08",)), "2026-12-07T19:00+01:00", 2, "2026-12-09T09:00+01:00"),
        # over the night in which the clock is put forward, or back: hours that pass, not hours on the clock
        (Week(VIENNA, 0, 24, "1234567"), "2026-03-29T00:00+01:00", 4, "2026-03-29T05:00+02:00"),
        (Week(NEW_YORK, 0, 24, "1234567"), "2026-11-01T00:00-04:00", 4, "2026-11-01T03:00-05:00"),
        (Week(SYDNEY, 0, 24, "1234567"), "2026-10-04T00:00+10:00", 4, "2026-10-04T05:00+11:00"),
        # eight in the morning stays eight in the morning
        (Week(SYDNEY), "2026-04-03T19:00+11:00", 2, "2026-04-06T09:00+10:00"),
        (Week(VIENNA), "2026-03-27T19:00+01:00", 2, "2026-03-30T09:00+02:00"),
    ],
)
def test_open_hours_are_counted_where_somebody_lives(week: Week, start: str, count: float, end: str) -> None:
    assert after_open_hours(week, utc(start), count) == utc(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (
            "2026-11-16T10:00+01:00",
            36,
            "2026-11-18T08:00+01:00",
        ),  # Tuesday at 22:00: at night nothing falls due
        ("2026-11-16T10:00+01:00", 24, "2026-11-17T10:00+01:00"),
        ("2026-11-20T12:00+01:00", 36, "2026-11-24T08:00+01:00"),  # 12 hours on Friday, 24 on Monday
        ("2026-11-21T12:00+01:00", 5, "2026-11-23T08:00+01:00"),
        ("2026-03-27T12:00+01:00", 24, "2026-03-30T12:00+02:00"),  # the hour that fell out was on a Sunday
    ],
)
def test_hours_of_working_days_count_at_night_and_nothing_falls_due_then(
    start: str, count: float, end: str
) -> None:
    assert after_working_hours(Week(VIENNA), utc(start), count) == utc(end)


@given(weeks, moments, hours, hours, st.timedeltas(timedelta(), timedelta(days=4)))
def test_whatever_the_week_there_is_an_end_and_it_is_never_in_quiet_hours(
    week: Week, start: datetime, some: float, more: float, later: timedelta
) -> None:
    for after in (after_open_hours, after_working_hours):
        end = after(week, start, some)
        begins, ends = week.open_on(week.day_of(end))
        assert start <= end
        assert begins <= end < ends
        assert week.works_on(week.day_of(end))
        assert after(week, end, 0) == end
        assert end <= after(week, start, some + more)
        assert end <= after(week, start + later, some)


@given(weeks, moments, hours)
def test_hours_counted_forwards_are_the_hours_between(week: Week, start: datetime, count: float) -> None:
    second = timedelta(seconds=1) / timedelta(hours=1)
    assert abs(open_hours(week, start, after_open_hours(week, start, count)) - count) < second
    begun = before_working_hours(week, start, count)
    assert begun <= start
    assert abs(working_hours(week, begun, start) - count) < second
