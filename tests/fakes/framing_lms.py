"""An LMS whose course page shows activities in frames. As in Moodle, hints are good once and forms send themselves."""

import json
import secrets
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lmssocial.lms.lti import claims
from tests.fakes.platform import FakePlatform, private_key, public_jwk
from tests.support.loopback import listening, says

HOST = "lms.localhost"
STRANGER = "stranger.example"
"""Another name of the same server, which is another origin to a browser."""
SCRIPT = Path(__file__).with_name("storing_page.js").read_text("utf-8")


@dataclass
class FramingLms:
    """A running LMS with one person signed in."""

    tool_url: str
    origin: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """What its tokens say beside, or instead of, the usual."""
    claims_of: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The same for single links, by their names."""
    hints: set[str] = field(default_factory=set)
    """Given out and not used yet."""
    refused: list[str] = field(default_factory=list)
    """Why authentication was refused."""
    host: str = HOST
    storage: str = ""
    """What its pages do with data of tools: ``answers``, ``silent``, ``error``, ``wrong_value``, ``stranger`` (another
    origin answers), ``old_names``, ``elsewhere`` (a frame beside does it); empty: they know nothing of it."""
    target: str = ""
    """The ``lti_storage_target`` of its logins; empty: none is sent."""

    @property
    def platform(self) -> FakePlatform:
        """The platform to register."""
        return FakePlatform(
            jwks_url=f"{self.origin}/jwks".replace(self.host, "127.0.0.1"),
            issuer=self.origin,
            auth_login_url=f"{self.origin}/auth",
            public_url=self.tool_url,
        )

    def course(self, *links: str) -> str:
        """The address of a course page with these links in frames."""
        return f"{self.origin}/course?links={','.join(links)}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/jwks":
            says(json.dumps({"keys": [public_jwk(private_key(), "key-1")]}).encode())(handler)
        elif parts.path == "/course":
            frames = "".join(self._frame(link) for link in query["links"].split(","))
            self._page(handler, self._keeping() + self._beside() + frames)
        elif parts.path == "/storage":
            self._page(handler, self._keeping())
        elif parts.path == "/open":
            hint = f"{secrets.token_hex(8)}.{query['link']}"
            self.hints.add(hint)
            request = self.platform.login_request(
                lti_message_hint=hint, lti_storage_target=self.target or None
            )
            self._page(handler, _sends_itself(f"{self.tool_url}/lti/login", request))
        elif parts.path == "/auth":
            self._authenticate(handler, query)
        else:
            says(b"", status=404)(handler)

    def _authenticate(self, handler: BaseHTTPRequestHandler, query: Mapping[str, str]) -> None:
        hint = query.get("lti_message_hint", "")
        if hint not in self.hints:
            self.refused.append(f"the hint {hint} was used before")
            self._page(handler, "<h1>Error of the LMS</h1>")
            return
        self.hints.remove(hint)
        link = hint.partition(".")[2]
        token = self.platform.sign(
            self.platform.payload(
                query["nonce"],
                **{
                    claims.RESOURCE_LINK: {"id": link, "title": f"Activity {link}"},
                    **self.claims,
                    **self.claims_of.get(link, {}),
                },
            )
        )
        self._page(
            handler, _sends_itself(query["redirect_uri"], {"state": query["state"], "id_token": token})
        )

    def _keeping(self) -> str:
        return f'<script data-how="{self.storage}">{SCRIPT}</script>' if self.storage else ""

    def _beside(self) -> str:
        """The frames that may keep data."""
        stranger = self.origin.replace(self.host, STRANGER)
        frames = {
            "elsewhere": [("post_message_forwarding", "")],
            "stranger": [("stranger", stranger)],
        }.get(self.storage, [])
        return "".join(
            f'<iframe name="{name}" title="{name}" src="{origin}/storage" hidden></iframe>'
            for name, origin in frames
        )

    @staticmethod
    def _frame(link: str) -> str:
        return (
            f'<iframe name="activity" title="{escape(link)}" src="/open?link={escape(link)}" '
            'width="900" height="600"></iframe>'
        )

    @staticmethod
    def _page(handler: BaseHTTPRequestHandler, body: str) -> None:
        html = f'<!doctype html><html lang="en"><head><title>LMS</title></head><body>{body}</body></html>'
        says(html.encode(), "text/html; charset=utf-8")(handler)


@contextmanager
def framing_lms(
    tool_url: str, *, host: str = HOST, tls: ssl.SSLContext | None = None, **said: Any
) -> Iterator[FramingLms]:
    """Run an LMS that frames the tool at ``tool_url``; ``said`` by claim name."""
    lms = FramingLms(tool_url, claims=said, host=host)
    with listening(lms.answer, tls=tls) as server:
        lms.origin = f"{'https' if tls else 'http'}://{host}:{server.port}"
        yield lms


def _sends_itself(action: str, values: Mapping[str, str]) -> str:
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in values.items()
    )
    return f'<form method="post" action="{escape(action)}">{fields}</form><script>document.forms[0].submit()</script>'
