"""What one connection sends: the same requests over and over, or launches by one person after another."""

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lmssocial.lms.lti import claims
from tests.fakes.platform import INSTRUCTOR, LEARNER, FakePlatform

UNIQUE = "00000000-0000-0000-0000-000000000000"
"""Stands in a request wherever each sending shall put another UUID."""

NAMES = (
    "Amina Diallo", "Jonas Weber", "Mei Tanaka", "Luís Carvalho", "Zofia Nowak", "Tom Okafor", "Leila Haddad",
    "Ivar Nilsen", "Priya Raman", "Diego Flores", "Hannah Cohen", "Kwame Mensah", "Elif Demir", "Noah Martin",
    "Sara Lindqvist", "Marek Dvořák", "Aoife Byrne", "Rafael Souza", "Nadia Petrova", "Chen Wei",
)  # fmt: skip
"""The people of the measured course; number 0 teaches."""

Step = Callable[[], bytes]


class Visit(Protocol):
    """One visit after another, each of one or several requests; only the last request of each is timed."""

    def steps(self) -> Iterator[Step]:
        """How to make the requests of one visit; each is made when the answer to the one before was seen."""
        ...

    def saw(self, head: bytes) -> None:
        """Take note of an answer."""
        ...


class Requests:
    """The given requests in turn."""

    def __init__(self, requests: Sequence[str], start: int) -> None:
        """:param start: where in the row this connection begins."""
        self._requests = itertools.cycle([*requests[start:], *requests[:start]])

    def steps(self) -> Iterator[Step]:
        """One request."""
        request = next(self._requests)
        yield lambda: request.replace(UNIQUE, str(uuid.uuid4())).encode("latin-1")

    def saw(self, head: bytes) -> None:
        """Nothing to note."""


@dataclass(frozen=True, kw_only=True)
class Campus:
    """A platform whose people launch."""

    public_url: str
    """The tool's address."""
    client_id: str
    key_path: str
    """A PEM file with the platform's private key."""
    login_only: bool = False
    """Send logins, and no launches."""

    def platform(self, jwks_url: str = "") -> FakePlatform:
        """The platform itself."""
        key = load_pem_private_key(Path(self.key_path).read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return FakePlatform(jwks_url=jwks_url, client_id=self.client_id, key=key, public_url=self.public_url)


def claims_of(person: int) -> dict[str, Any]:
    """What the platform says of a person, beside what it says in every launch."""
    return {
        "sub": f"person-{person}",
        "name": NAMES[person],
        claims.ROLES: [LEARNER if person else INSTRUCTOR],
        claims.CUSTOM: {"widget": "discussion"},
    }


class Launches:
    """Login and launch, as a browser does them; only the launch is timed."""

    def __init__(self, campus: Campus, start: int) -> None:
        """:param start: which person comes first."""
        people = range(1, len(NAMES))
        self._people = itertools.cycle([*people[start:], *people[:start]])
        self._platform = campus.platform()
        self._login_only = campus.login_only
        self._host = urlsplit(campus.public_url).netloc
        self._cookies = ""
        self._asked: dict[str, str] = {}

    def steps(self) -> Iterator[Step]:
        """The login, then the launch that answers it."""
        person = next(self._people)
        yield lambda: self._login(person)
        if not self._login_only:
            yield lambda: self._launch(person)

    def saw(self, head: bytes) -> None:
        """Keep what the answer to a login sends the browser away with."""
        lines = [line.partition(": ") for line in head.decode("latin-1").split("\r\n")]
        headers = [(name.lower(), value) for name, _, value in lines]
        for name, value in headers:
            if name == "location" and "nonce=" in value:
                self._asked = {key: found[0] for key, found in parse_qs(urlsplit(value).query).items()}
                self._cookies = "; ".join(
                    cookie.split(";")[0] for field, cookie in headers if field == "set-cookie"
                )

    def _login(self, person: int) -> bytes:
        query = urlencode(self._platform.login_request(login_hint=f"person-{person}"))
        return f"GET /lti/login?{query} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode()

    def _launch(self, person: int) -> bytes:
        token = self._platform.sign(self._platform.payload(self._asked["nonce"], **claims_of(person)))
        form = urlencode({"state": self._asked["state"], "id_token": token})
        return (
            f"POST /lti/launch HTTP/1.1\r\nHost: {self._host}\r\nCookie: {self._cookies}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}"
        ).encode()
