"""The specification of a launch, as a table: what an LMS may send, who is let in then, and why somebody is not.

Every row goes through the application: a login, a token signed with a real key, keys fetched over HTTP. The same table
holds on the maintained fork of PyLTI1p3 (``tests/platforms/test_pylti1p3next.py``). Sections: the payloads of 1EdTech's
certification, who somebody is, the login, whose answer it is, the token, its keys, its times, its parties, its message.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from lmssocial.core.kernel import clock
from lmssocial.lms.identity import refusals
from lmssocial.lms.identity.models import Deployment, Registration, Standing, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti import causes, claims
from lmssocial.lms.lti.models import PendingLogin
from lmssocial.lms.lti.refusals import Cause
from lmssocial.social.communities.models import Placement
from tests.fakes.platform import LEFT_OUT, Answer, FakePlatform, KeySetServer, private_key, public_jwk
from tests.front.launch.conftest import House
from tests.front.launch.launching import (
    NO_COURSE,
    PSEUDONYM,
    Admitted,
    Case,
    Claims,
    Meanwhile,
    Walk,
    World,
    assert_verdict,
)
from tests.support.lti_library import imported_library

HOUR = 3600
YEAR = 365 * 24 * HOUR
LONG = "x" * 300
LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
MEMBERSHIP = f"{LIS}membership#"
HUNDRED_CASES = 100
"""What was promised; there are more."""

LEARNER = Admitted(role=LmsRole.LEARNER)
TEACHER = Admitted(role=LmsRole.INSTRUCTOR)


def says(name: str, verdict: Cause | Admitted, different: Mapping[str, Any], **more: Any) -> Case:
    """A token with ``different`` claims."""
    return Case(name=name, verdict=verdict, claims=lambda _: different, **more)


def when(name: str, verdict: Cause | Admitted, different: Claims) -> Case:
    """A token with claims about time, told from the present second."""
    return Case(name=name, verdict=verdict, claims=different)


def logs_in(
    name: str,
    verdict: Cause | Admitted,
    different: Mapping[str, str | list[str] | None] | None = None,
    *,
    by: str = "campus",
    everywhere: bool = False,
) -> Case:
    """A login with ``different`` parameters; one that is let in goes on with a usual token."""
    return Case(name=name, verdict=verdict, login=different or {}, by=by, everywhere=everywhere)


def sends(name: str, verdict: Cause | Admitted, token: Callable[[Mapping[str, Any]], str]) -> Case:
    """Something else in place of the signed token, made of the claims it would have had."""
    return Case(name=name, verdict=verdict, raw=lambda _, payload: token(payload))


def segment(value: object) -> str:
    """A part of a token (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


HEADER = segment({"alg": "RS256", "kid": "key-1"})

# ---- 1EdTech's certification: twelve payloads to refuse, nine for a teacher and nine for a student to let in

LTI_CLAIMS = dict.fromkeys(
    (
        claims.MESSAGE_TYPE,
        claims.VERSION,
        claims.DEPLOYMENT_ID,
        claims.TARGET_LINK_URI,
        claims.ROLES,
        claims.CONTEXT,
        claims.RESOURCE_LINK,
        claims.LAUNCH_PRESENTATION,
    ),
    LEFT_OUT,
)
OPENID_CLAIMS = dict.fromkeys(
    ("iss", "aud", "sub", "iat", "exp", "nonce", "given_name", "family_name", "email"), LEFT_OUT
)
NAMELESS = {"name": LEFT_OUT, "given_name": LEFT_OUT, "family_name": LEFT_OUT}

CERTIFICATION_BAD = [
    Case(name="no KID in the header", verdict=causes.KEY_UNNAMED, headers={}),
    Case(name="incorrect KID in the header", verdict=causes.KEY_UNKNOWN, headers={"kid": "imstester_66067"}),
    says("wrong LTI version", causes.VERSION_WRONG, {claims.VERSION: "11.3"}),
    says("no LTI version", causes.VERSION_WRONG, {claims.VERSION: LEFT_OUT}),
    says("invalid LTI message", causes.NONCE_WRONG, {**OPENID_CLAIMS, **LTI_CLAIMS, "name": "badltilaunch"}),
    says("missing LTI claims", causes.DEPLOYMENT_UNUSABLE, LTI_CLAIMS),
    says("timestamps incorrect", causes.CLOCK_OFF, {"iat": 11111, "exp": 22222}),
    says("message type claim missing", causes.MESSAGE_TYPE_MISSING, {claims.MESSAGE_TYPE: LEFT_OUT}),
    says("role claim missing", causes.ROLES_UNUSABLE, {claims.ROLES: LEFT_OUT}),
    says("deployment id claim missing", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: LEFT_OUT}),
    says("resource link id missing", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: {"title": "x"}}),
    says("user missing", causes.PERSON_MISSING, {"sub": LEFT_OUT}),
]


def certified(who: str, role: str, lms_role: LmsRole) -> list[Case]:
    """The nine payloads that certification wants let in, for somebody with ``role``."""
    usual = Admitted(role=lms_role)
    nobody = Admitted(role=lms_role, name=PSEUDONYM, email="")
    rows: list[tuple[str, Admitted, list[str], Mapping[str, Any]]] = [
        ("plain", usual, [f"{MEMBERSHIP}{role}"], {}),
        ("several roles", usual, [f"{MEMBERSHIP}{role}", f"{LIS}institution/person#Other"], {}),
        ("short role", usual, [role], {}),
        ("unknown role", LEARNER, [f"{LIS}unknown/unknown#{role}"], {}),
        ("no role", LEARNER, [""], {}),
        ("only an e-mail address", Admitted(role=lms_role, name=PSEUDONYM), [role], NAMELESS),
        ("only names", Admitted(role=lms_role, email=""), [role], {"email": LEFT_OUT}),
        ("nothing personal", nobody, [role], {**NAMELESS, "email": LEFT_OUT}),
        (
            "an e-mail address and no course",
            Admitted(role=lms_role, name=PSEUDONYM, course=NO_COURSE),
            [role],
            {**NAMELESS, claims.CONTEXT: LEFT_OUT},
        ),
    ]
    return [says(f"{who}: {name}", then, {claims.ROLES: has, **more}) for name, then, has, more in rows]


