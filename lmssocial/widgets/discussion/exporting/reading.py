"""Threads and posts for a file, a few hundred at a time: what is in memory does not grow with the discussion."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Group, Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Tally
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Post, Thread, ThreadKind

AT_ONCE = 200
"""Rows that are fetched together."""


class ThreadRow(NamedTuple):
    """A thread, without its posts."""

    id: int
    title: str
    kind: ThreadKind
    state: State
    audience: Audience
    group: str | None
    pinned: bool
    locked: bool
    post_first: bool
    due_at: datetime | None
    locks_at: datetime | None
    solved_post: int | None
    created_at: datetime
    opening: int


class PostRow(NamedTuple):
    """A post with what people said about it; nobody's e-mail, and nobody's own marks."""

    id: int
    thread_id: int
    number: int | None
    parent: int | None
    parent_number: int | None
    depth: int
    author_id: int
    author: str
    author_role: str
    author_is_former: bool
    state: State
    written_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    edits: int
    title: str
    source: str
    html: str
    helpful: int
    endorsed: int
    special_mentions: int
    stars_count: int
    stars_sum: int
    saved: int
    shared: int


@dataclass(frozen=True)
class Export:
    """What goes into a file, and who asked for it."""

    actor: Actor
    placement: Placement
    private: bool = False
    """Whether threads between one member and the moderators are among it."""
    own: bool = False
    """Whether it is only what the actor wrote."""


def export_of(session: Session, actor: Actor, placement_id: int, *, private: bool) -> Export:
    """All of a discussion, for staff.

    :param private: whether private threads are among it; only who moderates reads them, so only they ask.
    :raises NotFound: if there is no such discussion here.
    :raises NotAllowed: if the actor is not staff.
    """
    placement = access.require_place(session, actor, placement_id)
    if not actor.is_staff:
        raise NotAllowed(_("Only instructors and administrators of this course export a discussion."))
    return Export(actor, placement, private=private and actor.moderates)


def own_posts(session: Session, actor: Actor, placement_id: int) -> Export:
    """What the actor wrote in a discussion.

    :raises NotFound: if there is no such discussion here.
    """
    return Export(actor, access.require_place(session, actor, placement_id), private=True, own=True)


def threads(session: Session, export: Export) -> Iterator[ThreadRow]:
    """The threads, the oldest first."""
    last = 0
    while True:
        rows = session.execute(
            select(
                Thread.id,
                Thread.title,
                Thread.kind,
                Thread.state,
                Thread.audience,
                Group.name,
                Thread.pinned,
                Thread.locked,
                Thread.post_first,
                Thread.due_at,
                Thread.locks_at,
                Thread.solved_id,
                Thread.created_at,
                Thread.opening_id,
            )
            .outerjoin(Group, Group.id == Thread.group_id)
            .where(Thread.id > last, _wanted(export))
            .order_by(Thread.id)
            .limit(AT_ONCE)
        ).all()
        for row in rows:
            yield ThreadRow._make(row)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id


def _wanted(export: Export) -> ColumnElement[bool]:
    here = and_(
        Thread.placement_id == export.placement.id,
        Thread.tenant_id == export.actor.tenant_id,
        Thread.merged_into_id.is_(None),
    )
    if export.own:
        wrote = (
            select(Post.contribution_id)
            .join(Contribution, Contribution.id == Post.contribution_id)
            .where(Post.thread_id == Thread.id, Contribution.author_id == export.actor.user_id)
        )
        return and_(here, wrote.exists())
    seen = and_(here, access.threads_seen_by(export.actor))
    return seen if export.private else and_(seen, Thread.audience != Audience.PRIVATE)


def posts(session: Session, export: Export, thread: ThreadRow) -> Iterator[PostRow]:
    """The posts of a thread in reading order, and then those that wait for a moderator."""
    last: str | None = ""
    while last is not None:
        numbered = Post.path > last if last else Post.path.is_not(None)
        rows = _rows(session, export, thread, numbered, Post.path, AT_ONCE)
        yield from (PostRow._make(row[:-1]) for row in rows)
        last = rows[-1].path if len(rows) == AT_ONCE else None
    after = 0
    while True:
        waiting = and_(Post.path.is_(None), Post.contribution_id > after)
        rows = _rows(session, export, thread, waiting, Post.contribution_id, AT_ONCE)
        yield from (PostRow._make(row[:-1]) for row in rows)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def _rows(
    session: Session, export: Export, thread: ThreadRow, which: ColumnElement[bool], by: Any, limit: int
) -> Any:
    statement = _POSTS.where(Post.thread_id == thread.id, which).order_by(by).limit(limit)
    if export.own:
        statement = statement.where(Contribution.author_id == export.actor.user_id)
    return session.execute(statement).all()


_PARENT = aliased(Post)
_POSTS = (
    select(
        Contribution.id,
        Post.thread_id,
        Post.number,
        Post.parent_id,
        _PARENT.number,
        Post.depth,
        Contribution.author_id,
        User.name,
        Contribution.author_role,
        User.is_former,
        Contribution.state,
        Contribution.created_at,
        Contribution.published_at,
        Contribution.edited_at,
        Contribution.edit_count,
        Contribution.title,
        Contribution.source,
        Contribution.html,
        func.coalesce(Tally.helpful, 0),
        func.coalesce(Tally.endorsed, 0),
        func.coalesce(Tally.specially_mentioned, 0),
        func.coalesce(Tally.stars_count, 0),
        func.coalesce(Tally.stars_sum, 0),
        func.coalesce(Tally.saved, 0),
        func.coalesce(Tally.shared, 0),
        Post.path,
    )
    .join(Post, Post.contribution_id == Contribution.id)
    .join(User, User.id == Contribution.author_id)
    .outerjoin(_PARENT, _PARENT.contribution_id == Post.parent_id)
    .outerjoin(Tally, Tally.contribution_id == Contribution.id)
)
