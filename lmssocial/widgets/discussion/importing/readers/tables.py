"""CSV with the columns of docs/import-export.md: what any system, and any spreadsheet, can be brought to."""

import codecs
import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy_line
from lmssocial.widgets.discussion.importing.past import (
    Loss,
    Past,
    PastPerson,
    PastPost,
    PastThread,
    Source,
    Unreadable,
)

NEEDED = ("thread", "id", "author", "date", "text")
OPTIONAL = ("parent", "email", "lti_user_id", "title", "format", "edited", "state", "audience")
_DATES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y %H:%M", "%d.%m.%Y")
_LARGEST_CELL = 1_000_000


def read(file: BinaryIO) -> Past:
    """The posts of a table.

    :raises Unreadable: if it is no CSV in UTF-8 or UTF-16, a column is missing, or a line has no date.
    """
    past = Past(Source.CSV)
    titles: dict[str, str] = {}
    posts: dict[str, list[PastPost]] = {}
    for line, row in _rows(file):
        thread = row["thread"].strip()
        if not thread or not row["id"].strip():
            raise Unreadable(
                _("Line %(line)d says neither which thread it is in nor which post it is.", line=line)
            )
        if reason := _held_back(row):
            past.losses[reason] += 1
            continue
        titles[thread] = titles.get(thread) or tidy_line(row.get("title", ""))
        posts.setdefault(thread, []).append(_post(past, line, row))
        past.add(
            PastThread(key="", title="", posts=(posts[thread][-1],))
        )  # counts, and stops what is too much
        past.threads.clear()
    if not posts and not past.losses:
        raise Unreadable(_("There is no line below the names of the columns."))
    past.threads = [
        PastThread(key=key, title=titles[key], posts=tuple(of_thread)) for key, of_thread in posts.items()
    ]
    return past


def _held_back(row: dict[str, str]) -> Loss | None:
    """Why a line does not come in: our own export says of each post whether everybody could read it."""
    if row.get("state", "").strip() not in {"", "published"}:
        return Loss.REMOVED
    audience = row.get("audience", "").strip()
    if audience == "private":
        return Loss.PRIVATE
    return Loss.GROUPS if audience not in {"", "everybody"} else None


def _post(past: Past, line: int, row: dict[str, str]) -> PastPost:
    name, email = tidy_line(row["author"])[:200], row.get("email", "").strip()[:254]
    legacy_id = row.get("lti_user_id", "").strip()[:255]
    author = f"{name}\n{email}\n{legacy_id}".casefold() if legacy_id else f"{name}\n{email}".casefold()
    past.people.setdefault(author, PastPerson(author, name, email, legacy_id))
    at = _time(row["date"])
    if at is None:
        raise Unreadable(
            _(
                "The date in line %(line)d cannot be read: %(date)s. Write dates like 2024-09-30 14:05.",
                line=line,
                date=row["date"][:40],
            )
        )
    kind = row.get("format", "").strip().casefold()
    if kind not in {"", "html", "markdown"}:
        raise Unreadable(_("The format in line %(line)d is neither markdown nor html.", line=line))
    parent = row.get("parent", "").strip()
    return PastPost(
        key=row["id"].strip()[:120],
        parent=parent[:120] or None,
        author=author,
        at=at,
        edited_at=_time(row.get("edited", "")),
        text=_unguarded(row["text"]),
        is_html=kind == "html",
    )


def _rows(file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells by column of each line."""
    csv.field_size_limit(_LARGEST_CELL)
    text = io.TextIOWrapper(file, encoding=_encoding(file), errors="strict", newline="")
    try:
        first = text.readline()
        text.seek(0)
        divided = max(",;\t", key=first.count)
        reader = csv.reader(text, delimiter=divided, strict=True)
        header = [cell.strip().casefold() for cell in next(reader, [])]
        missing = [name for name in NEEDED if name not in header]
        if missing:
            raise Unreadable(
                _("The first line has to name the columns. Missing: %(names)s.", names=", ".join(missing))
            )
        for row in reader:
            if any(cell.strip() for cell in row):
                yield (
                    reader.line_num,
                    {name: _plain(cell) for name, cell in zip(header, row, strict=False)}
                    | dict.fromkeys(header[len(row) :], ""),
                )
    except UnicodeError as error:
        raise Unreadable(
            _("This file is not in UTF-8. In your spreadsheet, choose “CSV UTF-8” when you save it."),
            reason=str(error),
        ) from error
    except csv.Error as error:
        raise Unreadable(
            _("This is no table that can be read: a cell is too long, or a quotation mark is not closed."),
            reason=str(error),
        ) from error
    finally:
        text.detach()


def _plain(cell: str) -> str:
    return cell.replace("\0", "")


def _encoding(file: BinaryIO) -> str:
    mark = file.read(4)
    file.seek(0)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from reckoning with it; see the export."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _time(cell: str) -> datetime | None:
    cell = cell.strip()
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        for pattern in _DATES:
            try:
                found = datetime.strptime(cell, pattern).replace(tzinfo=UTC)
            except ValueError:
                continue
            break
        else:
            return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
