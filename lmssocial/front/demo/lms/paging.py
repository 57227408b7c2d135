"""Long answers in pages: ``limit`` in the query, the next page in the ``Link`` header (RFC 8288)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, request

from lmssocial.front.demo.lms.campus import campus

Entry = TypeVar("Entry")

PAGE = 20
"""Entries in a page when the tool asks for no number."""
LARGEST = 100


@dataclass(frozen=True)
class Page(Generic[Entry]):
    """One page of a longer list."""

    entries: Sequence[Entry]
    next_url: str | None
    """The full address of the next page; None on the last one."""

    def linked(self, response: Response) -> Response:
        """``response`` with the ``Link`` header of this page."""
        if self.next_url:
            response.headers["Link"] = f'<{self.next_url}>; rel="next"'
        return response


def page_of(entries: Sequence[Entry]) -> Page[Entry]:
    """The page of ``entries`` that this request asks for; 400 for a limit or page mark that is none of ours."""
    limit = _limit(request.args.get("limit", ""))
    start = _start(request.args.get("page", ""))
    end = start + limit
    if end >= len(entries):
        return Page(entries[start:], None)
    query = {**request.args.to_dict(), "limit": limit, "page": _mark(end)}
    return Page(entries[start:end], f"{campus().issuer}{request.path}?{urlencode(query)}")


def _limit(text: str) -> int:
    if not text:
        return PAGE
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        abort(400, "limit must be a number, 1 or more.")
    return min(int(text), LARGEST)


def _mark(start: int) -> str:
    """A page mark: opaque, and case-sensitive as marks of real platforms are."""
    return base64.urlsafe_b64encode(f"from {start}".encode()).decode().rstrip("=")


def _start(mark: str) -> int:
    if not mark:
        return 0
    try:
        word, _, number = (
            base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode("ascii").partition(" ")
        )
    except (binascii.Error, UnicodeDecodeError):
        word, number = "", ""
    if word != "from" or not number.isdigit():
        abort(400, "This page mark is not one of ours; follow the Link header.")
    return int(number)
