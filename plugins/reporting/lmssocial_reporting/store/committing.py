"""Doing something elsewhere as soon as a transaction is committed, and not at all if it is rolled back."""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session

_WAITING = "lmssocial_reporting.once_committed"


def once_committed(session: Session, do: Callable[[], None]) -> None:
    """Do something after the transaction of ``session`` is committed; what it raises goes through to who commits."""
    if _WAITING not in session.info:
        session.info[_WAITING] = []
        event.listen(session, "after_commit", _do)
        event.listen(session, "after_rollback", _drop)
    session.info[_WAITING].append(do)


def _do(session: Session) -> None:
    if session.in_nested_transaction():  # only a savepoint was released
        return
    waiting: list[Callable[[], None]] = session.info[_WAITING]
    while waiting:
        waiting.pop(0)()


def _drop(session: Session) -> None:
    session.info[_WAITING].clear()
