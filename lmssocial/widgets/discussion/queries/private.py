"""Private threads beside the posts they are about."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Post, Thread


class PrivateThread(NamedTuple):
    """A private thread about a post."""

    id: int
    learner_id: int | None
    learner_name: str


class About(NamedTuple):
    """The post that a private thread is about, for somebody who reads it."""

    id: int
    number: int | None
    thread_title: str
    author_name: str


def private_threads(
    session: Session, actor: Actor, post_ids: Sequence[int]
) -> dict[int, list[PrivateThread]]:
    """Id of a post → the private threads about it that the actor sees, the oldest first. One query."""
    rows = session.execute(
        select(Thread.about_id, Thread.id, Thread.learner_id, User.name)
        .join(User, User.id == Thread.learner_id)
        .where(
            Thread.about_id.in_(post_ids),
            Thread.audience == Audience.PRIVATE,
            Thread.state == State.PUBLISHED,
            access.threads_seen_by(actor),
        )
        .order_by(Thread.id)
    )
    found: dict[int, list[PrivateThread]] = {}
    for row in rows:
        found.setdefault(row.about_id or 0, []).append(PrivateThread(row.id, row.learner_id, row.name))
    return found


def about(session: Session, actor: Actor, placement_id: int, post_id: int) -> About | None:
    """The post a thread is about, if the actor reads it; ``None`` once they do not any more. One query."""
    row = session.execute(
        select(Contribution.id, Post.number, Thread.title, User.name)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(User, User.id == Contribution.author_id)
        .where(
            Contribution.id == post_id,
            Thread.placement_id == placement_id,
            and_(access.posts_seen_by(actor), access.words_read_by(actor)),
        )
    ).first()
    return About(*row) if row else None
