"""The list of threads."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Group
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Follow, Level
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Post, ReadMark, Thread, ThreadKind
from lmssocial.widgets.discussion.queries.threads import followed_by

THREADS = 30
"""Threads on a page of the list."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

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
    kind: ThreadKind
    audience: Audience
    group_name: str | None
    is_solved: bool
    endorsed_count: int
    people_count: int
    helped_count: int
    due_at: datetime | None
    level: Level | None


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
    values: dict[str, Any] = {**ids_of(actor), "placement": placement_id}
    begin = _read_place(after)
    if begin is not None:
        values |= {"last_pinned": begin[0], "last_at": begin[1], "last_id": begin[2]}
    statement = _statement(view, moderates=actor.moderates, goes_on=begin is not None)
    rows = [ThreadRow._make(row) for row in session.connection().execute(statement, values)]
    return ThreadList(tuple(rows[:THREADS]), _write_place(rows[THREADS - 1]) if len(rows) > THREADS else "")


_ABOUT = (
    Thread.kind,
    Thread.audience,
    Group.name,
    Thread.solved_id.is_not(None),
    Thread.endorsed_count,
    Thread.people_count,
    Thread.helped_count,
    Thread.due_at,
    Follow.level,
)


@cache
def _statement(view: View, *, moderates: bool, goes_on: bool) -> Statement:
    actor = AnyActor(moderates)
    author, last_author = aliased(User), aliased(User)
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
            author.name,
            Thread.reply_count,
            Thread.last_activity_at,
            last_author.name,
            unread,
            ReadMark.user_id.is_(None),
            *_ABOUT,
        )
        .join(author, author.id == Thread.author_id)
        .join(last_author, last_author.id == Thread.last_author_id)
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == actor.user_id))
        .outerjoin(Group, Group.id == Thread.group_id)
        .outerjoin(Follow, followed_by(actor))
        .where(Thread.placement_id == bindparam("placement"), access.threads_seen_by(actor))
        .order_by(*(column.desc() for column in place))
        .limit(THREADS + 1)
    )
    if (
        not moderates
    ):  # removed threads stand in the list of staff only; their authors reach them by their address
        statement = statement.where(Thread.state != State.REMOVED)
    if view is View.UNREAD:
        statement = statement.where(unread > 0)
    elif view is View.MINE:
        statement = statement.where(Thread.id.in_(_written_in(actor)))
    if goes_on:
        names = ("last_pinned", "last_at", "last_id")
        last = (bindparam(name, type_=column.type) for name, column in zip(names, place, strict=True))
        statement = statement.where(tuple_(*place) < tuple_(*last))
    return statement


def _written_in(actor: AnyActor) -> Statement:
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
        place = bool(pinned), _EPOCH + at * _MICROSECOND, thread_id
    except (ValueError, OverflowError):
        return None
    return place if abs(thread_id) <= LARGEST_ID else None
