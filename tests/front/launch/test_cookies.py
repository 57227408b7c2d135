"""What a launch keeps in the browser, and what happens in a browser that keeps nothing."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from lmssocial.lms.identity.models import WebSession
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.models import PendingLogin
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_let_in, assert_refused, links_of, outcome

FRAMED = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
TOP = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture(scope="module")
def secure(build: Callable[..., House]) -> House:
    """A house behind https."""
    return build(public_url="https://social.example.edu")


def test_over_https_every_cookie_works_in_a_frame_and_belongs_to_this_host(secure: House) -> None:
    browser = secure.browser()
    begun = secure.platform.begin(browser)
    token = secure.platform.sign(secure.platform.payload(begun.nonce))
    finished = secure.platform.finish(browser, begun.state, token)
    set_by = [*begun.response.headers.getlist("Set-Cookie"), *finished.headers.getlist("Set-Cookie")]
    assert len(set_by) == 3
    for cookie in set_by:
        assert cookie.startswith("__Host-lmssocial")
        attributes = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= attributes
        assert not any(part.startswith("Domain") for part in attributes)


def test_over_plain_http_a_second_cookie_goes_to_clients_that_drop_secure_ones(house: House) -> None:
    begun = house.platform.begin(house.browser())
    one, other = begun.response.headers.getlist("Set-Cookie")
    assert "Partitioned" in one
    assert "Secure" in one
    assert "SameSite=Lax" in other
    assert "Secure" not in other
    for mark in ("SameSite=None", "SameSite=Lax"):
        again = house.platform.begin(house.browser())
        kept = [value for value in again.response.headers.getlist("Set-Cookie") if mark in value]
        token = house.platform.sign(house.platform.payload(again.nonce))
        answer = partial(
            house.app.test_client(use_cookies=False).post,
            "/lti/launch",
            data={"state": again.state, "id_token": token},
            headers={"Cookie": kept[0].partition(";")[0]},
            base_url=house.platform.public_url,
        )
        assert_let_in(outcome(answer))


def test_the_login_cookie_is_taken_back_by_the_launch(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    name = begun.response.headers["Set-Cookie"].partition("=")[0]
    assert browser.get_cookie(name) is not None
    token = house.platform.sign(house.platform.payload(begun.nonce))
    house.platform.finish(browser, begun.state, token)
    assert browser.get_cookie(name) is None


def test_the_cookie_says_nothing_about_the_person(house: House) -> None:
    browser = house.browser()
    launched = house.platform.launch(browser)
    kept = " ".join(launched.headers.getlist("Set-Cookie"))
    for personal in ("person-7", "Ada", "ada@example.edu", "course-1"):
        assert personal not in kept


def test_a_launch_without_its_cookie_offers_a_new_tab_that_begins_again(house: House) -> None:
    begun = house.platform.begin(house.browser())
    token = house.platform.sign(house.platform.payload(begun.nonce))
    without = house.app.test_client(use_cookies=False)
    found = outcome(lambda: house.platform.finish(without, begun.state, token))
    assert_refused(found, causes.COOKIE_MISSING)
    assert "frame-ancestors https://lms.example.edu" in found.response.headers["Content-Security-Policy"]
    assert token not in found.response.text, "the used-up token is not sent again"
    link = links_of(found.response.text)["Open in a new tab"]
    assert link.attributes["target"] == "_blank"
    new_tab = house.browser()
    again = new_tab.get(link.href, base_url=house.platform.public_url)
    assert again.status_code == 302
    query = {name: values[0] for name, values in parse_qs(urlsplit(again.location).query).items()}
    assert query["login_hint"] == "person-7"
    assert query["lti_message_hint"] == '{"cmid":15,"launchid":"ltilaunch10_555288887"}'
    token = house.platform.sign(house.platform.payload(query["nonce"]))
    assert_let_in(outcome(lambda: house.platform.finish(new_tab, query["state"], token)))


def test_a_browser_that_refuses_cookies_everywhere_reads_that(house: House) -> None:
    begun = house.platform.begin(house.browser())
    token = house.platform.sign(house.platform.payload(begun.nonce))
    response = house.app.test_client(use_cookies=False).post(
        "/lti/launch",
        data={"state": begun.state, "id_token": token},
        headers=TOP,
        base_url=house.platform.public_url,
    )
    assert response.status_code == 403
    assert "Allow cookies for localhost:8000 in its settings" in response.text
    assert "Open in a new tab" not in response.text
    assert "Try again" in response.text


def test_in_a_frame_cookies_are_tried_before_the_lms_is_asked(house: House) -> None:
    browser = house.browser()
    request = house.platform.login_request()
    first = browser.post("/lti/login", data=request, headers=FRAMED, base_url=house.platform.public_url)
    assert first.status_code == 303
    assert first.location.startswith("/lti/login/")
    second = browser.get(first.location, headers=FRAMED, base_url=house.platform.public_url)
    assert second.status_code == 302
    query = {name: values[0] for name, values in parse_qs(urlsplit(second.location).query).items()}
    assert query["lti_message_hint"] == request["lti_message_hint"]
    token = house.platform.sign(house.platform.payload(query["nonce"]))
    assert_let_in(outcome(lambda: house.platform.finish(browser, query["state"], token)))
    third = browser.post("/lti/login", data=request, headers=FRAMED, base_url=house.platform.public_url)
    assert third.status_code == 302, "a browser that keeps cookies is not asked again"


def test_in_a_frame_without_cookies_the_hint_of_the_lms_is_still_good_in_the_new_tab(house: House) -> None:
    """Moodle's hint is good for one authentication: it must not be spent before the new tab uses it."""
    frame = house.app.test_client(use_cookies=False)
    with house.rows() as session:
        begun_before = session.scalar(select(func.count()).select_from(PendingLogin))
    first = frame.post(
        "/lti/login", data=house.platform.login_request(), headers=FRAMED, base_url=house.platform.public_url
    )
    found = outcome(lambda: frame.get(first.location, headers=FRAMED, base_url=house.platform.public_url))
    assert_refused(found, causes.COOKIE_MISSING)
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(PendingLogin)) == begun_before
    assert "frame-ancestors https://lms.example.edu" in found.response.headers["Content-Security-Policy"]
    new_tab = house.browser()
    link = links_of(found.response.text)["Open in a new tab"]
    again = new_tab.get(link.href, headers=TOP, base_url=house.platform.public_url)
    assert again.status_code == 302
    query = {name: values[0] for name, values in parse_qs(urlsplit(again.location).query).items()}
    token = house.platform.sign(house.platform.payload(query["nonce"]))
    assert_let_in(outcome(lambda: house.platform.finish(new_tab, query["state"], token)))


def test_a_hint_too_long_for_an_address_takes_no_detour(house: House) -> None:
    request = house.platform.login_request(lti_message_hint="h" * 5000)
    response = house.browser().post("/lti/login", data=request, headers=FRAMED)
    assert response.status_code == 302


def test_one_browser_has_one_sign_in_for_each_course(build: Callable[..., House]) -> None:
    house = build()
    browser = house.browser()
    for _ in range(3):
        house.platform.launch(browser)
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 1
