"""What is new in the threads that somebody follows: the discussion's side of the digests.

Threads they watch are told of one by one, and are not among these. The port is
:class:`~lmssocial.social.notifications.sections.Followed`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import excerpt
from lmssocial.social.engagement.models import Follow, Level
from lmssocial.social.notifications.ports import Worded
from lmssocial.social.notifications.wording import who
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, ReadMark, Thread
from lmssocial.widgets.discussion.queries.threads import THREAD
from lmssocial.widgets.discussion.reading import Progress, read_ranges

MOST = 300
"""Posts that are looked at; of more, the oldest are left out."""
LENGTH = 160
"""Characters of an excerpt."""


class FollowedThreads:
    """New posts, thread by thread."""

    def news(
        self, session: Session, actor: Actor, since: datetime, told: Collection[int]
    ) -> Sequence[Worded]:
        """See :meth:`~lmssocial.social.notifications.sections.Followed.news`. One query."""
        threads: dict[int, list[Any]] = {}
        for row in session.execute(_statement(actor, since)):
            has_read = Progress(row.last_read, read_ranges(row.read_ahead)).has_read(row.number)
            if not has_read and row.contribution_id not in told:
                threads.setdefault(row.thread_id, []).append(row)
        return [_worded(posts) for posts in threads.values()]


def _statement(actor: Actor, since: datetime) -> Any:
    follows = and_(
        Follow.subject_kind == THREAD,
        Follow.subject_id == Thread.id,
        Follow.user_id == actor.user_id,
        Follow.level == Level.FOLLOW,
    )
    marks = and_(ReadMark.thread_id == Thread.id, ReadMark.user_id == actor.user_id)
    return (
        select(
            Post.thread_id,
            Post.number,
            Post.contribution_id,
            Thread.title,
            Thread.placement_id,
            Contribution.source,
            User.name,
            func.coalesce(ReadMark.last_read_number, 0).label("last_read"),
            func.coalesce(ReadMark.read_ahead, "").label("read_ahead"),
        )
        .select_from(Thread)
        .join(Follow, follows)
        .join(Post, Post.thread_id == Thread.id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .join(User, User.id == Contribution.author_id)
        .outerjoin(ReadMark, marks)
        .where(
            Contribution.published_at > since,
            Contribution.published_at > Follow.at,
            Contribution.state == State.PUBLISHED,
            Contribution.author_id != actor.user_id,
            Post.number.is_not(None),
            access.posts_seen_by(actor),
            access.words_read_by(actor),
        )
        .order_by(Contribution.published_at.desc(), Contribution.id.desc())
        .limit(MOST)
    )


def _worded(posts: Sequence[Any]) -> Worded:
    """One thread; ``posts`` are its new ones, the newest first."""
    newest, first = posts[0], min(posts, key=lambda post: post.number)
    names = tuple(dict.fromkeys(post.name for post in posts))
    return Worded(
        sentence=ngettext(
            "%(num)s new post by %(people)s in a thread you follow",
            "%(num)s new posts by %(people)s in a thread you follow",
            len(posts),
            people=who(names, len(names)),
        ),
        where=newest.title,
        path=f"/w/{newest.placement_id}/discussion/posts/{first.contribution_id}",
        excerpt=excerpt(plain_text(newest.source), LENGTH),
    )
