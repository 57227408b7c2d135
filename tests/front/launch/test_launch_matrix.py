"""What is let in and what is not: every rule of a launch, broken once, against the application and a real platform."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from lmssocial.lms.lti import causes, claims
from lmssocial.lms.lti.refusals import Cause
from tests.fakes.platform import INSTRUCTOR, LEFT_OUT, private_key
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_let_in, assert_refused, outcome

Changes = Callable[[int], Mapping[str, Any]]

HOUR = 3600
YEAR = 365 * 24 * HOUR
LONG = "x" * 300
SETTINGS = {
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe"],
    "deep_link_return_url": "https://lms.example.edu/back",
}
DEEP = {
    claims.MESSAGE_TYPE: "LtiDeepLinkingRequest",
    claims.ROLES: [INSTRUCTOR],
    claims.RESOURCE_LINK: LEFT_OUT,
}
LTI_CLAIMS = (
    claims.MESSAGE_TYPE,
    claims.VERSION,
    claims.DEPLOYMENT_ID,
    claims.TARGET_LINK_URI,
    claims.ROLES,
    claims.CONTEXT,
    claims.RESOURCE_LINK,
    claims.LAUNCH_PRESENTATION,
)
REVIEW = {claims.MESSAGE_TYPE: "LtiSubmissionReviewRequest", claims.FOR_USER: {"user_id": "person-9"}}
LIS = "http://purl.imsglobal.org/vocab/lis/v2/"


@dataclass(frozen=True)
class Case:
    """One token: what is different about it, and what becomes of it."""

    name: str
    cause: Cause | None
    """Why it is refused; ``None`` if it is let in."""
    changes: Changes = field(default=lambda _: {})
    key: str = "platform"
    algorithm: str = "RS256"
    headers: Mapping[str, Any] | None = None


def says(name: str, cause: Cause | None, fixed: Mapping[str, Any]) -> Case:
    """A token that says ``fixed`` instead."""
    return Case(name, cause, lambda _: fixed)


def when(name: str, cause: Cause | None, changes: Changes) -> Case:
    """A token that says something about time, seen from now."""
    return Case(name, cause, changes)


CERTIFICATION_BAD = [
    Case("no key id in the header", causes.KEY_UNNAMED, headers={}),
    Case("a key id that the platform does not publish", causes.KEY_UNKNOWN, headers={"kid": "wrong"}),
    says("version 1.1", causes.VERSION_WRONG, {claims.VERSION: "1.1"}),
    says("no version", causes.VERSION_WRONG, {claims.VERSION: LEFT_OUT}),
    says(
        "a token without any LTI claim",
        causes.DEPLOYMENT_UNUSABLE,
        dict.fromkeys(LTI_CLAIMS, LEFT_OUT),
    ),
    says("timestamps of 1970", causes.CLOCK_OFF, {"iat": 11111, "exp": 22222}),
    says("no message type", causes.MESSAGE_TYPE_MISSING, {claims.MESSAGE_TYPE: LEFT_OUT}),
    says("no roles", causes.ROLES_UNUSABLE, {claims.ROLES: LEFT_OUT}),
    says("no deployment", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: LEFT_OUT}),
    says("no resource link", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: LEFT_OUT}),
    says("a resource link without id", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: {"title": "x"}}),
    says("no person", causes.PERSON_MISSING, {"sub": LEFT_OUT}),
]

CERTIFICATION_GOOD = [
    says(f"{who}: {name}", None, {claims.ROLES: roles(role), **more})
    for who, role in (("teacher", "Instructor"), ("student", "Learner"))
    for name, roles, more in (
        ("plain", lambda role: [f"{LIS}membership#{role}"], {}),
        ("several roles", lambda role: [f"{LIS}membership#{role}", f"{LIS}institution/person#Other"], {}),
        ("short role", lambda role: [role], {}),
        ("unknown role", lambda role: [f"{LIS}unknown/unknown#{role}"], {}),
        ("no role", lambda _: [""], {}),
        (
            "only an e-mail address",
            lambda role: [role],
            {"name": LEFT_OUT, "given_name": LEFT_OUT, "family_name": LEFT_OUT},
        ),
        ("only names", lambda role: [role], {"email": LEFT_OUT}),
        (
            "nothing personal at all",
            lambda role: [role],
            {"name": LEFT_OUT, "given_name": LEFT_OUT, "family_name": LEFT_OUT, "email": LEFT_OUT},
        ),
        ("an e-mail address and no course", lambda role: [role], {claims.CONTEXT: LEFT_OUT}),
    )
]

TIME = [
    when("a platform a minute ahead", None, lambda now: {"iat": now + 59, "exp": now + 119}),
    when("a platform a minute behind", None, lambda now: {"iat": now - 59, "exp": now + 1}),
    when("expired half a minute ago", None, lambda now: {"iat": now - 90, "exp": now - 30}),
    when("times with fractions", None, lambda now: {"iat": now + 0.25, "exp": now + 60.5}),
    when("nine minutes old and still valid", None, lambda now: {"iat": now - 540, "exp": now + 60}),
    when("an hour ahead", causes.CLOCK_OFF, lambda now: {"iat": now + HOUR, "exp": now + HOUR + 60}),
    when("an hour behind", causes.CLOCK_OFF, lambda now: {"iat": now - HOUR, "exp": now - HOUR + 60}),
    when(
        "an hour behind, valid for a day",
        causes.CLOCK_OFF,
        lambda now: {"iat": now - HOUR, "exp": now + HOUR},
    ),
    when("two minutes ahead", causes.CLOCK_OFF, lambda now: {"iat": now + 120, "exp": now + 180}),
    when("not before in an hour", causes.CLOCK_OFF, lambda now: {"nbf": now + HOUR}),
    when("not before just now", None, lambda now: {"nbf": now}),
    when("expired and issued in this login", causes.TOKEN_EXPIRED, lambda now: {"iat": now, "exp": now - 90}),
    when(
        "ten years old, valid for ever",
        causes.CLOCK_OFF,
        lambda now: {"iat": now - 10 * YEAR, "exp": now + HOUR},
    ),
    when("valid for a hundred years", causes.LIFETIME_TOO_LONG, lambda now: {"exp": now + 100 * YEAR}),
    when("valid for a day", None, lambda now: {"exp": now + 24 * HOUR}),
    when("valid for a day and a bit", causes.LIFETIME_TOO_LONG, lambda now: {"exp": now + 24 * HOUR + 60}),
    when(
        "expires before it is issued",
        causes.LIFETIME_TOO_LONG,
        lambda now: {"iat": now + 30, "exp": now - 30},
    ),
    says("no expiry", causes.TIME_MISSING, {"exp": LEFT_OUT}),
    says("no time of issue", causes.TIME_MISSING, {"iat": LEFT_OUT}),
    when("a time in words", causes.TIME_MISSING, lambda now: {"iat": str(now)}),
    says("a time that is true", causes.TIME_MISSING, {"iat": True}),
    says("a time that is no number", causes.TIME_MISSING, {"exp": float("nan")}),
    says("a time without end", causes.TIME_MISSING, {"exp": float("inf")}),
    says("a time of four hundred digits", causes.TIME_MISSING, {"exp": 10**400}),
]

IDENTITY = [
    says("another issuer", causes.ISSUER_WRONG, {"iss": "https://evil.example"}),
    says("the issuer with a slash", causes.ISSUER_WRONG, {"iss": "https://lms.example.edu/"}),
    says("no issuer", causes.ISSUER_WRONG, {"iss": LEFT_OUT}),
    says("an issuer in a list", causes.ISSUER_WRONG, {"iss": ["https://lms.example.edu"]}),
    says("our client id in a list", None, {"aud": ["client-1"]}),
    says("another audience", causes.AUDIENCE_WRONG, {"aud": "client-2"}),
    says("no audience", causes.AUDIENCE_WRONG, {"aud": LEFT_OUT}),
    says("an empty list of audiences", causes.AUDIENCE_WRONG, {"aud": []}),
    says("a list in the list of audiences", causes.AUDIENCE_WRONG, {"aud": [["client-1"]]}),
    says("a second audience", causes.AUDIENCE_WRONG, {"aud": ["client-1", "other"], "azp": "client-1"}),
    says("a second audience first", causes.AUDIENCE_WRONG, {"aud": ["other", "client-1"], "azp": "client-1"}),
    says("the authorised party named", None, {"azp": "client-1"}),
    says("another authorised party", causes.PARTY_WRONG, {"azp": "client-2"}),
    says("no nonce", causes.NONCE_WRONG, {"nonce": LEFT_OUT}),
    says("a nonce we never sent", causes.NONCE_WRONG, {"nonce": "of somebody else"}),
    says("a number as nonce", causes.NONCE_WRONG, {"nonce": 1}),
    says("half a character as nonce", causes.NONCE_WRONG, {"nonce": "\ud800"}),
]

SIGNATURE = [
    Case("signed by another key", causes.SIGNATURE_WRONG, key="stranger"),
    Case("the algorithm HS256", causes.ALGORITHM_REFUSED, key="shared secret", algorithm="HS256"),
    Case("the algorithm RS384", causes.ALGORITHM_REFUSED, algorithm="RS384"),
    Case("the algorithm PS256", causes.ALGORITHM_REFUSED, algorithm="PS256"),
    Case(
        "a header that demands what we do not know",
        causes.HEADER_CRITICAL,
        headers={"kid": "key-1", "crit": ["b64"], "b64": True},
    ),
    Case("an empty key id", causes.KEY_UNNAMED, headers={"kid": ""}),
]

MESSAGE = [
    says("a deployment that is a number", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: 1}),
    says("a deployment of 300 characters", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: LONG}),
    says("an empty deployment", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: ""}),
    says("a deployment that is not ASCII", causes.DEPLOYMENT_UNUSABLE, {claims.DEPLOYMENT_ID: "één"}),
    says("another deployment than the login's", causes.DEPLOYMENT_OTHER, {claims.DEPLOYMENT_ID: "2"}),
    says("no target", causes.TARGET_OTHER, {claims.TARGET_LINK_URI: LEFT_OUT}),
    says("a target on another host", causes.TARGET_OTHER, {claims.TARGET_LINK_URI: "https://evil.example/"}),
    says(
        "another target in this tool",
        causes.TARGET_OTHER,
        {claims.TARGET_LINK_URI: "http://localhost:8000/lti/launch/else"},
    ),
    says(
        "a target that hides another host",
        causes.TARGET_OTHER,
        {claims.TARGET_LINK_URI: "http://localhost:8000@evil.example/lti/launch"},
    ),
    says(
        "a resource link of 300 characters",
        causes.RESOURCE_LINK_UNUSABLE,
        {claims.RESOURCE_LINK: {"id": LONG}},
    ),
    says(
        "a resource link that is a number", causes.RESOURCE_LINK_UNUSABLE, {claims.RESOURCE_LINK: {"id": 7}}
    ),
    says("a list of resource links", causes.CLAIM_UNUSABLE, {claims.RESOURCE_LINK: [{"id": "x"}]}),
    says("roles that are null", causes.ROLES_UNUSABLE, {claims.ROLES: None}),
    says("roles that are a word", causes.ROLES_UNUSABLE, {claims.ROLES: "Instructor"}),
    says("roles that are numbers", causes.ROLES_UNUSABLE, {claims.ROLES: [1]}),
    says("an empty list of roles", None, {claims.ROLES: []}),
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
    says("nested custom parameters", None, {claims.CUSTOM: {"a": {"b": 1}, "c": [1], "d": None, "e": 5}}),
    says("claims nobody knows", None, {"https://example.edu/claim/weather": {"rain": True}}),
    says("a name with a NUL in it", None, {"name": "Ada\0 Lovelace", "sub": "person-nul"}),
    says("a name of half a character", None, {"name": "Ada \ud83d", "sub": "person-half"}),
    says("a name of ten thousand letters", None, {"name": "A" * 10_000, "sub": "person-long"}),
    says("services that are words", causes.CLAIM_UNUSABLE, {claims.GRADES: "https://lms.example.edu/grades"}),
    says("proctoring", causes.MESSAGE_TYPE_UNSUPPORTED, {claims.MESSAGE_TYPE: "LtiStartProctoring"}),
    says("a licence agreement", causes.MESSAGE_TYPE_UNSUPPORTED, {claims.MESSAGE_TYPE: "LtiEulaRequest"}),
    says("a message type that is a list", causes.MESSAGE_TYPE_MISSING, {claims.MESSAGE_TYPE: ["x"]}),
]

OTHER_MESSAGES = [
    says("deep linking", None, {**DEEP, claims.DEEP_LINKING_SETTINGS: SETTINGS}),
    says(
        "deep linking without a target",
        None,
        {**DEEP, claims.DEEP_LINKING_SETTINGS: SETTINGS, claims.TARGET_LINK_URI: LEFT_OUT},
    ),
    says(
        "deep linking that takes no resource links",
        None,
        {**DEEP, claims.DEEP_LINKING_SETTINGS: {**SETTINGS, "accept_types": ["link"]}},
    ),
    says("deep linking without settings", causes.DEEP_LINKING_UNUSABLE, DEEP),
    says(
        "deep linking without a way back",
        causes.DEEP_LINKING_UNUSABLE,
        {**DEEP, claims.DEEP_LINKING_SETTINGS: {**SETTINGS, "deep_link_return_url": ""}},
    ),
    says(
        "deep linking back to a script",
        causes.DEEP_LINKING_UNUSABLE,
        {**DEEP, claims.DEEP_LINKING_SETTINGS: {**SETTINGS, "deep_link_return_url": "javascript:alert(1)"}},
    ),
    says(
        "deep linking back over plain http",
        causes.DEEP_LINKING_UNUSABLE,
        {
            **DEEP,
            claims.DEEP_LINKING_SETTINGS: {**SETTINGS, "deep_link_return_url": "http://lms.example.edu/b"},
        },
    ),
    says(
        "deep linking back with a password",
        causes.DEEP_LINKING_UNUSABLE,
        {
            **DEEP,
            claims.DEEP_LINKING_SETTINGS: {**SETTINGS, "deep_link_return_url": "https://a:b@lms.example.edu"},
        },
    ),
    says(
        "deep linking without accepted types",
        causes.DEEP_LINKING_UNUSABLE,
        {**DEEP, claims.DEEP_LINKING_SETTINGS: {**SETTINGS, "accept_types": "ltiResourceLink"}},
    ),
    says(
        "deep linking without document targets",
        causes.DEEP_LINKING_UNUSABLE,
        {
            **DEEP,
            claims.DEEP_LINKING_SETTINGS: {
                name: value
                for name, value in SETTINGS.items()
                if name != "accept_presentation_document_targets"
            },
        },
    ),
    says(
        "deep linking without a person",
        causes.PERSON_MISSING,
        {**DEEP, claims.DEEP_LINKING_SETTINGS: SETTINGS, "sub": LEFT_OUT},
    ),
    says("a submission review", None, REVIEW),
    says("a submission review of nobody", causes.REVIEW_UNUSABLE, {**REVIEW, claims.FOR_USER: LEFT_OUT}),
    says(
        "a submission review of a number", causes.REVIEW_UNUSABLE, {**REVIEW, claims.FOR_USER: {"user_id": 9}}
    ),
]

CASES = [
    *CERTIFICATION_BAD,
    *CERTIFICATION_GOOD,
    *TIME,
    *IDENTITY,
    *SIGNATURE,
    *MESSAGE,
    *OTHER_MESSAGES,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_token_is_let_in_or_refused_for_the_right_reason(house: House, case: Case) -> None:
    platform, browser = house.platform, house.browser()
    begun = platform.begin(browser)
    payload = platform.payload(begun.nonce, **case.changes(int(time.time())))
    key = "s" * 40 if case.algorithm == "HS256" else private_key(case.key)
    token = platform.sign(payload, key=key, algorithm=case.algorithm, headers=case.headers)
    found = outcome(lambda: platform.finish(browser, begun.state, token))
    if case.cause is None:
        assert_let_in(found)
    else:
        assert_refused(found, case.cause)


def _segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


HEADER = _segment({"alg": "RS256", "kid": "key-1"})


@pytest.mark.parametrize(
    ("cause", "token"),
    [
        pytest.param(causes.TOKEN_MISSING, "", id="nothing"),
        pytest.param(causes.TOKEN_UNREADABLE, "abc", id="no JWT"),
        pytest.param(causes.TOKEN_UNREADABLE, "a.b.c.d.e", id="an encrypted JWT"),
        pytest.param(causes.TOKEN_UNREADABLE, f"{HEADER}.{_segment([1])}.x", id="a list as body"),
        pytest.param(causes.TOKEN_UNREADABLE, f"{_segment('RS256')}.{_segment({})}.x", id="a word as header"),
        pytest.param(causes.TOKEN_UNREADABLE, f"{HEADER}.!!!!.x", id="no base64"),
        pytest.param(causes.TOKEN_UNREADABLE, f"{HEADER}.é.x", id="no ASCII"),
        pytest.param(causes.TOKEN_UNREADABLE, f"{HEADER}.{'W1tb' * 20_000}.x", id="brackets without end"),
        pytest.param(causes.TOKEN_TOO_LONG, "a" * 130_000, id="130 kB"),
    ],
)
def test_a_token_that_is_none_is_refused(house: House, cause: Cause, token: str) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    assert_refused(outcome(lambda: house.platform.finish(browser, begun.state, token)), cause)


def test_a_token_of_a_megabyte_is_not_even_read(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    response = house.platform.finish(browser, begun.state, "a" * 1_000_000)
    assert response.status_code == 413


def test_an_unsigned_token_is_refused(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    token = f"{_segment({'alg': 'none', 'kid': 'key-1'})}.{_segment(house.platform.payload(begun.nonce))}."
    assert_refused(
        outcome(lambda: house.platform.finish(browser, begun.state, token)), causes.ALGORITHM_REFUSED
    )


def test_a_token_changed_after_signing_is_refused(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    header, _, signature = house.platform.sign(house.platform.payload(begun.nonce)).split(".")
    forged = house.platform.payload(begun.nonce, **{claims.ROLES: [INSTRUCTOR], "sub": "person-1"})
    token = f"{header}.{_segment(forged)}.{signature}"
    assert_refused(
        outcome(lambda: house.platform.finish(browser, begun.state, token)), causes.SIGNATURE_WRONG
    )


def test_a_key_in_the_header_is_not_believed(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    headers = {"kid": "key-1", "jku": "https://evil.example/jwks", "jwk": {"kty": "RSA"}}
    token = house.platform.sign(
        house.platform.payload(begun.nonce), key=private_key("stranger"), headers=headers
    )
    assert_refused(
        outcome(lambda: house.platform.finish(browser, begun.state, token)), causes.SIGNATURE_WRONG
    )


def test_the_matrix_is_as_large_as_promised() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 100
