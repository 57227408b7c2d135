"""A click in the LMS's gradebook (LtiSubmissionReviewRequest), as Moodle sends it without being asked to."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lmssocial.lms.identity.models import User
from lmssocial.lms.lti import claims
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.discussion.grading.rubric import starting_points
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.fakes.platform import INSTRUCTOR, LEARNER, MEMBERSHIP
from tests.front.launch.conftest import House

WIDGET = {claims.CUSTOM: {"widget": "discussion"}}
TEACHER = {"sub": "3", "name": "Tina Teacher", claims.ROLES: [INSTRUCTOR]}
STUDENT = {"sub": "5", "name": "Stu1 Dent01", claims.ROLES: [LEARNER]}
OTHER = {"sub": "6", "name": "Stu2 Dent02", claims.ROLES: [LEARNER]}
ASSISTANT = {
    "sub": "9",
    "name": "Ada Assistant",
    claims.ROLES: [MEMBERSHIP.replace("membership#", "membership/Instructor#") + "TeachingAssistant"],
}
SERVICES = "http://moodle.localhost:8100/mod/lti/services.php/2/lineitems"
GRADES = {
    claims.GRADES: {
        "scope": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        ],
        "lineitems": f"{SERVICES}?type_id=1",
        "lineitem": f"{SERVICES}/21/lineitem?type_id=1",
    }
}


def review_of(sub: str, link: str = "10", /, **more: object) -> dict[str, Any]:
    """The claims by which Moodle 4.5 asks for a review, beside the person's own."""
    return {
        claims.MESSAGE_TYPE: "LtiSubmissionReviewRequest",
        claims.RESOURCE_LINK: {"id": link, "title": "Multi #1", "description": "Intro <b>text</b> from tool"},
        claims.FOR_USER: {"user_id": sub},
        claims.CONTEXT: {
            "id": "2",
            "label": "NEG101",
            "title": "Negotiation Skills",
            "type": ["CourseSection"],
        },
        **GRADES,
        **more,
    }


def opened(house: House, link: str = "10", /, **who: Any) -> FlaskClient:
    """Somebody's browser, after they opened the activity."""
    browser = house.browser()
    response = house.platform.launch(
        browser,
        **{**WIDGET, **review_of("", link), claims.MESSAGE_TYPE: "LtiResourceLinkRequest", **who},
    )
    assert response.status_code == 303, response.text
    return browser


def follow(browser: FlaskClient, response: TestResponse) -> TestResponse:
    """The page a launch ends with."""
    for _hop in range(4):
        if response.status_code != 303:
            break
        response = browser.get(response.location)
    return response


@pytest.fixture(scope="module")
def graded(house: House) -> House:
    """A graded discussion behind the link, which a teacher, two students and an assistant have opened."""
    for who in (TEACHER, STUDENT, OTHER, ASSISTANT):
        opened(house, **who)
    with house.rows() as session:
        placement = session.scalars(select(Placement)).one()
        placement.settings = DiscussionSettings(choose=1, rubric=starting_points()).as_json()
    return house


def user_id(house: House, sub: str) -> int:
    with house.rows() as session:
        return session.scalars(select(User.id).where(User.sub == sub)).one()


def test_a_teacher_comes_to_the_grading_page_of_that_student(graded: House) -> None:
    browser = graded.browser()
    page = follow(browser, graded.platform.launch(browser, **TEACHER, **review_of("5")))
    assert page.status_code == 200
    assert urlsplit(page.request.url).path.endswith(f"/discussion/grading/{user_id(graded, '5')}")
    assert "Stu1 Dent01" in page.text


def test_a_student_comes_to_their_own_grade(graded: House) -> None:
    browser = graded.browser()
    page = follow(browser, graded.platform.launch(browser, **STUDENT, **review_of("5")))
    assert page.status_code == 200
    assert urlsplit(page.request.url).path.endswith("/discussion/best")


@pytest.mark.parametrize("who", [STUDENT, ASSISTANT], ids=["another student", "an assistant"])
def test_nobody_else_comes_to_it(graded: House, who: dict[str, Any]) -> None:
    browser = graded.browser()
    page = follow(browser, graded.platform.launch(browser, **who, **review_of("6")))
    assert page.status_code == 403
    assert "Only the instructors of this course and the person themselves" in page.text
    assert "Stu2" not in page.text


def test_the_line_item_claim_may_be_missing_or_lack_the_line_item(graded: House) -> None:
    for grades in (None, {"scope": [], "lineitems": f"{SERVICES}?type_id=1"}):
        browser = graded.browser()
        claim = {claims.GRADES: grades}
        page = follow(browser, graded.platform.launch(browser, **TEACHER, **review_of("5", **claim)))
        assert page.status_code == 200
        assert "Stu1 Dent01" in page.text


def test_a_student_who_never_came_has_nothing_to_look_at(graded: House) -> None:
    browser = graded.browser()
    page = follow(browser, graded.platform.launch(browser, **TEACHER, **review_of("never-here")))
    assert page.status_code == 404
    assert "has not been here" in page.text


def test_the_way_to_it_is_of_use_to_nobody_else(graded: House) -> None:
    browser = graded.browser()
    response = graded.platform.launch(browser, **TEACHER, **review_of("5"))
    assert response.location.endswith(f"/gradebook/review/{user_id(graded, '5')}")
    stranger = graded.browser().get(response.location)
    assert stranger.status_code == 401


def test_a_link_that_shows_nothing_yet_says_so(graded: House) -> None:
    browser = graded.browser()
    page = follow(browser, graded.platform.launch(browser, **STUDENT, **review_of("5", "empty")))
    assert page.status_code == 200
    assert "has not set this activity up yet" in page.text
    browser = graded.browser()
    page = follow(browser, graded.platform.launch(browser, **TEACHER, **review_of("5", "empty")))
    assert "/lti/pick" in page.request.url or "picker" in page.request.url


def test_a_review_that_names_nobody_is_refused(graded: House) -> None:
    response = graded.platform.launch(graded.browser(), **TEACHER, **review_of("5", **{claims.FOR_USER: {}}))
    assert response.status_code == 400


def test_an_ungraded_discussion_says_that_there_is_nothing_to_grade_by(graded: House) -> None:
    opened(graded, "plain", **TEACHER)
    browser = graded.browser()
    page = follow(browser, graded.platform.launch(browser, **TEACHER, **review_of("5", "plain")))
    assert page.status_code == 404
    assert "There is no rubric yet" in page.text
