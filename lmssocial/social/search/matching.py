"""A query in the words of each database: which documents match it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from lmssocial.social.search.asking import Asked
from lmssocial.social.search.models import SearchDocument
from lmssocial.social.search.words import Term

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

TITLE_WEIGHT = 5.0
"""How much more a word in a title says about a text than one in its body."""

_POSTGRES = table("search_words", column("document_id", Integer), column("words", TSVECTOR))
_SQLITE = table("search_words", column("rowid", Integer), column("search_words", String))


def matching(session: Session, asked: Asked, *, in_title: bool) -> Statement:
    """Ids of documents that have every word and phrase of a query, and none that must not be there, the newest first.

    Both databases can walk through the words from the newest document on and stop when they have enough, so that a
    word that everybody uses is found as fast as a rare one.

    :param in_title: those with all the words in their title, or all others.
    """
    document = SearchDocument
    if _is_postgres(session):
        anywhere, title = (_all_in_postgres(asked, label) for label in ("", "A"))
        query = title if in_title else f"({anywhere}) & !({title})"
        unwanted = "".join(f" & !({_word_in_postgres(term, '')})" for term in asked.without)
        has = _POSTGRES.c.words.op("@@", is_comparison=True)(cast(literal(f"({query}){unwanted}"), TSQUERY))
        found = select(document.id).join(_POSTGRES, _POSTGRES.c.document_id == document.id).where(has)
        return found.order_by(document.id.desc())
    anywhere = _all_in_sqlite(asked)
    query = f"{{title}} : ({anywhere})" if in_title else f"({anywhere}) NOT ({{title}} : ({anywhere}))"
    for term in asked.without:
        query = f"({query}) NOT {_word_in_sqlite(term)}"
    has = _SQLITE.c.search_words.op("MATCH", is_comparison=True)(query)
    found = select(document.id).select_from(_SQLITE).join(document, document.id == _SQLITE.c.rowid).where(has)
    return found.order_by(_SQLITE.c.rowid.desc())


def resembling(session: Session, wanted: Sequence[Term], most: int) -> Statement:
    """Ids of documents that have some of the words, those that the database ranks first, at most so many.

    Joins :class:`SearchDocument`, so that whoever asks can say which documents count.
    """
    if _is_postgres(session):
        anything = cast(" | ".join(_word_in_postgres(term, "") for term in wanted), TSQUERY)
        weights = cast([0.1, 0.2, 0.4, 1.0], ARRAY(REAL))
        return (
            select(SearchDocument.id)
            .join(_POSTGRES, _POSTGRES.c.document_id == SearchDocument.id)
            .where(_POSTGRES.c.words.op("@@", is_comparison=True)(anything))
            .order_by(func.ts_rank(weights, _POSTGRES.c.words, anything).desc(), SearchDocument.id.desc())
            .limit(most)
        )
    query = " OR ".join(_word_in_sqlite(term) for term in wanted)
    rank = func.bm25(literal_column("search_words"), TITLE_WEIGHT, 1.0)
    return (
        select(SearchDocument.id)
        .join(_SQLITE, _SQLITE.c.rowid == SearchDocument.id)
        .where(_SQLITE.c.search_words.op("MATCH", is_comparison=True)(query))
        .order_by(rank, SearchDocument.id.desc())
        .limit(most)
    )


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _all_in_postgres(asked: Asked, label: str) -> str:
    phrases = (
        "(" + " <-> ".join(_word_in_postgres(Term(word, is_prefix=False), label) for word in phrase) + ")"
        for phrase in asked.phrases
    )
    return " & ".join([*(_word_in_postgres(term, label) for term in asked.terms), *phrases])


def _word_in_postgres(term: Term, label: str) -> str:
    """Words are letters and digits only, so quoting them makes them harmless in ``tsquery`` notation."""
    how = ("*" if term.is_prefix else "") + label
    return f"'{term.word}':{how}" if how else f"'{term.word}'"


def _all_in_sqlite(asked: Asked) -> str:
    phrases = ('"' + " ".join(phrase) + '"' for phrase in asked.phrases)
    return " AND ".join([*map(_word_in_sqlite, asked.terms), *phrases])


def _word_in_sqlite(term: Term) -> str:
    """In double quotes a word means itself to FTS5; the star behind them makes it a prefix."""
    return f'"{term.word}"{"*" if term.is_prefix else ""}'
