"""Digests come once on each of their days, and quiet hours end, whatever the clocks do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from lmssocial.social.notifications.models import Rhythm
from lmssocial.social.notifications.reach import Reach, next_digest, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 3, 29, tzinfo=BERLIN)
"""At 02:00 clocks go to 03:00."""
AUTUMN = datetime(2026, 10, 25, tzinfo=BERLIN)
"""At 03:00 clocks go back to 02:00."""


def berlin(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN, fold=fold).astimezone(UTC)


def digests(reach: Reach, begin: datetime, days: int) -> list[datetime]:
    """Every digest of so many days, as the worker would find them."""
    found, at = list[datetime](), begin
    while (following := next_digest(reach, at)) is not None and following < begin + timedelta(days=days):
        found.append(following)
        at = following
    return found


def test_a_daily_digest_comes_at_the_same_hour_of_the_wall_clock_all_year() -> None:
    reach = Reach(hour=7, zone="Europe/Berlin")

    found = digests(reach, berlin(2026, 1, 1, 0), 364)

    assert len(found) == 364
    assert {moment.astimezone(BERLIN).hour for moment in found} == {7}
    assert {moment.hour for moment in found} == {5, 6}


@pytest.mark.parametrize("switch", [SPRING, AUTUMN])
@pytest.mark.parametrize("hour", range(24))
def test_on_the_day_of_a_switch_there_is_one_digest(switch: datetime, hour: int) -> None:
    reach = Reach(hour=hour, zone="Europe/Berlin")
    begin = (switch - timedelta(days=2)).astimezone(UTC)

    found = [moment.astimezone(BERLIN).date() for moment in digests(reach, begin, 5)]

    assert found.count(switch.date()) == 1
    assert len(found) == len(set(found))


def test_an_hour_that_is_skipped_is_the_one_after_and_of_one_that_repeats_it_is_the_first() -> None:
    reach = Reach(hour=2, zone="Europe/Berlin")

    assert next_digest(reach, berlin(2026, 3, 28, 12)) == berlin(2026, 3, 29, 3)
    assert next_digest(reach, berlin(2026, 10, 24, 12)) == berlin(2026, 10, 25, 2, fold=0)
    assert next_digest(reach, berlin(2026, 10, 25, 2, fold=0)) == berlin(2026, 10, 26, 2)


def test_a_weekly_digest_comes_on_its_day() -> None:
    reach = Reach(rhythm=Rhythm.WEEKLY, day=4, hour=16, zone="Europe/Berlin")

    found = digests(reach, berlin(2026, 3, 20, 17), 29)

    assert [moment.astimezone(BERLIN).strftime("%a %d %H") for moment in found] == [
        "Fri 27 16",
        "Fri 03 16",
        "Fri 10 16",
        "Fri 17 16",
    ]


def test_no_digest_is_due_for_who_wants_none() -> None:
    assert next_digest(Reach(rhythm=Rhythm.NEVER), datetime.now(UTC)) is None


def test_a_zone_that_does_not_exist_is_utc() -> None:
    after = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert next_digest(Reach(zone="Atlantis/Capital"), after) == datetime(2026, 3, 3, 7, tzinfo=UTC)


NIGHT = Reach(quiet_from=time(22), quiet_until=time(7), zone="Europe/Berlin")
NOON = Reach(quiet_from=time(12), quiet_until=time(13, 30), zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("reach", "moment", "end"),
    [
        (NIGHT, berlin(2026, 3, 2, 21, 59), None),
        (NIGHT, berlin(2026, 3, 2, 22), berlin(2026, 3, 3, 7)),
        (NIGHT, berlin(2026, 3, 3, 6, 59), berlin(2026, 3, 3, 7)),
        (NIGHT, berlin(2026, 3, 3, 7), None),
        (NOON, berlin(2026, 3, 2, 12, 15), berlin(2026, 3, 2, 13, 30)),
        (NOON, berlin(2026, 3, 2, 11), None),
        (NIGHT, berlin(2026, 3, 28, 23), berlin(2026, 3, 29, 7)),
        (NIGHT, berlin(2026, 10, 24, 23), berlin(2026, 10, 25, 7)),
        (Reach(quiet_from=time(8), quiet_until=time(8)), berlin(2026, 3, 2, 9), None),
        (Reach(quiet_from=time(8)), berlin(2026, 3, 2, 9), None),
    ],
)
def test_quiet_hours_end(reach: Reach, moment: datetime, end: datetime | None) -> None:
    assert quiet_until(reach, moment) == end


def test_quiet_hours_that_end_in_the_repeated_hour_end_the_same_day() -> None:
    reach = Reach(quiet_from=time(22), quiet_until=time(2, 45), zone="Europe/Berlin")

    first, second = berlin(2026, 10, 25, 2, 30, fold=0), berlin(2026, 10, 25, 2, 30, fold=1)

    assert quiet_until(reach, first) == first + timedelta(minutes=15)
    assert quiet_until(reach, second) == second + timedelta(minutes=15)


def test_quiet_hours_that_end_in_the_skipped_hour_end() -> None:
    reach = Reach(quiet_from=time(22), quiet_until=time(2, 30), zone="Europe/Berlin")

    moment = berlin(2026, 3, 29, 1, 50)

    assert quiet_until(reach, moment) is not None
    assert quiet_until(reach, moment) <= moment + timedelta(hours=2)  # type: ignore[operator]
