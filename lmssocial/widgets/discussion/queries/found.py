"""Finding posts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.search.excerpts import Passage
from lmssocial.social.search.queries import search
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.publishing import POST


@dataclass(frozen=True)
class FoundPost:
    """A post that has every word of the query."""

    id: int
    number: int | None
    thread_title: str
    title: tuple[Passage, ...]
    """The thread's title with hits marked, if this is its opening."""
    excerpt: tuple[Passage, ...]
    author_name: str
    author_role: str
    at: datetime


@dataclass(frozen=True)
class FoundPosts:
    """A page of what was found."""

    posts: tuple[FoundPost, ...]
    after: str
    asked: bool


def found_posts(session: Session, actor: Actor, placement_id: int, query: str, after: str = "") -> FoundPosts:
    """What the actor finds in one discussion, among the posts whose words they may read. Two queries."""
    readable = (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Thread.placement_id == placement_id,
            and_(access.posts_seen_by(actor), access.words_read_by(actor)),
            Contribution.state != State.REMOVED,
        )
    )
    hits = search(session, actor, query, kind=POST, within=readable, after=after)
    if not hits.hits:
        return FoundPosts((), "", hits.asked)
    rows = session.execute(
        select(Contribution.id, Post.number, Thread.title, User.name, Contribution.author_role)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(User, User.id == Contribution.author_id)
        .where(Contribution.id.in_([hit.subject_id for hit in hits.hits]))
    )
    known = {row.id: row for row in rows}
    return FoundPosts(
        tuple(
            FoundPost(
                hit.subject_id,
                row.number,
                row.title,
                hit.title,
                hit.excerpt,
                row.name,
                row.author_role,
                hit.at,
            )
            for hit in hits.hits
            if (row := known.get(hit.subject_id)) is not None
        ),
        hits.after,
        hits.asked,
    )
