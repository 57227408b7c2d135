"""Activities of tools, placed into weeks of the course: LTI calls each of them a resource link."""

import json
import secrets
import sqlite3
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Activity:
    """One link to a tool in one week."""

    id: str
    """The ``resource_link.id`` of its launches."""
    client_id: str
    week: int
    title: str
    text: str = ""
    """One paragraph above the frame; empty for none."""
    url: str = ""
    """The ``target_link_uri``; empty means the tool's launch address."""
    custom: dict[str, str] = field(default_factory=dict)
    """Custom parameters from the deep link, sent back with every launch."""


def new_activity_id() -> str:
    """A fresh resource link id."""
    return f"link-{secrets.token_hex(6)}"


def place(db: sqlite3.Connection, activity: Activity) -> None:
    """Put ``activity`` at the end of its week; one that is there already is left as it is."""
    db.execute(
        "INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            activity.id,
            activity.client_id,
            activity.week,
            activity.title,
            activity.text,
            activity.url,
            json.dumps(activity.custom),
            time.time_ns(),
        ),
    )


def change(db: sqlite3.Connection, activity_id: str, *, title: str, text: str, week: int) -> None:
    """Give an activity another title, text or week. Its resource link id, and so its posts, stay."""
    db.execute(
        "UPDATE activity SET title = ?, text = ?, week = ? WHERE id = ?", (title, text, week, activity_id)
    )


def remove(db: sqlite3.Connection, activity_id: str) -> None:
    """Take an activity out of the course. The tool keeps what was written in it."""
    db.execute("DELETE FROM activity WHERE id = ?", (activity_id,))


def find_activity(db: sqlite3.Connection, activity_id: str) -> Activity | None:
    """The activity with this resource link id."""
    row = db.execute("SELECT * FROM activity WHERE id = ?", (activity_id,)).fetchone()
    return _activity(row) if row else None


def all_activities(db: sqlite3.Connection) -> list[Activity]:
    """Every activity of the course, week by week, in the order they were added."""
    return [_activity(row) for row in db.execute("SELECT * FROM activity ORDER BY week, added_at, id")]


def _activity(row: sqlite3.Row) -> Activity:
    return Activity(
        id=row["id"],
        client_id=row["client_id"],
        week=row["week"],
        title=row["title"],
        text=row["text"],
        url=row["url"],
        custom=json.loads(row["custom"]),
    )
