"""Connecting an LMS as its administrator does it: open the link, read, press the button."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.invitations import invite
from lmssocial.lms.identity.models import Deployment, Invitation, Registration, Standing
from lmssocial.lms.identity.platforms import tenant_named
from tests.fakes.registering_lms import PLATFORM, TOOL, RegisteringLms, registering_lms
from tests.front.launch.conftest import House
from tests.support.loopback import says
from tests.support.visitor import Form, forms_of


@pytest.fixture
def lms() -> Iterator[RegisteringLms]:
    """An LMS that registers tools."""
    with registering_lms() as lms:
        yield lms


@pytest.fixture
def browser(house: House) -> FlaskClient:
    """A browser that keeps no cookies, as in a frame that blocks them."""
    return house.app.test_client(use_cookies=False)


@pytest.fixture(autouse=True)
def empty(house: House) -> Iterator[None]:
    """Nothing registered by another test of this module but the house's own platform."""
    yield
    with house.rows() as session:
        session.execute(delete(Invitation))
        session.execute(delete(Deployment).where(Deployment.registration_id > 1))
        session.execute(delete(Registration).where(Registration.id > 1))


@pytest.fixture
def invited(house: House) -> Callable[..., str]:
    """Make an invitation and give its token."""

    def invited(
        name: str = "Moodle of Northern College", *, approve: bool = False, tenant: str = "North"
    ) -> str:
        with house.rows() as session:
            owner, _ = tenant_named(session, tenant)
            return invite(session, owner, name, approve=approve)[1]

    return invited


def open_from(browser: FlaskClient, lms: RegisteringLms, invitation: str, **more: str) -> TestResponse:
    """Open the registration link as the LMS does."""
    sent = {
        "invite": invitation,
        "openid_configuration": lms.configuration_url,
        "registration_token": lms.token,
    }
    return browser.get("/lti/register", query_string=sent | more)


def the_form(page: TestResponse) -> Form:
    """The one form of the page."""
    assert page.status_code == 200, page.text
    (form,) = forms_of(page.text, "/lti/register")
    return form


def send(browser: FlaskClient, form: Form, **values: str) -> TestResponse:
    """Press the button, with changed values."""
    return browser.post(form.action, data=dict(form.fields) | values)


def connect(browser: FlaskClient, lms: RegisteringLms, invitation: str, **values: str) -> TestResponse:
    """Open the link and press the button."""
    return send(browser, the_form(open_from(browser, lms, invitation)), **values)


def registered(house: House) -> list[Registration]:
    """Every platform but the house's own, oldest first."""
    with house.rows() as session:
        return list(
            session.scalars(select(Registration).where(Registration.id > 1).order_by(Registration.id))
        )


def standings(house: House, registration: Registration) -> dict[str, Standing]:
    """Deployment ids and how they stand."""
    with house.rows() as session:
        rows = session.scalars(select(Deployment).where(Deployment.registration_id == registration.id))
        return {row.deployment_id: row.standing for row in rows}


