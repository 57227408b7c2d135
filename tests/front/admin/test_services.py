"""Rosters and grades as administrators see and mend them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lmssocial.core.kernel.clock import now
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.lti.services import scopes
from lmssocial.lms.roster import overview as rosters
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource
from lmssocial.social.gradebook import overview as grades
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.gradebook.models import Condition, Score
from lmssocial.social.gradebook.service import Mark
from tests.front.admin.conftest import Browser, House, said
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries


@pytest.fixture
def place(house: House) -> Place:
    """A platform with a course."""
    with house.rows() as session:
        return make_place(session)


def roster(house: House, place: Place, *outcomes: Outcome, **source: Any) -> None:
    """A roster with runs, the oldest first."""
    with house.rows() as session:
        session.add(RosterSource(course_id=place.course.id, **source))
        for number, outcome in enumerate(outcomes):
            session.add(
                RosterRun(
                    course_id=place.course.id,
                    began_at=now() - timedelta(hours=len(outcomes) - number),
                    outcome=outcome,
                    next_url="",
                    next_at=now(),
                    pages=number + 1,
                    members=40,
                    joined=3,
                    left=2,
                    last_error="" if outcome is Outcome.COMPLETE else "503 Try <later>",
                )
            )


def score(house: House, place: Place, condition: Condition, error: str = "", *, served: bool = True) -> int:
    """A score on its way to the LMS of ``place``."""
    with house.rows() as session:
        if served and session.get(CourseServices, place.course.id) is None:
            session.add(
                CourseServices(
                    course_id=place.course.id,
                    line_items_url="https://lms.example/items",
                    grade_scopes=scopes.SCORE,
                    noted_at=now(),
                )
            )
        person = make_person(session, place, "Olga Private")
        column = gradebook.column(session, place.placement.id, label="Week 1")
        gradebook.put(session, column.id, person.user_id, Mark(given=77, maximum=100))
        row = session.scalars(select(Score).order_by(Score.id.desc()).limit(1)).one()
        row.condition, row.last_error, row.attempts = condition, error, 3 if error else 0
        row.last_status = 403 if error else None
        return row.id


def score_of(house: House, score_id: int) -> Score:
    with house.rows() as session:
        return session.get_one(Score, score_id)


def test_rosters_in_trouble_stand_first_with_what_the_lms_said(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        well = make_place(session, beside=place)
    roster(house, place, Outcome.COMPLETE, Outcome.FAILED, failures=2, last_error="503 Try <later>")
    roster(house, well, Outcome.COMPLETE, completed_at=now())

    page = ada.open("/admin/rosters")

    text = said(page)
    assert f"{place.course.title} Failed 2 times in a row" in text
    assert "503 Try <later>" in text
    assert well.course.title not in text
    assert "In trouble 1" in text
    assert "All 2" in text
    assert "2 pages" in text
    assert "40 members" in text
    assert well.course.title in said(ada.open("/admin/rosters?view=all"))


def test_a_roster_that_would_have_emptied_its_course_is_in_trouble(
    house: House, ada: Browser, place: Place
) -> None:
    roster(house, place, Outcome.DOUBTED, completed_at=now())
    text = said(ada.open("/admin/rosters"))
    assert "Doubted" in text
    assert "Nobody was." in text
    assert "2 would have left" in text


def test_an_administrator_has_a_roster_read_now(house: House, ada: Browser, place: Place) -> None:
    roster(house, place, Outcome.FAILED, failures=7, next_at=None, last_error="Forbidden")
    page = ada.open("/admin/rosters")
    done = ada.submit(page.form(action="/read"))
    assert "The roster is read in a moment." in said(done)
    with house.rows() as session:
        source = session.get_one(RosterSource, place.course.id)
    assert source.failures == 0
    assert source.next_at is not None
    assert source.next_at <= now()
    assert house.deeds()[-1] == ("ada", "roster.asked", f"{place.course.title}, {place.course.id}")


def test_a_running_roster_is_found_among_those_being_read(house: House, ada: Browser, place: Place) -> None:
    roster(house, place, Outcome.COMPLETE, Outcome.RUNNING)
    assert place.course.title in said(ada.open("/admin/rosters?view=running"))
    assert "None is in trouble." in said(ada.open("/admin/rosters"))


def test_grades_are_counted_by_platform_and_told_without_whose_they_are(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        unserved = make_place(session)
    score(house, place, Condition.GIVEN_UP, "403 <b>No grades</b>")
    score(house, place, Condition.WAITING, "503 later")
    score(house, place, Condition.SENT)
    score(house, unserved, Condition.WAITING, served=False)

    page = ada.open("/admin/grades")

    text = said(page)
    assert "403 <b>No grades</b>" in text
    assert "503 later" in text
    assert "status 403" in text
    assert "Olga" not in page.html
    assert "77" not in text
    with house.rows() as session:
        by_id = {one.platform_id: one for one in grades.by_platform(session)}
    theirs, others = by_id[place.registration.id], by_id[unserved.registration.id]
    assert (theirs.given_up, theirs.waiting, theirs.failing, theirs.held) == (1, 1, 1, 0)
    assert (others.given_up, others.waiting, others.failing, others.held) == (0, 0, 0, 1)
    assert others.oldest is None, "what has nowhere to go is not late"


def test_one_grade_or_all_of_a_platform_are_sent_again(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        other = make_place(session)
    first = score(house, place, Condition.GIVEN_UP, "no")
    second = score(house, place, Condition.GIVEN_UP, "no")
    busy = score(house, place, Condition.SENDING, "before")
    elsewhere = score(house, other, Condition.GIVEN_UP, "no")

    page = ada.open("/admin/grades")
    ada.submit(page.form(action=f"/{first}/retry"))
    assert score_of(house, first).condition is Condition.WAITING
    assert score_of(house, first).attempts == 0
    assert score_of(house, second).condition is Condition.GIVEN_UP

    page = ada.open(f"/admin/grades?platform={place.registration.id}")
    theirs = ("platform", str(place.registration.id))
    form = next(one for one in page.forms if one.action.endswith("/grades/retry") and theirs in one.buttons)
    done = ada.submit(form)
    assert "1 grade is sent again in a moment." in said(done)
    assert score_of(house, second).condition is Condition.WAITING
    assert score_of(house, busy).condition is Condition.SENDING, (
        "whoever sends it writes down what becomes of it"
    )
    assert score_of(house, elsewhere).condition is Condition.GIVEN_UP
    assert [deed[1] for deed in house.deeds()][-2:] == ["grade.retried", "grade.retried"]


def test_what_is_in_trouble_goes_on_page_by_page(house: House, place: Place) -> None:
    for number in range(grades.PAGE + 5):
        score(house, place, Condition.GIVEN_UP, f"error {number}")
    with house.rows() as session:
        moment = now()
        for number, row in enumerate(session.scalars(select(Score).order_by(Score.id))):
            row.changed_at = moment - timedelta(minutes=number // 3)
    with house.rows() as session:
        first = grades.stuck_page(session)
        rest = grades.stuck_page(session, before=first[grades.PAGE - 1].id)
    shown = [one.id for one in first[: grades.PAGE]] + [one.id for one in rest]
    assert len(shown) == len(set(shown)) == grades.PAGE + 5


def test_the_pages_cost_the_same_with_one_and_with_many(
    house: House, ada: Browser, place: Place, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    def cost(path: str) -> int:
        with count_queries() as asked:
            assert ada.open(path).status == 200
        return len(asked)

    roster(house, place, Outcome.FAILED, failures=1)
    score(house, place, Condition.GIVEN_UP, "no")
    before = [cost(path) for path in ("/admin/rosters", "/admin/grades")]
    for _ in range(4):
        with house.rows() as session:
            more = make_place(session)
        roster(house, more, Outcome.COMPLETE, Outcome.FAILED, failures=1)
        score(house, more, Condition.GIVEN_UP, "no")
    assert [cost(path) for path in ("/admin/rosters", "/admin/grades")] == before
    with house.rows() as session:
        assert len(rosters.roster_page(session, rosters.View.TROUBLE)) == 5