CERTIFICATION_GOOD = [
    *certified("teacher", "Instructor", LmsRole.INSTRUCTOR),
    *certified("student", "Learner", LmsRole.LEARNER),
]

# ---- Who somebody is: only roles in the context give rights in a course (LTI Core 1.3 §A.2)


def comes_as(name: str, lms_role: LmsRole, *roles: str, is_test: bool = False) -> Case:
    """Somebody with ``roles``, and what they are in the course."""
    return says(name, Admitted(role=lms_role, is_test=is_test), {claims.ROLES: list(roles)})


TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

ROLES = [
    comes_as("a teaching assistant", LmsRole.TEACHING_ASSISTANT, f"{LIS}membership/Instructor#TeachingAssistant"),
    comes_as(
        "a teaching assistant with the principal role beside it",
        LmsRole.TEACHING_ASSISTANT,
        f"{LIS}membership/Instructor#TeachingAssistant",
        f"{MEMBERSHIP}Instructor",
    ),
    comes_as(
        "a grader who also lectures",
        LmsRole.INSTRUCTOR,
        f"{LIS}membership/Instructor#Grader",
        f"{LIS}membership/Instructor#Lecturer",
        f"{MEMBERSHIP}Instructor",
    ),
    comes_as("a teaching assistant of an old platform", LmsRole.TEACHING_ASSISTANT, f"{MEMBERSHIP}TeachingAssistant"),
    comes_as("an administrator of the course", LmsRole.ADMINISTRATOR, f"{MEMBERSHIP}Administrator"),
    comes_as("a mentor", LmsRole.MENTOR, f"{MEMBERSHIP}Mentor"),
    comes_as("a content developer", LmsRole.CONTENT_DEVELOPER, f"{MEMBERSHIP}ContentDeveloper"),
    comes_as("a manager, a member, an officer", LmsRole.LEARNER, *(f"{MEMBERSHIP}{r}" for r in ("Manager", "Member"))),
    comes_as("a guest learner", LmsRole.LEARNER, f"{LIS}membership/Learner#GuestLearner"),
    comes_as("a teacher who learns as well", LmsRole.INSTRUCTOR, f"{MEMBERSHIP}Learner", f"{MEMBERSHIP}Instructor"),
    comes_as("Moodle's administrator who teaches", LmsRole.INSTRUCTOR,
             f"{LIS}institution/person#Administrator", f"{LIS}system/person#Administrator", f"{MEMBERSHIP}Instructor"),
    comes_as("a teacher of the institution, a learner here", LmsRole.LEARNER,
             f"{LIS}institution/person#Instructor", f"{MEMBERSHIP}Learner"),
    comes_as("a teacher of the institution, nobody here", LmsRole.LEARNER, f"{LIS}institution/person#Faculty"),
    comes_as("an administrator of the system, nobody here", LmsRole.LEARNER, f"{LIS}system/person#SysAdmin"),
    comes_as("an instructor of a stranger's vocabulary", LmsRole.LEARNER, "http://evil.example/roles#Instructor"),
    comes_as("an instructor of a vocabulary that looks like ours", LmsRole.LEARNER,
             "http://evil.example/purl.imsglobal.org/vocab/lis/v2/membership#Instructor"),
    comes_as("a sub-role of a principal nobody defined", LmsRole.LEARNER, f"{LIS}membership/Wizard#Instructor"),
    comes_as("an instructor written small", LmsRole.LEARNER, "instructor"),
    comes_as("somebody's preview as a student", LmsRole.LEARNER, f"{MEMBERSHIP}Learner", TEST_USER, is_test=True),
    comes_as("an empty list of roles", LmsRole.LEARNER),
]  # fmt: skip

# ---- The login (LTI Security Framework 1.0 §5.1.1.1)

