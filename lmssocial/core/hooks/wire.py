"""How the web process and the policies' process talk: jobs as pickles one way, lines of JSON the other.

A pickle is code, so pickles go only where the writer is trusted: from us to the policies. What a process tells in
which other people's code runs is JSON, and checked.
"""

import json
import pickle
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 1_000_000
"""Bytes of one line from the policies' process; a checked verdict has far fewer."""
LEAST = 0.005
"""Seconds without which it is no use to begin with another policy."""

_SIZE = struct.Struct(">I")


class Lost(Exception):
    """The other side is gone, or says things that mean nothing."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One submission for some policies."""

    hook: str
    names: tuple[str, ...]
    facts: bytes
    """Pickled once, however often the job is handed on."""
    settings: Mapping[str, bytes | None]
    """For each policy the pickled values of its settings; ``None`` if it has none."""
    locale: str
    each: float
    """Seconds a policy may take."""
    total: float
    """Seconds that all of them may take from now on."""


def send_job(channel: socket.socket, job: Job, until: float) -> None:
    """Hand over ``job``.

    :param until: the moment on the monotonic clock to give up at.
    :raises Lost: if it is not taken by then.
    """
    data = pickle.dumps(job)
    try:
        channel.settimeout(max(until - time.monotonic(), 0.001))
        channel.sendall(_SIZE.pack(len(data)) + data)
    except OSError as error:
        raise Lost(f"It takes nothing: {error}.") from error


def receive_job(channel: socket.socket) -> Job | None:
    """Wait for the next job; ``None`` once there will be none."""
    head = _exactly(channel, _SIZE.size)
    data = head and _exactly(channel, _SIZE.unpack(head)[0])
    if not data:
        return None
    job: Job = pickle.loads(data)  # noqa: S301 – it comes from the process that started us
    return job


def _exactly(channel: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = channel.recv(size - len(parts))
        if not part:
            return b""
        parts += part
    return bytes(parts)


def line(**told: Any) -> bytes:
    """One line of JSON. It begins with a line break, too: what a killed process wrote before may have no end."""
    return b"\n" + json.dumps(told).encode("ascii") + b"\n"


class Lines:
    """The lines that come from the policies' process."""

    def __init__(self, channel: socket.socket) -> None:
        """Read from ``channel``."""
        self._channel = channel
        self._kept = bytearray()

    def next(self, until: float) -> dict[str, Any] | None:
        """The next line, or ``None`` if there is none at the moment ``until`` of the monotonic clock.

        :raises Lost: if the other side has gone, or sends something else than lines of JSON.
        """
        while True:
            found, end, rest = self._kept.partition(b"\n")
            if not end:
                if not self._more(until):
                    return None
            else:
                self._kept = rest
                if found:
                    return _read(found)

    def _more(self, until: float) -> bool:
        if len(self._kept) > LONGEST_LINE:
            raise Lost("It sends more than anybody could mean.")
        wait = until - time.monotonic()
        try:
            self._channel.settimeout(max(wait, 0.001))
            part = self._channel.recv(65_536)
        except TimeoutError:
            return False
        except OSError as error:
            raise Lost(f"It cannot be heard: {error}.") from error
        if not part:
            raise Lost("It has ended.")
        self._kept += part
        return True


def _read(found: bytes | bytearray) -> dict[str, Any]:
    try:
        told = json.loads(found)
    except (ValueError, RecursionError):
        return {}  # half a line of a process that was ended
    return told if isinstance(told, dict) else {}
