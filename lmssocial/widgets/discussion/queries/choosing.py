"""Which threads a list shows, and in which order: what somebody may ask for, as values and as clauses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, true

from lmssocial.lms.identity.prepared import AnyActor
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Follow, Level, Mark
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, Thread, ThreadKind

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""


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
    with_groups: bool = False
    """Whether to bring along the groups that the list can be narrowed to."""
    after: str = ""
    """``ThreadList.after`` of the page before; anything else begins at the beginning."""


class Shape(NamedTuple):
    """All that the wording of the statement depends on; the rest are values."""

    view: View
    sort: Sort
    tagged: bool
    grouped: bool
    with_groups: bool
    goes_on: bool
    moderates: bool


UNSOLVED = and_(Thread.kind == ThreadKind.QUESTION, Thread.solved_id.is_(None))

NEED = case(
    (and_(UNSOLVED, Thread.reply_count == 0), 3),
    (UNSOLVED, 2),
    (and_(Thread.kind == ThreadKind.DISCUSSION, Thread.reply_count == 0), 1),
    else_=0,
)
"""How much a thread waits for an answer."""

ORDERS: Mapping[Sort, tuple[Any, ...]] = {
    Sort.ACTIVITY: (Thread.pinned, Thread.last_activity_at, Thread.id),
    Sort.NEW: (Thread.created_at, Thread.id),
    Sort.UNANSWERED: (NEED, Thread.created_at, Thread.id),
    Sort.POPULAR: (Thread.heat, Thread.id),
}
"""By what each order sorts, the largest first. The last is unique, so a page begins where the one before ended."""


def conditions(shape: Shape, actor: AnyActor, unread: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Which of the threads that the actor sees are shown."""
    wanted = [_shown_in(shape.view, actor, unread)]
    if not shape.moderates:
        # removed threads stand in the list of staff only; their authors reach them by their address
        wanted.append(Thread.state != State.REMOVED)
    if shape.sort is Sort.UNANSWERED:
        wanted.append(NEED > 0)
    if shape.tagged:
        wanted.append(Thread.id.in_(_tagged(actor)))
    if shape.grouped:
        wanted.append(Thread.group_id == bindparam("group"))
    return wanted


def _shown_in(view: View, actor: AnyActor, unread: ColumnElement[int]) -> ColumnElement[bool]:
    not_muted = or_(Follow.level.is_(None), Follow.level != Level.MUTE)
    conditions: Mapping[View, ColumnElement[bool]] = {
        View.ALL: true(),
        View.UNREAD: and_(unread > 0, not_muted),
        View.MINE: Thread.id.in_(_written_in(actor)),
        View.FOLLOWING: Follow.level.in_((Level.WATCH, Level.FOLLOW)),
        View.SAVED: Thread.id.in_(_saved_from(actor)),
        View.QUESTIONS: Thread.kind == ThreadKind.QUESTION,
        View.UNSOLVED: UNSOLVED,
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
            access.posts_open(actor),
        )
    )
