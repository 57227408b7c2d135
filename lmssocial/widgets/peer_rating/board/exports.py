"""Works, reviews and scores of an activity as files, written while they are read. For staff: with all names."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.spreadsheets import harmless
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Author, Review, Work
from lmssocial.widgets.peer_rating.scoring.inputs import bounds
from lmssocial.widgets.peer_rating.scoring_models import Override, Release, Result

VERSION = 1
"""Of the JSON; raised when the meaning of a field changes. New fields do not raise it."""
PART = 64_000
"""Characters that are sent together."""
BATCH = 500
"""Rows that are read together."""


class What(StrEnum):
    """The tables there are."""

    WORKS = "works"
    REVIEWS = "reviews"
    SCORES = "scores"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One of them: what it asks, and the names of what comes back."""

    statement: Any
    key: Any
    """What its rows are ordered by, which is their first column."""
    columns: tuple[str, ...]


def tables(running: Running) -> dict[What, Table]:
    """What each table is made of."""
    placement_id = running.placement.id
    return {
        What.WORKS: _table(_works(placement_id), Work.id),
        What.REVIEWS: _table(_reviews(placement_id), Review.id),
        What.SCORES: _table(_scores(placement_id), Work.id),
    }


def _table(statement: Any, key: Any) -> Table:
    names = tuple(column["name"] for column in statement.column_descriptions)
    return Table(statement=statement, columns=names, key=key)


def _people(what: Any) -> Any:
    """The authors of a work, as one text."""
    return (
        select(func.aggregate_strings(what, "; "))
        .join(Author, Author.user_id == User.id)
        .where(Author.work_id == Work.id)
        .correlate(Work)
        .scalar_subquery()
    )


def _works(placement_id: int) -> Any:
    return (
        select(
            Work.id.label("work"),
            Work.alias.label("number"),
            _people(User.name).label("authors"),
            _people(User.sub).label("author_ids_in_lms"),
            Work.state.label("state"),
            Contribution.state.label("published"),
            Work.is_late.label("late"),
            Work.submitted_at.label("submitted_at"),
            Work.completed.label("reviews"),
            Work.live.label("reviews_under_way"),
            Contribution.title.label("title"),
            Contribution.source.label("text"),
        )
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(Work.placement_id == placement_id)
    )


def _reviews(placement_id: int) -> Any:
    return (
        select(
            Review.id.label("review"),
            Review.work_id.label("work"),
            Work.alias.label("number"),
            User.name.label("reviewer"),
            User.sub.label("reviewer_id_in_lms"),
            Review.source.label("source"),
            Review.state.label("state"),
            Review.points.label("points"),
            Review.answers.label("levels"),
            Review.offered_at.label("offered_at"),
            Review.submitted_at.label("submitted_at"),
            Review.seconds.label("seconds"),
            Contribution.source.label("text"),
        )
        .join(Work, Work.id == Review.work_id)
        .join(User, User.id == Review.reviewer_id)
        .outerjoin(Contribution, Contribution.id == Review.contribution_id)
        .where(Review.placement_id == placement_id)
    )


def _scores(placement_id: int) -> Any:
    return (
        select(
            Work.id.label("work"),
            Work.alias.label("number"),
            _people(User.name).label("authors"),
            _people(User.sub).label("author_ids_in_lms"),
            Result.points.label("points"),
            Result.mean.label("mean"),
            Result.count.label("reviews"),
            Result.lowest.label("lowest"),
            Result.highest.label("highest"),
            Result.unsure.label("unsure"),
            Result.staff_points.label("staff_points"),
            Override.points.label("override"),
            Override.reason.label("override_reason"),
            Result.method.label("method"),
            Result.computed_at.label("computed_at"),
            Result.released_points.label("released_points"),
            Result.released_at.label("released_at"),
            Release.number.label("release"),
            Release.scoring.label("scoring"),
            Release.scoring_version.label("scoring_version"),
            Release.input_hash.label("input_hash"),
        )
        .join(Result, Result.work_id == Work.id)
        .outerjoin(Override, and_(Override.work_id == Work.id, Override.withdrawn_at.is_(None)))
        .outerjoin(Release, Release.id == Result.release_id)
        .where(Work.placement_id == placement_id)
    )


def _rows(session: Session, table: Table) -> Iterator[Sequence[Any]]:
    """All rows, a batch at a time: readers hold no transaction that a cursor could live in.

    What there is, is asked once. To ask for the next ones after the last each time lets a database sort all that is
    left for each batch.
    """
    keys = session.scalars(table.statement.with_only_columns(table.key).order_by(table.key)).all()
    for first in range(0, len(keys), BATCH):
        these = table.key.in_(keys[first : first + BATCH])
        for row in session.execute(table.statement.where(these).order_by(table.key)):
            yield [_plain(name, value) for name, value in zip(table.columns, row, strict=True)]


def _plain(name: str, value: Any) -> Any:
    """A value as files have it; of a review's answers its levels alone: its words are in its text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if name == "levels":
        return (value or {}).get("levels", {})
    return value


def as_csv(running: Running, what: What) -> Callable[[Session], Iterator[str]]:
    """One table, a line for each row. No cell begins with a sign that a spreadsheet reckons with."""
    table = tables(running)[what]

    def write(session: Session) -> Iterator[str]:
        out = io.StringIO()
        writer = csv.writer(out)
        out.write("\ufeff")  # by which spreadsheets know that it is UTF-8
        writer.writerow(table.columns)
        for row in _rows(session, table):
            writer.writerow(_cell(value) for value in row)
            if out.tell() > PART:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
        yield out.getvalue()

    return write


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{int(key) + 1}: {level + 1}" for key, level in sorted(value.items()))
    if isinstance(value, bool):
        return int(value)
    return harmless(value)


def as_json(session: Session, running: Running) -> Callable[[Session], Iterator[str]]:
    """One object with how the activity is set, its releases and all tables."""
    low, most = bounds(session, running)
    head = {
        "format": "lmssocial.peer_rating",
        "version": VERSION,
        "exported_at": clock.now().isoformat(),
        "activity": {
            "id": running.placement.id,
            "title": running.placement.title,
            "phase": running.phase.value,
            "settings": running.settings.as_json(),
            "fewest_points": low,
            "most_points": most,
        },
    }
    found = tables(running)
    releases = _table(_releases(running.placement.id), Release.number)

    def write(session: Session) -> Iterator[str]:
        yield json.dumps(head, ensure_ascii=False)[:-1]
        for name, table in {"releases": releases, **{what.value: one for what, one in found.items()}}.items():
            yield f',\n"{name}": ['
            for number, row in enumerate(_rows(session, table)):
                line = json.dumps(dict(zip(table.columns, row, strict=True)), ensure_ascii=False)
                yield (",\n  " if number else "\n  ") + line
            yield "\n]"
        yield "}\n"

    return write


def _releases(placement_id: int) -> Any:
    return (
        select(
            Release.number.label("number"),
            Release.made_at.label("made_at"),
            User.name.label("made_by"),
            Release.reason.label("reason"),
            Release.scoring.label("scoring"),
            Release.scoring_version.label("scoring_version"),
            Release.method.label("method"),
            Release.input_hash.label("input_hash"),
        )
        .outerjoin(User, User.id == Release.made_by_id)
        .where(Release.placement_id == placement_id)
    )
