"""Tests talk to this machine only: a forgotten real address fails at once instead of depending on the network."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class NetworkRefused(OSError):
    """A test tried to leave this machine."""


@contextmanager
def loopback_only() -> Iterator[None]:
    """Refuse connections and name look-ups that leave the machine while the block runs."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple):
            _refuse_unless_local(str(address[0]))
        connect(self, address)  # type: ignore[arg-type]

    def guarded_look_up(host: bytes | str | None, *args: Any, **kwargs: Any) -> Any:
        _refuse_unless_local(host.decode() if isinstance(host, bytes) else host or "localhost")
        return look_up(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign,assignment]
    socket.getaddrinfo = guarded_look_up
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
        socket.getaddrinfo = look_up


def free_port() -> int:
    """A TCP port on the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_unless_local(host: str) -> None:
    if host == "localhost" or host.endswith(".localhost"):
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkRefused(f"tests may only talk to this machine, not to {host}")
