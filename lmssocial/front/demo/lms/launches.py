"""Launches under way: begun by a click, taken once by the authorization endpoint, over after ten minutes."""

import secrets
import sqlite3
import time
from dataclasses import dataclass

LIFETIME = 600
"""Seconds between the click and the tool's authorization request; people without JavaScript press one more button."""


@dataclass(frozen=True)
class Launch:
    """What somebody clicked."""

    hint: str
    """The ``lti_message_hint``: opaque to the tool, and how we find this row again."""
    person: str
    """The key of the person who clicked; nobody else can complete the launch."""
    client_id: str
    activity_id: str | None
    """The activity to open, or None when content is to be selected."""
    week: int | None
    """The week that selected content goes into."""
    target: str
    """``iframe`` or ``window``: where the answer will be shown."""
    review_of: str = ""
    """The ``sub`` of the person whose work is looked at, where somebody came by the gradebook."""


def begin(
    db: sqlite3.Connection,
    person: str,
    client_id: str,
    *,
    activity_id: str | None,
    week: int | None,
    target: str,
    review_of: str = "",
) -> Launch:
    """Note a click and give it a hint to be found by."""
    now = int(time.time())
    launch = Launch(secrets.token_urlsafe(18), person, client_id, activity_id, week, target, review_of)
    db.execute("DELETE FROM click WHERE expires_at < ?", (now,))
    db.execute(
        "INSERT INTO click VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (launch.hint, person, client_id, activity_id, week, target, review_of, now + LIFETIME),
    )
    return launch


def take(db: sqlite3.Connection, hint: str, *, person: str, client_id: str) -> Launch | None:
    """The launch behind ``hint``, once: None if it is used, over, or somebody else's or another tool's."""
    row = db.execute(
        "DELETE FROM click WHERE hint = ? AND person = ? AND client_id = ? AND expires_at >= ? RETURNING *",
        (hint, person, client_id, int(time.time())),
    ).fetchone()
    if row is None:
        return None
    return Launch(hint, person, client_id, row["activity_id"], row["week"], row["target"], row["review_of"])


@dataclass(frozen=True)
class Selection:
    """A deep linking request that waits for its answer."""

    data: str
    """The opaque ``data`` value that the tool has to send back unchanged."""
    person: str
    client_id: str
    week: int


def begin_selection(db: sqlite3.Connection, person: str, client_id: str, week: int) -> Selection:
    """Note that ``person`` is choosing content for ``week``; they have a day."""
    now = int(time.time())
    selection = Selection(secrets.token_urlsafe(18), person, client_id, week)
    db.execute("DELETE FROM selection WHERE expires_at < ?", (now,))
    db.execute(
        "INSERT INTO selection VALUES (?, ?, ?, ?, ?)",
        (selection.data, person, client_id, week, now + 86_400),
    )
    return selection


def take_selection(db: sqlite3.Connection, data: str, client_id: str) -> Selection | None:
    """The request behind ``data``, once: None if it is answered, over or another tool's."""
    row = db.execute(
        "DELETE FROM selection WHERE data = ? AND client_id = ? AND expires_at >= ? RETURNING *",
        (data, client_id, int(time.time())),
    ).fetchone()
    return Selection(data, row["person"], client_id, row["week"]) if row else None
