"""Who is a member of a window, in how many courses, and as what."""

from datetime import UTC, datetime, time, timedelta

from lmssocial.plugin import LmsRole
from lmssocial.plugin_data import Enrolled
from lmssocial_reporting.people import Member
from lmssocial_reporting.scope import _members, _stay
from lmssocial_reporting.settings import Settings
from tests.support.reporting import WINDOW


def _in(
    course: int, joined: int, left: int | None = None, *, user: int = 1, role: LmsRole = LmsRole.LEARNER
) -> Enrolled:
    """Somebody in a course from one day of the window to another (both included); negative: before it."""

    def at(day: int) -> datetime:
        return datetime.combine(WINDOW.first + timedelta(days=day), time(12), UTC)

    return Enrolled(
        course_id=course,
        user_id=user,
        role=role,
        joined_at=at(joined),
        left_at=None if left is None else at(left),
        groups=frozenset({course * 10}),
        offices=frozenset(),
    )


def _there(people: list[Enrolled], settings: Settings | None = None) -> tuple[Member, ...]:
    """Who of them is a member of the window."""
    return _members([_stay(person, settings or Settings()) for person in people], WINDOW)


def test_a_member_was_there_on_fourteen_of_the_days_and_may_be_gone() -> None:
    people = [
        _in(1, -90, user=1),
        _in(1, 14, user=2),
        _in(1, 15, user=3),
        _in(1, -9, 13, user=4),
        _in(1, -9, 12, user=5),
    ]
    assert {one.id for one in _there(people)} == {1, 2, 4}


def test_courses_that_are_over_make_nobody_a_member_of_them_nor_one_of_their_staff() -> None:
    before = _in(1, -300, -200, role=LmsRole.TEACHING_ASSISTANT)
    (found,) = _there([before, _in(2, -20)])
    assert found == Member(1, LmsRole.LEARNER, frozenset({20}), frozenset({2}))


def test_who_is_in_two_courses_is_one_member_by_their_highest_role() -> None:
    (found,) = _there([_in(1, -20), _in(2, 0, role=LmsRole.INSTRUCTOR)])
    assert found == Member(1, LmsRole.INSTRUCTOR, frozenset({10, 20}), frozenset({1, 2}))


def test_days_are_those_of_the_time_zone_that_is_set() -> None:
    at_noon = _in(1, 14)
    assert _there([at_noon])
    assert not _there([at_noon], Settings(zone="Pacific/Kiritimati")), "there it was the day after"
