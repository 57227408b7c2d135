"""The administrators' log: every deed is written down with the transaction that does it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.front.admin.models import LogEntry

PAGE = 50


@dataclass(frozen=True)
class By:
    """Who does something."""

    login: str
    account_id: int | None = None


COMMAND_LINE = By("command line")
"""Whoever may run ``lmssocial`` on the machine."""


def note(session: Session, by: By, action: str, subject: str = "") -> None:
    """Write down that ``by`` did ``action`` to ``subject``; there only if the deed itself is committed."""
    session.add(
        LogEntry(at=clock.now(), account_id=by.account_id, who=by.login, action=action, subject=subject[:300])
    )


def entries(session: Session, *, before: int | None = None) -> Sequence[LogEntry]:
    """A page of the log and one entry more, newest first, older than the entry with the id ``before``."""
    query = select(LogEntry).order_by(LogEntry.id.desc()).limit(PAGE + 1)
    return session.scalars(query if before is None else query.where(LogEntry.id < before)).all()
