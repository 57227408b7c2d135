"""What platforms tell us while nobody is there: believed like launches, taken in once, never in each other's way."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from werkzeug.test import TestResponse

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock as the_clock
from lmssocial.front.launch import notice_routes
from lmssocial.lms.identity import notices as notice_rows
from lmssocial.lms.identity import refusals
from lmssocial.lms.identity.models import Course, Deployment, Registration, Standing
from lmssocial.lms.lti import causes, claims
from lmssocial.lms.lti.models import SeenNotice
from lmssocial.lms.lti.notices import HELLO
from lmssocial.lms.lti.refusals import Cause
from tests.conftest import TestClock
from tests.fakes.noticing import bring, notice_claims
from tests.fakes.platform import LEFT_OUT, FakePlatform, private_key
from tests.fakes.registered import make_tenant, register
from tests.front.launch.conftest import House

THREADS = 20


@pytest.fixture(scope="module")
def key(house: House) -> str:
    """The name of the house's platform in our addresses."""
    with house.rows() as session:
        return session.scalars(select(Registration.public_key)).first() or ""


@pytest.fixture(autouse=True)
def nothing_seen(house: House) -> Iterator[None]:
    """No course and no notice of another test."""
    yield
    with house.rows() as session:
        session.execute(delete(SeenNotice))
        session.execute(delete(Course))


@pytest.fixture
def tell(house: House, key: str) -> Callable[..., TestResponse]:
    """Bring one notice of the house's platform; ``changes`` by claim."""
    return lambda **changes: bring(
        house.app, key, [house.platform.sign(notice_claims(house.platform, **changes))]
    )


def origins(house: House, context_id: str = "course-2") -> list[str] | None:
    """What a course is known to be copied from; ``None`` if there is no such course."""
    with house.rows() as session:
        course = session.scalar(select(Course).where(Course.context_id == context_id))
        return None if course is None else course.origins.get("contexts", [])


def the_cause(answer: TestResponse) -> str:
    """Why the only notice was refused."""
    (one,) = answer.json["notices"]  # type: ignore[index]
    assert answer.status_code == one["status"], answer.text
    return str(one.get("cause", ""))


def a_notice(**changes: object) -> dict[str, object]:
    return {"id": "n-1", "timestamp": "2026-11-22T09:00:00Z", "type": "LtiContextCopyNotice", **changes}


def test_a_copied_course_is_known_before_anybody_opens_it(
    house: House, tell: Callable[..., TestResponse]
) -> None:
    answer = tell()
    assert (answer.status_code, answer.json["notices"][0]["outcome"]) == (200, "taken")  # type: ignore[index]
    with house.rows() as session:
        course = session.scalars(select(Course)).one()
        assert (course.context_id, course.title, course.label) == (
            "course-2",
            "Negotiation Skills, again",
            "NEG102",
        )
    assert origins(house) == ["course-1"]


def test_the_nearest_origin_is_the_first_and_no_origin_is_forgotten(
    house: House, tell: Callable[..., TestResponse]
) -> None:
    tell(**{claims.ORIGIN_CONTEXTS: ["course-1", "course-0"]})
    tell(**{claims.ORIGIN_CONTEXTS: ["course-9", "course-2", "course-9", 7, ""]})
    assert origins(house) == ["course-9", "course-1", "course-0"]