def test_the_page_says_what_will_happen_before_anything_happens(
    browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    page = open_from(browser, lms, invited("Moodle of <North>"))
    assert page.status_code == 200
    assert "Connect Moodle of &lt;North&gt;" in page.text
    for words in (
        urlsplit(lms.origin).netloc,
        "name, e-mail address",
        "list of participants",
        "write grades",
    ):
        assert words in page.text
    assert lms.server.seen == []
    assert "Set-Cookie" not in page.headers


def test_any_lms_may_frame_it_and_nothing_inline_runs(
    browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    policy = open_from(browser, lms, invited()).headers["Content-Security-Policy"]
    assert f"frame-ancestors https: {lms.origin}" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_one_press_connects_both_sides(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    page = connect(browser, lms, invited())
    assert page.status_code == 200, page.text
    assert "Moodle of Northern College is connected" in page.text
    (row,) = registered(house)
    (document,) = lms.registered
    assert (row.name, row.issuer, row.client_id) == (
        "Moodle of Northern College",
        lms.origin,
        "DN4ZcEItehWiFsG",
    )
    assert (row.auth_login_url, row.family) == (f"{lms.origin}/mod/lti/auth.php", "moodle")
    assert standings(house, row) == {"1": Standing.PENDING}
    assert document["redirect_uris"] == ["http://localhost:8000/lti/launch"]
    assert document[TOOL]["domain"] == "localhost:8000"
    assert document["initiate_login_uri"] == f"http://localhost:8000/lti/login/{row.public_key}"


def test_the_login_address_that_the_lms_was_told_works_at_once(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    connect(browser, lms, invited(approve=True))
    login = urlsplit(lms.registered[0]["initiate_login_uri"]).path
    response = house.browser().get(
        login,
        query_string={
            "iss": lms.origin,
            "client_id": "DN4ZcEItehWiFsG",
            "login_hint": "3",
            "target_link_uri": lms.registered[0][TOOL]["target_link_uri"],
            "lti_deployment_id": "1",
        },
    )
    assert response.status_code == 302
    assert response.location.startswith(f"{lms.origin}/mod/lti/auth.php?")
    sent = parse_qs(urlsplit(response.location).query)
    assert sent["redirect_uri"] == lms.registered[0]["redirect_uris"]
    assert sent["client_id"] == ["DN4ZcEItehWiFsG"]


def test_the_last_page_says_what_comes_next_and_closes_itself(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    waiting = connect(browser, lms, invited())
    (row,) = registered(house)
    assert f"lmssocial platforms approve {row.id}" in waiting.text
    assert 'data-lti-close="20"' in waiting.text
    assert "lti_close-" in waiting.text
    lms.client_ids = ["another"]
    let_in = connect(browser, lms, invited(approve=True), renews="new")
    assert "platforms approve" not in let_in.text
    assert 'data-lti-close="2"' in let_in.text
    assert standings(house, registered(house)[1]) == {"1": Standing.APPROVED}


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("moodle", "choose “Activate”"),
        ("canvas", "install the app"),
        ("desire2learn", "the registration is off at first"),
        ("BlackboardLearn", "by the client ID DN4ZcEItehWiFsG"),
        ("sakailms.org", "look at the draft of the tool"),
        ("", "switch the new tool on"),
    ],
)
def test_the_last_page_says_what_is_left_to_do_in_this_product(
    browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str], family: str, words: str
) -> None:
    lms.configuration = {PLATFORM: {"product_family_code": family}}
    assert words in connect(browser, lms, invited()).text


def test_an_invitation_works_once(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    token = invited()
    form = the_form(open_from(browser, lms, token))
    assert send(browser, form).status_code == 200
    for again in (open_from(browser, lms, token), send(browser, form)):
        assert again.status_code == 410
        assert "has been used" in again.text
    assert len(registered(house)) == len(lms.registered) == 1


def test_an_expired_or_unknown_invitation_explains_itself(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    token = invited()
    with house.rows() as session:
        session.scalars(select(Invitation)).one().expires_at = clock.now() - timedelta(seconds=1)
    expired = open_from(browser, lms, token)
    assert (expired.status_code, "has expired" in expired.text) == (410, True)
    unknown = open_from(browser, lms, "nonsense")
    assert (unknown.status_code, "does not work" in unknown.text) == (404, True)
    for page in (expired, unknown):
        assert "frame-ancestors https:" in page.headers["Content-Security-Policy"], (
            "it is read inside the LMS"
        )
    assert lms.server.seen == []


def test_without_the_page_nothing_is_registered(
    browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    form = the_form(open_from(browser, lms, invited()))
    other = the_form(open_from(browser, lms, invited()))
    forged = [
        send(browser, form, csrf_token=""),
        send(browser, form, csrf_token=dict(other.fields)["csrf_token"]),
        send(browser, form, openid_configuration="https://evil.example/configuration"),
        send(browser, form, registration_token="another"),
        browser.post("/lti/register", data={}),
    ]
    assert [response.status_code for response in forged] == [422, 422, 422, 422, 404]
    assert lms.server.seen == []


def test_a_refusal_is_shown_word_for_word_and_the_link_works_again(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    token = invited()
    lms.refusal = says(b"<b>domain_targetlinkuri_mismatch</b>", "text/plain", 400)
    failed = connect(browser, lms, token)
    assert failed.status_code == 502
    assert "&lt;b&gt;domain_targetlinkuri_mismatch&lt;/b&gt;" in failed.text
    assert "status 400" in failed.text
    assert "your registration link still works" in failed.text
    assert "frame-ancestors https:" in failed.headers["Content-Security-Policy"]
    assert registered(house) == []
    lms.refusal = None
    assert connect(browser, lms, token).status_code == 200


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({"issuer": "http://bank.example"}, "speaks for another LMS"),
        ({"jwks_uri": ""}, "jwks_uri"),
        ({"registration_endpoint": None}, "registration_endpoint"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused(
    house: House,
    browser: FlaskClient,
    lms: RegisteringLms,
    invited: Callable[..., str],
    configuration: dict[str, object],
    words: str,
) -> None:
    lms.configuration = configuration
    failed = connect(browser, lms, invited())
    assert failed.status_code == 502
    assert words in failed.text
    assert registered(house) == []
    assert lms.registered == []


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest/meta-data", "https://10.0.0.7/x", "http://127.0.0.2:1/x"]
)
def test_an_address_inside_our_network_is_not_called(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str], address: str
) -> None:
    form = the_form(open_from(browser, lms, invited(), openid_configuration=address))
    failed = send(browser, form)
    assert failed.status_code == 502
    assert "LMSSOCIAL_OUTBOUND_ALLOW" in failed.text
    assert registered(house) == []


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "moodle.example.edu", "https://a:b@moodle.example.edu/"]
)
def test_what_is_no_web_address_is_said_at_once(
    browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str], address: str
) -> None:
    page = open_from(browser, lms, invited(), openid_configuration=address)
    assert page.status_code == 502
    assert "not a web address" in page.text


def test_registering_again_renews_the_connection(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    connect(browser, lms, invited("Old name", approve=True))
    (before,) = registered(house)
    lms.deployment_id = "2"
    page = open_from(browser, lms, invited("New name"))
    assert "Renew the connection of Old name" in page.text
    form = the_form(page)
    assert form.choices["renews"] == [str(before.id), "new"]
    assert send(browser, form).status_code == 200
    (after,) = registered(house)
    assert (after.id, after.name, after.client_id) == (before.id, "New name", "Q2bXn0ServedSecond")
    assert lms.registered[1]["initiate_login_uri"].endswith(f"/lti/login/{after.public_key}")
    assert standings(house, after) == {"2": Standing.APPROVED}


def test_an_lms_that_is_only_updated_keeps_its_row_even_if_it_was_called_new(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    lms.client_ids = ["the-same"]
    connect(browser, lms, invited())
    connect(browser, lms, invited(), renews="new")
    (row,) = registered(house)
    assert lms.registered[1]["initiate_login_uri"].endswith(f"/lti/login/{row.public_key}")


def test_a_second_registration_of_one_lms_can_stand_beside_the_first(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    connect(browser, lms, invited())
    connect(browser, lms, invited(), renews="new")
    assert [row.client_id for row in registered(house)] == ["DN4ZcEItehWiFsG", "Q2bXn0ServedSecond"]
    form = the_form(open_from(browser, lms, invited()))
    assert "renews" not in dict(form.fields), "with two of them nobody can guess which is meant"
    assert send(browser, form).status_code == 422


def test_platforms_of_another_tenant_are_neither_shown_nor_renewed(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    connect(browser, lms, invited("Northern secret"))
    (theirs,) = registered(house)
    page = open_from(browser, lms, invited("South", tenant="South"))
    assert "Northern secret" not in page.text
    form = the_form(page)
    assert "renews" not in form.names()
    lms.deployment_id = "2"
    assert send(browser, form, renews=str(theirs.id)).status_code == 200
    assert [row.name for row in registered(house)] == ["Northern secret", "South"]


def test_a_link_opened_in_a_browser_says_where_it_belongs(
    browser: FlaskClient, invited: Callable[..., str]
) -> None:
    token = invited()
    page = browser.get("/lti/register", query_string={"invite": token})
    assert page.status_code == 200
    assert f"http://localhost:8000/lti/register?invite={token}" in page.text
    for lms in ("Moodle", "Canvas", "Brightspace", "Sakai"):
        assert lms in page.text
    assert forms_of(page.text) == []


def test_without_an_invitation_the_addresses_for_registering_by_hand_are_shown(browser: FlaskClient) -> None:
    page = browser.get("/lti/register")
    assert page.status_code == 400
    for path in ("/lti/login", "/lti/launch", "/lti/jwks.json", "/lti/canvas.json"):
        assert f"http://localhost:8000{path}" in page.text


def test_canvas_gets_its_configuration_and_every_lms_our_picture(browser: FlaskClient) -> None:
    document = browser.get("/lti/canvas.json").get_json()
    assert document["oidc_initiation_url"] == "http://localhost:8000/lti/login"
    picture = browser.get("/lti/icon.svg", follow_redirects=True, buffered=True)
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")


def test_the_same_invitation_pressed_twice_at_once_registers_once(
    house: House, browser: FlaskClient, lms: RegisteringLms, invited: Callable[..., str]
) -> None:
    form = the_form(open_from(browser, lms, invited()))
    second: list[TestResponse] = []
    usual = lms.answer

    def press_again(handler: object) -> None:
        if not second:
            second.append(send(house.app.test_client(use_cookies=False), form))
        lms.refusal = None
        usual(handler)  # type: ignore[arg-type]

    lms.refusal = press_again
    assert send(browser, form).status_code == 200
    assert second[0].status_code == 410
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(Registration).where(Registration.id > 1)) == 1
