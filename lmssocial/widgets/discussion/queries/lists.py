"""The list of threads: which ones, in which order, page by page."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from lmssocial.core.db import LARGEST_ID
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Group
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Follow, Level, Mark
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
    """With posts the person has not read, unless they muted the thread."""
    MINE = "mine"
    """Where the person has written something."""
    FOLLOWING = "following"
    """That the person watches or follows."""
    SAVED = "saved"
    """With posts the person put aside."""
    QUESTIONS = "questions"
    UNSOLVED = "unsolved"
    """Questions whose asker has not said what solved them."""
    ANNOUNCEMENTS = "announcements"


class Sort(StrEnum):
    """In which order a list shows them."""

    ACTIVITY = "activity"
    """Pinned first, then by the newest post."""
    NEW = "new"
    """By when they were opened."""
    UNANSWERED = "unanswered"
    """Only what waits for an answer: questions nobody answered, unsolved questions, threads nobody answered."""
    POPULAR = "popular"
    """By how many people they reached lately; see :mod:`lmssocial.widgets.discussion.popularity`."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asks of the list."""

    view: View = View.ALL
    sort: Sort = Sort.ACTIVITY
    tag: str = ""
    """Only threads with a post that carries this tag; folded as tags are kept. Empty: all."""
    group_id: int | None = None
    """Only threads of this group."""
    after: str = ""
    """``ThreadList.after`` of the page before; anything else begins at the beginning."""


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


class _Shape(NamedTuple):
    """All that the wording of the statement depends on; the rest are values."""

    view: View
    sort: Sort
    tagged: bool
    grouped: bool
    goes_on: bool
    moderates: bool


def thread_list(
    session: Session, actor: Actor, placement_id: int, wanted: Wanted | None = None
) -> ThreadList:
    """The threads of a discussion that the actor sees and asks for. One query."""
    wanted = wanted or Wanted()
    values: dict[str, Any] = {**ids_of(actor), "placement": placement_id, "now": clock.now()}
    if wanted.tag:
        values["tag"] = wanted.tag
    if wanted.group_id is not None:
        values["group"] = wanted.group_id
    begin = _read_place(wanted.sort, wanted.after)
    values |= begin or {}
    shape = _Shape(
        view=wanted.view,
        sort=wanted.sort,
        tagged=bool(wanted.tag),
        grouped=wanted.group_id is not None,
        goes_on=begin is not None,
        moderates=actor.moderates,
    )
    found = session.connection().execute(_statement(shape), values).all()
    width = len(ThreadRow._fields)
    rows = tuple(ThreadRow._make(row[:width]) for row in found[:THREADS])
    return ThreadList(rows, _write_place(found[THREADS - 1][width:]) if len(found) > THREADS else "")


_ABOUT = (
    Thread.kind,
    Thread.audience,
    case((Thread.audience != Audience.EVERYBODY, Group.name)),
    Thread.solved_id.is_not(None),
    Thread.endorsed_count,
    Thread.people_count,
    Thread.helped_count,
    Thread.due_at,
    Follow.level,
)

_UNSOLVED = and_(Thread.kind == ThreadKind.QUESTION, Thread.solved_id.is_(None))

_NEED = case(
    (and_(_UNSOLVED, Thread.reply_count == 0), 3),
    (_UNSOLVED, 2),
    (and_(Thread.kind == ThreadKind.DISCUSSION, Thread.reply_count == 0), 1),
    else_=0,
)
"""How much a thread waits for an answer."""

_ORDERS: Mapping[Sort, tuple[Any, ...]] = {
    Sort.ACTIVITY: (Thread.pinned, Thread.last_activity_at, Thread.id),
    Sort.NEW: (Thread.created_at, Thread.id),
    Sort.UNANSWERED: (_NEED, Thread.created_at, Thread.id),
    Sort.POPULAR: (Thread.heat, Thread.id),
}
"""By what each order sorts, the largest first. The last is unique, so a page begins where the one before ended."""


