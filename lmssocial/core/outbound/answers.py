"""What comes back: read within the cap, understood, or told as a typed error."""

import json
import ssl
import zlib
from enum import Enum, auto
from typing import Never

import httpcore

from lmssocial.core.outbound.errors import OutboundError, Reply, Trouble

JSON_TYPES = ("application/json", "text/json", "text/plain", "application/octet-stream", "")
"""What servers call their JSON. Anything ``…+json`` goes as well; a page of HTML does not."""
HTML_TYPES = ("text/html", "application/xhtml+xml")


class Expected(Enum):
    """What a successful answer holds."""

    JSON = auto()
    JSON_IF_ANY = auto()
    ANYTHING = auto()
    """Whatever it likes, as long as it is no page of HTML."""


def received(response: httpcore.Response, host: str, cap: int) -> Reply:
    """Read the answer, at most ``cap`` bytes of it.

    :raises OutboundError: if it is longer, or cannot be unpacked.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        # A list may be sent in several lines (RFC 9110 §5.2): the links of a page are.
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
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


def judged(reply: Reply, host: str, expected: Expected) -> Reply:
    """``reply`` with its data, if it is what was expected.

    :raises OutboundError: if it is an error or something else.
    """
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
    if not reply.body.strip() and expected is not Expected.JSON:
        return reply
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    says_json = kind in JSON_TYPES or kind.endswith("+json")
    if expected is Expected.ANYTHING and not says_json and kind not in HTML_TYPES:
        return reply
    if not says_json:
        raise OutboundError(
            Trouble.NOT_JSON, host, f"The server answered with {kind[:80]} instead of JSON.", reply
        )
    try:
        data = json.loads(reply.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if expected is Expected.ANYTHING:
            return reply
        raise OutboundError(Trouble.NOT_JSON, host, "The answer is not valid JSON.", reply) from error
    return Reply(reply.status, reply.headers, reply.body, data)


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


def explain(error: Exception, host: str) -> Never:
    """Say in our words why no answer came.

    :raises OutboundError: always.
    """
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