REFUSED: dict[str, tuple[dict[str, Any], Cause]] = {
    "another issuer": ({"iss": "https://other.example.edu"}, causes.ISSUER_WRONG),
    "another client": ({"aud": "client-2", "azp": "client-2"}, causes.AUDIENCE_WRONG),
    "an audience nobody trusts": ({"aud": ["client-1", "spy"]}, causes.AUDIENCE_WRONG),
    "another party": ({"azp": "client-2"}, causes.PARTY_WRONG),
    "expired": ({"exp": 1}, causes.TOKEN_EXPIRED),
    "of the future": ({"iat": 4_000_000_000, "exp": 4_000_003_600}, causes.CLOCK_OFF),
    "without times": ({"iat": LEFT_OUT}, causes.TIME_MISSING),
    "good for a year": ({"exp": 4_000_000_000}, causes.LIFETIME_TOO_LONG),
    "without a version": ({claims.VERSION: LEFT_OUT}, causes.VERSION_WRONG),
    "without a deployment": ({claims.DEPLOYMENT_ID: LEFT_OUT}, causes.DEPLOYMENT_UNUSABLE),
    "of an unknown deployment": ({claims.DEPLOYMENT_ID: "77"}, refusals.DEPLOYMENT_UNKNOWN),
    "a launch": ({claims.NOTICE: LEFT_OUT}, causes.NOTICE_UNUSABLE),
    "no object": ({claims.NOTICE: ["id"]}, causes.NOTICE_UNUSABLE),
    "without an id": ({claims.NOTICE: a_notice(id=None)}, causes.NOTICE_UNUSABLE),
    "with an id of a megabyte": ({claims.NOTICE: a_notice(id="x" * 256)}, causes.NOTICE_UNUSABLE),
    "with an id no database holds": ({claims.NOTICE: a_notice(id="a\x00b")}, causes.NOTICE_UNUSABLE),
    "without a type": ({claims.NOTICE: a_notice(type=7)}, causes.NOTICE_UNUSABLE),
    "a copy of nothing": ({claims.CONTEXT: LEFT_OUT}, causes.CONTEXT_UNUSABLE),
    "a copy of a list": ({claims.CONTEXT: [{"id": "course-2"}]}, causes.CONTEXT_UNUSABLE),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused_and_changes_nothing(
    house: House, tell: Callable[..., TestResponse], case: str
) -> None:
    changes, cause = REFUSED[case]
    answer = tell(**changes)
    assert (the_cause(answer), answer.status_code) == (cause.code, cause.status)
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(SeenNotice)) == 0
    assert origins(house) is None


def test_a_notice_that_somebody_else_signed_is_refused(house: House, key: str) -> None:
    platform, said = house.platform, notice_claims(house.platform)
    for token, cause in (
        (platform.sign(said, key=private_key("stranger")), causes.SIGNATURE_WRONG),
        (platform.sign(said, headers={"kid": "nobody"}), causes.KEY_UNKNOWN),
        (platform.sign(said, headers={}), causes.KEY_UNNAMED),
        (platform.sign(said, key="x" * 32, algorithm="HS256"), causes.ALGORITHM_REFUSED),
    ):
        assert the_cause(bring(house.app, key, [token])) == cause.code
    assert origins(house) is None


def test_a_notice_may_wait_in_a_queue_until_it_expires(house: House, key: str, clock: TestClock) -> None:
    token = house.platform.sign(notice_claims(house.platform))
    clock.tick(minutes=55)
    assert bring(house.app, key, [token]).status_code == 200
    late = house.platform.sign(notice_claims(house.platform))
    clock.tick(minutes=62)
    assert the_cause(bring(house.app, key, [late])) == "token_expired"


def test_a_notice_that_comes_again_changes_nothing_and_is_welcome(house: House, key: str) -> None:
    token = house.platform.sign(notice_claims(house.platform))
    bring(house.app, key, [token])
    with house.rows() as session:
        session.execute(update(Course).values(origins={"contexts": ["put", "right"]}))
    again = bring(house.app, key, [token])
    assert (again.status_code, again.json["notices"][0]["outcome"]) == (200, "seen")  # type: ignore[index]
    assert origins(house) == ["put", "right"]


def test_of_twenty_that_come_at_once_one_has_an_effect(house: House, key: str) -> None:
    token = house.platform.sign(notice_claims(house.platform))
    together = threading.Barrier(THREADS)

    def send(_: int) -> TestResponse:
        together.wait(timeout=30)
        return bring(house.app, key, [token])

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(send, range(THREADS)))
    assert {answer.status_code for answer in answers} == {200}
    outcomes = [answer.json["notices"][0]["outcome"] for answer in answers]  # type: ignore[index]
    assert sorted(outcomes) == ["seen"] * (THREADS - 1) + ["taken"]
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 1


