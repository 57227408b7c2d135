"""The client itself: one request, one try, a typed error."""

import json
import os
import ssl
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self
from urllib.parse import urlencode

import httpcore
import httpx

from lmssocial.core.outbound.addresses import AllowList, host_name
from lmssocial.core.outbound.answers import Expected, explain, judged, received
from lmssocial.core.outbound.backend import GuardedBackend, Resolver, Trip, resolve_with_system, travelling
from lmssocial.core.outbound.errors import OutboundError, Reply, Trouble, not_https

MAX_BODY = 1_000_000
"""Bytes of an answer, unless the caller says less."""
MAX_JWKS = 256_000
"""Bytes of a key set."""
TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""What the environment may say about which authorities are trusted."""


@dataclass(frozen=True)
class _Sending:
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str] | None
    content: bytes | None = None
    content_type: str = ""
    cap: int = MAX_BODY
    expected: Expected = Expected.JSON
    seconds: float | None = None


@cache
def _usual_context(*_trust: str | None) -> ssl.SSLContext:
    """What all clients of a process share: reading the list of authorities takes longer than anything else here."""
    return httpx.create_ssl_context()


class Outbound:
    """Calls other people's servers. Safe to share among threads; make one for each process.

    Speaks https to public addresses only, except to what ``allow`` names. It follows no redirects, keeps no
    cookies, reads no proxy from the environment and never tries twice.
    """

    def __init__(
        self,
        user_agent: str,
        allow: AllowList = AllowList(),  # noqa: B008 -- a frozen value
        *,
        resolve: Resolver = resolve_with_system,
        ssl_context: ssl.SSLContext | None = None,
        connect_seconds: float = 5.0,
        total_seconds: float = 10.0,
    ) -> None:
        """Set the client up; nothing is called yet.

        :param user_agent: who we say we are; Canvas and some Moodle hosts refuse requests without it.
        :param ssl_context: which authorities are trusted; by default ``SSL_CERT_FILE`` or Mozilla's list.
        """
        self._user_agent = user_agent
        self._allow = allow
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context or _usual_context(*map(os.environ.get, TRUST)),
            network_backend=GuardedBackend(allow, resolve),
            max_connections=50,
            max_keepalive_connections=10,
            keepalive_expiry=10.0,
        )
        # Where nobody closes the client, its kept connections end with it and not whenever Python notices.
        weakref.finalize(self, self._pool.close)

    def get_json(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        cap: int = MAX_BODY,
        seconds: float | None = None,
    ) -> Reply:
        """Fetch a JSON document; ``reply.data`` is it.

        :param headers: sent beside, or in place of, our own (``Accept`` for one).
        :param seconds: how long the whole request may take, where that is not the client's usual time.
        :raises OutboundError: if anything but a successful JSON answer came back.
        """
        return self._send(_Sending("GET", url, headers, cap=cap, seconds=seconds))

    def post_json(
        self,
        url: str,
        payload: object,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
        cap: int = MAX_BODY,
        lenient: bool = False,
        seconds: float | None = None,
    ) -> Reply:
        """Post ``payload`` as JSON; an empty answer gives ``data=None``.

        :param lenient: whether what is said in the answer does not matter: other text gives ``data=None`` as well.
            A page of HTML is refused all the same: a login page says "200" and nothing was taken.
        :raises OutboundError: if the answer is an error or neither empty nor JSON.
        """
        expected = Expected.ANYTHING if lenient else Expected.JSON_IF_ANY
        return self._send(
            _Sending("POST", url, headers, _json(payload), content_type, cap, expected, seconds)
        )

    def put_json(
        self,
        url: str,
        payload: object,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
        cap: int = MAX_BODY,
        lenient: bool = False,
        seconds: float | None = None,
    ) -> Reply:
        """Put ``payload`` as JSON in the place of what is there; otherwise like :meth:`post_json`."""
        expected = Expected.ANYTHING if lenient else Expected.JSON_IF_ANY
        return self._send(_Sending("PUT", url, headers, _json(payload), content_type, cap, expected, seconds))

    def delete(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        cap: int = MAX_BODY,
        seconds: float | None = None,
    ) -> Reply:
        """Remove what is there; what the answer says does not matter, unless it is a page of HTML.

        :raises OutboundError: if the answer is an error.
        """
        return self._send(
            _Sending("DELETE", url, headers, cap=cap, expected=Expected.ANYTHING, seconds=seconds)
        )

    def post_form(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        cap: int = MAX_BODY,
    ) -> Reply:
        """Post ``fields`` as a form, as token endpoints want it, and read a JSON answer.

        :raises OutboundError: if anything but a successful JSON answer came back.
        """
        content = urlencode(fields).encode()
        return self._send(
            _Sending("POST", url, headers, content, "application/x-www-form-urlencoded", cap=cap)
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def __enter__(self) -> Self:
        """Use as a context manager where the client does not live as long as the process."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self.close()

    def _send(self, sending: _Sending) -> Reply:
        target, host = self._target(sending.url)
        sent = {
            "User-Agent": self._user_agent,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **({"Content-Type": sending.content_type} if sending.content is not None else {}),
            **(sending.headers or {}),
        }
        seconds = sending.seconds or self._total_seconds
        trip = Trip(time.monotonic() + seconds, encrypted=target.scheme == b"https")
        steps = {
            "pool": self._connect_seconds,
            "connect": self._connect_seconds,
            "read": seconds,
            "write": seconds,
        }
        try:
            with (
                travelling(trip),
                self._pool.stream(
                    sending.method,
                    target,
                    headers=list(sent.items()),
                    content=sending.content,
                    extensions={"timeout": steps},
                ) as response,
            ):
                reply = received(response, host, sending.cap)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            explain(error, host)
        return judged(reply, host, sending.expected)

    def _target(self, url: str) -> tuple[httpcore.URL, str]:
        """Take a URL apart.

        :raises OutboundError: if it is no full http(s) URL, carries a password, or is plain http and not allowed.
        """
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError, ValueError) as error:
            raise OutboundError(Trouble.BAD_URL, "", "This is not a web address.") from error
        host = host_name(parsed.host)
        if parsed.scheme not in {"http", "https"} or not host:
            raise OutboundError(Trouble.BAD_URL, host, "Only full https:// addresses are called.")
        if parsed.port is not None and not 0 < parsed.port < 65536:
            raise OutboundError(Trouble.BAD_URL, host, "There is no such port.")
        if parsed.userinfo:
            raise OutboundError(Trouble.BAD_URL, host, "An address must not carry a user name or password.")
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        if parsed.scheme == "http" and not self._allow.networks and not self._allow.names(host, port):
            raise not_https(host)
        target = httpcore.URL(
            scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
        )
        return target, host


def _json(payload: object) -> bytes:
    return json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
