"""What became of a request to a door, as the person sees it on the page and the administrator in the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from markupsafe import escape
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from lmssocial.lms.lti.refusals import Cause


@dataclass(frozen=True)
class Outcome:
    """An answer, and the line it left in the log."""

    response: TestResponse
    logged: Mapping[str, Any]

    @property
    def cause(self) -> str:
        """The cause in the log; empty when nothing was refused."""
        return str(self.logged.get("cause", ""))


def outcome(ask: Callable[[], TestResponse]) -> Outcome:
    """Ask, and read the log."""
    with capture_logs() as lines:
        response = ask()
    refused = [line for line in lines if line["event"] == "launch refused"]
    assert len(refused) <= 1
    return Outcome(response, refused[0] if refused else {})


def assert_let_in(found: Outcome) -> None:
    """The person is in, and away from the launch address."""
    assert (found.response.status_code, found.cause) == (303, ""), found.response.text
    assert found.response.location.startswith("/")


def assert_refused(found: Outcome, cause: Cause) -> None:
    """The right cause in the log; the right words, status and the log's reference on the page."""
    assert (found.cause, found.response.status_code) == (cause.code, cause.status)
    page = found.response.text
    assert escape(cause.words.title) in page
    assert escape(cause.words.message) in page
    assert found.logged["reference"] in page
    assert cause.code not in page, "the code is for the administrator"


@dataclass(frozen=True)
class Link:
    """A link of a page."""

    href: str
    attributes: Mapping[str, str]


def links_of(page: str) -> Mapping[str, Link]:
    """The links of ``page`` by their text."""
    reader = _Links()
    reader.feed(page)
    return reader.found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Link] = {}
        self._open: tuple[dict[str, str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open = ({name: value or "" for name, value in attrs}, [])

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            attributes, words = self._open
            self.found[" ".join("".join(words).split())] = Link(attributes.get("href", ""), attributes)
            self._open = None
