"""What the demo LMS keeps: one small SQLite file, and nothing of it inside the tool's database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tool (
    client_id TEXT PRIMARY KEY, deployment_id TEXT NOT NULL, name TEXT NOT NULL, login_url TEXT NOT NULL,
    launch_url TEXT NOT NULL, redirect_uris TEXT NOT NULL, jwks_url TEXT NOT NULL, scopes TEXT NOT NULL,
    added_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS activity (
    id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES tool ON DELETE CASCADE, week INTEGER NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, url TEXT NOT NULL, custom TEXT NOT NULL, added_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS click (
    hint TEXT PRIMARY KEY, person TEXT NOT NULL, client_id TEXT NOT NULL, activity_id TEXT, week INTEGER,
    target TEXT NOT NULL, review_of TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS selection (
    data TEXT PRIMARY KEY, person TEXT NOT NULL, client_id TEXT NOT NULL, week INTEGER NOT NULL,
    expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS seen_once (
    client_id TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, kind, value));
CREATE TABLE IF NOT EXISTS access_token (
    token_hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, scopes TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS registration_token (token_hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS notice_handler (
    client_id TEXT NOT NULL REFERENCES tool ON DELETE CASCADE, notice_type TEXT NOT NULL, handler TEXT NOT NULL,
    PRIMARY KEY (client_id, notice_type));
CREATE TABLE IF NOT EXISTS line_item (
    id INTEGER PRIMARY KEY, client_id TEXT NOT NULL REFERENCES tool ON DELETE CASCADE, label TEXT NOT NULL,
    score_maximum REAL NOT NULL, resource_id TEXT, tag TEXT,
    activity_id TEXT REFERENCES activity ON DELETE CASCADE, starts TEXT, ends TEXT);
CREATE TABLE IF NOT EXISTS score (
    line_item_id INTEGER NOT NULL REFERENCES line_item ON DELETE CASCADE, person TEXT NOT NULL,
    stamped TEXT NOT NULL, given REAL, maximum REAL, comment TEXT NOT NULL, activity_progress TEXT NOT NULL,
    grading_progress TEXT NOT NULL, PRIMARY KEY (line_item_id, person));
"""


def prepare(path: Path) -> None:
    """Make the file and its tables, if they are not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = connect(path)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(_SCHEMA)
    finally:
        db.close()


def connect(path: Path) -> sqlite3.Connection:
    """Open the store. Every statement stands by itself unless it is inside :func:`together`."""
    db = sqlite3.connect(path, timeout=10, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = NORMAL")
    return db


@contextmanager
def together(db: sqlite3.Connection) -> Iterator[None]:
    """Make the statements of the block one: all of them, or none if it raises."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def first_time(
    db: sqlite3.Connection, client_id: str, kind: str, value: str, *, now: int, expires_at: int
) -> bool:
    """Note that ``value`` was used; False if it had been used before. Of two at the same moment, one wins.

    :param kind: what it is, ``assertion`` or ``selection``, because a JWT id is unique per kind only.
    :param now: the present moment, in Unix seconds; notes that ran out are dropped on the way.
    :param expires_at: until when it has to be remembered, in Unix seconds.
    """
    db.execute("DELETE FROM seen_once WHERE expires_at < ?", (now,))
    noted = db.execute(
        "INSERT INTO seen_once VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (client_id, kind, value, expires_at),
    )
    return noted.rowcount == 1
