"""The pieces of the benchmark, each on something whose answer is known."""

import os
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from benchmarks import grades
from benchmarks.load import Connection, Job, Load
from benchmarks.measuring import Figure, Scenario, Side, WrongAnswer, stretch
from benchmarks.processes import cpu_seconds, family, memory

SECRET = "a secret for tests, of forty characters."

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="counts CPU time by /proc")  # noqa: PTH110

ANSWERS = {
    b"/length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    b"/nothing": b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
}


class Answering(socketserver.BaseRequestHandler):
    """Answers by path, keeps the connection open, and hands answers out in pieces."""

    def handle(self) -> None:
        """Answer until the other side hangs up."""
        while request := self.request.recv(4096):
            for piece in (answer := ANSWERS[request.split()[1]])[:20], answer[20:]:
                self.request.sendall(piece)
                time.sleep(0.001)


@pytest.fixture
def port() -> Iterator[int]:
    """Where :class:`Answering` listens."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _request(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"


def _job(port: int, path: str) -> Job:
    return Job(port=port, requests=(_request(path),), seconds=0.1)


def test_answers_are_read_whole_whatever_pieces_they_come_in(port: int) -> None:
    connection = Connection(port)
    assert connection.ask(_request("/length").encode())[1] == b"hello"
    assert connection.ask(_request("/chunks").encode())[1] == b"hello"
    assert connection.ask(_request("/nothing").encode())[1] == b""
    assert connection.ask(_request("/length").encode())[1] == b"hello"
    connection.close()


def test_a_stretch_of_load_counts_requests_and_sizes(port: int) -> None:
    with Load() as load:
        figure = stretch(load, Side(roots=[os.getpid()], job=lambda: _job(port, "/length")), 0.2)
    assert figure.size == 5
    assert figure.rate > 10
    assert 0.002 < figure.p50 <= figure.p95 < 1


def test_an_answer_of_another_status_stops_the_measurement(port: int) -> None:
    with Load() as load, pytest.raises(WrongAnswer, match="304"):
        stretch(load, Side(roots=[os.getpid()], job=lambda: _job(port, "/nothing")), 0.1)


def test_an_answer_of_another_size_stops_the_measurement(port: int) -> None:
    with Load() as load, pytest.raises(WrongAnswer, match="about 20000 bytes, got 5"):
        stretch(load, Side(roots=[os.getpid()], job=lambda: _job(port, "/length"), size=20_000), 0.1)


def test_the_work_of_a_grandchild_counts_and_that_of_strangers_does_not() -> None:
    busy = "import sys, time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\nsys.stdin.read()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE) as process:
        try:
            before = cpu_seconds([os.getppid()] * 0)
            end = time.monotonic() + 20
            while (used := cpu_seconds([process.pid]) or 0) < 0.3 and time.monotonic() < end:
                time.sleep(0.05)
            assert len(family(process.pid)) == 2
        finally:
            process.kill()
    assert before == 0
    assert 0.3 <= used < 2


def test_memory_divides_what_is_shared() -> None:
    found = memory(os.getpid())
    assert found is not None
    assert 5 < found.pss <= found.rss < 5000
    assert memory(2**22 + 1) is None


def _figure(cost: float) -> Figure:
    return Figure(cost=cost, rate=1 / cost, p50=cost, p95=cost, size=1)


def test_a_ratio_compares_within_a_round_and_the_median_forgives_a_bad_one() -> None:
    side = Side(roots=[], job=lambda: Job(port=0))
    scenario = Scenario(name="page", ours=side, floor=side)
    scenario.rounds = [
        (_figure(4.0), _figure(2.0)),
        (_figure(8.0), _figure(4.0)),  # a slow moment of the machine slows both
        (_figure(40.0), _figure(2.0)),
    ]
    assert scenario.ratios() == [0.5, 0.5, 0.05]
    assert scenario.ratio() == 0.5


def test_grades_are_drained_beside_bare_posts(db_url: str) -> None:
    tool = SimpleNamespace(settings=SimpleNamespace(database=db_url, secret=lambda: SECRET))
    found = grades.measure(SimpleNamespace(tool=tool), 30)  # type: ignore[arg-type]  # all that it asks for
    assert found.calls_per_grade >= 1 + 1 / grades.EVERY
    assert found.floor_calls_per_grade >= 1 + 1 / grades.EVERY - 0.1
    assert found.ours.seconds > found.floor.seconds > 0
    said = grades.table("sqlite", found)
    assert "30 grades into an LMS that fails one call in 10" in said
    assert "times as long" in said
