"""The client itself: one request, one try, a typed error."""

import json
import ssl
import time
import weakref
import zlib
from collections.abc import Mapping
from typing import Never, Self
from urllib.parse import urlencode

import httpcore
import httpx

from lmssocial.core.outbound.addresses import AllowList, host_name
from lmssocial.core.outbound.backend import GuardedBackend, Resolver, Trip, resolve_with_system, travelling
from lmssocial.core.outbound.errors import OutboundError, Reply, Trouble, not_https

MAX_BODY = 1_000_000
"""Bytes of an answer, unless the caller says less."""
MAX_JWKS = 256_000
"""Bytes of a key set."""
JSON_TYPES = ("application/json", "text/json", "text/plain", "application/octet-stream", "")
"""What servers call their JSON. Anything ``…+json`` goes as well; a page of HTML does not."""


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
            ssl_context=ssl_context or httpx.create_ssl_context(),
            network_backend=GuardedBackend(allow, resolve),
            max_connections=50,
            max_keepalive_connections=10,
            keepalive_expiry=10.0,
        )
        # Where nobody closes the client, its kept connections end with it and not whenever Python notices.
        weakref.finalize(self, self._pool.close)

    def get_json(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int = MAX_BODY) -> Reply:
        """Fetch a JSON document; ``reply.data`` is it.

        :raises OutboundError: if anything but a successful JSON answer came back.
        """
        return self._send("GET", url, headers, None, "", cap, required=True)

    def post_json(
        self,
        url: str,
        payload: object,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
        cap: int = MAX_BODY,
    ) -> Reply:
        """Post ``payload`` as JSON; an empty answer gives ``data=None``.

        :raises OutboundError: if the answer is an error or neither empty nor JSON.
        """
        content = json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
        return self._send("POST", url, headers, content, content_type, cap, required=False)

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
            "POST", url, headers, content, "application/x-www-form-urlencoded", cap, required=True
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

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        content_type: str,
        cap: int,
        *,
        required: bool,
    ) -> Reply:
        target, host = self._target(url)
        sent = {
            "User-Agent": self._user_agent,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **({"Content-Type": content_type} if content is not None else {}),
            **(headers or {}),
        }
        trip = Trip(time.monotonic() + self._total_seconds, encrypted=target.scheme == b"https")
        steps = {
            "pool": self._connect_seconds,
            "connect": self._connect_seconds,
            "read": self._total_seconds,
            "write": self._total_seconds,
        }
        try:
            with (
                travelling(trip),
                self._pool.stream(
                    method, target, headers=list(sent.items()), content=content, extensions={"timeout": steps}
                ) as response,
            ):
                reply = _received(response, host, cap)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            _explain(error, host)
        return _judged(reply, host, required=required)

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


def _received(response: httpcore.Response, host: str, cap: int) -> Reply:
    headers = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in response.headers}
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise OutboundError(
            Trouble.PROTOCOL, host, f"The answer is packed as {encoding[:40]}, which was not asked for."
        )
    unpack = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    body = bytearray()
    for chunk in response.iter_stream():
        try:
            body += unpack.decompress(chunk, cap + 1 - len(body)) if unpack else chunk
        except zlib.error as error:
            raise OutboundError(Trouble.PROTOCOL, host, "The answer is damaged.") from error
        if len(body) > cap:
            raise OutboundError(Trouble.TOO_LARGE, host, f"The answer is longer than {cap:,} bytes.")
    return Reply(response.status, headers, bytes(body))


def _judged(reply: Reply, host: str, *, required: bool) -> Reply:
    if 300 <= reply.status < 400:
        where = reply.headers.get("location", "")[:200]
        raise OutboundError(
            Trouble.REDIRECT,
            host,
            f"The server redirects to {where or 'nowhere'}. Use the final address.",
            reply,
        )
    if not 200 <= reply.status < 300:
        raise OutboundError(Trouble.STATUS, host, f"The server answered with status {reply.status}.", reply)
    if not reply.body and not required:
        return reply
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in JSON_TYPES and not kind.endswith("+json"):
        raise OutboundError(
            Trouble.NOT_JSON, host, f"The server answered with {kind[:80]} instead of JSON.", reply
        )
    try:
        data = json.loads(reply.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise OutboundError(Trouble.NOT_JSON, host, "The answer is not valid JSON.", reply) from error
    return Reply(reply.status, reply.headers, reply.body, data)


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


def _explain(error: Exception, host: str) -> Never:
    if (tls := _tls_failure(error)) is not None:
        detail = getattr(tls, "verify_message", "") or tls.reason or "the handshake failed"
        raise OutboundError(Trouble.TLS, host, f"The certificate was not accepted: {detail}.") from error
    if isinstance(error, httpcore.TimeoutException):
        raise OutboundError(Trouble.TIMEOUT, host, "The server did not answer in time.") from error
    if isinstance(error, httpcore.ProtocolError):
        raise OutboundError(Trouble.PROTOCOL, host, "What came back is not HTTP, or it broke off.") from error
    raise OutboundError(Trouble.UNREACHABLE, host, "The server cannot be reached.") from error


def _tls_failure(error: BaseException | None) -> ssl.SSLError | None:
    """Look for TLS among the causes: httpcore reports it as a connection that failed."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error