LOGIN = [
    *(
        logs_in(f"a login without {name}", causes.PARAMETER_MISSING, {name: None})
        for name in ("iss", "login_hint", "target_link_uri")
    ),
    logs_in("an issuer of 300 characters", causes.PARAMETER_UNUSABLE, {"iss": LONG}),
    logs_in("a client id of 300 characters", causes.PARAMETER_UNUSABLE, {"client_id": LONG}),
    logs_in("a login for a deployment of 300 characters", causes.PARAMETER_UNUSABLE, {"lti_deployment_id": LONG}),
    logs_in("a hint of 8,001 characters", causes.PARAMETER_UNUSABLE, {"login_hint": "x" * 8001}),
    logs_in("a hint with a NUL in it", causes.PARAMETER_UNUSABLE, {"lti_message_hint": "a\0b"}),
    logs_in("a hint said twice in two ways", causes.PARAMETER_REPEATED, {"login_hint": ["person-7", "person-8"]}),
    logs_in("a hint said twice in one way", LEARNER, {"login_hint": ["person-7", "person-7"]}),
    logs_in("a login without hint and deployment", LEARNER, {"lti_message_hint": None, "lti_deployment_id": None}),
    logs_in("a login with parameters of tomorrow", LEARNER, {"lti_weather": "rain"}),
    logs_in("a stranger's login", causes.PLATFORM_UNKNOWN, {"iss": "https://nobody.example"}, everywhere=True),
    logs_in("an issuer with a slash", causes.PLATFORM_UNKNOWN, {"iss": "https://lms.example.edu/"}),
    logs_in("an issuer in capitals", causes.PLATFORM_UNKNOWN, {"iss": "https://LMS.example.edu"}, everywhere=True),
    logs_in("a client id nobody registered", causes.PLATFORM_UNKNOWN, {"client_id": "client-9"}),
    logs_in("no client id, one registration", LEARNER, {"client_id": None}, by="known by its issuer"),
    logs_in("no client id, several registrations", causes.PLATFORM_AMBIGUOUS, {"client_id": None}, everywhere=True),
    logs_in("a platform that is switched off", causes.PLATFORM_DISABLED, by="switched off"),
    logs_in("two tenants with one client id, told apart by deployment", LEARNER, by="other twin", everywhere=True),
    logs_in("… and by deployment, the other", LEARNER, by="one of twins"),
    logs_in("… by a deployment neither knows", causes.PLATFORM_AMBIGUOUS, {"lti_deployment_id": "9"}, by="other twin"),
    logs_in("… by nothing", causes.PLATFORM_AMBIGUOUS, {"lti_deployment_id": None}, by="one of twins"),
    logs_in("… by its own address", LEARNER, {"lti_deployment_id": None}, by="by its own address", everywhere=True),
    logs_in("somebody else's own address", causes.PLATFORM_UNKNOWN, {"client_id": "client-2"}, by="by its own address"),
    *(
        logs_in(f"a login to {target}", causes.TARGET_NOT_OURS, {"target_link_uri": target})
        for target in (
            "https://evil.example/lti/launch",
            "http://localhost:8000@evil.example/",
            "http://localhost:8000.evil.example/",
            "http://localhost:8001/lti/launch",
            "https://localhost:8000/lti/launch",
            "http://user@localhost:8000/lti/launch",
            "http://localhost:8000\\@evil.example/",
            "http://[localhost",
            "javascript:alert(1)",
            "//localhost:8000/lti/launch",
            "/lti/launch",
        )
    ),
    Case(
        name="a login to another page of ours",
        verdict=LEARNER,
        login={"target_link_uri": "http://localhost:8000/somewhere?else=1"},
        claims=lambda _: {claims.TARGET_LINK_URI: "http://localhost:8000/somewhere?else=1"},
    ),
]  # fmt: skip

# ---- Whose answer it is: good once, for one login, in the browser that began it (§5.1.1.5, OpenID Connect §3.1.2.1)


def replayed(walk: Walk) -> Callable[[], TestResponse]:
    """It is brought twice."""
    walk.finish()
    return walk.finish


def replayed_elsewhere(walk: Walk) -> Callable[[], TestResponse]:
    """It is brought a second time by another browser."""
    walk.finish()
    return lambda: walk.finish(walk.house.browser())


def a_second_token(walk: Walk) -> Callable[[], TestResponse]:
    """Another person's token with the same state and nonce comes after it."""
    walk.finish()
    second = walk.platform.sign(walk.platform.payload(walk.begun.nonce, sub="person-8"))
    return lambda: walk.finish(id_token=second)


def good_after_bad(walk: Walk) -> Callable[[], TestResponse]:
    """A refused answer came before it."""
    walk.finish(id_token=walk.platform.sign(walk.platform.payload(walk.begun.nonce, aud="client-9")))
    return walk.finish


def with_the_state_of_another_login(walk: Walk) -> Callable[[], TestResponse]:
    """The same browser began two logins; the nonce is of one, the state of the other."""
    other = walk.platform.begin(walk.browser)
    return lambda: walk.finish(state=other.state)


def by_a_victim(walk: Walk) -> Callable[[], TestResponse]:
    """An attacker lets somebody else bring his own answer, who then writes under his name (login CSRF)."""
    victim = walk.house.browser()
    walk.platform.begin(victim)
    return lambda: walk.finish(victim)


def by_a_neighbour(walk: Walk) -> Callable[[], TestResponse]:
    """The login was of one registration, the answer is of another of the same LMS."""
    neighbour = walk.house.another(client_id="client-2")
    return lambda: walk.finish(id_token=neighbour.sign(neighbour.payload(walk.begun.nonce)))


def with_another_logins_cookie(walk: Walk) -> Callable[[], TestResponse]:
    """The browser sends the right cookie names with the secret of another login in them."""
    other = walk.platform.begin(walk.house.browser())
    mine, theirs = (
        [value.partition(";")[0].partition("=") for value in begun.response.headers.getlist("Set-Cookie")]
        for begun in (walk.begun, other)
    )
    swapped = "; ".join(f"{one[0]}={two[2]}" for one, two in zip(mine, theirs, strict=True))
    bare = walk.house.app.test_client(use_cookies=False)
    bare.environ_base["HTTP_COOKIE"] = swapped
    return lambda: walk.finish(bare)


def fields(**form: str | list[str]) -> Callable[[Walk], Callable[[], TestResponse]]:
    """It comes with other form fields."""
    return lambda walk: lambda: walk.finish(**form)


def says_twice(name: str) -> Callable[[Walk], Callable[[], TestResponse]]:
    """One form field comes twice."""

    def twice(walk: Walk) -> Callable[[], TestResponse]:
        value = {"state": walk.begun.state, "id_token": walk.token}[name]
        return lambda: walk.finish(**{name: [value, value]})

    return twice


def later(**more: float) -> Meanwhile:
    """The person went for a coffee."""
    return lambda _house, _platform: clock.at(clock.now() + timedelta(**more))


