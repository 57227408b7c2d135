"""A thread and its posts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, and_, case, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, Draft, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, ReadMark, Thread
from lmssocial.widgets.discussion.reading import Progress, read_ranges

POSTS = 50
"""Posts on a page of a thread."""

CONTEXT = 5
"""Posts shown before one that was asked for by its address."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""

# Made once: an alias made in each request would copy every column of its table each time, half the cost of a page.
_opening, _waiting, _answered = aliased(Contribution), aliased(Contribution), aliased(Contribution)
_parent, _answered_author = aliased(Post), aliased(User)


class ThreadHead(NamedTuple):
    """A thread, how far the person has read it, and what they were writing as an answer to it."""

    id: int
    placement_id: int
    title: str
    state: State
    pinned: bool
    locked: bool
    author_id: int
    author_name: str
    opening_id: int
    opening_state: State
    reply_count: int
    highest_number: int
    version: int
    last_read: int
    read_ahead: str
    has_waiting: bool
    """Whether something of this person, or for this moderator, waits."""
    draft_source: str | None
    draft_sequence: int | None
    draft_at: datetime | None

    @property
    def progress(self) -> Progress:
        """What the person has read."""
        return Progress(self.last_read, read_ranges(self.read_ahead))


def thread_head(session: Session, actor: Actor, placement_id: int, thread_id: int) -> ThreadHead:
    """A thread the actor sees. One query.

    :raises NotFound: if they do not see it, or it is not in that placement.
    """
    waits = exists().where(
        Post.thread_id == Thread.id,
        Post.number.is_(None),
        _waiting.id == Post.contribution_id,
        _waiting.state.in_(access.WAITING),
        literal(actor.is_staff) | (_waiting.author_id == actor.user_id),
    )
    target = literal("reply:") + cast(Thread.opening_id, String)
    row = session.execute(
        select(
            Thread.id,
            Thread.placement_id,
            Thread.title,
            Thread.state,
            Thread.pinned,
            Thread.locked,
            Thread.author_id,
            User.name,
            Thread.opening_id,
            _opening.state,
            Thread.reply_count,
            Thread.highest_number,
            Thread.version,
            func.coalesce(ReadMark.last_read_number, 0),
            func.coalesce(ReadMark.read_ahead, ""),
            waits,
            Draft.source,
            Draft.sequence,
            Draft.updated_at,
        )
        .join(User, User.id == Thread.author_id)
        .join(_opening, _opening.id == Thread.opening_id)
        .outerjoin(ReadMark, and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == actor.user_id))
        .outerjoin(Draft, and_(Draft.user_id == actor.user_id, Draft.target == target))
        .where(Thread.id == thread_id, Thread.placement_id == placement_id, access.threads_seen_by(actor))
    ).first()
    if row is None:
        raise NotFound(
            _("This thread does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no thread {thread_id} in placement {placement_id}",
        )
    return ThreadHead._make(row)


class PostView(NamedTuple):
    """A post as a page shows it. Everything in it is a plain value, so that what was made of it can be kept."""

    id: int
    number: int | None
    depth: int
    parent_number: int | None
    parent_author: str | None
    author_id: int
    author_name: str
    author_role: str
    state: State
    html: str
    """Empty if the person may not read the words."""
    note: str
    """What its author and moderators are told about its state; empty for everybody else."""
    at: datetime
    """When it was published, or written if it was not."""
    edited_at: datetime | None
    removed_by_author: bool


@dataclass(frozen=True)
class Window:
    """Which part of a thread a page shows: from its beginning, or where one of these numbers says."""

    after: int | None = None
    before: int | None = None
    at: int | None = None


@dataclass(frozen=True)
class PostPage:
    """Part of a thread."""

    posts: tuple[PostView, ...]
    has_later: bool

    @property
    def has_earlier(self) -> bool:
        """Whether there are posts before these; post 1 always comes first."""
        return bool(self.posts) and self.posts[0].number != 1


def posts(session: Session, actor: Actor, thread_id: int, window: Window) -> PostPage:
    """The posts of a thread the actor sees, in reading order. One query, whatever the size of the thread."""
    statement = _posts_for(actor).where(Post.thread_id == thread_id, Post.path.is_not(None))
    backwards = False
    if window.after is not None:
        statement = statement.where(Post.path > _path_of(thread_id, window.after))
    elif window.before is not None:
        statement = statement.where(Post.path < _path_of(thread_id, window.before))
        backwards = True
    elif window.at is not None:
        statement = statement.where(Post.path >= _path_before(thread_id, window.at))
    order = Post.path.desc() if backwards else Post.path
    rows = [PostView._make(row) for row in session.execute(statement.order_by(order).limit(POSTS + 1))]
    if backwards:
        return PostPage(tuple(reversed(rows[:POSTS])), has_later=True)
    return PostPage(tuple(rows[:POSTS]), has_later=len(rows) > POSTS)


def waiting_posts(session: Session, actor: Actor, thread_id: int) -> tuple[PostView, ...]:
    """What waits for a moderator in a thread: the actor's own, and for staff everybody's. One query."""
    statement = _posts_for(actor).where(
        Post.thread_id == thread_id,
        Post.number.is_(None),
        Contribution.state.in_(access.WAITING),
        literal(actor.is_staff) | (Contribution.author_id == actor.user_id),
    )
    rows = session.execute(statement.order_by(Contribution.id).limit(POSTS))
    return tuple(PostView._make(row) for row in rows)


def _posts_for(actor: Actor) -> Statement:
    """The columns of :class:`PostView`; words and notes stay in the database if the actor may not read them."""
    told = literal(actor.is_staff) | (Contribution.author_id == actor.user_id)
    readable = and_(access.words_read_by(actor), Contribution.state != State.REMOVED)
    return (
        select(
            Contribution.id,
            Post.number,
            Post.depth,
            _parent.number,
            _answered_author.name,
            Contribution.author_id,
            User.name,
            Contribution.author_role,
            Contribution.state,
            case((readable, Contribution.html), else_=""),
            case((told, Contribution.note), else_=""),
            func.coalesce(Contribution.published_at, Contribution.created_at),
            Contribution.edited_at,
            func.coalesce(Contribution.removed_by_id == Contribution.author_id, literal(value=False)),
        )
        .select_from(Post)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .join(User, User.id == Contribution.author_id)
        .outerjoin(_parent, _parent.contribution_id == Post.parent_id)
        .outerjoin(_answered, _answered.id == Post.parent_id)
        .outerjoin(_answered_author, _answered_author.id == _answered.author_id)
    )


def _path_of(thread_id: int, number: int) -> Any:
    return select(Post.path).where(Post.thread_id == thread_id, Post.number == number).scalar_subquery()


def _path_before(thread_id: int, number: int) -> Any:
    """The path a few posts before ``number``, so that it is seen in its surroundings."""
    before = (
        select(Post.path)
        .where(Post.thread_id == thread_id, Post.path <= _path_of(thread_id, number))
        .order_by(Post.path.desc())
        .limit(CONTEXT + 1)
        .subquery()
    )
    return select(func.min(before.c.path)).scalar_subquery()
