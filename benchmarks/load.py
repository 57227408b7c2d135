"""The load: raw requests over a few connections that stay open, from a process of its own.

``python -m benchmarks.load`` reads one job a line from its standard input and answers one result a line, both JSON.
It does as little as possible between two requests, and what it does is not part of any figure: the harness counts
the CPU time of the servers.
"""

import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Self

from benchmarks.visits import Campus, Launches, Requests, Visit


@dataclass(frozen=True, kw_only=True)
class Job:
    """Send ``requests`` in turn to ``port`` on this machine for ``seconds``."""

    port: int
    requests: tuple[str, ...] = ()
    """Whole HTTP requests, one character a byte."""
    campus: Campus | None = None
    """Instead of requests: the platform whose people launch."""
    seconds: float = 0.5
    connections: int = 2


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a job."""

    count: int
    seconds: float
    statuses: dict[str, int]
    size: int
    """Bytes of the last body."""
    p50: float
    """Seconds from the first byte sent to the last byte read, half of the requests."""
    p95: float


class Load:
    """The load process, as the harness sees it."""

    def __enter__(self) -> Self:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def run(self, job: Job) -> Result:
        """Do ``job``.

        :raises RuntimeError: if the load process ended; its own message stands above.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the load process ended")
        return Result(**json.loads(answer))


class Connection:
    """One connection that stays open; just enough HTTP/1.1 for servers we know."""

    def __init__(self, port: int) -> None:
        """Connect to ``port`` on this machine."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Send ``request``; answers head and body of the response."""
        self._socket.sendall(request)
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            return head, self._chunks()
        _, found, length = lowered.partition(b"content-length:")
        return head, self._exactly(int(length.split(b"\r\n")[0]) if found else 0)

    def _more(self) -> None:
        got = self._socket.recv(1 << 18)
        if not got:
            raise ConnectionError("the server hung up")
        self._rest += got

    def _exactly(self, length: int) -> bytes:
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return body

    def _chunks(self) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in self._rest:
                self._more()
            size, _, self._rest = self._rest.partition(b"\r\n")
            chunk = self._exactly(int(size, 16) + 2)
            if size == b"0":
                return body
            body += chunk[:-2]


def work(job: Job) -> Result:
    """Do ``job``, each connection in a thread; a thread waits for the network nearly all the time."""
    statuses: Counter[str] = Counter()
    times: list[float] = []
    sizes: list[int] = []
    visits = [_visit(job, number) for number in range(job.connections)]
    begin = time.perf_counter()
    end = begin + job.seconds

    def run(visit: Visit) -> None:
        connection = Connection(job.port)
        while True:
            for make in visit.steps():
                request = make()
                started = time.perf_counter()
                head, body = connection.ask(request)
                took = time.perf_counter() - started
                visit.saw(head)
            times.append(took)
            statuses[head[9:12].decode()] += 1
            sizes.append(len(body))
            if time.perf_counter() >= end:
                break
        connection.close()

    threads = [threading.Thread(target=run, args=(visit,)) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return Result(
        count=len(times),
        seconds=time.perf_counter() - begin,
        statuses=dict(statuses),
        size=sizes[-1] if sizes else 0,
        p50=statistics.median(times) if times else 0.0,
        p95=times[int(len(times) * 0.95)] if times else 0.0,
    )


def _visit(job: Job, number: int) -> Visit:
    if job.campus:
        return Launches(job.campus, number * 7)
    return Requests(job.requests, number * len(job.requests) // job.connections)


def main() -> None:
    """Do jobs until the input ends."""
    for line in sys.stdin:
        given = json.loads(line)
        given["campus"] = Campus(**given["campus"]) if given["campus"] else None
        print(json.dumps(asdict(work(Job(**given)))), flush=True)


if __name__ == "__main__":
    main()