@contextmanager
def switched_off(house: House, platform: FakePlatform) -> Iterator[None]:
    """An administrator switches the platform off, and later on again."""
    mine = (Registration.issuer == platform.issuer, Registration.client_id == platform.client_id)
    for enabled in (False, True):
        with house.rows() as session:
            session.execute(update(Registration).where(*mine).values(enabled=enabled))
        if not enabled:
            yield


@contextmanager
def swept(house: House, _platform: FakePlatform) -> Iterator[None]:
    """Our database lost the login."""
    with house.rows() as session:
        session.execute(delete(PendingLogin))
    yield


ANSWER = [
    Case(name="the same answer twice", verdict=causes.STATE_UNKNOWN, flow=replayed, everywhere=True),
    Case(name="the same answer in another browser", verdict=causes.STATE_UNKNOWN, flow=replayed_elsewhere),
    Case(name="a second token for one login", verdict=causes.STATE_UNKNOWN, flow=a_second_token, everywhere=True),
    Case(name="a good answer after a bad one", verdict=causes.STATE_UNKNOWN, flow=good_after_bad, everywhere=True),
    Case(name="nonce of one login, state of another", verdict=causes.NONCE_WRONG, flow=with_the_state_of_another_login),
    Case(name="login CSRF", verdict=causes.COOKIE_MISSING, flow=by_a_victim),
    Case(name="the cookie of another login", verdict=causes.OTHER_BROWSER, flow=with_another_logins_cookie),
    Case(name="the token of another registration", verdict=causes.AUDIENCE_WRONG, flow=by_a_neighbour),
    Case(name="no state", verdict=causes.STATE_MISSING, flow=fields(state="")),
    Case(name="a state we never sent", verdict=causes.STATE_UNKNOWN, flow=fields(state="x" * 43)),
    Case(name="a state with a NUL in it", verdict=causes.STATE_UNKNOWN, flow=fields(state="a\0b"), everywhere=True),
    Case(name="a state that came eleven minutes late", verdict=causes.STATE_UNKNOWN, meanwhile=later(minutes=11)),
    Case(name="a state that is gone", verdict=causes.STATE_UNKNOWN, meanwhile=swept),
    Case(name="a platform switched off meanwhile", verdict=causes.PLATFORM_DISABLED, meanwhile=switched_off),
    Case(name="the state twice", verdict=causes.PARAMETER_REPEATED, flow=says_twice("state")),
    Case(name="the token twice", verdict=causes.PARAMETER_REPEATED, flow=says_twice("id_token")),
    Case(name="fields nobody knows", verdict=LEARNER, flow=fields(authenticity_token="x", utf8="✓")),
    Case(name="signed out of the LMS", verdict=causes.LMS_SIGNED_OUT, flow=fields(error="login_required")),
    Case(name="a question the LMS may not ask", verdict=causes.LMS_SIGNED_OUT,
         flow=fields(error="interaction_required")),
    Case(name="no access in the LMS", verdict=causes.LMS_ERROR, flow=fields(error="access_denied")),
    Case(name="an error that is a script", verdict=causes.LMS_ERROR,
         flow=fields(error="<script>", error_description="<b>no</b>")),
]  # fmt: skip

# ---- The token itself (§5.1.2, RFC 7515, RFC 7519)


def tampered(payload: Mapping[str, Any]) -> str:
    """A learner makes an instructor of herself after signing."""
    signed = FakePlatform(jwks_url="").sign(payload)
    head, _, signature = signed.split(".")
    return f"{head}.{segment({**payload, claims.ROLES: [f'{MEMBERSHIP}Instructor']})}.{signature}"


TOKEN = [
    sends("no token", causes.TOKEN_MISSING, lambda _: ""),
    sends("no JWT", causes.TOKEN_UNREADABLE, lambda _: "abc"),
    sends("an encrypted JWT", causes.TOKEN_UNREADABLE, lambda _: "a.b.c.d.e"),
    sends("a list as body", causes.TOKEN_UNREADABLE, lambda _: f"{HEADER}.{segment([1])}.x"),
    sends("a word as header", causes.TOKEN_UNREADABLE, lambda _: f"{segment('RS256')}.{segment({})}.x"),
    sends("no base64", causes.TOKEN_UNREADABLE, lambda _: f"{HEADER}.!!!!.x"),
    sends("no ASCII", causes.TOKEN_UNREADABLE, lambda _: f"{HEADER}.é.x"),
    sends("brackets without end", causes.TOKEN_UNREADABLE, lambda _: f"{HEADER}.{'W1tb' * 20_000}.x"),
    sends("a token of 130 kB", causes.TOKEN_TOO_LONG, lambda _: "a" * 130_000),
    sends(
        "an unsigned token",
        causes.ALGORITHM_REFUSED,
        lambda payload: f"{segment({'alg': 'none', 'kid': 'key-1'})}.{segment(payload)}.",
    ),
    sends(
        "a token without its signature",
        causes.SIGNATURE_WRONG,
        lambda payload: f"{HEADER}.{segment(payload)}.",
    ),
    sends("a token changed after signing", causes.SIGNATURE_WRONG, tampered),
    Case(name="signed by a stranger", verdict=causes.SIGNATURE_WRONG, key="stranger"),
    Case(name="signed with our public key as a secret", verdict=causes.ALGORITHM_REFUSED, algorithm="HS256"),
    Case(name="the algorithm RS384", verdict=causes.ALGORITHM_REFUSED, algorithm="RS384"),
    Case(name="the algorithm PS256", verdict=causes.ALGORITHM_REFUSED, algorithm="PS256"),
    Case(
        name="a header that demands what we do not know",
        verdict=causes.HEADER_CRITICAL,
        headers={"kid": "key-1", "crit": ["b64"], "b64": True},
    ),
    Case(
        name="a header that brings its own key",
        verdict=causes.SIGNATURE_WRONG,
        key="stranger",
        headers={"kid": "key-1", "jku": "https://evil.example/jwks", "jwk": {"kty": "RSA"}},
    ),
    Case(name="an empty key id", verdict=causes.KEY_UNNAMED, headers={"kid": ""}),
]