def test_two_notices_about_one_course_both_count(house: House, key: str) -> None:
    tokens = [
        house.platform.sign(notice_claims(house.platform, **{claims.ORIGIN_CONTEXTS: [f"origin-{number}"]}))
        for number in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda token: bring(house.app, key, [token]), tokens))
    assert sorted(origins(house) or []) == [f"origin-{number}" for number in range(8)]


def test_a_bad_notice_does_not_stop_the_good_ones(house: House, key: str) -> None:
    platform = house.platform
    good = platform.sign(notice_claims(platform))
    last = platform.sign(notice_claims(platform, **{claims.CONTEXT: {"id": "course-3"}}))
    answer = bring(house.app, key, [good, "rubbish", platform.sign(notice_claims(platform, exp=1)), last])
    assert answer.status_code == 401
    assert [one["outcome"] for one in answer.json["notices"]] == ["taken", "refused", "refused", "taken"]  # type: ignore[index]
    assert (origins(house), origins(house, "course-3")) == (["course-1"], ["course-1"])


def test_types_nobody_asked_for_are_taken_without_effect(
    house: House, tell: Callable[..., TestResponse]
) -> None:
    for kind in ("LtiAssetProcessorSubmissionNotice", HELLO, "x" * 255):
        account = {"id": "account-1", "type": ["Account"]}
        assert (
            tell(**{claims.NOTICE: a_notice(type=kind, id=kind), claims.CONTEXT: account}).status_code == 200
        )
    assert (
        tell(**{claims.NOTICE: a_notice(type="Other", id="o"), claims.CONTEXT: LEFT_OUT}).status_code == 200
    )
    assert tell(**{claims.ORIGIN_CONTEXTS: LEFT_OUT}).status_code == 200, "Canvas leaves it out sometimes"
    with house.rows() as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 0
        assert session.scalar(select(func.count()).select_from(SeenNotice)) == 5


BODIES = {
    b"": 400,
    b"{": 400,
    b"null": 400,
    b"[]": 400,
    b'{"notices": {}}': 400,
    b'{"notices": []}': 200,
    b'{"notices": [1, null, [], {"jwt": 5}, {}, {"jwt": "a.b.c"}, {"jwt": "\\ud800.x.y"}]}': 400,
    b'{"notices": [{"jwt": "e30.e30.e30"}]}': 401,
    b'{"notices":' + b"[" * 50_000: 400,
    b'{"notices": ' + b"9" * 5_000 + b"}": 400,
    b"\xff\xfe\x00": 400,
    json.dumps({"notices": [{}] * (notice_routes.MAX_NOTICES + 1)}).encode(): 413,
    b'{"notices": ["' + b"x" * notice_routes.MAX_BODY + b'"]}': 413,
    json.dumps({"notices": [{"jwt": "x" * 200_000}]}).encode(): 413,
}


