"""The network under the client: resolve, examine, connect to the examined address, keep the deadline."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore

from lmssocial.core.outbound.addresses import AllowList, host_name, is_address, is_public
from lmssocial.core.outbound.errors import OutboundError, Trouble, not_https

Resolver = Callable[[str, int], list[str]]
"""Host and port to addresses as text, best first.

:raises OSError: if the name is unknown.
"""


@dataclass(frozen=True)
class Trip:
    """What the network must know of the request it serves."""

    deadline: float
    """When the whole request must be over, on ``time.monotonic``."""
    encrypted: bool
    """Whether TLS will be spoken."""

    def left(self, timeout: float | None) -> float:
        """Seconds this step may take: its own limit or what is left of the whole, whichever is less."""
        remaining = self.deadline - time.monotonic()
        return max(remaining if timeout is None else min(timeout, remaining), 0.0)


_trip: ContextVar[Trip] = ContextVar("lmssocial_outbound_trip")


@contextmanager
def travelling(trip: Trip) -> Iterator[None]:
    """Let the network below know ``trip`` in the block; httpcore tells its streams nothing of the request."""
    token = _trip.set(trip)
    try:
        yield
    finally:
        _trip.reset(token)


def resolve_with_system(host: str, port: int) -> list[str]:
    """Ask the operating system, for TCP addresses only."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.NetworkBackend):
    """Opens TCP connections to addresses that may be called, and to nothing else.

    httpcore lays TLS over the connection under the *name* of the URL, so certificates are checked as ever.
    """

    def __init__(self, allow: AllowList, resolve: Resolver = resolve_with_system) -> None:
        """Guard by ``allow``; ``resolve`` is how names become addresses."""
        self._allow = allow
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first examined address that answers.

        :raises OutboundError: if no address may be called or the name is unknown.
        :raises httpcore.ConnectError: if none of them answers; ``httpcore.ConnectTimeout`` if not in time.
        """
        trip = _trip.get()
        until = time.monotonic() + trip.left(timeout)
        addresses = self._admitted(host_name(host), port, trip, until)
        failure: Exception = httpcore.ConnectTimeout("no time left to connect")
        for tried, address in enumerate(addresses):
            # A dead IPv6 route must not eat the time of the IPv4 one.
            share = (until - time.monotonic()) / (len(addresses) - tried)
            if share <= 0:
                break
            try:
                stream = self._sockets.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream)
        raise failure

    def _admitted(self, host: str, port: int, trip: Trip, until: float) -> list[IPv4Address | IPv6Address]:
        """Pick the addresses of ``host`` that may be called.

        :raises OutboundError: if there is none.
        """
        found = [ip_address(text) for text in self._resolved(host, port, until)]
        if self._allow.names(host, port):
            return found
        within = [one for one in found if self._allow.covers(one)]
        if not trip.encrypted:
            if within:
                return within
            raise not_https(host)
        good = [one for one in found if one in within or is_public(one)]
        if not good:
            raise OutboundError(
                Trouble.FORBIDDEN_ADDRESS,
                host,
                f"The name leads to {found[0]}, which is not a public address. "
                "If this is a server of yours, name it in LMSSOCIAL_OUTBOUND_ALLOW.",
            )
        return good

    def _resolved(self, host: str, port: int, until: float) -> list[str]:
        """Resolve in a thread of its own, because the system's resolver knows no time limit."""
        if is_address(host):
            return [host]
        answers: SimpleQueue[list[str] | OSError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except OSError as error:
                answers.put(error)
            except UnicodeError as error:  # a label over 63 characters fails in Python's own IDNA step
                answers.put(OSError(str(error)))

        Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            answer = answers.get(timeout=max(until - time.monotonic(), 0.001))
        except Empty:
            raise OutboundError(Trouble.TIMEOUT, host, "The name server did not answer in time.") from None
        if isinstance(answer, OSError) or not answer:
            raise OutboundError(Trouble.UNKNOWN_HOST, host, "There is no server of this name.")
        return answer


class _Stream(httpcore.NetworkStream):
    """A connection on which no step may outlive the request's deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within what is left of the time."""
        if not (left := _trip.get().left(timeout)):
            raise httpcore.ReadTimeout("the whole request took too long")
        return self._inner.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write everything, within what is left of the time."""
        if not (left := _trip.get().left(timeout)):
            raise httpcore.WriteTimeout("the whole request took too long")
        self._inner.write(buffer, left)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Speak TLS from here on, under the name of the URL."""
        if not (left := _trip.get().left(timeout)):
            raise httpcore.ConnectTimeout("the whole request took too long")
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        """Answer what httpcore asks of a connection, for instance whether it went stale."""
        return self._inner.get_extra_info(info)
