"""Keys change on both sides while people launch and grades are sent, and clocks are off: nobody is refused."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, TypeVar
from urllib.parse import parse_qs

import jwt
import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.lti import tool_keys
from lmssocial.lms.lti.services import scopes
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.web.program import program
from tests.conftest import TestClock
from tests.fakes.platform import FakePlatform, private_key, public_jwk
from tests.fakes.registered import register
from tests.support.loopback import Loopback, listening, says

KEPT_BY_PLATFORM = timedelta(hours=24)
"""How long the least helpful platform keeps our key set, whatever it is told, and never asks in between."""
SLACK = 60
"""Seconds that the platform allows between its clock and ours."""
Given = TypeVar("Given")
Result = TypeVar("Result")
SERVICES = (scopes.SCORE, scopes.ROSTER, scopes.LINE_ITEM)


@dataclass
class StrictLms:
    """An LMS that rotates its own keys at will, and remembers ours for a day."""

    app: Flask
    server: Loopback = field(default_factory=Loopback)
    kid: str = "platform-1"
    published: tuple[str, ...] = ("platform-1",)
    ahead: timedelta = timedelta(0)
    """How far its clock is before ours."""
    now: datetime | None = None
    """The moment it is, to the threads that answer; the test's clock is the test's thread's own."""
    key_fetches: int = 0
    refusals: list[str] = field(default_factory=list)
    signed_with: set[str] = field(default_factory=set)
    _ours: dict[str, Any] = field(default_factory=dict)
    _ours_at: datetime | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def platform(self) -> FakePlatform:
        """Its side of a launch, with the key it signs with now."""
        return FakePlatform(
            jwks_url=self.server.url(path="/jwks"),
            token_url=self.server.url(path="/token"),
            kid=self.kid,
            key=private_key(self.kid),
        )

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        with the_clock.at(self.now or the_clock.now()):
            self._answer(handler)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/jwks":
            self.key_fetches += 1
            keys = [public_jwk(private_key(kid), kid) for kid in self.published]
            says(json.dumps({"keys": keys}).encode())(handler)
        elif handler.path == "/token":
            self._token(parse_qs(handler.sent.decode()))(handler)  # type: ignore[attr-defined]
        else:
            says(b"{}")(handler)

    def _token(self, asked: dict[str, list[str]]) -> Callable[[BaseHTTPRequestHandler], None]:
        assertion = asked["client_assertion"][0]
        kid = jwt.get_unverified_header(assertion)["kid"]
        key = self._key_of_ours(kid)
        if key is None:
            self.refusals.append(f"{kid} is not among the keys I remember")
            return says(b'{"error": "invalid_client"}', status=401)
        said = jwt.decode(
            assertion,
            jwt.PyJWK(key).key,
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False, "verify_aud": False},
        )
        now = (the_clock.now() + self.ahead).timestamp()
        if not (said["iat"] - SLACK <= now <= said["exp"]):
            self.refusals.append(f"issued {now - said['iat']:.0f} s ago by my clock")
            return says(b'{"error": "invalid_client"}', status=401)
        self.signed_with.add(kid)
        return says(b'{"access_token": "come-in", "token_type": "Bearer", "expires_in": 90}')

    def _key_of_ours(self, kid: str) -> dict[str, Any] | None:
        with self._turn:
            now = the_clock.now()
            if self._ours_at is None or now - self._ours_at >= KEPT_BY_PLATFORM:
                answer = self.app.test_client().get("/lti/jwks.json")
                self._ours = {key["kid"]: key for key in answer.get_json()["keys"]}
                self._ours_at = now
            return self._ours.get(kid)

    def launch(self, number: int) -> int:
        """Somebody launches; gives the status of our answer."""
        issued = int((the_clock.now() + self.ahead).timestamp())
        answer = self.platform.launch(
            self.app.test_client(), sub=f"person-{number}", iat=issued, exp=issued + 60
        )
        return answer.status_code