@pytest.mark.parametrize(("body", "status"), BODIES.items(), ids=range(len(BODIES)))
def test_rubbish_is_refused_and_breaks_nothing(house: House, key: str, body: bytes, status: int) -> None:
    answer = house.browser().post(f"/lti/notices/{key}", data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (status, "application/json"), answer.text


def test_a_claim_that_nests_without_end_breaks_nothing(house: House, key: str) -> None:
    deep = house.platform.sign(notice_claims(house.platform))
    header, _, signature = deep.split(".")
    assert bring(house.app, key, [f"{header}.{'W1tb' * 20_000}.{signature}"]).status_code == 400


def test_an_address_nobody_has_is_nobodys(house: House) -> None:
    token = house.platform.sign(notice_claims(house.platform))
    assert bring(house.app, "no-such-key", [token]).status_code == 404


def test_another_customer_with_the_same_ids_is_not_reached(house: House, key: str) -> None:
    """Two tenants on one issuer and client id, as on Blackboard: each has an address and deployments of its own."""
    sister = house.another(deployment_id="2")
    with house.rows() as session:
        second = register(session, sister, tenant=make_tenant(session, "Other College"))
        theirs, their_id = second.public_key, second.id
    try:
        token = house.platform.sign(notice_claims(house.platform))
        assert the_cause(bring(house.app, theirs, [token])) == "deployment_unknown"
        assert bring(house.app, key, [token]).status_code == 200, "a refusal does not use the notice up"
        assert bring(house.app, theirs, [sister.sign(notice_claims(sister))]).status_code == 200
        with house.rows() as session:
            found = session.execute(select(Course.deployment_id, Course.tenant_id)).all()
            assert len(set(found)) == len(found) == 2
    finally:
        with house.rows() as session:
            session.execute(delete(SeenNotice))
            session.execute(delete(Course))
            session.execute(delete(Deployment).where(Deployment.registration_id == their_id))
            session.execute(delete(Registration).where(Registration.id == their_id))


@pytest.mark.parametrize(
    ("standing", "cause"),
    [(Standing.PENDING, "deployment_pending"), (Standing.DISABLED, "deployment_disabled")],
)
def test_a_deployment_that_is_not_approved_tells_us_nothing(
    house: House, key: str, standing: Standing, cause: str
) -> None:
    with house.rows() as session:
        session.execute(update(Deployment).values(standing=standing))
    token = house.platform.sign(notice_claims(house.platform))
    try:
        assert the_cause(bring(house.app, key, [token])) == cause
    finally:
        with house.rows() as session:
            session.execute(update(Deployment).values(standing=Standing.APPROVED))
    assert bring(house.app, key, [token]).status_code == 200


def test_a_platform_that_is_switched_off_tells_us_nothing(house: House, key: str) -> None:
    with house.rows() as session:
        session.execute(update(Registration).values(enabled=False))
    try:
        assert bring(house.app, key, [house.platform.sign(notice_claims(house.platform))]).status_code == 403
    finally:
        with house.rows() as session:
            session.execute(update(Registration).values(enabled=True))
    assert origins(house) is None


def test_invented_keys_make_us_ask_the_platform_once(build: Callable[..., House], clock: TestClock) -> None:
    house = build()
    with house.rows() as session:
        public_key = session.scalars(select(Registration.public_key)).one()
    asked = house.keys.requests
    said = notice_claims(house.platform)
    tokens = [house.platform.sign(said, headers={"kid": f"invented-{number}"}) for number in range(50)]
    answer = bring(house.app, public_key, tokens)
    assert {one["cause"] for one in answer.json["notices"]} == {"key_unknown"}  # type: ignore[index]
    assert house.keys.requests - asked == 1
    clock.tick(seconds=31)
    bring(house.app, public_key, tokens[:3])
    assert house.keys.requests - asked == 2


def test_what_was_seen_is_forgotten_when_it_cannot_come_again(
    house: House, tell: Callable[..., TestResponse], clock: TestClock
) -> None:
    for _ in range(3):
        tell()
    clock.tick(seconds=notice_rows.KEPT.total_seconds() + 1)
    tell()
    with house.rows() as session, unit_of_work(session):
        assert notice_rows.sweep(session) == 3
        assert notice_rows.sweep(session) == 0
        (left,) = session.scalars(select(SeenNotice.received_at))
        assert the_clock.now() - left < timedelta(minutes=1)


def test_every_platform_is_told_an_address_of_its_own(house: House, key: str) -> None:
    other = FakePlatform(jwks_url=house.keys.url, issuer="https://other.example.edu")
    token = other.sign(notice_claims(other))
    assert the_cause(bring(house.app, key, [token])) == "issuer_wrong"
