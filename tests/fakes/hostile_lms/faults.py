"""Faults between the network and the platform: requests that fail, stall, break off or are answered with nonsense."""

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from lmssocial.core.kernel import clock as the_clock

SELF = "the very page"
"""As a next page: the address that was asked for."""

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Act = Callable[[Request, Callable[[], Response]], Response]
"""What a fault makes of a request; the second argument lets the platform answer it."""


class BrokenOff(ConnectionError):
    """The connection was broken on purpose."""


@dataclass(frozen=True)
class Seen:
    """One request as it arrived, and what was answered."""

    service: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    status: int
    """0 if the connection was broken off."""


@dataclass
class Fault:
    """Something that goes wrong with requests of a service."""

    service: str
    act: Act
    times: int | None = None
    every: int = 1
    when: Callable[[Request], bool] = lambda _request: True
    struck: int = 0
    """How often it has happened."""
    met: int = 0
    """How many requests might have been hit."""
    ended: bool = False

    def end(self) -> None:
        """Let it happen no more."""
        self.ended = True

    def strikes(self, service: str, request: Request) -> bool:
        """Whether this request is hit; counts."""
        if self.ended or self.service not in {service, "any"} or not self.when(request):
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        self.met += 1
        if self.met % self.every:
            return False
        self.struck += 1
        return True


def on_page(number: int, size: int = 50) -> Callable[[Request], bool]:
    """Requests for the page with this number, counted from one, of pages of ``size``."""

    def asked(request: Request) -> bool:
        start = (number - 1) * int(request.args.get("limit", size))
        mark = request.args.get("page", "")
        return (mark == "") if start == 0 else mark == mark_of(start)

    return asked


@dataclass
class Gate:
    """In front of the platform's application: lets requests through, or lets faults have them."""

    app: WsgiApp
    now: Callable[[], datetime] | None = None
    faults: list[Fault] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        body = request.get_data(cache=True)
        service = service_of(request.path)
        with self.lock:
            fault = next((one for one in self.faults if one.strikes(service, request)), None)
        status = 0
        try:
            response = fault.act(request, lambda: self._asked(request)) if fault else self._asked(request)
            status = response.status_code
        except BrokenOff:
            connection = environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)
            raise
        finally:
            with self.lock:
                self.seen.append(
                    Seen(
                        service,
                        request.method,
                        request.path,
                        request.args.to_dict(),
                        {name.lower(): value for name, value in request.headers.items()},
                        body,
                        status,
                    )
                )
        return response(environ, start_response)

    def _asked(self, request: Request) -> Response:
        environ = {**request.environ}
        environ["wsgi.input"] = _Body(request.get_data(cache=True))
        if self.now is None:
            return Response(*_in_order(run_wsgi_app(self.app, environ, buffered=True)))
        with the_clock.at(self.now()):
            return Response(*_in_order(run_wsgi_app(self.app, environ, buffered=True)))


class _Body:
    """A request's body, to be read once more."""

    def __init__(self, body: bytes) -> None:
        self._rest = body

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes, or all that is left."""
        cut = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:cut], self._rest[cut:]
        return part


def _in_order(ran: tuple[Iterable[bytes], str, Any]) -> tuple[list[bytes], str, Any]:
    body, status, headers = ran
    return list(body), status, headers


def service_of(path: str) -> str:
    """Which service a path belongs to."""
    last = path.rstrip("/").rpartition("/")[2]
    if path == "/lti/token":
        return "token"
    if path.startswith("/lti/notices/"):
        return "notices"
    named = {
        "jwks.json": "keys",
        "memberships": "roster",
        "scores": "scores",
        "results": "results",
        "groups": "groups",
        "group-sets": "groups",
    }
    return named.get(last, "items" if "/line-items" in path else "other")


def mark_of(start: int) -> str:
    """The page mark of the entry at ``start``, as the demo's LMS makes them."""
    return base64.urlsafe_b64encode(f"from {start}".encode()).decode().rstrip("=")


def failing(status: int, retry_after: str = "", says: str = "It is the fault of the test.") -> Act:
    """An error of this status."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    return lambda _request, _answer: Response(says, status, headers, content_type="text/plain")


def slow(seconds: float) -> Act:
    """The right answer, later."""

    def act(_request: Request, answer: Callable[[], Response]) -> Response:
        time.sleep(seconds)
        return answer()

    return act


def saying(body: bytes, content_type: str, status: int, headers: Mapping[str, str]) -> Act:
    """Something else."""
    return lambda _request, _answer: Response(body, status, headers, content_type=content_type)


def broken(*, before: bool) -> Act:
    """A connection that ends without an answer, before or after the platform did what it was asked to."""

    def act(_request: Request, answer: Callable[[], Response]) -> Response:
        if not before:
            answer()
        raise BrokenOff

    return act


def relinked(change: Callable[[str, str], str]) -> Act:
    """The right answer, with another ``Link``: ``change(the address asked for, the header)``."""

    def act(request: Request, answer: Callable[[], Response]) -> Response:
        response = answer()
        response.headers["Link"] = change(request.url, response.headers.get("Link", ""))
        return response

    return act
