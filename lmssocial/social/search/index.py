"""Putting things into the index and taking them out, in the transaction that changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial.social.search.models import SearchDocument
from lmssocial.social.search.words import words

MOST_WORDS = 16_000
"""Words of a body that can be found; PostgreSQL counts no further."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Something to be found."""

    kind: str
    subject_id: int
    tenant_id: int
    community_id: int
    title: str
    body: str
    """Plain words, without markup."""
    at: datetime


def put(session: Session, document: Document) -> None:
    """Make ``document`` findable, in place of what was known of its subject before."""
    dialect, connection = session.get_bind().dialect.name, session.connection()
    document_id = connection.execute(_put(dialect), vars(document)).scalar_one()
    title = [word.folded for word in words(document.title)]
    body = [word.folded for word in words(document.body)][:MOST_WORDS]
    if dialect == "postgresql":
        connection.execute(_POSTGRES_WORDS, {"id": document_id, "words": _vector(title, body)})
    else:
        connection.execute(
            _SQLITE_WORDS, {"id": document_id, "title": " ".join(title), "body": " ".join(body)}
        )


@cache
def _put(dialect: str) -> Any:
    """One statement that inserts a document, or puts it in the place of the one that is there."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(SearchDocument)
    changing = ("tenant_id", "community_id", "title", "body", "at")
    return insert.on_conflict_do_update(
        index_elements=["kind", "subject_id"],
        set_={name: insert.excluded[name] for name in changing} | {"learned": False},
    ).returning(SearchDocument.id)


def take_out(session: Session, kind: str, subject_id: int) -> None:
    """Let nobody find a subject any more; nothing happens if nobody could."""
    session.execute(
        delete(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.subject_id == subject_id)
    )


_POSTGRES_WORDS = text(
    "INSERT INTO search_words (document_id, words) VALUES (:id, CAST(:words AS tsvector)) "
    "ON CONFLICT (document_id) DO UPDATE SET words = EXCLUDED.words"
)
_SQLITE_WORDS = text("INSERT OR REPLACE INTO search_words (rowid, title, body) VALUES (:id, :title, :body)")


def _vector(title: Sequence[str], body: Sequence[str]) -> str:
    """A ``tsvector`` in PostgreSQL's notation; words of the title weigh A. Letters and digits need no escaping."""
    places: dict[str, list[str]] = {}
    for number, word in enumerate(title, start=1):
        places.setdefault(word, []).append(f"{number}A")
    # one place stays free between the two, so that no phrase reaches from the title into the body
    for number, word in enumerate(body, start=len(title) + 2):
        found = places.setdefault(word, [])
        if len(found) < 200:  # PostgreSQL keeps at most 255 places of a word
            found.append(str(number))
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())


def put_new(session: Session, documents: Sequence[Document]) -> None:
    """Make many things findable that nobody could find before: two statements, however many they are."""
    if not documents:
        return
    dialect, connection = session.get_bind().dialect.name, session.connection()
    new = insert(SearchDocument).returning(SearchDocument.id, SearchDocument.kind, SearchDocument.subject_id)
    stored = session.execute(new, [vars(document) for document in documents])
    ids = {(row.kind, row.subject_id): row.id for row in stored}
    rows = []
    for document in documents:
        document_id = ids[document.kind, document.subject_id]
        title = [word.folded for word in words(document.title)]
        body = [word.folded for word in words(document.body)][:MOST_WORDS]
        if dialect == "postgresql":
            rows.append({"id": document_id, "words": _vector(title, body)})
        else:
            rows.append({"id": document_id, "title": " ".join(title), "body": " ".join(body)})
    connection.execute(_POSTGRES_WORDS if dialect == "postgresql" else _SQLITE_WORDS, rows)
