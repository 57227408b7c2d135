"""What a moderator has to see before a thread is moved, split or merged, and where threads went since."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Choice, Poll, Post, Thread

SHOWN = 20
"""Threads that are offered at once."""


class OtherDiscussion(NamedTuple):
    """A discussion of the same community."""

    placement_id: int
    title: str


class OtherThread(NamedTuple):
    """A thread that another may be merged into."""

    id: int
    title: str
    author_name: str
    reply_count: int


@dataclass(frozen=True)
class Extent:
    """What is concerned."""

    posts: int
    """Those with a number."""
    waiting: int
    """Those that wait for a moderator."""
    chosen: int
    """How many of them learners chose to be graded by."""
    has_poll: bool


def other_discussions(session: Session, actor: Actor, placement_id: int) -> tuple[OtherDiscussion, ...]:
    """The other discussions of the community. One query."""
    rows = session.execute(
        select(Placement.id, Placement.title)
        .where(
            Placement.tenant_id == actor.tenant_id,
            Placement.community_id == actor.community_id,
            Placement.widget == access.WIDGET,
            Placement.id != placement_id,
        )
        .order_by(Placement.title, Placement.id)
    )
    return tuple(OtherDiscussion._make(row) for row in rows)


def extent(session: Session, thread_id: int) -> Extent:
    """How much a thread is, for somebody who may see it. Two queries."""
    row = session.execute(
        select(
            func.count(Post.number),
            func.count().filter(Post.number.is_(None), Contribution.state.in_(access.WAITING)),
            func.count(Choice.contribution_id.distinct()),
        )
        .select_from(Post)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .outerjoin(Choice, Choice.contribution_id == Post.contribution_id)
        .where(Post.thread_id == thread_id)
    ).one()
    poll = session.scalar(select(Poll.id).where(Poll.thread_id == thread_id))
    return Extent(*row, has_poll=poll is not None)


def may_take(session: Session, actor: Actor, thread: Thread, words: str) -> tuple[OtherThread, ...]:
    """Threads of the same discussion, for the same readers, that ``thread`` may be merged into. One query.

    :param words: letters of the title, or the address of a thread; without any, those where something happened last.
    """
    statement = (
        select(Thread.id, Thread.title, User.name, Thread.reply_count)
        .join(User, User.id == Thread.author_id)
        .where(
            access.threads_seen_by(actor),
            Thread.placement_id == thread.placement_id,
            Thread.id != thread.id,
            Thread.state == State.PUBLISHED,
            Thread.audience == thread.audience,
            Thread.group_id.is_not_distinct_from(thread.group_id),
            Thread.learner_id.is_not_distinct_from(thread.learner_id),
        )
        .order_by(Thread.last_activity_at.desc(), Thread.id.desc())
        .limit(SHOWN)
    )
    if words := words.strip():
        named = Thread.title.icontains(words, autoescape=True)
        number = words.split("#")[0].split("?")[0].rstrip("/").rpartition("/threads/")[2]
        if number.isascii() and number.isdecimal() and len(number) < 10:
            named = or_(named, Thread.id == int(number))
        statement = statement.where(named)
    return tuple(OtherThread._make(row) for row in session.execute(statement))


class Elsewhere(NamedTuple):
    """Where something stands by now."""

    placement_id: int
    thread_id: int
    post_id: int | None
    """The opening of a thread that was merged into another; ``None`` for a thread that was only moved."""


def thread_elsewhere(session: Session, actor: Actor, placement_id: int, thread_id: int) -> Elsewhere | None:
    """Where a thread went that is not in this discussion any more, if the actor sees it there. One or two queries."""
    merged = session.execute(
        select(Thread.opening_id, Thread.merged_into_id).where(
            Thread.id == thread_id,
            Thread.tenant_id == actor.tenant_id,
            Thread.community_id == actor.community_id,
        )
    ).first()
    if merged is None:
        return None
    statement = select(Thread.placement_id, Thread.id).where(access.threads_seen_by(actor))
    if merged.merged_into_id is None:
        row = session.execute(
            statement.where(Thread.id == thread_id, Thread.placement_id != placement_id)
        ).first()
        return Elsewhere(row.placement_id, row.id, None) if row else None
    row = session.execute(
        statement.join(Post, Post.thread_id == Thread.id).where(Post.contribution_id == merged.opening_id)
    ).first()
    return Elsewhere(row.placement_id, row.id, merged.opening_id) if row else None


def post_elsewhere(session: Session, actor: Actor, placement_id: int, post_id: int) -> Elsewhere | None:
    """In which other discussion a post stands by now, if the actor sees it there. One query."""
    row = session.execute(
        select(Thread.placement_id, Thread.id)
        .join(Post, Post.thread_id == Thread.id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Post.contribution_id == post_id, Thread.placement_id != placement_id, access.posts_seen_by(actor)
        )
    ).first()
    return Elsewhere(row.placement_id, row.id, post_id) if row else None
