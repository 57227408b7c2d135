"""Finding posts, and questions like the one somebody is about to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.search.asking import Asked, understood
from lmssocial.social.search.excerpts import Passage
from lmssocial.social.search.queries import Field, Hits, search
from lmssocial.social.search.similar import similar
from lmssocial.social.search.words import bare, words
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, Thread, ThreadKind
from lmssocial.widgets.discussion.publishing import POST

LIKE = 5
"""Similar questions that are shown."""


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What else, besides the words, chooses what is found."""

    author: str = ""
    """Words of the author's name, or their beginnings."""
    questions: bool = False
    solved: bool = False
    """Only in questions that are solved."""
    days: int | None = None
    """Only what was written in the last so many days."""
    everywhere: bool = False
    """In all discussions of the community."""

    @property
    def narrows(self) -> bool:
        """Whether it chooses anything, so that no word has to be looked for."""
        return bool(self.author or self.questions or self.solved or self.days)


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
    placement_id: int
    placement_title: str
    kind: ThreadKind
    solves: bool
    """Whether it solved its question."""


@dataclass(frozen=True)
class FoundPosts:
    """A page of what was found."""

    posts: tuple[FoundPost, ...]
    after: str
    asked: bool
    corrected: str = ""
    """What they were found by, if nothing was found by the query as it was typed."""


def found_posts(
    session: Session,
    actor: Actor,
    placement_id: int,
    query: str,
    narrowing: Narrowing | None = None,
    *,
    after: str = "",
) -> FoundPosts:
    """What the actor finds among the posts whose words they may read.

    Two queries, a third if an author is named; three more where nothing has the words.
    """
    narrowing, asked = narrowing or Narrowing(), understood(query)
    readable = _readable(actor).where(
        *_narrowed(narrowing), *_tagged(actor, asked.tags), *_written_by(session, actor, narrowing, asked)
    )
    if not narrowing.everywhere:
        readable = readable.where(Thread.placement_id == placement_id)
    hits = search(session, actor, query, Field(POST, readable, narrowing.narrows), after=after)
    if not hits.hits:
        return FoundPosts((), "", hits.asked)
    return FoundPosts(_shown(session, hits), hits.after, hits.asked, hits.corrected)


def _readable(actor: Actor) -> Any:
    """Selects the posts whose words somebody may read."""
    return (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            and_(access.posts_seen_by(actor), access.words_read_by(actor)),
            Contribution.state != State.REMOVED,
        )
    )


def _narrowed(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    conditions = []
    if narrowing.questions or narrowing.solved:
        conditions.append(Thread.kind == ThreadKind.QUESTION)
    if narrowing.solved:
        conditions.append(Thread.solved_id.is_not(None))
    if narrowing.days:
        conditions.append(Contribution.created_at >= clock.now() - timedelta(days=narrowing.days))
    return conditions


def _tagged(actor: Actor, tags: Sequence[str]) -> list[ColumnElement[bool]]:
    return [
        Contribution.id.in_(
            select(Tagging.contribution_id)
            .join(Tag, Tag.id == Tagging.tag_id)
            .where(Tag.community_id == actor.community_id, Tag.name == tag)
        )
        for tag in tags
    ]


def _written_by(
    session: Session, actor: Actor, narrowing: Narrowing, asked: Asked
) -> list[ColumnElement[bool]]:
    """Names are compared as words are: without case and accents, by their beginnings. One query if one is named."""
    named = (*asked.authors, *(word.folded for word in words(narrowing.author)))
    wanted = {bare(word) for word in named}
    if not wanted:
        return []
    members = select(Membership.user_id).where(Membership.course_id == actor.course_id)
    people = session.execute(
        select(User.id, User.name).where(
            User.tenant_id == actor.tenant_id, or_(User.id.in_(members), User.is_former.is_(True))
        )
    )
    chosen = []
    for person in people:
        name = [bare(word.folded) for word in words(person.name)]
        if all(any(part.startswith(word) for part in name) for word in wanted):
            chosen.append(person.id)
    return [Contribution.author_id.in_(chosen)]


def _shown(session: Session, hits: Hits) -> tuple[FoundPost, ...]:
    rows = session.execute(
        select(
            Contribution.id,
            Post.number,
            Thread.title,
            User.name,
            Contribution.author_role,
            Thread.placement_id,
            Placement.title.label("placement_title"),
            Thread.kind,
            Thread.solved_id,
        )
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Placement, Placement.id == Thread.placement_id)
        .join(User, User.id == Contribution.author_id)
        .where(Contribution.id.in_([hit.subject_id for hit in hits.hits]))
    )
    known = {row.id: row for row in rows}
    return tuple(
        FoundPost(
            id=hit.subject_id,
            number=row.number,
            thread_title=row.title,
            title=hit.title,
            excerpt=hit.excerpt,
            author_name=row.name,
            author_role=row.author_role,
            at=hit.at,
            placement_id=row.placement_id,
            placement_title=row.placement_title,
            kind=row.kind,
            solves=row.solved_id == hit.subject_id,
        )
        for hit in hits.hits
        if (row := known.get(hit.subject_id)) is not None
    )


@dataclass(frozen=True)
class LikeThread:
    """A thread that resembles what somebody is about to write."""

    id: int
    title: str
    kind: ThreadKind
    is_solved: bool
    endorsed_count: int
    reply_count: int


def openings(actor: Actor, *conditions: ColumnElement[bool]) -> Field:
    """Where questions like another one are looked for: what opened the threads that the actor may read."""
    return Field(
        POST,
        _readable(actor).where(
            Post.parent_id.is_(None),
            Contribution.state == State.PUBLISHED,
            Thread.kind != ThreadKind.ANNOUNCEMENT,
            Thread.merged_into_id.is_(None),
            *conditions,
        ),
    )


def like_threads(session: Session, actor: Actor, placement_id: int, text: str) -> tuple[LikeThread, ...]:
    """Threads of a discussion whose openings resemble ``text`` and that the actor may read. At most three queries.

    What is solved or endorsed comes first among what resembles it as much, then what was answered.
    """
    field = openings(actor, Thread.placement_id == placement_id)
    found = similar(session, actor, text, field)
    if not found:
        return ()
    rows = session.execute(
        select(
            Thread.opening_id,
            Thread.id,
            Thread.title,
            Thread.kind,
            Thread.solved_id.is_not(None),
            Thread.endorsed_count,
            Thread.reply_count,
        ).where(Thread.opening_id.in_([document.subject_id for document in found]))
    )
    known = {row[0]: LikeThread(*row[1:]) for row in rows}
    weighed = [
        (document.weight * _worth(known[document.subject_id]), known[document.subject_id])
        for document in found
        if document.subject_id in known
    ]
    weighed.sort(key=lambda pair: (-pair[0], -pair[1].id))
    return tuple(thread for _weight, thread in weighed[:LIKE])


def _worth(thread: LikeThread) -> float:
    if thread.is_solved or thread.endorsed_count:
        return 1.5
    return 1.2 if thread.reply_count else 1.0