# ---- The platform's keys (RFC 7517; our own rules)


def published(*keys: Mapping[str, Any], **more: Any) -> Answer:
    """A key set."""
    return Answer(json.dumps({"keys": keys, **more}).encode())


OWN = public_jwk(private_key(), "key-1")
METADATA = {"Location": "http://169.254.169.254/latest/meta-data"}

KEYS = [
    Case(name="a key id that two platforms use, each its own key", verdict=LEARNER, by="neighbour"),
    Case(name="the neighbour's key under the same id", verdict=causes.SIGNATURE_WRONG, key="neighbour"),
    Case(name="two keys", verdict=LEARNER, keys=published(public_jwk(private_key("stranger"), "key-0"), OWN)),
    Case(
        name="a key without use and algorithm",
        verdict=LEARNER,
        keys=published({name: OWN[name] for name in ("kty", "kid", "n", "e")}),
    ),
    Case(
        name="keys beside things we do not know",
        verdict=LEARNER,
        keys=published({"kty": "EC", "kid": "e", "crv": "P-256", "x": "a", "y": "b"}, None, "key-1", OWN, next="/"),  # type: ignore[arg-type]
    ),
    Case(name="keys that answer 503", verdict=causes.KEYS_UNAVAILABLE, keys=Answer(b'{"error": 1}', status=503)),
    Case(
        name="keys on a page of HTML",
        verdict=causes.KEYS_UNAVAILABLE,
        keys=Answer(b"<html>Maintenance</html>", content_type="text/html"),
    ),
    Case(name="half a megabyte of keys", verdict=causes.KEYS_UNAVAILABLE, keys=Answer(b'{"keys": [' + b" " * 500_000)),
    Case(name="no keys", verdict=causes.KEYS_UNAVAILABLE, keys=published()),
    Case(
        name="keys at the address of the cloud's secrets",
        verdict=causes.KEYS_UNAVAILABLE,
        keys=Answer(b"", status=302, headers=METADATA),
        everywhere=True,
    ),
    Case(
        name="a key of 1,024 bits",
        verdict=causes.KEYS_UNAVAILABLE,
        keys=published(public_jwk(private_key("short", 1024), "key-1")),
    ),
    Case(name="a key for encryption", verdict=causes.KEYS_UNAVAILABLE, keys=published({**OWN, "use": "enc"})),
    Case(name="a key for RS512", verdict=causes.KEYS_UNAVAILABLE, keys=published({**OWN, "alg": "RS512"})),
    Case(name="a key of another name", verdict=causes.KEY_UNKNOWN, keys=published({**OWN, "kid": "key-2"})),
]  # fmt: skip

# ---- Its times (§5.1.3, rules 7 and 8; ten minutes, a day and a minute's leeway are our own)

TIMES = [
    when("a platform a minute ahead", LEARNER, lambda now: {"iat": now + 59, "exp": now + 119}),
    when("a platform a minute behind", LEARNER, lambda now: {"iat": now - 59, "exp": now + 1}),
    when("expired half a minute ago", LEARNER, lambda now: {"iat": now - 90, "exp": now - 30}),
    when("times with fractions", LEARNER, lambda now: {"iat": now + 0.25, "exp": now + 60.5}),
    when("nine minutes old and still valid", LEARNER, lambda now: {"iat": now - 540, "exp": now + 60}),
    when("valid for a day", LEARNER, lambda now: {"exp": now + 24 * HOUR}),
    when("not before just now", LEARNER, lambda now: {"nbf": now}),
    when("an hour ahead", causes.CLOCK_OFF, lambda now: {"iat": now + HOUR, "exp": now + HOUR + 60}),
    when("an hour behind", causes.CLOCK_OFF, lambda now: {"iat": now - HOUR, "exp": now - HOUR + 60}),
    when(
        "an hour behind, valid for two", causes.CLOCK_OFF, lambda now: {"iat": now - HOUR, "exp": now + HOUR}
    ),
    when("two minutes ahead", causes.CLOCK_OFF, lambda now: {"iat": now + 120, "exp": now + 180}),
    when("not before in an hour", causes.CLOCK_OFF, lambda now: {"nbf": now + HOUR}),
    when(
        "ten years old, still valid",
        causes.CLOCK_OFF,
        lambda now: {"iat": now - 10 * YEAR, "exp": now + HOUR},
    ),
    when("expired and issued in this login", causes.TOKEN_EXPIRED, lambda now: {"iat": now, "exp": now - 90}),
    when("valid for a hundred years", causes.LIFETIME_TOO_LONG, lambda now: {"exp": now + 100 * YEAR}),
    when("valid for a day and a bit", causes.LIFETIME_TOO_LONG, lambda now: {"exp": now + 24 * HOUR + 60}),
    when(
        "expires before it is issued",
        causes.LIFETIME_TOO_LONG,
        lambda now: {"iat": now + 30, "exp": now - 30},
    ),
    Case(
        name="ten minutes old, from a login of ten minutes ago",
        verdict=causes.TOKEN_TOO_OLD,
        claims=lambda now: {"iat": now - 30, "exp": now + HOUR},
        meanwhile=later(minutes=9, seconds=50),
    ),
    says("no expiry", causes.TIME_MISSING, {"exp": LEFT_OUT}),
    says("no time of issue", causes.TIME_MISSING, {"iat": LEFT_OUT}),
    when("a time in words", causes.TIME_MISSING, lambda now: {"iat": str(now)}),
    says("a time that is true", causes.TIME_MISSING, {"iat": True}),
    says("a time that is no number", causes.TIME_MISSING, {"exp": float("nan")}),
    says("a time without end", causes.TIME_MISSING, {"exp": float("inf")}),
    says("a time of four hundred digits", causes.TIME_MISSING, {"exp": 10**400}),
]

