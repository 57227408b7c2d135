"""A login whose secret the LMS keeps: whoever has no cookie comes in by the value and by nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity.models import Registration, WebSession
from lmssocial.lms.lti import causes, claims
from lmssocial.web.bearer import as_browser
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_refused, links_of, outcome
from tests.front.launch.test_cookies import FRAMED

DISCUSSION = {claims.CUSTOM: {"widget": "discussion"}}


class Said(HTMLParser):
    """What a page tells its script."""

    def __init__(self, page: str) -> None:
        """Read ``page``."""
        super().__init__()
        self.data: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is for the script."""
        given = {name: value or "" for name, value in attrs}
        if "data-storage" in given:
            self.data = {name.removeprefix("data-"): value for name, value in given.items()}
        if tag == "input":
            self.fields[given["name"]] = given["value"]


@dataclass
class Frame:
    """A frame whose browser keeps no cookie."""

    house: House
    browser: FlaskClient

    def login(self, **changes: str) -> TestResponse:
        """A login up to the page after the question for cookies."""
        asked = self.house.platform.login_request(**changes)
        first = self.browser.post("/lti/login", data=asked, headers=FRAMED, base_url=self.url)
        return self.browser.get(first.location, headers=FRAMED, base_url=self.url)

    def answer(self, state: str, token: str, secret: str | None = None) -> TestResponse:
        """Bring what the LMS said, with what our script got from its storage."""
        headers = {} if secret is None else {"X-Launch-Secret": secret}
        form = {"state": state, "id_token": token}
        return self.browser.post("/lti/launch", data=form, headers=headers, base_url=self.url)

    def begun(self) -> tuple[Said, str, str]:
        """A login that was kept: the page, its state and the LMS's token."""
        page = Said(self.login(lti_storage_target="_parent").text)
        query = {name: values[0] for name, values in parse_qs(urlsplit(page.data["onward"]).query).items()}
        platform = self.house.platform
        return page, query["state"], platform.sign(platform.payload(query["nonce"], **DISCUSSION))

    @property
    def url(self) -> str:
        """Our address."""
        return self.house.platform.public_url


@pytest.fixture
def frame(house: House) -> Frame:
    """A frame of the usual house."""
    return Frame(house, house.app.test_client(use_cookies=False))


def test_a_login_is_kept_where_its_address_says_and_nowhere_else(frame: Frame) -> None:
    page, state, _ = frame.begun()
    assert page.data["origins"] == "https://lms.example.edu"
    assert page.data["target"] == "_parent"
    assert state not in page.data["key"]
    assert "storage=scripts" in page.data["otherwise"]
    assert page.data["value"] not in page.data["onward"]


@pytest.mark.parametrize(
    ("family", "named", "expected"),
    [
        ("canvas", "", "post_message_forwarding"),
        ("blackboard", "", "_parent"),
        ("moodle", "", None),
        ("moodle", "_parent", "_parent"),
        ("", "", None),
    ],
)
def test_the_frame_is_the_one_that_was_named_or_that_the_product_has(
    build: Callable[..., House], family: str, named: str, expected: str | None
) -> None:
    house = build()
    with house.rows() as session:
        session.execute(
            update(Registration).values(
                family=family, frame_origins={"origins": ["https://campus.example.edu"]}
            )
        )
    own = Frame(house, house.app.test_client(use_cookies=False))
    response = own.login(**({"lti_storage_target": named} if named else {}))
    said = Said(response.text).data
    assert said.get("target") == expected
    if expected is not None:
        assert said["origins"] == "https://lms.example.edu https://campus.example.edu"
    else:
        assert response.status_code == causes.COOKIE_MISSING.status


def test_a_kept_secret_lets_its_frame_in_with_a_token_and_no_cookie(frame: Frame) -> None:
    page, state, token = frame.begun()
    asked = frame.answer(state, token)
    again = Said(asked.text)
    assert asked.status_code == 200
    assert again.data["key"] == page.data["key"]
    assert again.fields == {"state": state, "id_token": token}
    assert page.data["value"] not in asked.text, "only the LMS knows it now"
    answer = frame.answer(state, token, page.data["value"])
    assert answer.json is not None
    bearer, onward = answer.json["token"], answer.json["onward"]
    assert "Set-Cookie" not in answer.headers
    assert bearer not in onward
    shown = frame.browser.get(onward, headers={"Authorization": f"Bearer {bearer}"}, base_url=frame.url)
    assert shown.status_code == 200
    assert "Ada Lovelace" in shown.text
    assert "Set-Cookie" not in shown.headers
    assert frame.browser.get(onward, base_url=frame.url).status_code == 401
    with frame.house.rows() as session:
        hashes = session.scalars(select(WebSession.browser_hash)).all()
    assert token_hash(as_browser(bearer)) in hashes
    assert token_hash(bearer) not in hashes, "as a cookie it is worth nothing"
    assert_refused(outcome(lambda: frame.answer(state, token, page.data["value"])), causes.STATE_UNKNOWN)


@pytest.mark.parametrize("secret", ["", "something-else"])
def test_another_value_uses_the_login_up_and_offers_a_tab(frame: Frame, secret: str) -> None:
    page, state, token = frame.begun()
    found = outcome(lambda: frame.answer(state, token, secret))
    assert_refused(found, causes.COOKIE_MISSING)
    assert links_of(found.response.text)["Open in a new tab"].attributes["target"] == "_blank"
    assert_refused(outcome(lambda: frame.answer(state, token, page.data["value"])), causes.STATE_UNKNOWN)


def test_nobodys_own_login_is_finished_in_another_browser(frame: Frame) -> None:
    """Whoever knows state, token and secret can make somebody's browser send a form, and no header."""
    page, state, token = frame.begun()
    form = {
        "state": state,
        "id_token": token,
        "X-Launch-Secret": page.data["value"],
        "secret": page.data["value"],
    }
    victim = frame.house.browser()
    answer = victim.post("/lti/launch", data=form, base_url=frame.url)
    assert Said(answer.text).data["storage"] == "fetch", "it asks the LMS around it, which knows nothing"
    assert "Set-Cookie" not in answer.headers
    preflight = victim.options("/lti/launch", headers={"Origin": "https://evil.example"}, base_url=frame.url)
    assert not [name for name in dict(preflight.headers) if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("guess", ["", "something-else"])
def test_the_header_is_no_way_around_the_cookie(house: House, guess: str) -> None:
    begun = house.platform.begin(house.browser())
    token = house.platform.sign(house.platform.payload(begun.nonce))
    stranger = Frame(house, house.app.test_client(use_cookies=False))
    assert_refused(outcome(lambda: stranger.answer(begun.state, token, guess)), causes.COOKIE_MISSING)


def test_what_our_script_says_went_wrong_is_in_the_log(frame: Frame) -> None:
    asked = frame.house.platform.login_request(lti_storage_target="_parent")
    address = "/lti/login?cookie=asked&storage=silent"
    found = outcome(lambda: frame.browser.post(address, data=asked, headers=FRAMED, base_url=frame.url))
    assert_refused(found, causes.COOKIE_MISSING)
    assert found.logged["detail"] == "asked before the login; the LMS's storage: silent"
