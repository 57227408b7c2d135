"""Finding. Every word of the query must be there; what has them all in its title comes first, then what is newer."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.search import vocabulary
from lmssocial.social.search.asking import Asked, replaced, understood
from lmssocial.social.search.excerpts import Passage, excerpt, highlight
from lmssocial.social.search.matching import matching
from lmssocial.social.search.models import SearchDocument

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

PAGE = 20
"""Hits on a page."""


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
    statement = _statement(session, actor, asked, field, after, limit + 1)
    rows, marked = session.execute(statement).all(), asked.marked
    hits = tuple(
        Hit(row.subject_id, highlight(row.title, marked), excerpt(row.body, marked), row.at)
        for row in rows[:limit]
    )
    return Hits(hits, _write_place(rows[limit - 1]) if len(rows) > limit else "")


def _statement(
    session: Session, actor: Actor, asked: Asked, field: Field, after: str, limit: int
) -> Statement:
    """What has the words in its title, then the rest, each from the newest on and not further than needed."""
    place = _read_place(after)
    parts = []
    for in_title in (1, 0):
        if place is not None and in_title > place[0]:
            continue
        if asked.has_words:
            found = matching(session, asked, in_title=bool(in_title))
        elif in_title:
            continue
        else:
            found = select(SearchDocument.id).order_by(SearchDocument.id.desc())
        part = _of(actor, field, found).add_columns(literal(in_title).label("in_title")).limit(limit)
        if place is not None and in_title == place[0]:
            part = part.where(SearchDocument.id < place[1])
        parts.append(part.subquery())
    rows = union_all(*(select(part) for part in parts)).subquery()
    return select(rows).order_by(rows.c.in_title.desc(), rows.c.id.desc()).limit(limit)


def _of(actor: Actor, field: Field, found: Statement) -> Statement:
    """Those documents of ``found`` that the actor may find in a field, asked one by one: few of many are needed."""
    document = SearchDocument
    (subject,) = field.within.selected_columns
    return found.add_columns(document.subject_id, document.title, document.body, document.at).where(
        document.tenant_id == actor.tenant_id,
        document.community_id == actor.community_id,
        document.kind == field.kind,
        field.within.where(subject == document.subject_id).correlate(document).exists(),
    )


def _write_place(row: Any) -> str:
    return f"{row.in_title}.{row.id}"


def _read_place(text: str) -> tuple[int, int] | None:
    try:
        in_title, document_id = map(int, text.split("."))
    except ValueError:
        return None
    return (in_title, document_id) if in_title in (0, 1) and abs(document_id) <= LARGEST_ID else None
