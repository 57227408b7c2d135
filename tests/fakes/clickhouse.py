"""ClickHouse as its clients see it over HTTP: as much as ``clickhouse-connect`` asks for; ``chdb`` answers."""

import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chdb import ChdbError
from chdb.session import Session as _Session

Session: Any = _Session  # it ships no types

NAME = "lmssocial"


class _Server(ThreadingHTTPServer):
    """One database for one name and password."""

    daemon_threads = True  # clients keep their connections
    block_on_close = False

    def __init__(self, folder: Path, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.session = Session(str(folder / "data"))
        self.known = "Basic " + b64encode(f"{NAME}:{password}".encode()).decode()

    def run(self, asked: dict[str, str], body: bytes) -> bytes:
        """Run a statement, which stands in the address or in the body, before rows in the native format."""
        if body.lstrip().startswith(b"INSERT"):
            statement, _newline, rows = body.partition(b"\n")
            path = self.folder / "rows"
            path.write_bytes(rows)
            head = statement.decode().rpartition(" FORMAT ")[0]
            self.session.query(f"{head} SELECT * FROM file('{path}', 'Native')")  # noqa: S608 – of our own client
            return b""
        given = {
            name.removeprefix("param_"): value for name, value in asked.items() if name.startswith("param_")
        }
        answer = self.session.query(asked.get("query") or body.decode(), "TabSeparated", params=given)
        return bytes(answer.bytes())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

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
def clickhouse(password: str) -> Iterator[str]:
    """A server with an empty database; its address, with a name and ``password``."""
    with tempfile.TemporaryDirectory() as folder:
        server = _Server(Path(folder), password)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{NAME}:{password}@127.0.0.1:{server.server_port}/default"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            server.session.close()