@pytest.fixture
def lms(app: Flask, engine: Engine) -> Iterator[StrictLms]:
    """A registered one."""
    for kid in ("platform-1", "platform-2", "platform-3"):
        private_key(kid)  # made here: two threads would make two of one name
    lms = StrictLms(app)
    with listening(lms.answer) as server:
        lms.server = server
        with Session(engine) as session:
            register(session, lms.platform)
            session.commit()
        yield lms


@dataclass
class Load:
    """Launches and calls of services at once."""

    lms: StrictLms
    caller: Caller
    endpoint: Endpoint
    pool: ThreadPoolExecutor
    launches: int = 0

    def burst(self, launches: int = 3) -> None:
        """Do some of everything at once, and see that nothing failed."""
        numbers = range(self.launches, self.launches + launches)
        self.launches += launches
        self.lms.now = the_clock.now()
        calls = [self.pool.submit(self._now, self._call, scope) for scope in SERVICES]
        came = [self.pool.submit(self._now, self.lms.launch, number) for number in numbers]
        for call in calls:
            call.result()
        assert {one.result() for one in came} == {303}
        assert self.lms.refusals == []

    def _call(self, scope: str) -> None:
        self.caller.get(self.endpoint, [scope], self.lms.server.url(path="/service"))

    def _now(self, do: Callable[[Given], Result], what: Given) -> Result:
        with the_clock.at(self.lms.now or the_clock.now()):
            return do(what)


@pytest.fixture
def load(lms: StrictLms, app: Flask, engine: Engine) -> Iterator[Load]:
    """Load on the registered LMS."""
    with app.app_context():
        parts = program()
    with Session(engine) as session:
        endpoint = endpoint_of(session, 1)
    caller = Caller(parts.outbound, parts.secret_box, sessionmaker(engine))
    with ThreadPoolExecutor(4) as pool:
        yield Load(lms, caller, endpoint, pool)


def rotate(app: Flask, engine: Engine) -> str:
    """Make a new key of ours, as an administrator does."""
    with app.app_context(), Session(engine) as session, unit_of_work(session):
        tool_keys.forget_retired(session)
        return tool_keys.rotate(session, program().secret_box)


def test_our_keys_rotate_twice_and_no_token_is_refused(
    app: Flask, engine: Engine, lms: StrictLms, load: Load, clock: TestClock
) -> None:
    made = []
    for hour in range(0, 84, 6):
        if hour in {6, 18}:
            made.append(rotate(app, engine))
        load.burst(launches=1)
        clock.tick(hours=6)
    assert set(made) <= lms.signed_with, "each had its turn"
    with Session(engine) as session:
        assert tool_keys.forget_retired(session) >= 1
        assert [key["kid"] for key in tool_keys.published_keys(session)["keys"]] == [made[-1]]


def test_a_key_that_signs_before_platforms_know_it_would_be_refused(
    app: Flask, engine: Engine, load: Load, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    load.burst()
    monkeypatch.setattr(tool_keys, "KNOWN_FIRST", timedelta(0))
    rotate(app, engine)
    clock.tick(minutes=5)
    with pytest.raises(Exception, match=r"invalid_client|not among"):
        load.burst()


def test_a_platform_rotates_its_keys_with_overlap_and_every_launch_gets_in(
    lms: StrictLms, load: Load, clock: TestClock
) -> None:
    load.burst()
    for kid in ("platform-2", "platform-3"):
        lms.published = (lms.kid, kid)
        clock.tick(minutes=20)
        load.burst()
        lms.kid = kid
        load.burst(launches=8)
        lms.published = (kid,)
        clock.tick(hours=2)
        load.burst()


def test_a_platform_changes_its_key_from_one_moment_to_the_next_and_is_asked_once(
    lms: StrictLms, load: Load, clock: TestClock
) -> None:
    load.burst()
    clock.tick(minutes=10)
    asked = lms.key_fetches
    lms.kid, lms.published = "platform-2", ("platform-2",)
    load.burst(launches=12)
    assert lms.key_fetches - asked == 1


@pytest.mark.parametrize("seconds", [45, -45])
def test_clocks_may_differ_by_three_quarters_of_a_minute(lms: StrictLms, load: Load, seconds: int) -> None:
    lms.ahead = timedelta(seconds=seconds)
    load.burst()
