"""Login initiation: whom we send back to be authenticated, where to, and with what."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import func, select, update

from lmssocial.lms.identity.models import Registration
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.models import PendingLogin
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_refused, outcome


def test_the_answer_is_an_authentication_request_to_the_platform(house: House) -> None:
    begun = house.platform.begin(house.browser())
    assert begun.response.location.startswith("https://lms.example.edu/auth?tenant=7&scope=openid&")
    assert {name: begun.query[name] for name in begun.query if name not in {"state", "nonce"}} == {
        "tenant": "7",
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-1",
        "redirect_uri": "http://localhost:8000/lti/launch",
        "login_hint": "person-7",
        "lti_message_hint": '{"cmid":15,"launchid":"ltilaunch10_555288887"}',
    }
    assert len(begun.state) >= 43
    assert len(begun.nonce) >= 43
    assert begun.state != begun.nonce


def test_a_login_may_be_posted(house: House) -> None:
    response = house.browser().post("/lti/login", data=house.platform.login_request())
    assert response.status_code == 302
    assert dict(parse_qsl(urlsplit(response.location).query))["login_hint"] == "person-7"


def test_hints_come_back_byte_for_byte(house: House) -> None:
    odd = 'a+b c&d=e%20"ü"/?#\n\t∂ ' + "x" * 3000
    begun = house.platform.begin(house.browser(), login_hint=odd, lti_message_hint=odd)
    assert begun.query["login_hint"] == begun.query["lti_message_hint"] == odd


def test_no_message_hint_is_invented(house: House) -> None:
    assert "lti_message_hint" not in house.platform.begin(house.browser(), lti_message_hint=None).query


def test_two_logins_share_no_secret(house: House) -> None:
    browser = house.browser()
    first, second = house.platform.begin(browser), house.platform.begin(browser)
    assert {first.state, first.nonce}.isdisjoint({second.state, second.nonce})


def test_nothing_that_could_finish_a_login_is_stored(house: House) -> None:
    begun = house.platform.begin(house.browser())
    with house.rows() as session:
        stored = " ".join(
            str(value) for row in session.execute(select(PendingLogin.__table__)) for value in row
        )
    cookie = begun.response.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    assert len(cookie) >= 43
    for secret in (begun.state, begun.nonce, cookie):
        assert secret not in stored


def test_a_parameter_may_stand_in_the_address_and_in_the_form(house: House) -> None:
    response = house.browser().post(
        "/lti/login", query_string={"client_id": "client-1"}, data=house.platform.login_request()
    )
    assert response.status_code == 302


def test_a_login_that_is_refused_leaves_nothing_behind(house: House) -> None:
    with house.rows() as session:
        before = session.scalar(select(func.count()).select_from(PendingLogin))
    for changes in ({"iss": "https://nobody.example"}, {"target_link_uri": "https://evil.example/"}):
        request = house.platform.login_request(**changes)
        assert house.browser().get("/lti/login", query_string=request).status_code in {400, 403}
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(PendingLogin)) == before


def test_an_own_login_address_that_nobody_has_is_refused(house: House) -> None:
    request = house.platform.login_request()
    found = outcome(lambda: house.browser().get("/lti/login/nobody", query_string=request))
    assert_refused(found, causes.PLATFORM_UNKNOWN)


def test_a_platform_that_is_switched_off_gets_no_further_and_its_people_read_why(house: House) -> None:
    begun = house.platform.begin(browser := house.browser())
    with house.rows() as session:
        session.execute(update(Registration).values(enabled=False))
    request = house.platform.login_request()
    found = outcome(lambda: house.browser().get("/lti/login", query_string=request))
    assert_refused(found, causes.PLATFORM_DISABLED)
    assert (
        "frame-ancestors https://lms.example.edu;" in found.response.headers["Content-Security-Policy"] + ";"
    )
    token = house.platform.sign(house.platform.payload(begun.nonce))
    assert_refused(
        outcome(lambda: house.platform.finish(browser, begun.state, token)), causes.PLATFORM_DISABLED
    )
    with house.rows() as session:
        session.execute(update(Registration).values(enabled=True))
    assert house.platform.launch(house.browser()).status_code == 303


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/lti/login?iss=https://nobody.example&login_hint=1&target_link_uri=https://tool.example"),
        ("GET", "/lti/login"),
        ("POST", "/lti/launch"),
        ("GET", "/lti/picker/used-up"),
        ("GET", "/lti/handover/used-up"),
        ("GET", "/lti/activity/999999"),
        ("GET", "/w/999999/"),
    ],
)
def test_why_something_failed_is_read_in_the_frame_of_an_lms_that_nobody_knows(
    house: House, method: str, address: str
) -> None:
    response = house.browser().open(address, method=method)

    assert response.status_code >= 400
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert "<form" not in response.text
    assert '<a class="button' not in response.text
