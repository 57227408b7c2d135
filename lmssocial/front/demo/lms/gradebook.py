"""The gradebook: columns that tools open, and the scores they send."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column of the gradebook; LTI calls it a line item."""

    id: int
    client_id: str
    label: str
    score_maximum: float
    resource_id: str | None
    tag: str | None
    activity_id: str | None
    """The activity it belongs to, if it belongs to one."""
    starts: str | None
    ends: str | None


@dataclass(frozen=True)
class Score:
    """The latest score of one person in one column."""

    person: str
    stamped: datetime
    given: float | None
    maximum: float | None
    comment: str
    activity_progress: str
    grading_progress: str

    @property
    def final(self) -> bool:
        """Whether it may be shown as a grade (AGS 2.0 §3.4.8): graded, and with a number."""
        return self.given is not None and self.grading_progress == "FullyGraded"


class Stale(Exception):
    """A score not newer than the one already there; it is refused with 409 (AGS 2.0 §3.4.9)."""


def columns(db: sqlite3.Connection, client_id: str | None = None) -> list[Column]:
    """All columns, or those of one tool, the oldest first."""
    rows = db.execute("SELECT * FROM line_item WHERE ?1 IS NULL OR client_id = ?1 ORDER BY id", (client_id,))
    return [_column(row) for row in rows]


def find_column(db: sqlite3.Connection, column_id: int, client_id: str) -> Column | None:
    """The column with this number, if it is this tool's."""
    row = db.execute(
        "SELECT * FROM line_item WHERE id = ? AND client_id = ?", (column_id, client_id)
    ).fetchone()
    return _column(row) if row else None


def column_of(db: sqlite3.Connection, activity_id: str) -> int | None:
    """The number of the activity's column; None when it has none or several (AGS 2.0 §3.3.1)."""
    rows = db.execute("SELECT id FROM line_item WHERE activity_id = ? LIMIT 2", (activity_id,)).fetchall()
    return int(rows[0]["id"]) if len(rows) == 1 else None


def open_column(db: sqlite3.Connection, client_id: str, fields: Mapping[str, Any]) -> int:
    """Open a column and return its number.

    :param fields: ``label``, ``score_maximum``, ``resource_id``, ``tag``, ``activity_id``, ``starts``, ``ends``.
    """
    made = db.execute(
        """INSERT INTO line_item (client_id, label, score_maximum, resource_id, tag, activity_id, starts, ends)
           VALUES (:client_id, :label, :score_maximum, :resource_id, :tag, :activity_id, :starts, :ends)""",
        {"client_id": client_id, **fields},
    )
    return int(made.lastrowid or 0)


def change_column(db: sqlite3.Connection, column_id: int, fields: Mapping[str, Any]) -> None:
    """Change label, maximum, resource id, tag and dates of a column; its activity and scores stay."""
    db.execute(
        """UPDATE line_item SET label = :label, score_maximum = :score_maximum, resource_id = :resource_id,
           tag = :tag, starts = :starts, ends = :ends WHERE id = :id""",
        {"id": column_id, **fields},
    )


def remove_column(db: sqlite3.Connection, column_id: int) -> None:
    """Remove a column with its scores."""
    db.execute("DELETE FROM line_item WHERE id = ?", (column_id,))


def enter_score(db: sqlite3.Connection, column_id: int, score: Score) -> None:
    """Note a score in place of an older one.

    :raises Stale: if the one that is there is as new or newer.
    """
    noted = db.execute(
        """INSERT INTO score VALUES (:column, :person, :stamped, :given, :maximum, :comment, :activity, :grading)
           ON CONFLICT (line_item_id, person) DO UPDATE SET stamped = excluded.stamped, given = excluded.given,
           maximum = excluded.maximum, comment = excluded.comment,
           activity_progress = excluded.activity_progress, grading_progress = excluded.grading_progress
           WHERE excluded.stamped > score.stamped""",
        {
            "column": column_id,
            "person": score.person,
            "stamped": score.stamped.isoformat(timespec="microseconds"),
            "given": score.given,
            "maximum": score.maximum,
            "comment": score.comment,
            "activity": score.activity_progress,
            "grading": score.grading_progress,
        },
    )
    if noted.rowcount == 0:
        raise Stale


def scores(db: sqlite3.Connection, column_ids: Iterable[int]) -> dict[tuple[int, str], Score]:
    """The scores of these columns, by column and person."""
    found = {}
    for column_id in column_ids:
        for row in db.execute("SELECT * FROM score WHERE line_item_id = ?", (column_id,)):
            found[column_id, row["person"]] = _score(row)
    return found


def points(column: Column, score: Score) -> float | None:
    """The grade on the scale of its column (AGS 2.0 §3.4.5); None while nothing is graded."""
    if not score.final or score.given is None:
        return None
    return score.given * column.score_maximum / (score.maximum or column.score_maximum)


def _column(row: sqlite3.Row) -> Column:
    return Column(
        id=row["id"],
        client_id=row["client_id"],
        label=row["label"],
        score_maximum=row["score_maximum"],
        resource_id=row["resource_id"],
        tag=row["tag"],
        activity_id=row["activity_id"],
        starts=row["starts"],
        ends=row["ends"],
    )


def _score(row: sqlite3.Row) -> Score:
    return Score(
        person=row["person"],
        stamped=datetime.fromisoformat(row["stamped"]),
        given=row["given"],
        maximum=row["maximum"],
        comment=row["comment"],
        activity_progress=row["activity_progress"],
        grading_progress=row["grading_progress"],
    )
