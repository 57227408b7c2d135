"""Taking posts as read. Each takes a session, asks access first, and never commits."""

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.via import Via
from lmssocial.widgets.discussion import access, marks, publishing
from lmssocial.widgets.discussion.events import PostsRead
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.reading import Progress

MOST = 100
"""Posts that one event names; nobody reads more at once."""


def mark_read(
    session: Session, actor: Actor, thread_id: int, numbers: Collection[int], via: Via = Via.NOTHING
) -> Progress:
    """Remember that ``actor`` has seen these posts of a thread; what was read stays read.

    :param via: what had led to them.
    :raises NotFound: if the actor does not see the thread.
    """
    thread = access.require_thread(session, actor, thread_id)
    before = marks.progress_of(session, actor.user_id, thread_id)
    new = {one for one in numbers if 1 <= one <= thread.highest_number and not before.has_read(one)}
    after = before.and_read(new)
    if new:
        marks.store(session, actor.user_id, thread_id, after)
        others = _posts_of_others(session, actor, thread_id, new)
        activity.record(
            session,
            PostsRead(
                **publishing.envelope(actor, thread),
                count=len(new),
                post_ids=tuple(others),
                author_ids=tuple(others.values()),
                via=via,
            ),
        )
    return after


def mark_all_read(session: Session, actor: Actor, placement_id: int) -> None:
    """Take every post of a discussion, as of now, as read. One statement, however many threads there are.

    :raises NotFound: if the actor's community has no discussion at that placement.
    """
    access.require_place(session, actor, placement_id)
    marks.read_everything(
        session,
        actor.user_id,
        and_(Thread.placement_id == placement_id, access.threads_seen_by(actor)),
        access.answers_open(actor),
    )


def _posts_of_others(
    session: Session, actor: Actor, thread_id: int, numbers: Collection[int]
) -> dict[int, int]:
    """Posts of a thread with these numbers, by others, that the actor reads: their authors by id. One query."""
    rows = session.execute(
        select(Contribution.id, Contribution.author_id)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Thread.id == thread_id,
            Post.number.in_(numbers),
            Contribution.author_id != actor.user_id,
            Contribution.state == State.PUBLISHED,
            access.posts_seen_by(actor),
            access.words_read_by(actor),
        )
        .order_by(Post.number)
        .limit(MOST)
    )
    return {row.id: row.author_id for row in rows}
