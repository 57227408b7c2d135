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


@dataclass(frozen=True)
class Page(Generic[Entry]):
    """One page of a longer list."""

    entries: Sequence[Entry]
    next_url: str | None
    """The full address of the next page; None on the last one."""

    def linked(self, response: Response, **more: str) -> Response:
        """``response`` with the ``Link`` header of this page; ``more`` are other relations and their addresses."""
        links = {**({"next": self.next_url} if self.next_url else {}), **more}
        if links:
            response.headers["Link"] = ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items())
        return response

    def curly(self, response: Response) -> Response:
        """``response`` with the ``Link`` header as Moodle writes that of line items."""
        if self.next_url:
            link = f"<{self.next_url.replace('&', '&amp;')}>; rel=“next”"
            response.headers["Link"] = link.encode().decode("latin-1")  # on the wire it is UTF-8
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
    quirks = campus().quirks
    if not text:
        return quirks.page
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        abort(400, "limit must be a number, 1 or more.")
    return min(int(text), quirks.largest_page)


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
