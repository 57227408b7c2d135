"""Pages about several courses speak of those whose log is read, wherever their figures go."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.plugin_data import courses
from lmssocial_reporting.definition import Role
from lmssocial_reporting.mine import withholding
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.monitors.reading import widget_page
from lmssocial_reporting.scope import Scope, Wide
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.skills.reading import skill_page
from lmssocial_reporting.store.port import Act, Deed
from lmssocial_reporting.store.sql import SqlStore
from tests.conftest import TestClock
from tests.support import reporting
from tests.support.experts import bring_together
from tests.support.people import Place, make_person, make_place
from tests.support.reporting import WINDOW, a_piece, an_act
from tests.support.seat import Seat, text_of

SEPTEMBER = datetime(2025, 9, 1, 9, tzinfo=UTC)
TODAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
Course = tuple[Place, list[Actor]]


def follow(session: Session, place: Place) -> None:
    """Let the log of a course have been read to its end."""
    session.add(
        FollowedCourse(
            course_id=place.course.id,
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            zone="UTC",
            definition="roles/1",
            has_news=False,
            begins_on=WINDOW.first,
            looked_at=TODAY,
        )
    )
    session.flush()


@pytest.fixture
def place(session: Session, clock: TestClock) -> Place:
    """A course that began in September, in which the report is on and has read everything."""
    clock.move_to(SEPTEMBER)
    found = make_place(session)
    reporting.turn_on(session, found)
    follow(session, found)
    return found


@pytest.fixture
def tom(session: Session, place: Place, clock: TestClock) -> Actor:
    """Its instructor; now it is the Monday after the window."""
    found = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    clock.move_to(TODAY)
    return found


@pytest.fixture
def beside(session: Session, place: Place, clock: TestClock) -> Callable[[str], Course]:
    """Make another course of the tenant, with twelve learners since September."""

    def made(name: str) -> Course:
        clock.move_to(SEPTEMBER)
        other = make_place(session, beside=place)
        people = [make_person(session, other, f"{name} {number}") for number in range(12)]
        clock.move_to(TODAY)
        return other, people

    return made


def ring(session: Session, place: Place, people: list[Actor]) -> None:
    """Let everybody answer the next one."""
    store, course = SqlStore(session), place.course.id
    store.replace_day(
        course,
        WINDOW.first,
        [
            a_piece(course_id=course, member=one.user_id, other=other.user_id)
            for one, other in zip(people, [*people[1:], people[0]], strict=True)
        ],
    )


def does(place: Place, who: Actor, deed: Deed) -> Act:
    """Something that somebody did at noon of the last day of the window."""
    return an_act(
        tenant_id=place.tenant.id,
        course_id=place.course.id,
        placement_id=place.placement.id,
        at=datetime.combine(WINDOW.last, time(12), UTC),
        member=who.user_id,
        deed=deed,
        other=0,
    )


@pytest.fixture
def span(
    session: Session, place: Place, beside: Callable[[str], Course], tom: Actor, clock: TestClock
) -> str:
    """Of Tom's course, where twelve learners answer one another and not him, and of one that was never read."""
    clock.move_to(SEPTEMBER)
    ring(session, place, [make_person(session, place, f"Learner {number}") for number in range(12)])
    clock.move_to(TODAY)
    unread, _people = beside("Unread")
    del tom  # he is there
    return f"?of=span-{bring_together(session, place, unread).id}"


def test_the_report_speaks_of_the_same_members_as_the_pages(
    tom: Actor, span: str, sit: Callable[[Actor], Seat]
) -> None:
    seat = sit(tom)
    assert "13 members, 12 ties" in text_of(seat.open(f"/monitors/network{span}"))
    report = json.loads(seat.open(f"/reports/now.json{span}").get_data(as_text=True))
    (density,) = (one for one in report["facts"]["measures"] if one["name"] == "Density")
    assert density["number"] == round(12 / (13 * 12), 4)


def test_a_network_in_which_one_stands_alone_is_not_drawn_because_of_a_course_that_was_never_read(
    tom: Actor, span: str, sit: Callable[[Actor], Seat]
) -> None:
    seat = sit(tom)
    assert "ties.svg" not in seat.open(f"/monitors/network{span}").get_data(as_text=True)
    assert seat.open(f"/chart/ties.svg{span}").status_code == 404
    assert seat.open(f"/reports/now.graphml{span}").status_code == 409
    assert seat.open(f"/reports/now-edges.csv{span}").status_code == 409


def test_a_course_is_compared_with_those_whose_log_is_read_and_no_others(
    session: Session, place: Place, tom: Actor, beside: Callable[[str], Course]
) -> None:
    for number in range(4):
        there, _people = beside(f"Read {number}")
        follow(session, there)
    for number in range(2):
        beside(f"Unread {number}")
    store, course = SqlStore(session), (place.course.id,)
    scope = Scope(wide=Wide.COURSE, key="course", title="", course_ids=course, settings=Settings())
    assert {one.communities for one in skill_page(session, store, scope, tom).support} == {4}


def test_who_keeps_reading_out_of_one_course_still_reads_in_another(
    session: Session, place: Place, tom: Actor, beside: Callable[[str], Course]
) -> None:
    other, people = beside("Both")
    follow(session, other)
    store = SqlStore(session)
    for one in people:
        here = replace(one, course_id=place.course.id, community_id=place.community.id)
        withholding.count_reading(session, store, here, counted=False)
    store.add_acts([does(other, one, Deed.READ) for one in people])
    both = (place.course.id, other.course.id)
    scope = Scope(wide=Wide.SPAN, key="span-1", title="", course_ids=both, settings=Settings())
    consumers = skill_page(session, store, scope, tom).support[0]
    assert consumers.role is Role.CONSUMER
    assert consumers.rates.trying == 1.0


def test_a_page_about_several_courses_names_the_course_of_each_widget(
    session: Session, place: Place, beside: Callable[[str], Course]
) -> None:
    other, _people = beside("Other")
    both = (place.course.id, other.course.id)
    scope = Scope(wide=Wide.SPAN, key="span-1", title="", course_ids=both, settings=Settings())
    called = {one.id: one.title for one in courses(session, ids=both)}
    titles = {
        use.placement.course_id: use.placement.title
        for use in widget_page(session, SqlStore(session), scope).uses
    }
    assert titles == {course: f"Discussion ({title})" for course, title in called.items()}
    alone = replace(scope, wide=Wide.COURSE, course_ids=both[:1])
    assert [use.placement.title for use in widget_page(session, SqlStore(session), alone).uses] == [
        "Discussion"
    ]


def test_coming_to_a_course_and_reading_that_is_not_to_be_counted_are_no_use_of_a_widget_at_any_hour(
    session: Session, place: Place, tom: Actor
) -> None:
    store, ana = SqlStore(session), make_person(session, place, "Ana Ruiz")
    store.add_acts([does(place, tom, deed) for deed in (Deed.POSTED, Deed.READ)])
    store.add_acts([does(place, ana, deed) for deed in (Deed.REPLIED, Deed.READ, Deed.SEARCHED)])
    store.add_acts([does(place, ana, Deed.JOINED)._replace(placement_id=0, widget="")])
    withholding.count_reading(session, store, ana, counted=False)
    scope = Scope(
        wide=Wide.COURSE, key="course", title="", course_ids=(place.course.id,), settings=Settings()
    )
    page = widget_page(session, store, scope)
    assert [use.acts for use in page.uses] == [3]
    assert page.elsewhere == 0
    assert [row.weeks for row in page.weekly] == [(0, 0, 0, 3)]
    assert page.hours == {(6, 12): 3}
