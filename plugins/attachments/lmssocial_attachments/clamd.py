"""ClamAV: hand a file to the scanner's daemon and hear what it found.

The daemon's own protocol (``man clamd``, INSTREAM): the file goes over the connection in chunks, each behind its length
in four bytes, and never touches a disk on the way. The address is a matter of the machine and not of a course, because
whoever sets it chooses where files are sent: it is read from ``CLAMD_ADDRESS`` in the environment.
"""

import os
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass

ADDRESS = "CLAMD_ADDRESS"
PORT = 3310
CHUNK = 64 * 1024
PATIENCE = 15.0
"""Seconds for everything together; lmssocial stops a policy a little later."""
LONGEST_ANSWER = 4096


class ScannerError(Exception):
    """The scanner gave no answer that means anything; the file is neither clean nor infected."""


@dataclass(frozen=True)
class Clamd:
    """Where the scanner listens."""

    path: str = ""
    """Of a socket on this machine; empty if it listens on the network."""
    host: str = ""
    port: int = PORT

    def scan(self, data: bytes) -> str:
        """The name of what was found in ``data``; empty if it is clean.

        :raises ScannerError: if the scanner cannot be reached, takes too long, or does not judge the file.
        """
        until = time.monotonic() + PATIENCE
        try:
            with self._connect() as line:
                _hand_over(line, data, until)
                answer = _listen(line, until)
        except OSError as error:
            raise ScannerError(f"clamd at {self}: {error}") from error
        if answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")
        if answer == "stream: OK":
            return ""
        raise ScannerError(f"clamd at {self} answered {answer[:200]!r}")

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"

    def _connect(self) -> socket.socket:
        if not self.path:
            return socket.create_connection((self.host, self.port), timeout=PATIENCE)
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(PATIENCE)
            line.connect(self.path)
        except OSError:
            line.close()
            raise
        return line


def configured(environ: Mapping[str, str] = os.environ) -> Clamd | None:
    """The scanner of this machine; ``None`` if there is none.

    ``CLAMD_ADDRESS`` is a path (``/run/clamav/clamd.ctl``), or a host with or without a port (``clamav:3310``).

    :raises ScannerError: if the address is none.
    """
    address = environ.get(ADDRESS, "").strip()
    if not address:
        return None
    address = (
        address.removeprefix("unix://").removeprefix("unix:").removeprefix("tcp://").removeprefix("tcp:")
    )
    if address.startswith("/"):
        return Clamd(path=address)
    host, colon, port = address.rpartition(":")
    if not colon or address.endswith("]"):
        host, port = address, str(PORT)
    if not host or not port.isascii() or not port.isdecimal():
        raise ScannerError(f"{ADDRESS} is {address!r}; it must be a path, or a host and a port")
    return Clamd(host=host.strip("[]"), port=int(port))


def _hand_over(line: socket.socket, data: bytes, until: float) -> None:
    line.sendall(b"zINSTREAM\0")
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        line.settimeout(_left(until))
        try:
            line.sendall(struct.pack(">I", len(chunk)) + chunk)
        except (BrokenPipeError, ConnectionResetError):
            return  # it has heard enough, and says why
    line.sendall(struct.pack(">I", 0))


def _listen(line: socket.socket, until: float) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < LONGEST_ANSWER:
        line.settimeout(_left(until))
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        heard += more
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    """Seconds that are left.

    :raises TimeoutError: if none are.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
