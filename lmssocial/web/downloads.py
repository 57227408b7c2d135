"""Files to be kept: written while they are sent, or whole."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextvars import Context, copy_context

from flask import Response
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.web import scope

_UNSAFE = re.compile(r"[^a-z0-9]+")
_TYPES = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "graphml": "application/graphml+xml; charset=utf-8",
}


def download(
    make: Callable[[Session], Iterator[str]], kind: str, title: str, otherwise: str = "export"
) -> Response:
    """A file of any size, which nobody in between keeps.

    :param make: writes it, part by part, with a session of its own.
    :param kind: ``json``, ``csv``, ``html`` or ``graphml``.
    :param title: what it is called; :param otherwise: where nothing of that can be in a name.
    """
    return _attached(Response(_streamed(make), content_type=_TYPES[kind]), kind, title, otherwise)


def whole_download(content: bytes, kind: str, title: str, otherwise: str = "export") -> Response:
    """A file that is there already, which nobody in between keeps.

    :param kind: one of those of :func:`download`, or ``pdf`` or ``xlsx``, which nobody can write part by part.
    :param title: what it is called; :param otherwise: where nothing of that can be in a name.
    """
    return _attached(Response(content, content_type=_TYPES[kind]), kind, title, otherwise)


def _attached(response: Response, kind: str, title: str, otherwise: str) -> Response:
    headers = response.headers
    headers["Content-Disposition"] = f'attachment; filename="{file_name(title, otherwise)}.{kind}"'
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "private, no-store"
    return response


def _streamed(make: Callable[[Session], Iterator[str]]) -> Iterator[str]:
    """What ``make`` writes, with a session of its own, after the request is over.

    It runs in a copy of the request's context. Flask's ``stream_with_context`` leaves the request's own one on the
    thread until the last part was sent, and whoever is served there meanwhile would be taken for that person.
    """
    engine, context = scope.db.engine, copy_context()

    def write() -> Iterator[str]:
        with Session(engine) as session:
            yield from make(session)

    parts = write()
    return _within(context, parts)


def _within(context: Context, parts: Iterator[str]) -> Iterator[str]:
    try:
        while (part := context.run(next, parts, None)) is not None:
            yield part
    finally:
        context.run(parts.close)  # type: ignore[attr-defined]  # it is a generator


def file_name(title: str, otherwise: str = "export") -> str:
    """A name that every file system takes: of letters and digits, with the day."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return f"{_UNSAFE.sub('-', plain)[:60].strip('-') or otherwise}-{clock.now():%Y-%m-%d}"
