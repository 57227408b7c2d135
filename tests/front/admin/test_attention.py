"""What the first page says needs an administrator today: nothing when nothing does."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select

from lmssocial.core.kernel.clock import now
from lmssocial.lms.identity import launches
from lmssocial.lms.identity.launch_models import LaunchRecord
from lmssocial.lms.identity.launches import What
from lmssocial.lms.roster.models import RosterSource
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.gradebook.models import Condition, Score
from tests.front.admin.conftest import ORIGIN, Browser, House, said
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries


@pytest.fixture
def place(house: House) -> Place:
    """A platform with a course."""
    with house.rows() as session:
        return make_place(session)


def refuse(house: House, place: Place | None, count: int, days_ago: int = 0) -> None:
    """Refused launches, some days ago."""
    with house.rows() as session:
        for _ in range(count):
            registration_id = place.registration.id if place else None
            launches.record(session, What(registration_id=registration_id, cause="cookie_missing"))
        session.flush()
        newest = select(LaunchRecord).order_by(LaunchRecord.id.desc()).limit(count)
        for row in session.scalars(newest):
            row.at = now() - timedelta(days=days_ago, minutes=1)


def test_where_all_is_well_nothing_is_said(house: House, ada: Browser, place: Place) -> None:
    refuse(house, place, 9)
    assert "What needs you Nothing." in said(ada.open("/admin/"))


def test_grades_that_did_not_arrive_and_rosters_in_trouble_lead_to_their_pages(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        column = gradebook.column(session, place.placement.id)
        gradebook.put(
            session, column.id, make_person(session, place).user_id, gradebook.Mark(given=1, maximum=2)
        )
        session.scalars(select(Score)).one().condition = Condition.GIVEN_UP
        session.add(RosterSource(course_id=place.course.id, failures=1, last_error="gone"))
    page = ada.open("/admin/")
    text = said(page)
    assert f"Grades did not reach {place.registration.name} 1 grade was refused" in text
    assert "Rosters are in trouble 1 cannot be read." in text
    assert page.link(f"What {place.registration.name} said") == (
        f"{ORIGIN}/admin/grades?platform={place.registration.id}"
    )
    assert page.link("Which ones") == f"{ORIGIN}/admin/rosters"


@pytest.mark.parametrize(
    ("before", "today", "rises"), [(0, 10, True), (0, 9, False), (30, 14, False), (30, 15, True)]
)
def test_refusals_that_rise_are_told_and_those_of_every_day_are_not(
    house: House, ada: Browser, place: Place, before: int, today: int, *, rises: bool
) -> None:
    refuse(house, place, before, days_ago=3)
    refuse(house, place, today)
    text = said(ada.open("/admin/"))
    told = f"Launches of {place.registration.name} are refused {today} in the last 24 hours"
    assert (told in text) == rises


def test_refusals_without_a_platform_are_told_as_such(house: House, ada: Browser) -> None:
    refuse(house, None, 20)
    page = ada.open("/admin/")
    assert "Launches are refused whose platform is unknown" in said(page)
    assert page.link("Why they were refused") == f"{ORIGIN}/admin/launches?view=refused"


def test_the_page_costs_the_same_however_much_there_is(
    house: House, ada: Browser, place: Place, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    def cost() -> int:
        with count_queries() as asked:
            ada.open("/admin/")
        return len(asked)

    few = cost()
    for _ in range(3):
        with house.rows() as session:
            other = make_place(session)
            session.add(RosterSource(course_id=other.course.id, failures=1, last_error="gone"))
        refuse(house, other, 12)
    refuse(house, place, 12)
    assert cost() == few