# ---- Between whom (§5.1.3, rules 2 to 5 and 9; OpenID Connect Core §3.1.3.7)

PARTIES = [
    says("another issuer", causes.ISSUER_WRONG, {"iss": "https://evil.example"}),
    says("the issuer with a slash", causes.ISSUER_WRONG, {"iss": "https://lms.example.edu/"}),
    says("no issuer", causes.ISSUER_WRONG, {"iss": LEFT_OUT}),
    says("an issuer in a list", causes.ISSUER_WRONG, {"iss": ["https://lms.example.edu"]}),
    says("our client id in a list", LEARNER, {"aud": ["client-1"]}),
    says("another audience", causes.AUDIENCE_WRONG, {"aud": "client-2"}),
    says("no audience", causes.AUDIENCE_WRONG, {"aud": LEFT_OUT}),
    says("an empty list of audiences", causes.AUDIENCE_WRONG, {"aud": []}),
    says("a list in the list of audiences", causes.AUDIENCE_WRONG, {"aud": [["client-1"]]}),
    says("a second audience", causes.AUDIENCE_WRONG, {"aud": ["client-1", "other"], "azp": "client-1"}),
    says("a second audience first", causes.AUDIENCE_WRONG, {"aud": ["other", "client-1"], "azp": "client-1"}),
    says("an audience that only others trust", causes.AUDIENCE_WRONG, {"aud": ["client-1", "hub"], "azp": "client-1"}),
    says("the authorised party named", LEARNER, {"azp": "client-1"}),
    says("another authorised party", causes.PARTY_WRONG, {"azp": "client-2"}),
    says("no nonce", causes.NONCE_WRONG, {"nonce": LEFT_OUT}),
    says("a nonce we never sent", causes.NONCE_WRONG, {"nonce": "of somebody else"}),
    says("a number as nonce", causes.NONCE_WRONG, {"nonce": 1}),
    says("half a character as nonce", causes.NONCE_WRONG, {"nonce": "\ud800"}),
    *(
        says(name, verdict, different, by="lenient")
        for name, verdict, different in (
            ("a trusted audience", LEARNER, {"aud": ["client-2", "hub"], "azp": "client-2"}),
            ("a trusted audience first", LEARNER, {"aud": ["hub", "client-2"], "azp": "client-2"}),
            ("a trusted audience and no party", causes.PARTY_WRONG, {"aud": ["client-2", "hub"]}),
            ("a trusted audience is the party", causes.PARTY_WRONG, {"aud": ["client-2", "hub"], "azp": "hub"}),
            ("only the trusted audience", causes.AUDIENCE_WRONG, {"aud": "hub"}),
            ("one trusted and one not", causes.AUDIENCE_WRONG, {"aud": ["client-2", "hub", "x"], "azp": "client-2"}),
            ("somebody anonymous, where that is allowed", Admitted(role=LmsRole.LEARNER, name=PSEUDONYM, email=""),
             {"sub": LEFT_OUT, **NAMELESS, "email": LEFT_OUT}),
            ("somebody without characters, where anonymous is allowed", causes.PERSON_UNUSABLE, {"sub": ""}),
        )
    ),
]  # fmt: skip

# ---- Which installation (LTI Core 1.3 §5.3.3; which of them are approved is our own)


@contextmanager
def never_asked_before(house: House, _platform: FakePlatform) -> Iterator[None]:
    """Unknown deployments are noted as waiting when they first ask; these have not asked yet."""
    with house.rows() as session:
        asked = Deployment.deployment_id.in_(["9", "second"]), Deployment.standing == Standing.PENDING
        session.execute(delete(Deployment).where(*asked))
    yield


DEPLOYMENTS = [
    says("a deployment that is a number", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: 1}),
    says("a deployment of 300 characters", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: LONG}),
    says("an empty deployment", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: ""}),
    says("a deployment that is not ASCII", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: "één"}),
    says("another deployment than the login's", causes.DEPLOYMENT_OTHER, {claims.DEPLOYMENT_ID: "2"}),
    says(
        "another deployment than the login's, said again in the form",
        causes.DEPLOYMENT_OTHER,
        {claims.DEPLOYMENT_ID: "2"},
        flow=fields(lti_deployment_id="2", deployment_id="2"),
    ),
    *(
        says(
            name,
            verdict,
            {claims.DEPLOYMENT_ID: deployment},
            by=by,
            login={"lti_deployment_id": None},
            meanwhile=never_asked_before,
            everywhere=True,
        )
        for name, verdict, by, deployment in (
            ("a deployment nobody heard of", refusals.DEPLOYMENT_UNKNOWN, "campus", "9"),
            ("a deployment that waits", refusals.DEPLOYMENT_PENDING, "neighbour", "pending"),
            ("a deployment that is switched off", refusals.DEPLOYMENT_DISABLED, "neighbour", "disabled"),
            ("the sister tenant's deployment", refusals.DEPLOYMENT_UNKNOWN, "known by its issuer", "second"),
        )
    ),
]

# ---- What it says (LTI Core 1.3 §5.3, §5.4)


@contextmanager
def its_widget_uninstalled(house: House, platform: FakePlatform) -> Iterator[None]:
    """The link led to an activity whose plugin is gone."""
    platform.launch(house.browser(), **LOST_WIDGET)
    with house.rows() as session:
        lost = Placement.title == "Lost widget"
        session.execute(update(Placement).where(lost).values(widget="crystal-ball"))
    yield


