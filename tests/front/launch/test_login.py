"""Login initiation: whom we send back to be authenticated, where to, and with what."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import func, select, update

from lmssocial.lms.identity.models import Registration
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.models import PendingLogin
from lmssocial.lms.lti.refusals import Cause
from tests.fakes.registered import make_tenant, register
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


@pytest.mark.parametrize("name", ["iss", "login_hint", "target_link_uri"])
def test_a_login_without_a_required_parameter_is_refused(house: House, name: str) -> None:
    request = house.platform.login_request(**{name: None})
    assert_refused(
        outcome(lambda: house.browser().get("/lti/login", query_string=request)), causes.PARAMETER_MISSING
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", "x" * 300),
        ("client_id", "x" * 300),
        ("lti_deployment_id", "x" * 300),
        ("login_hint", "x" * 8001),
        ("lti_message_hint", "a\0b"),
    ],
)
def test_a_parameter_that_no_platform_would_send_is_refused(house: House, name: str, value: str) -> None:
    request = house.platform.login_request(**{name: value})
    assert_refused(
        outcome(lambda: house.browser().post("/lti/login", data=request)), causes.PARAMETER_UNUSABLE
    )


def test_a_parameter_said_twice_in_two_ways_is_refused(house: House) -> None:
    request = [*house.platform.login_request().items(), ("login_hint", "person-8")]
    assert_refused(
        outcome(lambda: house.browser().get("/lti/login", query_string=request)), causes.PARAMETER_REPEATED
    )


def test_a_parameter_may_stand_in_the_address_and_in_the_form(house: House) -> None:
    response = house.browser().post(
        "/lti/login", query_string={"client_id": "client-1"}, data=house.platform.login_request()
    )
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"iss": "https://nobody.example"}, causes.PLATFORM_UNKNOWN),
        ({"iss": "https://lms.example.edu/"}, causes.PLATFORM_UNKNOWN),
        ({"client_id": "client-9"}, causes.PLATFORM_UNKNOWN),
        ({"target_link_uri": "https://evil.example/lti/launch"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "http://localhost:8000@evil.example/"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "http://localhost:8000.evil.example/"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "http://localhost:8001/lti/launch"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "https://localhost:8000/lti/launch"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "http://user@localhost:8000/lti/launch"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "http://localhost:8000\\@evil.example/"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "http://[localhost"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "javascript:alert(1)"}, causes.TARGET_NOT_OURS),
        ({"target_link_uri": "/lti/launch"}, causes.TARGET_NOT_OURS),
    ],
    ids=lambda value: value.code if isinstance(value, Cause) else next(iter(value.values())),
)
def test_a_login_of_strangers_or_to_elsewhere_is_refused(
    house: House, changes: dict[str, str], cause: Cause
) -> None:
    request = house.platform.login_request(**changes)
    with house.rows() as session:
        before = session.scalar(select(func.count()).select_from(PendingLogin))
    assert_refused(outcome(lambda: house.browser().get("/lti/login", query_string=request)), cause)
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(PendingLogin)) == before


def test_the_client_id_may_be_missing_while_the_issuer_has_one_registration(house: House) -> None:
    assert house.platform.begin(house.browser(), client_id=None).query["client_id"] == "client-1"


def test_registrations_of_one_issuer_are_told_apart(build: Callable[..., House]) -> None:
    house = build()
    second = house.another(client_id="client-2", deployment_id="2")
    with house.rows() as session:
        own = register(session, second).public_key
    assert second.begin(house.browser()).query["client_id"] == "client-2"
    assert house.platform.begin(house.browser()).query["client_id"] == "client-1"
    nameless = second.login_request(client_id=None, lti_deployment_id=None)
    assert_refused(
        outcome(lambda: house.browser().get("/lti/login", query_string=nameless)), causes.PLATFORM_AMBIGUOUS
    )
    second.login_path = f"/lti/login/{own}"
    assert second.begin(house.browser(), client_id=None).query["client_id"] == "client-2"
    foreign = house.platform.login_request()
    assert_refused(
        outcome(lambda: house.browser().get(second.login_path, query_string=foreign)), causes.PLATFORM_UNKNOWN
    )
    assert_refused(
        outcome(lambda: house.browser().get("/lti/login/nobody", query_string=foreign)),
        causes.PLATFORM_UNKNOWN,
    )


def test_two_tenants_may_share_issuer_and_client_id(build: Callable[..., House]) -> None:
    house = build()
    sister = house.another(deployment_id="sister-1")
    with house.rows() as session:
        own = register(session, sister, tenant=make_tenant(session, "Sister College")).public_key
    unclear = sister.login_request(lti_deployment_id=None)
    assert_refused(
        outcome(lambda: house.browser().get("/lti/login", query_string=unclear)), causes.PLATFORM_AMBIGUOUS
    )
    unknown = sister.login_request(lti_deployment_id="somebody else's")
    assert_refused(
        outcome(lambda: house.browser().get("/lti/login", query_string=unknown)), causes.PLATFORM_AMBIGUOUS
    )
    with house.rows() as session:
        ids = {row.public_key: row.id for row in session.scalars(select(Registration))}
    by_deployment = sister.begin(house.browser())
    sister.login_path = f"/lti/login/{own}"
    by_address = sister.begin(house.browser(), lti_deployment_id=None)
    assert by_deployment.query["client_id"] == by_address.query["client_id"] == "client-1"
    with house.rows() as session:
        meant = session.scalars(select(PendingLogin.registration_id)).all()
    assert meant == [ids[own], ids[own]]


def test_a_platform_that_is_switched_off_gets_no_further_and_its_people_read_why(
    build: Callable[..., House],
) -> None:
    house = build()
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


def test_pages_for_unknown_platforms_may_be_framed_by_nobody(house: House) -> None:
    request = house.platform.login_request(iss="https://nobody.example")
    response = house.browser().get("/lti/login", query_string=request)
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
