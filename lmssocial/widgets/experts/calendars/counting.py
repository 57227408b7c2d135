"""Counting hours of a week: forwards, backwards, and between two moments. All of them are real hours that pass."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from lmssocial.widgets.experts.calendars.week import Week, Window

_NOTHING = timedelta()


def after_open_hours(week: Week, start: datetime, hours: float) -> datetime:
    """When so many open hours of a week have passed since ``start``.

    The answer is always within open hours: what would be the very end of a day is the beginning of the next one.

    :param hours: none, or a positive number; with 0 it is the next moment that is open.
    :return: in UTC.
    """
    return _forwards(week, week.open_on, start, timedelta(hours=hours))


def after_working_hours(week: Week, start: datetime, hours: float) -> datetime:
    """When so many hours of working days have passed since ``start``, at night or by day.

    Hours of other days do not count. A moment that falls into the night is moved to the next opening.

    :return: in UTC.
    """
    moment = _forwards(week, week.whole, start, timedelta(hours=hours))
    return _forwards(week, week.open_on, moment, _NOTHING)


def before_working_hours(week: Week, end: datetime, hours: float) -> datetime:
    """The moment from which so many hours of working days pass until ``end``.

    :return: in UTC; ``end`` itself with 0.
    """
    left = timedelta(hours=hours)
    if left <= _NOTHING:
        return end.astimezone(UTC)
    for begins, ends in _windows(week, week.whole, end, step=-1):
        until = min(ends, end)
        if begins >= until:
            continue
        if until - begins >= left:
            return until - left
        left -= until - begins
    raise AssertionError("a week has no end")


def open_hours(week: Week, start: datetime, end: datetime) -> float:
    """How many open hours of a week are between two moments; 0 if the second is not later."""
    return _between(week, week.open_on, start, end)


def working_hours(week: Week, start: datetime, end: datetime) -> float:
    """How many hours of working days are between two moments; 0 if the second is not later."""
    return _between(week, week.whole, start, end)


def _forwards(week: Week, of: Callable[[date], Window], start: datetime, left: timedelta) -> datetime:
    for begins, ends in _windows(week, of, start):
        since = max(begins, start)
        if since >= ends:
            continue
        if ends - since > left:
            return (since + left).astimezone(UTC)
        left -= ends - since
    raise AssertionError("a week has no end")


def _between(week: Week, of: Callable[[date], Window], start: datetime, end: datetime) -> float:
    passed = _NOTHING
    for begins, ends in _windows(week, of, start):
        if begins >= end:
            break
        passed += max(min(ends, end) - max(begins, start), _NOTHING)
    return passed / timedelta(hours=1)


def _windows(week: Week, of: Callable[[date], Window], start: datetime, step: int = 1) -> Iterator[Window]:
    for day in week.days_from(start, step):
        yield of(day)
