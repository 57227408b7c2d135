"""The list of threads."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, ReadMark, Thread

THREADS = 30
"""Threads on a page of the list."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

_author, _last_author = aliased(User), aliased(User)  # once: making one copies every column of its table

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class View(StrEnum):
    """Which threads a list shows."""

    ALL = "all"
    UNREAD = "unread"
    """With posts the person has not read."""
    MINE = "mine"
    """Where the person has written something."""


class ThreadRow(NamedTuple):
    """A thread in the list."""

    id: int
    title: str
    state: State
    pinned: bool
    locked: bool
    author_name: str
    reply_count: int
    last_activity_at: datetime
    last_author_name: str
    unread: int
    """How many of its posts the person has not read."""
    is_new: bool
    """Whether they have never read any."""


@dataclass(frozen=True)
class ThreadList:
    """A page of the list."""

    threads: tuple[ThreadRow, ...]
    after: str
    """What to hand in to get the next page; empty if there is none."""


def thread_list(
    session: Session, actor: Actor, placement_id: int, view: View = View.ALL, after: str = ""
) -> ThreadList:
    """Pinned threads first, then by last activity. One query.

    :param after: ``ThreadList.after`` of the page before; anything else begins at the beginning.
    """
    read = func.coalesce(ReadMark.last_read_number, 0) + func.coalesce(ReadMark.read_ahead_count, 0)
    unread = Thread.highest_number - read
    place = (Thread.pinned, Thread.last_activity_at, Thread.id)
    statement: Statement = (
        select(
            Thread.id,
            Thread.title,
            Thread.state,
            Thread.pinned,
            Thread.locked,
            _author.name,
            Thread.reply_count,
            Thread.last_activity_at,
            _last_author.name,
            unread,
            ReadMark.user_id.is_(None),
        )
        .join(_author, _author.id == Thread.author_id)
        .join(_last_author, _last_author.id == Thread.last_author_id)
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == actor.user_id))
        .where(Thread.placement_id == placement_id, access.threads_seen_by(actor), _listed(actor))
        .order_by(*(column.desc() for column in place))
        .limit(THREADS + 1)
    )
    if view is View.UNREAD:
        statement = statement.where(unread > 0)
    elif view is View.MINE:
        statement = statement.where(Thread.id.in_(_written_in(actor)))
    begin = _read_place(after)
    if begin is not None:
        last = [literal(value, column.type) for value, column in zip(begin, place, strict=True)]
        statement = statement.where(tuple_(*place) < tuple_(*last))
    rows = [ThreadRow._make(row) for row in session.execute(statement)]
    return ThreadList(tuple(rows[:THREADS]), _write_place(rows[THREADS - 1]) if len(rows) > THREADS else "")


def _listed(actor: Actor) -> ColumnElement[bool]:
    """Removed threads stand in the list of staff only; their authors reach them by their address."""
    return Thread.state != State.REMOVED if not actor.is_staff else literal(value=True)


def _written_in(actor: Actor) -> Statement:
    return (
        select(Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Contribution.author_id == actor.user_id, Contribution.state != State.REMOVED)
    )


def _write_place(row: ThreadRow) -> str:
    return f"{int(row.pinned)}.{(row.last_activity_at - _EPOCH) // _MICROSECOND}.{row.id}"


def _read_place(text: str) -> tuple[bool, datetime, int] | None:
    try:
        pinned, at, thread_id = map(int, text.split("."))
        return bool(pinned), _EPOCH + at * _MICROSECOND, thread_id
    except (ValueError, OverflowError):
        return None
