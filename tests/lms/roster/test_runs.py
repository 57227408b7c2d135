"""A run over a roster: all pages or nothing, whatever the LMS and the worker do in between."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.models import Deployment, Membership, Standing, User
from lmssocial.lms.lti.services.trouble import ServiceTrouble
from lmssocial.lms.roster import applying, claiming, ending, runs, schedule
from lmssocial.lms.roster.models import Outcome, RosterRun
from lmssocial.social.communities.lms_groups import HOOKS
from tests.conftest import TestClock
from tests.fakes.rosters import person
from tests.lms.roster.conftest import Class
from tests.support.loopback import says
from tests.support.people import make_person, sign_in
from tests.support.queries import Queries

Classes = Callable[..., Class]
PEOPLE = [person(number) for number in range(120)]
BUSY = says(b'{"error": "slow down"}', status=429, Retry_After="90")
AWAY = says(b"<h1>Bad gateway</h1>", "text/html", status=502)
DENIED = says(b'{"error": "no"}', status=403)


def test_all_pages_are_read_and_everybody_is_known_before_they_come(classes: Classes) -> None:
    course = classes(PEOPLE)

    assert course.read() == 3

    assert course.active() == {entry["user_id"] for entry in PEOPLE}
    assert course.user("member-7").last_seen_at is None
    assert course.membership("member-7").last_launch_at is None
    (run,) = course.runs
    assert (run.outcome, run.pages, run.members, run.joined, run.left) == (Outcome.COMPLETE, 3, 120, 120, 0)
    assert course.source.completed_at == course.source.full_at == the_clock.now()


def test_ten_thousand_members_with_a_failing_page_are_read_to_the_end_and_marked_complete(
    classes: Classes, clock: TestClock
) -> None:
    course = classes([person(number) for number in range(10_000)], page=200)
    course.lms.faults["/members?page=25"] = [BUSY]

    course.read()
    (run,) = course.runs
    assert (run.outcome, run.pages, run.attempts) == (Outcome.RUNNING, 25, 1)
    clock.tick(80)
    assert course.read() == 0, "it was asked to wait for 90 seconds"
    clock.tick(10)
    assert course.read() == 25

    assert course.runs[0].outcome is Outcome.COMPLETE
    assert len(course.active()) == 10_000
    assert sum("page=25" in asked for asked in course.lms.asked) == 2, (
        "the page that failed, and no other, twice"
    )


def test_whoever_is_not_named_by_a_complete_run_is_put_out_with_their_sign_in(
    classes: Classes, clock: TestClock
) -> None:
    course = classes(PEOPLE[:30])
    course.read()
    here = make_person(course.session, course.place, "Only launched")
    sign_in(course.session, course.place, here, "browser")
    course.session.commit()
    del course.lms.people[3]
    clock.tick(days=1)

    course.ask()

    assert not course.membership("member-3").active
    assert course.runs[-1].left == 1
    assert course.membership(course.session.get_one(User, here.user_id).sub).active, (
        "who launched and is in no roster (an administrator who looks in) stays"
    )


def test_a_run_that_breaks_off_puts_nobody_out_and_the_next_one_does(
    classes: Classes, clock: TestClock
) -> None:
    course = classes(PEOPLE)
    course.read()
    course.membership("member-50").last_launch_at = the_clock.now()
    course.session.commit()
    course.lms.people = PEOPLE[5:]
    course.lms.faults["/members?page=2"] = [DENIED] * 3
    clock.tick(days=1)

    course.ask()
    for _ in range(2):
        clock.tick(hours=2)
        course.read()

    assert course.outcome() is Outcome.FAILED
    assert len(course.active()) == 120
    assert course.source.failures == 1
    assert course.source.last_error.startswith("forbidden: ")
    assert course.source.next_at == the_clock.now() + timedelta(days=1)
    clock.tick(days=1)
    course.ask()
    assert len(course.active()) == 115
    assert (course.source.failures, course.source.last_error) == (0, "")


@pytest.mark.one_database
def test_putting_out_after_a_partial_run_would_be_noticed(
    classes: Classes, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail = ending.fail

    def put_out_at_once(session: Session, run: RosterRun, trouble: ServiceTrouble) -> None:
        applying.put_out(session, run)
        fail(session, run, trouble)

    monkeypatch.setattr(ending, "fail", put_out_at_once)
    with pytest.raises(AssertionError):
        test_a_run_that_breaks_off_puts_nobody_out_and_the_next_one_does(classes, clock)


def test_who_launched_while_the_run_went_on_is_not_put_out(classes: Classes, clock: TestClock) -> None:
    course = classes(PEOPLE)
    course.read()
    course.lms.people = PEOPLE[5:]
    course.lms.faults["/members?page=1"] = [BUSY]
    clock.tick(days=1)
    course.ask()
    clock.tick(60)
    course.membership("member-2").last_launch_at = the_clock.now()
    course.session.commit()
    clock.tick(60)

    course.read()

    assert course.outcome() is Outcome.COMPLETE
    assert course.runs[-1].left == 4
    assert course.membership("member-2").active


@pytest.mark.parametrize("stays", [[], PEOPLE[:50]], ids=["an empty roster", "most of the course gone"])
def test_a_roster_that_would_empty_the_course_is_believed_when_it_says_so_twice(
    classes: Classes, clock: TestClock, stays: list[dict[str, Any]]
) -> None:
    course = classes(PEOPLE)
    course.read()
    course.lms.people = stays
    clock.tick(days=1)

    course.ask()

    assert course.outcome() is Outcome.DOUBTED
    assert course.runs[-1].left == 120 - len(stays)
    assert len(course.active()) == 120
    with course.sessions() as session, unit_of_work(session):
        schedule.came(session, course.place.course.id)
    assert course.read() == 0, "the LMS is given time to mend, whoever comes meanwhile"
    clock.tick(minutes=10)
    course.read()
    assert course.outcome() is Outcome.COMPLETE
    assert course.active() == {entry["user_id"] for entry in stays}


def test_a_doubted_roster_that_was_a_mistake_changes_nothing(classes: Classes, clock: TestClock) -> None:
    course = classes(PEOPLE)
    course.read()
    course.lms.people = []
    clock.tick(days=1)
    course.ask()
    course.lms.people = PEOPLE
    clock.tick(minutes=10)

    course.read()

    assert course.outcome() is Outcome.COMPLETE
    assert len(course.active()) == 120


@pytest.mark.one_database
def test_half_of_a_small_course_may_leave_without_a_second_look(classes: Classes, clock: TestClock) -> None:
    course = classes(PEOPLE[:12])
    course.read()
    course.lms.people = PEOPLE[:4]
    clock.tick(days=1)

    course.ask()

    assert len(course.active()) == 4


def test_changes_are_read_where_the_platform_tells_them_and_count_by_status(
    classes: Classes, clock: TestClock
) -> None:
    course = classes(PEOPLE[:60], changes=[])
    course.read()
    course.lms.changes = [person(1, status="Deleted"), person(2, status="Inactive"), person(200)]
    clock.tick(hours=2)

    course.ask()

    assert course.lms.asked[-1] == "/changes?since=1"
    run = course.runs[-1]
    assert (run.is_full, run.outcome, run.joined, run.left) == (False, Outcome.COMPLETE, 1, 2)
    assert course.active() == {f"member-{number}" for number in (0, *range(3, 60), 200)}
    assert course.source.differences_url.endswith("since=2")


@pytest.mark.one_database
def test_all_members_are_read_again_after_a_week_of_changes(classes: Classes, clock: TestClock) -> None:
    course = classes(PEOPLE[:10], changes=[])
    course.read()
    clock.tick(days=6)
    course.ask()
    clock.tick(days=2)
    course.ask()

    assert [run.is_full for run in course.runs] == [True, False, True]


@pytest.mark.one_database
@pytest.mark.parametrize("status", [400, 404, 410])
def test_changes_that_are_not_told_any_more_lead_to_a_run_over_all(
    classes: Classes, clock: TestClock, status: int
) -> None:
    course = classes(PEOPLE[:10], changes=[])
    course.read()
    course.lms.faults["/changes"] = [says(b"{}", status=status)] * 3
    course.lms.people = PEOPLE[:9]
    clock.tick(hours=2)

    course.ask()

    assert [(run.is_full, run.outcome) for run in course.runs[1:]] == [
        (False, Outcome.FAILED),
        (True, Outcome.COMPLETE),
    ]
    assert course.source.failures == 0
    assert "member-9" not in course.active()


def test_a_full_run_puts_out_the_inactive_at_its_end_and_keeps_who_is_unknown_unknown(
    classes: Classes, clock: TestClock
) -> None:
    course = classes(PEOPLE[:60])
    course.read()
    course.lms.people = [person(0, status="Inactive"), *PEOPLE[1:60], person(300, status="Inactive")]
    course.lms.faults["/members?page=1"] = [BUSY]
    clock.tick(days=1)

    course.ask()
    assert course.membership("member-0").active, "the run has not come to its end"
    clock.tick(90)
    course.read()

    assert not course.membership("member-0").active
    assert course.count(User) == 60, "who was never here and is not in the course leaves no trace"


@pytest.mark.one_database
def test_an_lms_that_is_down_is_asked_for_a_day_at_the_same_page_and_then_left_in_peace(
    classes: Classes, clock: TestClock
) -> None:
    course = classes(PEOPLE)
    course.lms.faults["/members?page=1"] = [AWAY] * 100
    began = clock.now

    course.read()
    while course.outcome() is Outcome.RUNNING:
        clock.move_to(course.runs[-1].next_at)
        course.read()

    assert timedelta(hours=18) < clock.now - began <= timedelta(days=1)
    assert 5 < sum("page=1" in asked for asked in course.lms.asked) < 15
    assert sum("page" not in asked for asked in course.lms.asked) == 1, "the first page was read once"
    assert (course.source.failures, course.source.next_at) == (1, None), "nobody comes to this course"
    assert course.source.last_error.startswith("away: ")


@pytest.mark.one_database
def test_a_class_that_arrives_does_not_hammer_an_lms_that_refused(classes: Classes, clock: TestClock) -> None:
    course = classes(PEOPLE)
    make_person(course.session, course.place)  # somebody comes here
    course.session.commit()
    course.lms.faults["/members"] = [DENIED] * 3
    for _ in range(3):
        course.read()
        clock.tick(minutes=20)
    course.session.execute(update(Membership).values(last_launch_at=the_clock.now()))
    pause = course.source.next_at

    schedule.came(course.session, course.place.course.id)

    assert pause is not None
    assert course.source.next_at == pause > the_clock.now() + timedelta(hours=20)


def test_a_page_that_somebody_else_took_over_is_thrown_away(classes: Classes, clock: TestClock) -> None:
    course = classes(PEOPLE)

    with course.sessions() as session, unit_of_work(session):
        assert claiming.begin_due(session)
        slow = claiming.claim(session)
    with course.sessions() as session, unit_of_work(session):
        assert claiming.claim(session) is None, "it is being read"
    assert slow is not None
    page = runs._fetch(course.caller, slow)
    clock.tick(minutes=6)
    assert course.read() == 3, "the claim has run out"
    with course.sessions() as session, unit_of_work(session):
        assert not runs._note(session, slow, page, HOOKS)

    assert [(run.pages, run.members) for run in course.runs] == [(3, 120)]


def test_a_worker_that_died_after_fetching_loses_nothing(classes: Classes, clock: TestClock) -> None:
    course = classes(PEOPLE)
    with course.sessions() as session, unit_of_work(session):
        claiming.begin_due(session)
        claiming.claim(session)
    assert course.read() == 0, "for some minutes it is somebody's"
    clock.tick(minutes=5)

    assert course.read() == 3
    assert len(course.active()) == 120


@pytest.mark.one_database
def test_a_platform_that_leads_in_a_circle_is_not_followed_for_ever(classes: Classes) -> None:
    course = classes(PEOPLE)
    back = f'<{course.lms.url}/members?page=1>; rel="next"'
    body = b'{"members": [{"user_id": "member-0", "roles": []}]}'
    course.lms.faults["/members?page=2"] = [says(body, Link=back)]

    course.read()

    assert course.runs[0].outcome is Outcome.FAILED
    assert course.source.last_error.startswith("unreadable: ")


@pytest.mark.one_database
def test_a_platform_that_was_switched_off_is_not_asked(classes: Classes) -> None:
    course = classes(PEOPLE)
    course.session.execute(update(Deployment).values(standing=Standing.DISABLED))
    course.session.commit()

    course.read()

    assert (course.lms.asked, course.source.next_at) == ([], None)


def test_two_courses_are_read_in_one_round(classes: Classes) -> None:
    large, small = classes(PEOPLE), classes(PEOPLE[:10])
    small.place.registration.issuer = "https://other.example"
    small.session.commit()

    large.read()

    assert [run.outcome for run in large.runs] == [Outcome.COMPLETE] * 2


def test_a_page_takes_as_many_statements_for_a_hundred_people_as_for_ten(
    classes: Classes, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    counts = []
    for people in (
        [person(number) for number in range(10)],
        [person(number, name=None, email=None) for number in range(500, 600)],
    ):
        course = classes(people, page=100)
        with course.sessions() as session, unit_of_work(session):
            assert claiming.begin_due(session)
            claimed = claiming.claim(session)
        assert claimed is not None
        page = runs._fetch(course.caller, claimed)
        with course.sessions() as session, unit_of_work(session), count_queries() as queries:
            assert runs._note(session, claimed, page, HOOKS)
        counts.append(len(queries))
        course.read()

    assert counts[1] <= counts[0] + 1, "pseudonyms for all of them in one statement more"
    assert max(counts) <= 12
