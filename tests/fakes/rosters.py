"""The roster of one course as an LMS hands it out over HTTP: pages, what changed, groups; with faults to order."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.loopback import Answer, listening, says

PERSON = "http://purl.imsglobal.org/vocab/lti/system/person#"


def person(number: int, **changes: Any) -> dict[str, Any]:
    """One entry of a roster; ``None`` as a change leaves the field out."""
    entry = {
        "user_id": f"member-{number}",
        "status": "Active",
        "roles": ["Learner"],
        "name": f"Person {number}",
        "email": f"person{number}@example.org",
        **changes,
    }
    return {name: value for name, value in entry.items() if value is not None}


@dataclass
class RosterLms:
    """What the LMS knows, and how it behaves."""

    people: list[dict[str, Any]]
    page: int = 50
    groups: list[dict[str, Any]] | None = None
    """What the groups service lists; ``None``: there is none."""
    changes: list[dict[str, Any]] | None = None
    """What it says has changed since; ``None``: it does not tell."""
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    """By the path and query asked for: what is answered first, one after the other, before the truth."""
    asked: list[str] = field(default_factory=list)
    """Paths and queries asked for, tokens aside."""
    before: Callable[[str], None] = lambda _path: None
    """Called with each of them, before it is answered."""
    after: Callable[[str], None] = lambda _path: None
    """Called when it was answered."""
    url: str = ""

    @property
    def roster_url(self) -> str:
        """What a launch names."""
        return f"{self.url}/members"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        if handler.command == "POST":
            says(json.dumps({"access_token": "t", "token_type": "Bearer", "expires_in": 3600}).encode())(
                handler
            )
            return
        self.asked.append(handler.path)
        self.before(handler.path)
        self._tell(handler)
        self.after(handler.path)

    def _tell(self, handler: BaseHTTPRequestHandler) -> None:
        if waiting := self.faults.get(self.named(handler.path)):
            waiting.pop(0)(handler)
            return
        parts = urlsplit(handler.path)
        if parts.path == "/members":
            self._members(handler, int(parse_qs(parts.query).get("page", ["0"])[0]))
        elif parts.path == "/changes" and self.changes is not None:
            says(_container(self.changes), Link=f'<{self.url}/changes?since=2>; rel="differences"')(handler)
        elif parts.path == "/groups" and self.groups is not None:
            says(json.dumps({"groups": self.groups}).encode())(handler)
        else:
            says(b'{"error": "There is nothing here."}', status=404)(handler)

    @staticmethod
    def named(path: str) -> str:
        """How a request is called among the faults: ``/members?page=3``, whatever else its query says."""
        parts = urlsplit(path)
        page = parse_qs(parts.query).get("page")
        return parts.path + (f"?page={page[0]}" if page else "")

    def _members(self, handler: BaseHTTPRequestHandler, number: int) -> None:
        start = number * self.page
        links = []
        if start + self.page < len(self.people):
            links.append(f'<{self.url}/members?page={number + 1}>; rel="next"')
        elif self.changes is not None:
            links.append(f'<{self.url}/changes?since=1>; rel="differences"')
        body = _container(self.people[start : start + self.page])
        answer = says(body, Link=", ".join(links)) if links else says(body)
        answer(handler)


def _container(members: list[dict[str, Any]]) -> bytes:
    return json.dumps({"id": "x", "context": {"id": "course"}, "members": members}).encode()


@contextmanager
def roster_lms(people: list[dict[str, Any]], **more: Any) -> Iterator[RosterLms]:
    """Hand out the roster of ``people`` while the block runs."""
    lms = RosterLms(people, **more)
    with listening(lms.answer) as server:
        lms.url = server.url(path="")
        yield lms
