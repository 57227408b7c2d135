"""The list of threads: which ones, in which order, page by page."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from lmssocial.core.db import LARGEST_ID
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.social.content.models import State
from lmssocial.social.engagement.models import Follow, Level
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, ReadMark, Thread, ThreadKind
from lmssocial.widgets.discussion.queries.choosing import ORDERS, Shape, Sort, Wanted, conditions
from lmssocial.widgets.discussion.queries.threads import followed_by

_Author, _LastAuthor = aliased(User), aliased(User)

THREADS = 30
"""Threads on a page of the list."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
    groups: tuple[tuple[int, str], ...] = ()
    """Ids and names of the groups the list can be narrowed to: the person's own, all for moderators."""


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
    shape = Shape(
        view=wanted.view,
        sort=wanted.sort,
        tagged=bool(wanted.tag),
        grouped=wanted.group_id is not None,
        with_groups=wanted.with_groups,
        goes_on=begin is not None,
        moderates=actor.moderates,
    )
    found = session.connection().execute(_statement(shape), values).all()
    width = len(ThreadRow._fields)
    rows = tuple(ThreadRow._make(row[:width]) for row in found[:THREADS])
    end = width + len(ORDERS[wanted.sort])
    after = _write_place(found[THREADS - 1][width:end]) if len(found) > THREADS else ""
    return ThreadList(rows, after, _read_groups(found[0][end]) if found and wanted.with_groups else ())


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


@cache
def _statement(shape: Shape) -> Statement:
    actor = AnyActor(shape.moderates)
    read = func.coalesce(ReadMark.last_read_number, 0) + func.coalesce(ReadMark.read_ahead_count, 0)
    unread = case(  # where one has to answer first, only the opening is there to be read
        (access.answers_open(actor), Thread.highest_number - read), (read == 0, 1), else_=0
    )
    order = ORDERS[shape.sort]
    statement: Statement = (
        select(
            Thread.id,
            Thread.title,
            Thread.state,
            Thread.pinned,
            access.locked_at(bindparam("now", type_=Thread.locks_at.type)),
            _Author.name,
            Thread.reply_count,
            Thread.last_activity_at,
            _LastAuthor.name,
            unread,
            ReadMark.user_id.is_(None),
            *_ABOUT,
            *(column.label(f"place_{number}") for number, column in enumerate(order)),
            *([_groups_of(actor).label("groups")] if shape.with_groups else []),
        )
        .join(_Author, _Author.id == Thread.author_id)
        .join(_LastAuthor, _LastAuthor.id == Thread.last_author_id)
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == actor.user_id))
        .outerjoin(Group, Group.id == Thread.group_id)
        .outerjoin(Follow, followed_by(actor))
        .where(Thread.placement_id == bindparam("placement"), access.threads_seen_by(actor))
        .where(Thread.merged_into_id.is_(None), *conditions(shape, actor, unread))
        .order_by(*(column.desc() for column in order))
        .limit(THREADS + 1)
    )
    if shape.goes_on:
        last = (bindparam(f"last_{number}", type_=column.type) for number, column in enumerate(order))
        statement = statement.where(tuple_(*order) < tuple_(*last))
    return statement


_FIELD, _LINE = "\x1f", "\x1e"
"""What stands between id and name, and between groups; no name has either."""


def _groups_of(actor: AnyActor) -> Any:
    """The groups somebody may choose from, as one text: a statement of their own would be one more for every page."""
    groups = select(func.aggregate_strings(cast(Group.id, String) + _FIELD + Group.name, _LINE)).where(
        Group.community_id == actor.community_id
    )
    if not actor.moderates:
        mine = select(GroupMember.group_id).where(GroupMember.user_id == actor.user_id)
        groups = groups.where(Group.id.in_(mine))
    return groups.scalar_subquery()


def _read_groups(text: str | None) -> tuple[tuple[int, str], ...]:
    pairs = (line.partition(_FIELD) for line in (text or "").split(_LINE) if line)
    return tuple(
        sorted(((int(number), name) for number, _field, name in pairs), key=lambda it: it[1].casefold())
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
    parts, order = text.split("_"), ORDERS[sort]
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