LOST_WIDGET = {
    claims.RESOURCE_LINK: {"id": "lost-widget", "title": "Lost widget"},
    claims.CUSTOM: {"widget": "discussion"},
}


def named(name: str) -> Admitted:
    """A learner who is called that."""
    return Admitted(role=LmsRole.LEARNER, name=name)


MESSAGE = [
    says("version 1.3.1", causes.VERSION_WRONG, {claims.VERSION: "1.3.1"}),
    says("a version that is a number", causes.VERSION_WRONG, {claims.VERSION: 1.3}),
    says("no target", causes.TARGET_OTHER, {claims.TARGET_LINK_URI: LEFT_OUT}),
    says("a target on another host", causes.TARGET_OTHER, {claims.TARGET_LINK_URI: "https://evil.example/"}),
    says(
        "a target of ours that is not the login's",
        causes.TARGET_OTHER,
        {claims.TARGET_LINK_URI: "http://localhost:8000/lti/launch/else"},
    ),
    says(
        "a target that hides another host",
        causes.TARGET_OTHER,
        {claims.TARGET_LINK_URI: "http://localhost:8000@evil.example/lti/launch"},
    ),
    says("no resource link", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: LEFT_OUT}),
    says("a resource link of 300 characters", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: {"id": LONG}}),
    says("a resource link that is a number", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: {"id": 7}}),
    says("an empty resource link", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: {"id": ""}}),
    says("a list of resource links", causes.CLAIM_UNUSABLE, {claims.RESOURCE_LINK: [{"id": "x"}]}),
    says("roles that are null", causes.ROLES_UNUSABLE, {claims.ROLES: None}),
    says("roles that are a word", causes.ROLES_UNUSABLE, {claims.ROLES: "Instructor"}),
    says("roles that are numbers", causes.ROLES_UNUSABLE, {claims.ROLES: [1]}),
    says("a person who is a number", causes.PERSON_UNUSABLE, {"sub": 5}),
    says("a person of 300 characters", causes.PERSON_UNUSABLE, {"sub": LONG}),
    says("a person without characters", causes.PERSON_UNUSABLE, {"sub": ""}),
    says("a person with a NUL in the name", causes.PERSON_UNUSABLE, {"sub": "a\0b"}),
    says("a person of half a character", causes.PERSON_UNUSABLE, {"sub": "\udc00"}),
    says("a context without id", causes.CONTEXT_UNUSABLE, {claims.CONTEXT: {"title": "Nowhere"}}),
    says("a context that is a number", causes.CONTEXT_UNUSABLE, {claims.CONTEXT: {"id": 2}}),
    says("a context of 300 characters", causes.CONTEXT_UNUSABLE, {claims.CONTEXT: {"id": LONG}}),
    says("a context that is a word", causes.CLAIM_UNUSABLE, {claims.CONTEXT: "course-1"}),
    says("custom parameters in a list", causes.CLAIM_UNUSABLE, {claims.CUSTOM: ["widget"]}),
    says("a presentation that is a word", causes.CLAIM_UNUSABLE, {claims.LAUNCH_PRESENTATION: "iframe"}),
    says("services that are words", causes.CLAIM_UNUSABLE, {claims.GRADES: "https://lms.example.edu/grades"}),
    says("nested custom parameters", LEARNER, {claims.CUSTOM: {"a": {"b": 1}, "c": [1], "d": None, "e": 5}}),
    says("claims nobody knows", LEARNER, {"https://example.edu/claim/weather": {"rain": True}}),
    says("a name with a NUL in it", named("Ada Lovelace"), {"name": "Ada\0 Lovelace"}),
    says("a name of half a character", named("Ada"), {"name": "Ada \ud83d"}),
    says("a name of ten thousand letters", named("A" * 200), {"name": "A" * 10_000}),
    says("a name in parts", named("Grace Hopper"), {"name": "", "given_name": "Grace", "family_name": "Hopper"}),
    says("an address of 300 letters", Admitted(role=LmsRole.LEARNER, email=""), {"email": f"{LONG}@example.edu"}),
    says("proctoring", causes.MESSAGE_TYPE_UNSUPPORTED, {claims.MESSAGE_TYPE: "LtiStartProctoring"}),
    says("a licence agreement", causes.MESSAGE_TYPE_UNSUPPORTED, {claims.MESSAGE_TYPE: "LtiEulaRequest"}),
    says("a message type that is a list", causes.MESSAGE_TYPE_MISSING, {claims.MESSAGE_TYPE: ["x"]}),
    Case(
        name="an activity whose plugin is gone",
        verdict=refusals.WIDGET_MISSING,
        claims=lambda _: LOST_WIDGET,
        meanwhile=its_widget_uninstalled,
        everywhere=True,
    ),
]  # fmt: skip

# ---- The other two messages (Deep Linking 2.0 §4.4, Submission Review 1.0)

SETTINGS = {
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe"],
    "deep_link_return_url": "https://lms.example.edu/back",
}
DEEP = {
    claims.MESSAGE_TYPE: "LtiDeepLinkingRequest",
    claims.ROLES: [f"{MEMBERSHIP}Instructor"],
    claims.RESOURCE_LINK: LEFT_OUT,
}
REVIEW = {claims.MESSAGE_TYPE: "LtiSubmissionReviewRequest", claims.FOR_USER: {"user_id": "person-9"}}


def chooses(name: str, verdict: Cause | Admitted, settings: Mapping[str, Any], **more: object) -> Case:
    """A deep-linking request with other settings; a value of ``None`` leaves one out."""
    kept = {name: value for name, value in {**SETTINGS, **settings}.items() if value is not None}
    return says(f"deep linking {name}", verdict, {**DEEP, claims.DEEP_LINKING_SETTINGS: kept, **more})


