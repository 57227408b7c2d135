"""Rounds over things whose time has come: each in a transaction of its own, so that one that fails harms no other.

A thing is a row that says when it has to be looked at (``next_at``) and when that was done the last time
(``looked_at``).
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work

log = structlog.get_logger(__name__)

Look = Callable[[Session, int], object]


def run_due(
    sessions: sessionmaker[Session],
    due: Select[int],
    look: Look,
    look_later: Look,
    *,
    what: str,
    seconds: float,
) -> int:
    """Look at every thing that ``due`` finds; says at how many. Safe to run in several processes.

    :param due: the ids, in the order in which they are looked at.
    :param look: does what is due with one of them; whatever it raises is noted in the log.
    :param look_later: puts one off that could not be looked at.
    :param what: what they are called in the log.
    :param seconds: after this no other one is begun, as others wait for the same thread.
    """
    until = time.monotonic() + seconds
    with sessions() as session:
        waiting = session.scalars(due).all()
    done = 0
    for one in waiting:
        if time.monotonic() > until:
            break
        try:
            with sessions() as session, unit_of_work(session):
                look(session, one)
            done += 1
        except Exception:
            log.exception("one was not looked at", what=what, id=one)
            with sessions() as session, unit_of_work(session):
                look_later(session, one)
    return done


def look_later(
    session: Session,
    model: Any,
    which: ColumnElement[bool],
    now: datetime,
    soonest: timedelta,
    latest: timedelta,
) -> None:
    """Put one off by half as long again as it has not been looked at, within limits.

    :param model: the class of its row, with ``looked_at`` and ``next_at``.
    """
    looked_at = session.scalar(select(model.looked_at).where(which))
    wait = min(max((now - (looked_at or now)) / 2, soonest), latest)
    statement = update(model).where(which).values(next_at=now + wait)
    session.execute(statement.execution_options(synchronize_session=False))
