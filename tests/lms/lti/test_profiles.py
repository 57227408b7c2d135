"""Which habits a platform is treated with."""

from datetime import UTC, datetime, timedelta

import pytest

from lmssocial.lms.lti.profiles import (
    BLACKBOARD,
    BRIGHTSPACE,
    CANVAS,
    MOODLE,
    OPEN_EDX,
    PLAIN,
    Profile,
    profile_of,
)

NINE = datetime(2026, 3, 2, 9, 0, 0, 123_456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("family", "issuer", "profile"),
    [
        ("moodle", "https://learn.example.edu", MOODLE),
        ("Moodle", "https://canvas.instructure.com", MOODLE),
        ("BlackboardLearn", "https://blackboard.com", BLACKBOARD),
        ("desire2learn", "https://school.example.edu", BRIGHTSPACE),
        ("open_edx", "https://courses.example.edu", OPEN_EDX),
        ("", "https://canvas.test.instructure.com", CANVAS),
        ("", "https://school.brightspace.com", BRIGHTSPACE),
        ("", "https://blackboard.com", BLACKBOARD),
        ("", "https://notinstructure.com", PLAIN),
        ("", "https://instructure.com.example.edu", PLAIN),
        ("", "http://[broken", PLAIN),
        ("something new", "https://lms.example.edu", PLAIN),
    ],
)
def test_a_platform_is_known_by_its_family_and_otherwise_by_its_vendors_domain(
    family: str, issuer: str, profile: Profile
) -> None:
    assert profile_of(family, issuer) is profile


def test_stamps_rise_by_what_the_platform_tells_apart() -> None:
    assert PLAIN.next_stamp(NINE, None) == NINE.replace(microsecond=123_000)
    assert PLAIN.next_stamp(NINE, NINE) == NINE.replace(microsecond=124_000)
    assert MOODLE.next_stamp(NINE, None) == NINE.replace(microsecond=0)
    assert MOODLE.next_stamp(NINE, NINE) == NINE.replace(second=1, microsecond=0)


def test_a_clock_that_was_set_back_does_not_make_a_stamp_older_than_the_last() -> None:
    later = NINE + timedelta(minutes=5)
    assert MOODLE.next_stamp(NINE, later) > later
    assert PLAIN.next_stamp(NINE, later) > later
