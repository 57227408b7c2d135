"""Launches of copied courses: what they find, what they ask, and what never comes along."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from lmssocial.lms.lti import claims
from lmssocial.social.communities.models import Placement, PlacementLink
from tests.fakes.platform import LEARNER
from tests.front.launch.conftest import House
from tests.front.launch.picking import begin, link, picker, press, send

HISTORY = {"context_id_history": "old", "resource_link_id_history": "$ResourceLink.id.history"}
"""What a Moodle says of a restored course: the course it came from, and a variable that it does not know."""


@pytest.fixture
def browser(house: House) -> FlaskClient:
    """An empty browser."""
    return house.browser()


@pytest.fixture(autouse=True)
def old(house: House) -> Iterator[Placement]:
    """A course called old with a discussion that an instructor set up at an empty link."""
    teacher = house.browser()
    send(
        teacher, picker(teacher, begin(house, teacher, opening("Case clinic", "old"))), intro="Bring a case."
    )
    with house.rows() as session:
        placed = session.scalars(select(Placement).where(Placement.title == "Case clinic")).one()
        placed.settings = {"stars": True}
    yield placed
    with house.rows() as session:
        session.execute(delete(PlacementLink))
        for one in session.scalars(select(Placement).order_by(Placement.id.desc())):
            session.delete(one)
            session.flush()


def opening(title: str, course: str, *, number: str = "", **more: Any) -> dict[str, Any]:
    """The claims of somebody, an instructor unless said otherwise, who opens a link called ``title`` in a course."""
    asked = link(f"{title} of {course}{number}", **more)
    return {
        **asked,
        claims.RESOURCE_LINK: {"id": f"{title} of {course}{number}", "title": title},
        claims.CONTEXT: {"id": course, "title": f"Course {course}"},
    }


def copy_in(house: House, old: Placement) -> Placement:
    """The only copy there is."""
    with house.rows() as session:
        return session.scalars(select(Placement).where(Placement.copied_from_id == old.id)).one()


def test_a_learner_may_be_the_first_in_a_restored_course(house: House, old: Placement) -> None:
    opened = opening("Case clinic", "restored", role=LEARNER, sub="learner-1", **HISTORY)
    location = house.platform.launch(house.browser(), **opened).location
    copy = copy_in(house, old)
    assert location.startswith(f"/w/{copy.id}/")
    assert (copy.title, copy.intro, copy.settings) == ("Case clinic", "Bring a case.", {"stars": True})
    assert copy.created_by_id is None
    house.platform.launch(house.browser(), **opening("Case clinic", "restored", **HISTORY))
    assert copy_in(house, old).created_by_id is not None


def test_a_class_that_comes_to_a_copied_course_at_once_meets_in_one_copy(
    house: House, old: Placement
) -> None:
    together = threading.Barrier(8)

    def launch(number: int) -> str:
        browser = house.browser()
        begun = house.platform.begin(browser)
        opened = opening(
            "Case clinic",
            "rush",
            number=f" {number % 2}",
            role=LEARNER,
            sub=f"rush-{number}",
            placement=old.uuid,
        )
        token = house.platform.sign(house.platform.payload(begun.nonce, **opened))
        together.wait(timeout=30)
        return house.platform.finish(browser, begun.state, token).location

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(launch, range(8)))) == 1
    assert copy_in(house, old).settings == {"stars": True}


def test_the_variable_that_an_lms_does_not_know_is_no_history(house: House) -> None:
    only = {
        "context_id_history": "$Context.id.history",
        "resource_link_id_history": "$ResourceLink.id.history",
    }
    learner = opening("Case clinic", "unknown", role=LEARNER, sub="learner-1", **only)
    assert house.platform.launch(house.browser(), **learner).location.startswith("/lti/activity/")


def test_an_instructor_is_asked_what_nobody_told_us(
    house: House, browser: FlaskClient, old: Placement
) -> None:
    """They teach both courses; the LMS says nothing about the one being a copy of the other."""
    learner = house.browser()
    waiting = house.platform.launch(
        learner, **opening("Case clinic", "imported", role=LEARNER, sub="learner-1")
    ).location
    assert "Your instructor has not set this activity up yet." in learner.get(waiting).text
    address = begin(house, browser, opening("Case clinic", "imported"))
    page = browser.get(address).text
    assert "This looks like a copy" in page
    assert "Course old" in page
    home = press(browser, address, "/copy", original=str(old.id)).location
    copy = copy_in(house, old)
    assert home.startswith(f"/w/{copy.id}/")
    assert copy.settings == {"stars": True}
    assert copy.created_by_id is not None
    assert learner.get(waiting).location == home
    assert browser.get(address).status_code == 410


def test_setting_it_up_anew_is_as_near(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, opening("Case clinic", "anew"))
    send(browser, picker(browser, address), title="Something else")
    with house.rows() as session:
        placed = session.scalars(select(Placement).where(Placement.title == "Something else")).one()
    assert (placed.copied_from_id, placed.settings) == (None, {})


def test_only_what_was_suggested_can_be_copied(house: House, browser: FlaskClient, old: Placement) -> None:
    stranger = {"sub": "teacher-9"}
    address = begin(house, browser, {**opening("Case clinic", "stolen"), **stranger})
    assert "This looks like a copy" not in browser.get(address).text
    token = dict(picker(browser, address).fields)["csrf_token"]
    response = browser.post(f"{address}/copy", data={"csrf_token": token, "original": str(old.id)})
    assert response.location == address, "they teach only the one course, so nothing of the other is theirs"
    with house.rows() as session:
        assert session.scalar(select(Placement).where(Placement.copied_from_id == old.id)) is None


@pytest.mark.parametrize(("answer", "same"), [("together", True), ("apart", False)])
def test_an_instructor_says_whether_a_duplicated_link_meets_the_first(
    house: House, browser: FlaskClient, old: Placement, answer: str, same: object
) -> None:
    carries = {"placement": old.uuid, "widget": "discussion"}
    copied = {"number": " (copy)", **carries}
    learner = house.platform.launch(
        house.browser(), **opening("Case clinic", "old", role=LEARNER, sub="learner-1", **copied)
    )
    assert learner.location.startswith(f"/w/{old.id}/"), "learners wait for nobody"
    address = begin(house, browser, opening("Case clinic", "old", **copied))
    assert "Two links to one activity" in browser.get(address).text
    home = press(browser, address, "/double", to=answer).location
    assert home.startswith(f"/w/{old.id}/") is same
    for person in ({}, {"role": LEARNER, "sub": "learner-1"}):
        again = house.platform.launch(house.browser(), **opening("Case clinic", "old", **copied, **person))
        assert again.location == home, "nobody is asked twice"
    first = house.platform.launch(house.browser(), **opening("Case clinic", "old"))
    assert first.location.startswith(f"/w/{old.id}/")
