"""Finding. Every word of the query must be there; what has them all in its title comes first, then what is newer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, cast, column, literal, select, table, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.search.excerpts import Passage, excerpt, highlight
from lmssocial.social.search.models import SearchDocument
from lmssocial.social.search.words import Term, terms

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    subject_id: int
    title: tuple[Passage, ...]
    excerpt: tuple[Passage, ...]
    at: datetime


@dataclass(frozen=True)
class Hits:
    """A page of what was found."""

    hits: tuple[Hit, ...] = ()
    after: str = ""
    """What to hand in to get the next page; empty if there is none."""
    asked: bool = True
    """Whether the query had any word in it."""


def search(
    session: Session,
    actor: Actor,
    query: str,
    *,
    kind: str,
    within: Statement,
    after: str = "",
    limit: int = 20,
) -> Hits:
    """What ``actor`` finds of one kind in their community, best first. One statement.

    :param query: anything a person may type; no character in it means anything special.
    :param within: selects the subject ids the actor may find, by the rules of whoever owns the kind.
    :param after: ``Hits.after`` of the page before; anything else begins at the beginning.
    """
    wanted = terms(query)
    if not wanted:
        return Hits(asked=False)
    rows = session.execute(_statement(session, actor, wanted, kind, within, after).limit(limit + 1)).all()
    hits = tuple(
        Hit(row.subject_id, highlight(row.title, wanted), excerpt(row.body, wanted), row.at)
        for row in rows[:limit]
    )
    return Hits(hits, _write_place(rows[limit - 1]) if len(rows) > limit else "")


def _statement(
    session: Session, actor: Actor, wanted: Sequence[Term], kind: str, within: Statement, after: str
) -> Statement:
    document = SearchDocument
    matches, in_title = _conditions(session, wanted)
    first = in_title.label("in_title")
    statement = (
        select(document.id, document.subject_id, document.title, document.body, document.at, first)
        .where(
            matches,
            document.tenant_id == actor.tenant_id,
            document.community_id == actor.community_id,
            document.kind == kind,
            document.subject_id.in_(within),
        )
        .order_by(first.desc(), document.at.desc(), document.id.desc())
    )
    place = _read_place(after)
    if place is None:
        return statement
    last = (literal(place[0]), literal(place[1], document.at.type), literal(place[2]))
    return statement.where(tuple_(in_title, document.at, document.id) < tuple_(*last))


def _conditions(session: Session, wanted: Sequence[Term]) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    """Whether a document has every word, and whether (1 or 0) it has every one in its title."""
    found = _found_by_postgresql if session.get_bind().dialect.name == "postgresql" else _found_by_sqlite
    anywhere, in_title = (SearchDocument.id.in_(found(wanted, only_title=only)) for only in (False, True))
    return anywhere, cast(in_title, Integer)


def _found_by_postgresql(wanted: Sequence[Term], *, only_title: bool) -> Statement:
    """Words are letters and digits only, so quoting them makes them harmless in ``tsquery`` notation."""
    label = "A" if only_title else ""
    parts = ((term.word, ("*" if term.is_prefix else "") + label) for term in wanted)
    query = " & ".join(f"'{word}':{how}" if how else f"'{word}'" for word, how in parts)
    words = table("search_words", column("document_id", Integer), column("words", TSVECTOR))
    return select(words.c.document_id).where(words.c.words.op("@@", is_comparison=True)(cast(query, TSQUERY)))


def _found_by_sqlite(wanted: Sequence[Term], *, only_title: bool) -> Statement:
    """In double quotes a word means itself to FTS5; the star behind them makes it a prefix."""
    query = " AND ".join(f'"{term.word}"{"*" if term.is_prefix else ""}' for term in wanted)
    words = table("search_words", column("rowid", Integer), column("search_words", String))
    within = "{title} : " if only_title else ""
    return select(words.c.rowid).where(
        words.c.search_words.op("MATCH", is_comparison=True)(f"{within}({query})")
    )


def _write_place(row: Any) -> str:
    return f"{row.in_title}.{(row.at - _EPOCH) // _MICROSECOND}.{row.id}"


def _read_place(text: str) -> tuple[int, datetime, int] | None:
    try:
        in_title, at, document_id = map(int, text.split("."))
        place = in_title, _EPOCH + at * _MICROSECOND, document_id
    except (ValueError, OverflowError):
        return None
    return place if max(abs(in_title), abs(document_id)) <= LARGEST_ID else None
