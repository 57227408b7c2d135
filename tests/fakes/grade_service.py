"""The grade service of an LMS, small and quick, over real HTTP: for tests that send thousands of scores.

It keeps to the rules (a stamp must rise, at the resolution a test chooses), or to none of them: then the score that
arrives last is the one that stands. A fault is chosen for each call by the test.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Fault(Enum):
    """What becomes of one call."""

    NONE = auto()
    UNAUTHORIZED = auto()
    FORBIDDEN = auto()
    CONFLICT = auto()
    TOO_MANY = auto()
    UNAVAILABLE = auto()
    """503, and nothing was done."""
    DONE_AND_UNAVAILABLE = auto()
    """Done, and then a 503: nobody can tell."""
    NOT_GRADABLE = auto()
    """400, as Moodle says it of people it does not grade."""
    HTML = auto()
    """A page instead of an answer, and nothing was done."""
    LOST = auto()
    """The line item is removed before it is looked at."""
    DOUBLED = auto()
    """Arrives twice."""


REFUSALS: dict[Fault, tuple[int, Any]] = {
    Fault.UNAUTHORIZED: (401, {"error": "who are you"}),
    Fault.FORBIDDEN: (403, {"error": "not yours"}),
    Fault.CONFLICT: (409, {"error": "newer"}),
    Fault.UNAVAILABLE: (503, {"error": "busy"}),
    Fault.NOT_GRADABLE: (400, {"error": "User could not be found"}),
    Fault.HTML: (200, "<html>Maintenance</html>"),
}
"""Answers with which nothing was done."""


@dataclass
class Item:
    """A line item."""

    number: int
    sent: dict[str, Any]


@dataclass
class Standing:
    """What stands for somebody."""

    given: float | None
    maximum: float | None
    comment: str
    stamp: datetime
    progress: tuple[str, str]
    """Of the activity, and of grading."""


@dataclass
class GradeService:
    """What it holds, and how it behaves."""

    url: str = ""
    choose: Callable[[], Fault] = lambda: Fault.NONE
    looks_at_stamps: bool = True
    step: timedelta = timedelta(milliseconds=1)
    """The smallest difference between two stamps that it sees."""
    retry_after: int = 30
    items: dict[int, Item] = field(default_factory=dict)
    scores: dict[tuple[int, str], Standing] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each call, those for tokens too."""
    stale: int = 0
    """Scores refused because one as new was there."""
    before: Callable[[str], None] = lambda _path: None
    """Called with the path of each score before anything is done with it."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: int = 0

    def container(self) -> str:
        """The address of the container, with a query as Moodle's has."""
        return f"{self.url}/items?type_id=1"

    def address(self, number: int) -> str:
        """The address of a line item."""
        return f"{self.url}/items/{number}/item?type_id=1"

    def open_item(self, **sent: Any) -> str:
        """Make a line item as an instructor would; its address."""
        with self._lock:
            self._numbers += 1
            self.items[self._numbers] = Item(
                self._numbers, {"label": "Column", "scoreMaximum": 100, "resourceLinkId": None, **sent}
            )
            return self.address(self._numbers)

    def grades(self) -> dict[str, float | None]:
        """What stands for whom in the line items that are there, as a share of the maximum; ``None``: no grade."""
        return {
            sub: None
            if standing.given is None or not standing.maximum
            else round(standing.given / standing.maximum, 6)
            for (number, sub), standing in self.scores.items()
            if number in self.items
        }

    def score_calls(self) -> int:
        """How many scores arrived, whatever became of them."""
        return sum(path.partition("?")[0].endswith("/scores") for _method, path in self.calls)

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any, dict[str, str]]:
        """Answer one call: status, payload and headers."""
        parts = urlsplit(target)
        self.calls.append((method, target))
        if parts.path == "/token":
            return 200, {"access_token": "let-me-in", "token_type": "Bearer", "expires_in": 3600}, {}
        if parts.path.endswith("/scores"):
            self.before(parts.path)
        fault = self.choose()
        with self._lock:
            refusal = self._refused(fault, parts.path)
            if refusal is not None:
                return refusal
            done = self._do(method, parts.path, parse_qs(parts.query), body)
            if fault is Fault.DOUBLED:
                done = self._do(method, parts.path, parse_qs(parts.query), body)
        return (503, {"error": "busy"}, {}) if fault is Fault.DONE_AND_UNAVAILABLE else done

    def _refused(self, fault: Fault, path: str) -> tuple[int, Any, dict[str, str]] | None:
        if fault is Fault.LOST and path.startswith("/items/"):
            self.items.pop(_number(path), None)
        if fault is Fault.TOO_MANY:
            return 429, {"error": "slower"}, {"Retry-After": str(self.retry_after)}
        if fault not in REFUSALS:
            return None
        status, said = REFUSALS[fault]
        return status, said, {}

    def _do(
        self, method: str, path: str, query: dict[str, list[str]], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        sent = json.loads(body) if body else {}
        if path == "/items":
            return self._make(sent) if method == "POST" else self._listed(query)
        item = self.items.get(_number(path))
        if item is None:
            return 404, {"error": "no such line item"}, {}
        if path.endswith("/scores"):
            return self._take(item, sent)
        if method == "DELETE":
            del self.items[item.number]
            return 204, None, {}
        return 200, self._shown(item), {}

    def _make(self, sent: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        self._numbers += 1
        self.items[self._numbers] = Item(self._numbers, sent)
        return 201, self._shown(self.items[self._numbers]), {}

    def _listed(self, query: dict[str, list[str]]) -> tuple[int, Any, dict[str, str]]:
        names = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}
        wanted = {names[name]: values[0] for name, values in query.items() if name in names}
        found = [
            self._shown(item)
            for item in self.items.values()
            if all(item.sent.get(name) == value for name, value in wanted.items())
        ]
        return 200, found, {}

    def _shown(self, item: Item) -> dict[str, Any]:
        return {name: value for name, value in item.sent.items() if value} | {"id": self.address(item.number)}

    def _take(self, item: Item, sent: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        stamp = datetime.fromisoformat(sent["timestamp"])
        key = (item.number, sent["userId"])
        before = self.scores.get(key)
        if self.looks_at_stamps and before is not None and stamp < before.stamp + self.step:
            self.stale += 1
            return 409, {"error": "not newer"}, {}
        final = sent["gradingProgress"] == "FullyGraded"
        self.scores[key] = Standing(
            sent.get("scoreGiven") if final else None,
            sent.get("scoreMaximum"),
            sent.get("comment", ""),
            stamp,
            (sent["activityProgress"], sent["gradingProgress"]),
        )
        return 204, None, {}


def _number(path: str) -> int:
    return int(path.split("/")[2])


@contextmanager
def grade_service(**settings: Any) -> Iterator[GradeService]:
    """Serve it while the block runs."""
    service = GradeService(**settings)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, payload, headers = service.answer(self.command, self.path, body)
            is_page = isinstance(payload, str)
            said = (payload if is_page else json.dumps(payload)).encode() if payload is not None else b""
            self.send_response(status)
            if said:
                self.send_header("Content-Type", "text/html" if is_page else "application/json")
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_DELETE = respond  # noqa: N815  # as http.server calls them

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
