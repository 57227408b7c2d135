"""A small LTI platform: real keys, a key set over real HTTP, and tokens that say whatever a test wants them to."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient
from jwt import PyJWS
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from lmssocial.core.kernel import clock
from lmssocial.lms.lti import claims

LEFT_OUT = object()
"""As the value of a claim: the token does not have it."""

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
LEARNER = MEMBERSHIP + "Learner"
INSTRUCTOR = MEMBERSHIP + "Instructor"


_made: dict[tuple[str, int], rsa.RSAPrivateKey] = {}


def private_key(which: str = "platform", bits: int = 2048) -> rsa.RSAPrivateKey:
    """The test run's key called ``which``; making one takes a tenth of a second, so each is made once."""
    if (which, bits) not in _made:
        _made[which, bits] = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return _made[which, bits]


def public_jwk(key: rsa.RSAPrivateKey, kid: str, **changes: object) -> dict[str, Any]:
    """The public half of ``key`` as platforms publish it."""
    numbers = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**numbers, "kid": kid, "alg": "RS256", "use": "sig", **changes}


@dataclass
class Answer:
    """What the key-set address answers."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before it answers."""


class KeySetServer:
    """The platform's key-set address, served over real HTTP on the loopback address."""

    def __init__(self) -> None:
        """Take a port; nothing is answered before :meth:`__enter__`."""
        self.answer = Answer(b'{"keys": []}')
        self.requests = 0
        self._count = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._respond(self)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/jwks"

    def publish(self, *keys: Mapping[str, Any]) -> None:
        """Answer with these keys from now on."""
        self.answer = Answer(json.dumps({"keys": keys}).encode())

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop answering: whoever asks next is refused the connection."""
        self.stop()

    def stop(self) -> None:
        """Go down."""
        self._server.shutdown()
        self._server.server_close()

    def _respond(self, handler: BaseHTTPRequestHandler) -> None:
        with self._count:
            self.requests += 1
        answer = self.answer
        time.sleep(answer.delay)
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.content_type)
        handler.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body)


@dataclass
class FakePlatform:
    """One LMS with one registration of ours."""

    jwks_url: str
    issuer: str = "https://lms.example.edu"
    client_id: str = "client-1"
    auth_login_url: str = "https://lms.example.edu/auth?tenant=7"
    token_url: str = "https://lms.example.edu/token"
    deployment_id: str = "1"
    kid: str = "key-1"
    key: rsa.RSAPrivateKey = field(default_factory=private_key)
    public_url: str = "http://localhost:8000"
    login_path: str = "/lti/login"

    @property
    def target(self) -> str:
        """The target link address that links of this platform name."""
        return f"{self.public_url}/lti/launch"

    # What the platform sends

    def login_request(self, **changes: str | None) -> dict[str, str]:
        """A login initiation (Security Framework §5.1.1.1); a change to ``None`` leaves the parameter out."""
        usual: dict[str, str | None] = {
            "iss": self.issuer,
            "login_hint": "person-7",
            "target_link_uri": self.target,
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_id,
            "lti_message_hint": '{"cmid":15,"launchid":"ltilaunch10_555288887"}',
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def payload(self, nonce: str, /, **changes: object) -> dict[str, Any]:
        """A complete resource-link message; ``changes`` by claim name, :data:`LEFT_OUT` removes one."""
        now = int(clock.now().timestamp())
        usual: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "person-7",
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "name": "Ada Lovelace",
            "given_name": "Ada",
            "family_name": "Lovelace",
            "email": "ada@example.edu",
            claims.MESSAGE_TYPE: "LtiResourceLinkRequest",
            claims.VERSION: "1.3.0",
            claims.DEPLOYMENT_ID: self.deployment_id,
            claims.TARGET_LINK_URI: self.target,
            claims.ROLES: [LEARNER],
            claims.CONTEXT: {"id": "course-1", "label": "NEG101", "title": "Negotiation Skills"},
            claims.RESOURCE_LINK: {"id": "link-1", "title": "Round one"},
            claims.LAUNCH_PRESENTATION: {"locale": "en", "return_url": "https://lms.example.edu/course/1"},
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not LEFT_OUT}

    def sign(
        self,
        payload: Mapping[str, Any],
        *,
        key: Any = None,
        algorithm: str = "RS256",
        headers: Mapping[str, Any] | None = None,
    ) -> str:
        """Sign any payload, with our key and key id unless told otherwise."""
        sent = {"kid": self.kid} if headers is None else dict(headers)
        body = json.dumps(
            payload
        ).encode()  # jwt.encode would look at the claims, and these may be wrong on purpose
        return PyJWS().encode(body, key or self.key, algorithm=algorithm, headers=sent)

    # What a browser does with it

    def begin(self, client: FlaskClient, **changes: str | None) -> "Begun":
        """Let ``client`` begin a login and follow us to the platform's door."""
        response = client.get(
            self.login_path, query_string=self.login_request(**changes), base_url=self.public_url
        )
        assert response.status_code == 302, response.text
        return Begun(
            response,
            {name: values[0] for name, values in parse_qs(urlsplit(response.location).query).items()},
        )

    def finish(self, client: FlaskClient, state: str, token: str, **more: str) -> TestResponse:
        """Let ``client`` bring the platform's answer to us."""
        return client.post(
            "/lti/launch", data={"state": state, "id_token": token, **more}, base_url=self.public_url
        )

    def launch(self, client: FlaskClient, **changes: object) -> TestResponse:
        """A whole launch; ``changes`` to the claims."""
        begun = self.begin(client)
        return self.finish(client, begun.state, self.sign(self.payload(begun.nonce, **changes)))


@dataclass(frozen=True)
class Begun:
    """A login that arrived at the platform's door."""

    response: TestResponse
    query: Mapping[str, str]

    @property
    def state(self) -> str:
        """What we want to get back."""
        return self.query["state"]

    @property
    def nonce(self) -> str:
        """What the token has to say."""
        return self.query["nonce"]


@contextmanager
def key_sets() -> Iterator[KeySetServer]:
    """A running key-set address that publishes the platform's usual key."""
    with KeySetServer() as server:
        server.publish(public_jwk(private_key(), "key-1"))
        yield server
