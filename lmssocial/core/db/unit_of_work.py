"""The only place that commits.

The log is numbered in commit order: PostgreSQL hands out ids before commit, so a reader that follows ids could step
over a slow transaction for ever. Rows handed to :func:`add_last` are inserted just before commit, one transaction at
a time, and a cursor that follows their ids misses nothing. SQLite has one writer and needs no lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lmssocial.core.db.engine import READS_ALONE

LOG_TURN = 4_701_113
"""The key of the advisory lock under which the log is numbered; any number nobody else uses."""

_LAST = "lmssocial_add_last"


def add_last(session: Session, row: object) -> None:
    """Insert ``row`` just before commit, so that its id tells when it was committed."""
    session.info.setdefault(_LAST, []).append(row)


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """Commit once if the block succeeds; roll everything back if it does not.

    On SQLite the write lock is taken at the start, so that what was read inside is still true when it is written.
    Whatever was read in this session before is read afresh.

    :raises Exception: whatever the block or the database raised, after the roll-back.
    """
    try:
        _begin_writing(session)
        yield session
        session.flush()  # all other rows first: no row lock is waited for while the turn below is held
        _number_in_commit_order(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_LAST, None)


def _begin_writing(session: Session) -> None:
    options = _writing_options(session.get_bind())
    if not options or session.info.get("outer_transaction"):
        return
    if session.in_transaction() and not (session.new or session.dirty or session.deleted):
        session.rollback()  # ends the reading that this request may have begun
    if not session.in_transaction():
        session.connection(execution_options=options)


def _writing_options(bind: Any) -> dict[str, Any]:
    """What a transaction that writes must ask for at its beginning; nothing where every transaction may."""
    if bind.dialect.name == "sqlite":
        return {"sqlite_begin": "IMMEDIATE"}
    if bind.get_execution_options().get(READS_ALONE):
        return {"isolation_level": "READ COMMITTED", "postgresql_readonly": False}
    return {}


def _number_in_commit_order(session: Session) -> None:
    rows: list[object] = session.info.pop(_LAST, [])
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": LOG_TURN})
    session.add_all(rows)
    session.flush()
