"""Doing something elsewhere as soon as a transaction is committed, and not at all if it is rolled back."""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

_WAITING = "lmssocial_reporting.once_committed"
_COMMITTED = "lmssocial_reporting.is_committed"


def once_committed(session: Session, do: Callable[[], None]) -> None:
    """Do something after the transaction of ``session`` has ended with a commit.

    What it raises goes through to who commits. By then the connection is given back, and rolling back changes nothing.
    A savepoint that is rolled back takes along everything that waits, also what was there before it.
    """
    if _WAITING not in session.info:
        session.info[_WAITING] = []
        event.listen(session, "after_commit", _note)
        event.listen(session, "after_soft_rollback", _drop)
        event.listen(session, "after_transaction_end", _end)
    session.info[_WAITING].append(do)


def _note(session: Session) -> None:
    session.info[_COMMITTED] = not session.in_nested_transaction()  # otherwise only a savepoint was released


def _drop(session: Session, _ended: SessionTransaction) -> None:
    session.info[_WAITING].clear()


def _end(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is not None:
        return
    waiting: list[Callable[[], None]] = session.info[_WAITING][:]
    session.info[_WAITING].clear()
    if session.info.pop(_COMMITTED, False):
        for do in waiting:
            do()
