"""Links to posts, followed backwards."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.connection_models import Reference
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, Thread

MOST = 200
"""Links back that one page looks at."""


class Link(NamedTuple):
    """A post that links to another."""

    id: int
    number: int
    placement_id: int
    thread_id: int
    thread_title: str
    author_name: str


def is_linked() -> ColumnElement[bool]:
    """Whether anything links to a post; over contributions. Who may read what does, :func:`links_to` says."""
    return exists().where(Reference.to_id == Contribution.id)


def links_to(session: Session, actor: Actor, post_ids: Sequence[int]) -> dict[int, list[Link]]:
    """Id of a post → the published posts that link to it and that the actor reads, the oldest first. One query."""
    rows = session.execute(
        select(
            Reference.to_id,
            Contribution.id,
            Post.number,
            Thread.placement_id,
            Thread.id,
            Thread.title,
            User.name,
        )
        .join(Contribution, Contribution.id == Reference.from_id)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(User, User.id == Contribution.author_id)
        .where(
            Reference.to_id.in_(post_ids),
            Contribution.state == State.PUBLISHED,
            Post.number.is_not(None),
            access.posts_seen_by(actor),
        )
        .order_by(Contribution.id)
        .limit(MOST)
    )
    found: dict[int, list[Link]] = {}
    for row in rows:
        found.setdefault(row.to_id, []).append(Link._make(row[1:]))
    return found