@cache
def _statement(shape: _Shape) -> Statement:
    actor = AnyActor(shape.moderates)
    author, last_author = aliased(User), aliased(User)
    read = func.coalesce(ReadMark.last_read_number, 0) + func.coalesce(ReadMark.read_ahead_count, 0)
    unread = case(  # where one has to answer first, only the opening is there to be read
        (access.answers_open(actor), Thread.highest_number - read), (read == 0, 1), else_=0
    )
    order = _ORDERS[shape.sort]
    statement: Statement = (
        select(
            Thread.id,
            Thread.title,
            Thread.state,
            Thread.pinned,
            access.locked_at(bindparam("now", type_=Thread.locks_at.type)),
            author.name,
            Thread.reply_count,
            Thread.last_activity_at,
            last_author.name,
            unread,
            ReadMark.user_id.is_(None),
            *_ABOUT,
            *(column.label(f"place_{number}") for number, column in enumerate(order)),
        )
        .join(author, author.id == Thread.author_id)
        .join(last_author, last_author.id == Thread.last_author_id)
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == actor.user_id))
        .outerjoin(Group, Group.id == Thread.group_id)
        .outerjoin(Follow, followed_by(actor))
        .where(Thread.placement_id == bindparam("placement"), access.threads_seen_by(actor))
        .where(Thread.merged_into_id.is_(None), *_conditions(shape, actor, unread))
        .order_by(*(column.desc() for column in order))
        .limit(THREADS + 1)
    )
    if shape.goes_on:
        last = (bindparam(f"last_{number}", type_=column.type) for number, column in enumerate(order))
        statement = statement.where(tuple_(*order) < tuple_(*last))
    return statement


def _conditions(shape: _Shape, actor: AnyActor, unread: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Which of the threads that the actor sees are shown."""
    conditions = [_shown_in(shape.view, actor, unread)]
    if not shape.moderates:
        # removed threads stand in the list of staff only; their authors reach them by their address
        conditions.append(Thread.state != State.REMOVED)
    if shape.sort is Sort.UNANSWERED:
        conditions.append(_NEED > 0)
    if shape.tagged:
        conditions.append(Thread.id.in_(_tagged(actor)))
    if shape.grouped:
        conditions.append(Thread.group_id == bindparam("group"))
    return conditions


def _shown_in(view: View, actor: AnyActor, unread: ColumnElement[int]) -> ColumnElement[bool]:
    not_muted = or_(Follow.level.is_(None), Follow.level != Level.MUTE)
    conditions: Mapping[View, ColumnElement[bool]] = {
        View.ALL: true(),
        View.UNREAD: and_(unread > 0, not_muted),
        View.MINE: Thread.id.in_(_written_in(actor)),
        View.FOLLOWING: Follow.level.in_((Level.WATCH, Level.FOLLOW)),
        View.SAVED: Thread.id.in_(_saved_from(actor)),
        View.QUESTIONS: Thread.kind == ThreadKind.QUESTION,
        View.UNSOLVED: _UNSOLVED,
        View.ANNOUNCEMENTS: Thread.kind == ThreadKind.ANNOUNCEMENT,
    }
    return conditions[view]


def _written_in(actor: AnyActor) -> Statement:
    return (
        select(Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Contribution.author_id == actor.user_id, Contribution.state != State.REMOVED)
    )


def _saved_from(actor: AnyActor) -> Statement:
    return (
        select(Post.thread_id)
        .join(Mark, Mark.contribution_id == Post.contribution_id)
        .where(Mark.user_id == actor.user_id, Mark.saved_at.is_not(None))
    )


def _tagged(actor: AnyActor) -> Statement:
    return (
        select(Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .join(Tagging, Tagging.contribution_id == Post.contribution_id)
        .join(Tag, Tag.id == Tagging.tag_id)
        .where(
            Tag.community_id == actor.community_id,
            Tag.name == bindparam("tag"),
            Contribution.state == State.PUBLISHED,
        )
    )


def _write_place(values: Any) -> str:
    """Where a page ended, as text for an address."""
    return "_".join(
        str((value - _EPOCH) // _MICROSECOND)
        if isinstance(value, datetime)
        else repr(value)
        if isinstance(value, float)
        else str(int(value))
        for value in values
    )


def _read_place(sort: Sort, text: str) -> dict[str, Any] | None:
    """What :func:`_write_place` wrote, as values; ``None`` if it is anything else."""
    parts, order = text.split("_"), _ORDERS[sort]
    if len(parts) != len(order):
        return None
    try:
        values = [_read(part, column) for part, column in zip(parts, order, strict=True)]
    except (ValueError, OverflowError):
        return None
    return {f"last_{number}": value for number, value in enumerate(values)}


def _read(part: str, column: Any) -> Any:
    if column is Thread.heat:
        if not math.isfinite(heat := float(part)):
            raise ValueError(part)
        return heat
    number = int(part)
    if column is Thread.pinned:
        return bool(number)
    if column is Thread.last_activity_at or column is Thread.created_at:
        return _EPOCH + number * _MICROSECOND
    if abs(number) > LARGEST_ID:
        raise ValueError(part)
    return number
