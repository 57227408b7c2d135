"""One launch as the matrix writes it down: what is different about it, and what becomes of it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lmssocial.lms.identity.admission import NO_CONTEXT
from lmssocial.lms.identity.models import Course, Membership, Registration, Standing, User, WebSession
from lmssocial.lms.identity.roles import STAFF, LmsRole
from lmssocial.lms.lti.refusals import Cause
from tests.fakes.platform import Answer, Begun, FakePlatform, KeySetServer, private_key, public_jwk
from tests.fakes.registered import make_tenant, register
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import Outcome, assert_let_in, assert_refused, outcome

PSEUDONYM = ""
"""As the name of an admitted person: the LMS sent none, so they are called Participant and a number."""
NO_COURSE = ""
"""As the course of an admitted person: the LMS named none, so there is one for the link alone."""


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Who is in, and as what."""

    role: LmsRole
    """The role that is shown; instructors and administrators come to the picker, others wait for them."""
    name: str = "Ada Lovelace"
    email: str = "ada@example.edu"
    course: str = "course-1"
    """The context's id."""
    is_test: bool = False


@dataclass
class Walk:
    """A launch under way: the login is done, the token is signed, and nothing has been brought back yet."""

    house: House
    platform: FakePlatform
    browser: FlaskClient
    begun: Begun
    token: str

    def finish(self, browser: FlaskClient | None = None, /, **form: str | list[str]) -> TestResponse:
        """Bring the answer back, in another ``browser`` or with other fields if they are named."""
        return (browser or self.browser).post(
            "/lti/launch",
            data={"state": self.begun.state, "id_token": self.token, **form},
            base_url=self.platform.public_url,
        )


