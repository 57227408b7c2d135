"""The token endpoint of the demo LMS."""

import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from werkzeug.test import TestResponse

from lmssocial.front.demo.lms.tokens import ASSERTION_TYPE
from lmssocial.front.demo.lms.tools import AGS, NRPS_SCOPE
from tests.front.demo.academy import ISSUER, TOKEN_URL, Service, ToolSide


def ask(lms: Flask, assertion: str, **changed: str) -> TestResponse:
    """Ask for a token of the roster's scope."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        "scope": NRPS_SCOPE,
    }
    return lms.test_client().post("/lti/token", base_url=ISSUER, data=form | changed)


def error_of(answer: TestResponse) -> str:
    """The error code of a refusal."""
    return str(json.loads(answer.text)["error"])


def test_a_good_assertion_gets_a_bearer_token(lms: Flask, tool_side: ToolSide) -> None:
    answer = ask(lms, tool_side.assertion())
    given = json.loads(answer.text)
    assert answer.status_code == 200
    assert given["token_type"] == "Bearer"
    assert given["scope"] == NRPS_SCOPE
    assert given["expires_in"] == 3600
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_audience_may_be_one_of_several(lms: Flask, tool_side: ToolSide) -> None:
    assert ask(lms, tool_side.assertion(aud=["https://other.example", TOKEN_URL])).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": ISSUER},
        {"aud": f"{TOKEN_URL}/"},
        {"aud": ...},
        {"exp": -120},
        {"exp": ...},
        {"exp": 86_400},
        {"iat": ...},
        {"iat": 600},
        {"jti": ...},
        {"sub": "client-2"},
        {"sub": ...},
        {"iss": "client-9"},
        {"iss": ...},
    ],
    ids=str,
)
def test_an_assertion_with_a_wrong_claim_is_refused(
    lms: Flask, tool_side: ToolSide, changed: dict[str, Any]
) -> None:
    now = int(time.time())  # when the test runs, not when it was collected
    moved = {name: now + value if isinstance(value, int) else value for name, value in changed.items()}
    answer = ask(lms, tool_side.assertion(**moved))
    assert answer.status_code == 401
    assert error_of(answer) == "invalid_client"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_assertion_works_once(lms: Flask, tool_side: ToolSide) -> None:
    assertion = tool_side.assertion()
    assert ask(lms, assertion).status_code == 200
    again = ask(lms, assertion)
    assert again.status_code == 401
    assert "jti" in again.text


def test_an_assertion_signed_with_another_key_is_refused(lms: Flask, tool_side: ToolSide) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = int(time.time())
    claims = {"iss": "client-1", "sub": "client-1", "aud": TOKEN_URL, "iat": now, "exp": now + 60, "jti": "1"}
    assert ask(lms, tool_side.sign(claims, key=stranger)).status_code == 401
    assert ask(lms, tool_side.sign(claims, kid="unknown-key")).status_code == 401
    assert ask(lms, tool_side.sign(claims)).status_code == 200


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_an_assertion_without_a_proper_signature_is_refused(
    lms: Flask, tool_side: ToolSide, algorithm: str
) -> None:
    now = int(time.time())
    claims = {"iss": "client-1", "sub": "client-1", "aud": TOKEN_URL, "iat": now, "exp": now + 60, "jti": "1"}
    secret = "" if algorithm == "none" else "a shared secret that is long enough for HMAC"
    forged = jwt.encode(claims, secret, algorithm=algorithm, headers={"kid": tool_side.kid})
    assert ask(lms, forged).status_code == 401


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "password"}, 400, "invalid_request"),
        ({"client_assertion": "no.jwt.atall"}, 401, "invalid_client"),
        ({"client_assertion": ""}, 401, "invalid_client"),
        ({"scope": "https://example.org/everything"}, 400, "invalid_scope"),
        ({"scope": ""}, 400, "invalid_scope"),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_with_its_code(
    lms: Flask, tool_side: ToolSide, changed: dict[str, str], status: int, error: str
) -> None:
    answer = ask(lms, tool_side.assertion(), **changed)
    assert answer.status_code == status
    assert error_of(answer) == error


def test_scopes_that_are_not_offered_are_left_out(lms: Flask, tool_side: ToolSide) -> None:
    answer = ask(lms, tool_side.assertion(), scope=f"https://example.org/everything {AGS}score")
    assert json.loads(answer.text)["scope"] == f"{AGS}score"


def test_a_token_of_another_scope_opens_no_service(service_for: Callable[[str], Service]) -> None:
    answer = service_for(f"{AGS}score").call("GET", "/lti/courses/neg-201/memberships")
    assert answer.status_code == 403
    assert error_of(answer) == "insufficient_scope"


def test_a_made_up_token_opens_no_service(lms: Flask) -> None:
    answer = Service(lms.test_client(), "made-up").call("GET", "/lti/courses/neg-201/memberships")
    assert answer.status_code == 401
    assert error_of(answer) == "invalid_token"
