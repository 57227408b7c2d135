"""ClickHouse as its clients see it over HTTP: as much as ``clickhouse-connect`` asks for; ``chdb`` answers.

It can fail as a server does: refuse a statement, be gone before it or after it, or do it long after its client was told
that it takes too long.
"""

import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chdb import ChdbError
from chdb.session import Session as _Session

Session: Any = _Session  # it ships no types

NAME = "lmssocial"


class Does(Enum):
    """What a server does with a statement that goes wrong."""

    REFUSE = auto()
    """Says that it cannot, and does nothing."""
    GO = auto()
    """Is gone before it does anything."""
    LOSE = auto()
    """Does it, and is gone before it answers."""
    DELAY = auto()
    """A gateway says that it takes too long; it is done by :meth:`ClickHouseServer.catch_up`."""
    HOLD = auto()
    """Waits until it is let go on, and does it."""


@dataclass
class Fault:
    """What goes wrong, and where."""

    does: Does
    at: str
    """Words of the statement."""
    skip: int = 0
    """How many such statements go well before."""
    times: int = 1
    """How many go wrong then."""

    def meets(self, statement: str) -> bool:
        """Whether it is the turn of this one."""
        if self.times <= 0 or self.at not in statement:
            return False
        self.skip -= 1
        if self.skip >= 0:
            return False
        self.times -= 1
        return True


class ClickHouseServer(ThreadingHTTPServer):
    """One database for one name and password."""

    daemon_threads = True  # clients keep their connections
    block_on_close = False

    def __init__(self, folder: Path, password: str) -> None:
        """:param folder: where it keeps its data."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.session = Session(str(folder / "data"))
        self.known = "Basic " + b64encode(f"{NAME}:{password}".encode()).decode()
        self.address = f"http://{NAME}:{password}@127.0.0.1:{self.server_port}/default"
        self.faults: list[Fault] = []
        self.held, self.go_on = Event(), Event()
        self._late: list[tuple[dict[str, str], bytes]] = []
        self._turn = Lock()

    def fault(self, statement: str) -> Does | None:
        """What goes wrong with a statement."""
        with self._turn:
            return next((fault.does for fault in self.faults if fault.meets(statement)), None)

    def delay(self, asked: dict[str, str], body: bytes) -> None:
        """Keep a statement for later."""
        self._late.append((asked, body))

    def catch_up(self) -> int:
        """Do what was delayed; says how many statements that were. Nothing goes wrong any more."""
        self.faults, late, self._late = [], self._late, []
        for asked, body in late:
            self.run(asked, body)
        return len(late)

    def empty(self) -> None:
        """Be as at the beginning, with the tables that are there."""
        self.faults, self._late = [], []
        self.held.clear()
        self.go_on.clear()
        for name in bytes(self.session.query("SHOW TABLES", "TabSeparated").bytes()).decode().split():
            self.session.query(f"TRUNCATE TABLE {name}")

    def number(self, statement: str) -> int:
        """What a statement that gives one number gives."""
        return int(bytes(self.session.query(statement, "TabSeparated").bytes()))

    def run(self, asked: dict[str, str], body: bytes) -> bytes:
        """Run a statement, which stands in the address or in the body, before rows in the native format."""
        with self._turn:
            return self._run(asked, body)

    def _run(self, asked: dict[str, str], body: bytes) -> bytes:
        if body.lstrip().startswith(b"INSERT"):
            statement, _newline, rows = body.partition(b"\n")
            path = self.folder / "rows"
            path.write_bytes(rows)
            head = statement.decode().rpartition(" FORMAT ")[0]
            token = asked.get("insert_deduplication_token", "")
            once = f"SETTINGS insert_deduplication_token = '{token}'" if token else ""
            self.session.query(f"{head} FROM INFILE '{path}' {once} FORMAT Native")
            return b""
        given = {
            name.removeprefix("param_"): value for name, value in asked.items() if name.startswith("param_")
        }
        answer = self.session.query(asked.get("query") or body.decode(), "TabSeparated", params=given)
        return bytes(answer.bytes())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer is two writes, of which the second would wait 40 ms
    server: ClickHouseServer

    def do_GET(self) -> None:
        """A statement in the address."""
        self.do_POST()

    def do_POST(self) -> None:
        """A statement, of somebody who is known."""
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
        body = self._body()
        if self.headers.get("Authorization") != self.server.known:
            self._answer(401, b"Code: 516. DB::Exception: Authentication failed")
            return
        does = self.server.fault(
            (asked.get("query") or "") + body.partition(b"\n")[0].decode(errors="replace")
        )
        if does is Does.HOLD:
            self.server.held.set()
            self.server.go_on.wait(20)
            does = None
        if does in {Does.GO, Does.LOSE}:
            if does is Does.LOSE:
                self.server.run(asked, body)
            self.close_connection = True
        elif does is Does.DELAY:
            self.server.delay(asked, body)
            self._answer(504, b"The gateway waited too long.")
        elif does is Does.REFUSE:
            self._answer(500, b"Code: 241. DB::Exception: Memory limit exceeded")
        else:
            self._do(asked, body)

    def _do(self, asked: dict[str, str], body: bytes) -> None:
        try:
            self._answer(200, self.server.run(asked, body))
        except ChdbError as error:
            self._answer(500, str(error).encode())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


@contextmanager
def clickhouse(password: str) -> Iterator[ClickHouseServer]:
    """A server with an empty database; its address has a name and ``password``."""
    with tempfile.TemporaryDirectory() as folder:
        server = ClickHouseServer(Path(folder), password)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            server.session.close()
