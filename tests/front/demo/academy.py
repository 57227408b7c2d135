"""Both sides of the demo LMS as its tests use them: a tool with a key, a browser with a person, service calls."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lmssocial.front.demo.lms.tools import Tool

ISSUER = "http://localhost:8001"
TOKEN_URL = f"{ISSUER}/lti/token"


@dataclass
class ToolSide:
    """What a tool has: a key, and the registration the platform gave it."""

    key: rsa.RSAPrivateKey
    kid: str
    tool: Tool

    def sign(
        self, claims: dict[str, Any], *, kid: str | None = None, key: rsa.RSAPrivateKey | None = None
    ) -> str:
        """A JWT of the tool; without the claims whose value is ``...``."""
        kept = {name: value for name, value in claims.items() if value is not ...}
        return jwt.encode(kept, key or self.key, algorithm="RS256", headers={"kid": kid or self.kid})

    def assertion(self, **changed: Any) -> str:
        """A good client assertion, except for what is ``changed``."""
        now = int(time.time())
        good = {
            "iss": self.tool.client_id,
            "sub": self.tool.client_id,
            "aud": TOKEN_URL,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
        }
        return self.sign(good | changed)


@dataclass
class Browser:
    """One browser at the academy."""

    client: FlaskClient

    def get(self, path: str, accepts: str = "") -> TestResponse:
        """Open a page; ``accepts`` is what the browser says about languages (``Accept-Language``)."""
        headers = {"Accept-Language": accepts} if accepts else {}
        return self.client.get(path, base_url=ISSUER, headers=headers)

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form of the page that was open, with its token."""
        with self.client.session_transaction(base_url=ISSUER) as session:
            token = session.setdefault("form_token", "token of this browser")
        return self.client.post(path, base_url=ISSUER, data={"form_token": token, **fields})

    def be(self, person: str) -> "Browser":
        """Choose who to be."""
        assert self.post("/be", person=person).status_code == 303
        return self


def token_for(lms: Flask, tool_side: ToolSide, scope: str) -> str:
    """A bearer token from the token endpoint."""
    answer = lms.test_client().post(
        "/lti/token",
        base_url=ISSUER,
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": tool_side.assertion(),
            "scope": scope,
        },
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json["access_token"]) if answer.json else ""


@dataclass
class Service:
    """A tool's calls to the platform's services with one bearer token."""

    client: FlaskClient
    token: str

    def call(self, method: str, url: str, payload: object = None) -> TestResponse:
        """Send a request; ``url`` may be a full address of the platform."""
        headers = {"Authorization": f"Bearer {self.token}"}
        path = url.removeprefix(ISSUER)
        if payload is None:
            return self.client.open(path, method=method, base_url=ISSUER, headers=headers)
        return self.client.open(path, method=method, base_url=ISSUER, headers=headers, json=payload)
