"""From the log of a course to evidence: begun late, told anew, switched off and on, by two at once, for the erased."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.work import PluginWork
from lmssocial_reporting import leaving
from lmssocial_reporting.commands import rebuild, status
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence import following
from lmssocial_reporting.evidence.days import mark_member
from lmssocial_reporting.evidence.standing import standing_of
from lmssocial_reporting.models import ActRow, DirtyDay, Erased, EvidenceRow, FollowedCourse, Withheld
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.sql import SqlStore
from tests.conftest import TestClock
from tests.support import reporting
from tests.support.course_log import Course
from tests.support.people import Place, make_person, make_place
from tests.support.queries import counted_queries

SEPTEMBER = datetime(2025, 9, 1, 9, tzinfo=UTC)
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
Evidence = set[tuple[date, int, str, int]]


@pytest.fixture
def place(session: Session, clock: TestClock) -> Place:
    """A course that began in September."""
    clock.move_to(SEPTEMBER)
    place = make_place(session)
    session.commit()
    return place


@pytest.fixture
def course(session: Session, place: Place) -> Course:
    """Its log."""
    return Course(session, place)


@pytest.fixture
def amal(session: Session, place: Place) -> Actor:
    return _person(session, place, "Amal")


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    return _person(session, place, "Ben")


def _person(session: Session, place: Place, name: str) -> Actor:
    person = make_person(session, place, name)
    session.commit()
    return person


@pytest.fixture
def follows(session: Session, work: PluginWork) -> Callable[[], Evidence]:
    """Let the timer do all there is to do, and give the evidence."""

    def run() -> Evidence:
        session.commit()
        for _ in range(500):
            if not following.follow(work):
                return evidence(session)
        raise AssertionError("the timer finds no end")

    return run


def evidence(session: Session) -> Evidence:
    session.rollback()
    columns = EvidenceRow.day, EvidenceRow.member, EvidenceRow.kind, EvidenceRow.other
    return {tuple(row) for row in session.execute(select(*columns))}  # type: ignore[misc]


def turn(session: Session, place: Place, *, on: bool) -> None:
    plugin_settings.switch(session, "reporting", on=on, level=Level.COURSE, place_id=place.course.id)
    session.commit()


def test_a_course_that_began_half_a_year_ago_is_told_from_its_first_day(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor,
    clock: TestClock, follows: Callable[[], Evidence],
) -> None:  # fmt: skip
    course.replies(amal, ben, SEPTEMBER + timedelta(days=1))
    course.replies(ben, amal, MARCH - timedelta(days=3))
    clock.move_to(MARCH)
    assert follows() == set()  # it is off
    reporting.turn_on(session, place)
    assert follows() == {
        (date(2025, 9, 2), amal.user_id, Kind.REPLY_POSTED, ben.user_id),
        (date(2026, 2, 27), ben.user_id, Kind.REPLY_POSTED, amal.user_id),
    }
    standing = standing_of(session, [place.course.id])
    assert (standing.followed, standing.of, standing.behind) == (1, 1, False)
    assert (standing.begins_on, standing.looked_at) == (date(2025, 9, 2), MARCH)


def test_what_happened_while_the_report_was_off_is_read_when_it_is_on_again(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor,
    clock: TestClock, follows: Callable[[], Evidence],
) -> None:  # fmt: skip
    reporting.turn_on(session, place)
    course.replies(amal, ben, SEPTEMBER)
    assert len(follows()) == 1
    turn(session, place, on=False)
    course.replies(ben, amal, SEPTEMBER + timedelta(days=2))
    clock.tick(days=3)
    assert len(follows()) == 1  # left as it is
    turn(session, place, on=True)
    assert len(follows()) == 2


def test_an_event_is_noted_and_read_at_the_next_round_without_waiting_for_a_glance(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor, follows: Callable[[], Evidence]
) -> None:
    reporting.turn_on(session, place)
    follows()
    course.replies(amal, ben, SEPTEMBER)
    assert follows() == set()  # the clock stands still, so nobody glances
    event = happened(session.scalars(select(ActivityEvent).order_by(ActivityEvent.id.desc())).first())  # type: ignore[arg-type]
    following.note(session, event)
    assert len(follows()) == 1


def test_what_a_moderator_withdraws_goes_and_what_is_restored_comes_back(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor,
    clock: TestClock, follows: Callable[[], Evidence],
) -> None:  # fmt: skip
    tom = _person(session, place, "Tom")
    reporting.turn_on(session, place)
    post = course.replies(amal, ben, SEPTEMBER)
    reply = (date(2025, 9, 1), amal.user_id, Kind.REPLY_POSTED.value, ben.user_id)
    assert reply in follows()
    course.is_withdrawn(post, amal, tom, SEPTEMBER + timedelta(days=40))
    clock.tick(minutes=2)
    assert follows() == {(date(2025, 10, 11), tom.user_id, Kind.CARE_MODERATED, amal.user_id)}
    restored = {"post_id": post, "author_id": amal.user_id}
    course.tells("discussion.post_restored", tom, SEPTEMBER + timedelta(days=41), **restored)
    clock.tick(minutes=2)
    assert reply in follows()


def test_another_time_zone_tells_the_course_anew_by_its_days(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor,
    clock: TestClock, follows: Callable[[], Evidence],
) -> None:  # fmt: skip
    reporting.turn_on(session, place)
    course.replies(amal, ben, datetime(2025, 9, 1, 23, 30, tzinfo=UTC))
    assert {day for day, *_ in follows()} == {date(2025, 9, 1)}
    reporting.turn_on(session, place, zone="Europe/Berlin")
    clock.tick(minutes=2)
    assert {day for day, *_ in follows()} == {date(2025, 9, 2)}
    assert session.scalars(select(ActRow.day)).all() == [date(2025, 9, 2)]


def test_another_definition_derives_everything_anew(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor,
    clock: TestClock, follows: Callable[[], Evidence],
) -> None:  # fmt: skip
    reporting.turn_on(session, place)
    course.replies(amal, ben, SEPTEMBER)
    expected = follows()
    session.execute(update(FollowedCourse).values(definition="roles/0"))
    session.execute(delete(EvidenceRow))
    session.commit()
    clock.tick(minutes=2)
    assert follows() == expected
    assert session.scalars(select(FollowedCourse.definition)).all() == ["roles/1"]


def test_two_workers_at_one_course_double_nothing(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor, work: PluginWork
) -> None:
    reporting.turn_on(session, place)
    for day in range(6):
        course.replies(amal, ben, SEPTEMBER + timedelta(days=day))
    session.commit()
    course_id = place.course.id  # asked for here, since the test's own session belongs to one thread
    failures: list[BaseException] = []

    def toil() -> None:
        try:
            done = False
            while not done:
                with work.sessions() as own, unit_of_work(own):
                    done = following.catch_up(own, course_id, Settings(), at_most=2)
        except BaseException as error:  # noqa: BLE001 – shown by the assertion below
            failures.append(error)

    two = [threading.Thread(target=toil) for _ in range(2)]
    for one in two:
        one.start()
    for one in two:
        one.join()
    assert failures == []
    assert len(evidence(session)) == 6
    assert session.scalar(select(func.count()).select_from(ActRow)) == 6
    assert session.scalar(select(func.count()).select_from(DirtyDay)) == 0


def test_who_is_erased_is_nowhere_any_more_and_the_log_told_anew_says_the_same(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor, follows: Callable[[], Evidence]
) -> None:
    cleo = _person(session, place, "Cleo")
    reporting.turn_on(session, place)
    for day, (one, other) in enumerate([(amal, ben), (ben, amal), (cleo, ben), (amal, cleo)]):
        course.replies(one, other, SEPTEMBER + timedelta(days=day))
    follows()
    exported = leaving.export(session, amal.user_id, Settings())
    assert [one["kind"] for one in exported["evidence"]] == [Kind.REPLY_POSTED] * 2
    with unit_of_work(session):
        leaving.forget(session, amal.user_id)
        course_log = update(ActivityEvent).where(ActivityEvent.actor_id == amal.user_id).values(actor_id=None)
        session.execute(course_log)
        for row in session.scalars(select(ActivityEvent)):
            if row.payload["parent_author_id"] == amal.user_id:
                row.payload = row.payload | {"parent_author_id": None}
    left = {(date(2025, 9, 3), cleo.user_id, Kind.REPLY_POSTED.value, ben.user_id)}
    assert follows() == left
    assert session.scalar(select(func.count()).select_from(Erased)) == 0
    assert amal.user_id not in {
        *session.scalars(select(ActRow.member)),
        *session.scalars(select(ActRow.other)),
    }
    acts = _acts(session)
    following.replay(session, place.course.id)
    assert follows() == left
    assert _acts(session) == acts


def _acts(session: Session) -> list[tuple[object, ...]]:
    columns = [column for column in ActRow.__table__.columns if column.name != "lms_role"]
    return [tuple(row) for row in session.execute(select(*columns).order_by(ActRow.event_id, ActRow.part))]


def test_reading_that_is_withheld_counts_neither_for_readers_nor_for_those_they_read(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor, follows: Callable[[], Evidence]
) -> None:
    reporting.turn_on(session, place)
    course.tells("discussion.thread_posted", ben, SEPTEMBER, post_id=5)
    read = {"count": 1, "post_ids": [5], "author_ids": [ben.user_id], "via": ""}
    course.tells("discussion.posts_read", amal, SEPTEMBER + timedelta(days=2), **read)
    posted = (date(2025, 9, 1), ben.user_id, Kind.ITEM_POSTED.value, 0)
    opened = (date(2025, 9, 3), amal.user_id, Kind.ITEM_OPENED.value, ben.user_id)
    assert follows() == {posted, opened, (*posted[:3], amal.user_id)}
    kept_back = {"day": None, "other": None, "item": None, "kind": Kind.ITEM_OPENED, "at": SEPTEMBER}
    where = {"tenant_id": amal.tenant_id, "course_id": place.course.id, "member": amal.user_id}
    session.add(Withheld(**where, **kept_back))
    session.flush()
    mark_member(session, SqlStore(session), place.course.id, amal.user_id)
    assert follows() == {posted}


def test_a_day_is_derived_by_as_many_statements_however_much_happened_on_it(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor
) -> None:
    numbers = []
    for count in (2, 40):
        for minute in range(count):
            course.replies(amal, ben, SEPTEMBER + timedelta(minutes=minute))
        with unit_of_work(session):
            following.catch_up(session, place.course.id, Settings())
        with unit_of_work(session), counted_queries() as queries:
            following.catch_up(session, place.course.id, Settings())
        numbers.append(len(queries))
    assert abs(numbers[1] - numbers[0]) <= 1
    assert numbers[1] < 25


def test_the_commands_say_how_far_the_report_is_and_derive_it_anew(
    session: Session, place: Place, course: Course, amal: Actor, ben: Actor, work: PluginWork
) -> None:
    run, number = CliRunner(), place.course.id
    assert "on in no course" in run.invoke(status, obj=work).output
    reporting.turn_on(session, place)
    session.commit()
    assert f"Course {number}: not begun" in run.invoke(status, obj=work).output
    course.replies(amal, ben, SEPTEMBER)
    said = run.invoke(rebuild, ["--course", str(number)], obj=work)
    assert (said.exit_code, f"Course {number}: derived anew" in said.output) == (0, True)
    assert len(evidence(session)) == 1
    assert f"Course {number}: read, up to event" in run.invoke(status, obj=work).output
    assert run.invoke(rebuild, ["--course", "999999"], obj=work).exit_code == 1