Claims = Callable[[int], Mapping[str, Any]]
Flow = Callable[[Walk], Callable[[], TestResponse]]
"""What happens between login and verdict; it does all steps but the last and answers that."""
Meanwhile = Callable[[House, FakePlatform], AbstractContextManager[object]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One launch: what is different about it, and what becomes of it."""

    name: str
    verdict: Cause | Admitted
    """Why it is refused, or who is let in."""
    by: str = "campus"
    """Which platform of :class:`World` sends it."""
    login: Mapping[str, str | list[str] | None] = field(default_factory=dict)
    """Parameters of the login that are different; ``None`` leaves one out, a list says it several times."""
    claims: Claims = field(default=lambda _: {})
    """From the present second to claims of the token that are different."""
    key: str = ""
    """The private key it is signed with, if not its platform's own."""
    algorithm: str = "RS256"
    headers: Mapping[str, Any] | None = None
    raw: Callable[[str, Mapping[str, Any]], str] | None = None
    """From the signed token and its claims to what is sent instead."""
    flow: Flow = field(default=lambda walk: walk.finish)
    meanwhile: Meanwhile = field(default=lambda _house, _platform: nullcontext())
    """What holds between the login and the answer to it."""
    keys: Answer | None = None
    """What this platform answers, instead of its keys, to whoever asks for them."""
    everywhere: bool = False
    """Whether it is worth trying on PostgreSQL as well: its verdict hangs on rows."""


class World:
    """The platforms that cases are sent by, registered in one house."""

    def __init__(self, house: House, neighbours_keys: KeySetServer) -> None:
        """Register them all."""
        self.house = house
        self._made = 0
        neighbours_keys.publish(public_jwk(private_key("neighbour"), "key-1"))
        self._platforms = {
            "campus": house.platform,
            "lenient": house.another(client_id="client-2"),
            "neighbour": house.another(
                client_id="client-3", jwks_url=neighbours_keys.url, key=private_key("neighbour")
            ),
            "switched off": house.another(client_id="client-4"),
            "known by its issuer": house.another(issuer="https://alone.example.edu"),
            "one of twins": house.another(issuer="https://shared.example.com", deployment_id="first"),
            "other twin": house.another(issuer="https://shared.example.com", deployment_id="second"),
            "by its own address": house.another(issuer="https://shared.example.com", deployment_id="second"),
        }
        self._register()

    def platform(self, case: Case, stack: ExitStack) -> tuple[FakePlatform, int]:
        """The platform of ``case`` and its registration's id; one with keys of its own lives as long as ``stack``."""
        if case.keys is None:
            return self._platforms[case.by], self._ids[case.by]
        self._made += 1
        server = stack.enter_context(KeySetServer())
        server.answer = case.keys
        platform = self.house.another(client_id=f"keys-{self._made}", jwks_url=server.url)
        with self.house.rows() as session:
            return platform, register(session, platform).id

    def _register(self) -> None:
        standings = [("pending", Standing.PENDING), ("disabled", Standing.DISABLED), ("1", Standing.APPROVED)]
        hub = {"audiences": ["hub"]}
        with self.house.rows() as session:
            sister, named = make_tenant(session, "Sister College"), self._platforms
            rows = {
                "campus": session.scalars(select(Registration)).one(),
                "lenient": register(session, named["lenient"], allow_anonymous=True, trusted_audiences=hub),
                "neighbour": register(session, named["neighbour"], deployments=standings),
                "switched off": register(session, named["switched off"], enabled=False),
                "known by its issuer": register(session, named["known by its issuer"]),
                "one of twins": register(session, named["one of twins"]),
                "other twin": register(session, named["other twin"], tenant=sister),
            }
            rows["by its own address"] = rows["other twin"]
            named["by its own address"].login_path = f"/lti/login/{rows['other twin'].public_key}"
            self._ids = {name: row.id for name, row in rows.items()}


def launched(world: World, case: Case) -> tuple[Outcome, int]:
    """Send ``case`` through login and launch as far as it comes; with the id of its registration."""
    with ExitStack() as stack:
        (platform, registration_id), browser = world.platform(case, stack), world.house.browser()
        request = {**platform.login_request(), **case.login}
        said = {name: value for name, value in request.items() if value is not None}
        found = outcome(
            lambda: browser.get(platform.login_path, query_string=said, base_url=platform.public_url)
        )
        if found.response.status_code != 302:
            return found, registration_id
        begun = Begun(found.response, {name: values[0] for name, values in _query(found.response)})
        walk = Walk(world.house, platform, browser, begun, _token(case, platform, begun))
        stack.enter_context(case.meanwhile(world.house, platform))
        return outcome(case.flow(walk)), registration_id


def assert_verdict(world: World, case: Case) -> None:
    """Send ``case``, and look at what became of it: on the page, in the log, and in the database."""
    found, registration_id = launched(world, case)
    if isinstance(case.verdict, Cause):
        assert_refused(found, case.verdict)
        return
    assert_let_in(found)
    picks = case.verdict.role in STAFF
    assert found.response.location.startswith("/lti/picker/" if picks else "/lti/activity/")
    came = _who_came(world.house, registration_id)
    if not case.verdict.name:
        assert came.name.startswith("Participant ")
    if not case.verdict.course:
        assert came.course.startswith(NO_CONTEXT)
    asked = case.verdict
    assert came == replace(asked, name=asked.name or came.name, course=asked.course or came.course)


def _token(case: Case, platform: FakePlatform, begun: Begun) -> str:
    payload = platform.payload(begun.nonce, **{"sub": case.name, **case.claims(int(time.time()))})
    key: str | RSAPrivateKey = private_key(case.key) if case.key else platform.key
    if case.algorithm == "HS256":
        key = "s" * 40
    signed = platform.sign(payload, key=key, algorithm=case.algorithm, headers=case.headers)
    return case.raw(signed, payload) if case.raw else signed


def _query(response: TestResponse) -> Iterator[tuple[str, list[str]]]:
    yield from parse_qs(urlsplit(response.location).query).items()


def _who_came(house: House, registration_id: int) -> Admitted:
    """Whoever signed in last, who must be a person of this registration and its tenant."""
    signed_in = (
        select(User, Membership, Course, Registration)
        .select_from(WebSession)
        .join(Membership, Membership.id == WebSession.membership_id)
        .join(User, User.id == Membership.user_id)
        .join(Course, Course.id == Membership.course_id)
        .join(Registration, Registration.id == User.registration_id)
        .order_by(WebSession.id.desc())
        .limit(1)
    )
    with house.rows() as session:
        user, membership, course, registration = session.execute(signed_in).one()
        assert registration.id == registration_id
        assert {user.tenant_id, course.tenant_id} == {registration.tenant_id}
        return Admitted(
            role=LmsRole(membership.lead_role),
            name=user.name,
            email=user.email,
            course=course.context_id,
            is_test=user.is_test,
        )
