"""Finding. Every word of the query must be there; what has them all in its title comes first, then what is newer."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, literal, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.search import vocabulary
from lmssocial.social.search.asking import Asked, replaced, understood
from lmssocial.social.search.excerpts import Passage, excerpt, highlight
from lmssocial.social.search.matching import matches
from lmssocial.social.search.models import SearchDocument

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

PAGE = 20
"""Hits on a page."""

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
    """Whether the query asked for anything."""
    corrected: str = ""
    """What these were found by, because nothing was found by the query as it was typed; empty if it was."""


@dataclass(frozen=True)
class Field:
    """Where to look."""

    kind: str
    """What the owner of the subjects calls them."""
    within: Statement
    """Selects the subject ids the actor may find, by the rules of whoever owns the kind."""
    narrowed: bool = False
    """Whether that is a choice of its own, so that a query without words finds all of it."""


def search(
    session: Session, actor: Actor, query: str, field: Field, *, after: str = "", limit: int = PAGE
) -> Hits:
    """What ``actor`` finds in their community, best first.

    One statement; where nothing has the words, at most three more find out whether one of them was misspelt.

    :param query: anything a person may type; see :mod:`.asking`. Authors and tags in it are for the field to heed.
    :param after: ``Hits.after`` of the page before; anything else begins at the beginning.
    """
    asked = understood(query)
    if not (asked.asks or field.narrowed):
        return Hits(asked=False)
    hits = _found(session, actor, asked, field, after, limit)
    if hits.hits or after or not asked.terms:
        return hits
    better = replaced(query, vocabulary.corrections(session, actor.community_id, asked.terms))
    if better == query:
        return hits
    found = _found(session, actor, understood(better), field, "", limit)
    return replace(found, corrected=better) if found.hits else hits


def _found(session: Session, actor: Actor, asked: Asked, field: Field, after: str, limit: int) -> Hits:
    statement = _statement(session, actor, asked, field, after).limit(limit + 1)
    rows, marked = session.execute(statement).all(), asked.marked
    hits = tuple(
        Hit(row.subject_id, highlight(row.title, marked), excerpt(row.body, marked), row.at)
        for row in rows[:limit]
    )
    return Hits(hits, _write_place(rows[limit - 1]) if len(rows) > limit else "")


def _statement(session: Session, actor: Actor, asked: Asked, field: Field, after: str) -> Statement:
    document = SearchDocument
    in_title = cast(matches(session, asked, only_title=True), Integer) if asked.has_words else literal(0)
    first = in_title.label("in_title")
    statement = (
        select(document.id, document.subject_id, document.title, document.body, document.at, first)
        .where(
            document.tenant_id == actor.tenant_id,
            document.community_id == actor.community_id,
            document.kind == field.kind,
            document.subject_id.in_(field.within),
        )
        .order_by(first.desc(), document.at.desc(), document.id.desc())
    )
    if asked.has_words:
        statement = statement.where(matches(session, asked))
    place = _read_place(after)
    if place is None:
        return statement
    last = (literal(place[0]), literal(place[1], document.at.type), literal(place[2]))
    return statement.where(tuple_(in_title, document.at, document.id) < tuple_(*last))


def _write_place(row: Any) -> str:
    return f"{row.in_title}.{(row.at - _EPOCH) // _MICROSECOND}.{row.id}"


def _read_place(text: str) -> tuple[int, datetime, int] | None:
    try:
        in_title, at, document_id = map(int, text.split("."))
        place = in_title, _EPOCH + at * _MICROSECOND, document_id
    except (ValueError, OverflowError):
        return None
    return place if max(abs(in_title), abs(document_id)) <= LARGEST_ID else None
