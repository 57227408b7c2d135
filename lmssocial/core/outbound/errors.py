"""What can go wrong on the way to another server, told so that an administrator can act on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """The kinds of failure callers tell apart."""

    BAD_URL = "bad_url"
    """The address is not one we can call at all."""
    NOT_HTTPS = "not_https"
    """Plain http to a host that ``LMSSOCIAL_OUTBOUND_ALLOW`` does not name."""
    FORBIDDEN_ADDRESS = "forbidden_address"
    """The name leads to a private, loopback, link-local or otherwise special network."""
    UNKNOWN_HOST = "unknown_host"
    """The name does not resolve."""
    UNREACHABLE = "unreachable"
    """Nothing accepts connections there, or the connection broke."""
    TLS = "tls"
    """The certificate does not prove the name."""
    TIMEOUT = "timeout"
    """The server was too slow."""
    REDIRECT = "redirect"
    """The server answered with a redirect, which is never followed."""
    STATUS = "status"
    """The server answered, and the answer is an error; ``reply`` holds it."""
    TOO_LARGE = "too_large"
    """The body is over the cap."""
    NOT_JSON = "not_json"
    """The body is not JSON."""
    PROTOCOL = "protocol"
    """What came back is not HTTP."""


@dataclass(frozen=True)
class Reply:
    """A server's answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Decoded, at most as long as the cap of the request."""
    data: object = field(default=None, repr=False)
    """The body as JSON; ``None`` when there is no body."""

    @property
    def text(self) -> str:
        """The body as text, whatever it is, for showing an error to an administrator."""
        return self.body.decode("utf-8", "replace").strip()


class OutboundError(Exception):
    """A request to another server failed.

    ``reason`` is an English sentence or two for logs and administrators; who else sees it, the caller decides.
    """

    def __init__(self, kind: Trouble, host: str, reason: str, reply: Reply | None = None) -> None:
        """``reply`` is what the server said, where it said something."""
        super().__init__(f"{host}: {reason}")
        self.kind = kind
        self.host = host
        self.reason = reason
        self.reply = reply


def not_https(host: str) -> OutboundError:
    """Make the refusal of plain http to ``host``."""
    return OutboundError(
        Trouble.NOT_HTTPS,
        host,
        "Only https addresses are called. LMSSOCIAL_OUTBOUND_ALLOW may name exceptions.",
    )