OTHER_MESSAGES = [
    chooses("as usual", TEACHER, {}),
    chooses("without a target", TEACHER, {}, **{claims.TARGET_LINK_URI: LEFT_OUT}),
    chooses("that takes no resource links", TEACHER, {"accept_types": ["link"]}),
    chooses("with things nobody knows", TEACHER, {"accept_weather": True, "data": "as it is"}),
    chooses("without a way back", causes.DEEP_LINKING_UNUSABLE, {"deep_link_return_url": None}),
    chooses("to an empty way back", causes.DEEP_LINKING_UNUSABLE, {"deep_link_return_url": ""}),
    chooses("back to a script", causes.DEEP_LINKING_UNUSABLE, {"deep_link_return_url": "javascript:alert(1)"}),
    chooses("back over plain http", causes.DEEP_LINKING_UNUSABLE, {"deep_link_return_url": "http://lms.example.edu/"}),
    chooses("back with a password", causes.DEEP_LINKING_UNUSABLE, {"deep_link_return_url": "https://a:b@lms.example"}),
    chooses("with types that are a word", causes.DEEP_LINKING_UNUSABLE, {"accept_types": "ltiResourceLink"}),
    chooses("without types", causes.DEEP_LINKING_UNUSABLE, {"accept_types": None}),
    chooses("without targets", causes.DEEP_LINKING_UNUSABLE, {"accept_presentation_document_targets": None}),
    chooses("without a person", causes.PERSON_MISSING, {}, sub=LEFT_OUT),
    *(
        chooses(f"by {who}", refusals.CHOOSER_NOT_STAFF, {}, **{claims.ROLES: [role]})
        for who, role in (
            ("a learner", f"{MEMBERSHIP}Learner"),
            ("a mentor", f"{MEMBERSHIP}Mentor"),
            ("an instructor of elsewhere", "http://evil.example/roles#Instructor"),
        )
    ),
    says("deep linking without settings", causes.DEEP_LINKING_UNUSABLE, DEEP),
    says("a review by a teacher", TEACHER, {**REVIEW, claims.ROLES: ["Instructor"]}),
    says("a review by a learner, of herself", LEARNER, REVIEW),
    says("a review without a line item", LEARNER, {**REVIEW, claims.GRADES: LEFT_OUT}),
    says("a review of nobody", causes.REVIEW_UNUSABLE, {**REVIEW, claims.FOR_USER: LEFT_OUT}),
    says("a review of a number", causes.REVIEW_UNUSABLE, {**REVIEW, claims.FOR_USER: {"user_id": 9}}),
    says("a review of no link", causes.RESOURCE_LINK_UNUSABLE, {**REVIEW, claims.RESOURCE_LINK: LEFT_OUT}),
]  # fmt: skip

CASES = [
    *CERTIFICATION_BAD, *CERTIFICATION_GOOD, *ROLES, *LOGIN, *ANSWER, *TOKEN, *KEYS, *TIMES, *PARTIES, *DEPLOYMENTS,
    *MESSAGE, *OTHER_MESSAGES,
]  # fmt: skip

ELSEWHERE: Mapping[Cause, str] = {
    causes.NOTICE_UNUSABLE: "tests/front/launch/test_notices.py: a notice is a token too, and no launch",
}
"""Causes that no row reaches, and where they are tried instead."""


@pytest.fixture(scope="module")
def world(house: House, record_testsuite_property: Callable[[str, object], None]) -> Iterator[World]:
    """One application and all platforms, for the whole table: a row meets only what it made itself."""
    library = imported_library()
    record_testsuite_property("library", library.name)
    record_testsuite_property("folder", library.folder)
    with KeySetServer() as neighbours:
        yield World(house, neighbours)


@pytest.mark.one_database
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_launch_is_let_in_or_refused_for_the_right_reason(world: World, case: Case) -> None:
    assert_verdict(world, case)


@pytest.mark.parametrize("case", [case for case in CASES if case.everywhere], ids=lambda case: case.name)
def test_a_verdict_that_hangs_on_rows_is_the_same_on_every_database(world: World, case: Case) -> None:
    assert_verdict(world, case)


@pytest.mark.one_database
def test_two_anonymous_people_are_two(world: World) -> None:
    nobody = {"sub": LEFT_OUT, **NAMELESS, "email": LEFT_OUT}
    case = says("nobody", Admitted(role=LmsRole.LEARNER, name=PSEUDONYM, email=""), nobody, by="lenient")
    with world.house.rows() as session:
        before = set(session.scalars(select(User.id)))
    for _ in range(2):
        assert_verdict(world, case)
    with world.house.rows() as session:
        assert len({user.name for user in session.scalars(select(User)) if user.id not in before}) == 2


@pytest.mark.one_database
def test_a_token_of_a_megabyte_is_not_even_read(world: World) -> None:
    browser = world.house.browser()
    begun = world.house.platform.begin(browser)
    assert world.house.platform.finish(browser, begun.state, "a" * 1_000_000).status_code == 413


def test_the_table_is_as_large_as_promised() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= HUNDRED_CASES
    assert len(CERTIFICATION_BAD) == 12
    assert len(CERTIFICATION_GOOD) == 9 + 9


def test_every_cause_a_launch_can_be_refused_for_has_a_row() -> None:
    all_causes = {
        cause for module in (causes, refusals) for cause in vars(module).values() if isinstance(cause, Cause)
    }
    reached = {case.verdict for case in CASES if isinstance(case.verdict, Cause)}
    assert {cause.code for cause in all_causes - reached} == {cause.code for cause in ELSEWHERE}
