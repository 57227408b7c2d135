"""Threads that may answer a question before it is asked again, and answers that say what their author knows."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Tally
from lmssocial.social.knowledge.models import Item
from lmssocial.social.search.models import SearchDocument
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.publishing import POST
from lmssocial.widgets.discussion.queries.engaged import PUBLIC

_Words, _Question, _Opening = aliased(SearchDocument), aliased(SearchDocument), aliased(Contribution)

FIRST_WORDS = 240
"""Letters of an excerpt."""


class KnownThread(NamedTuple):
    """A thread as it is offered to whoever asks something like it."""

    opening_id: int
    id: int
    placement_id: int
    title: str
    words: str
    """The first of its opening."""
    is_solved: bool
    reply_count: int


class GoodAnswer(NamedTuple):
    """A reply that helped somebody."""

    id: int
    community_id: int
    author_id: int
    opening_id: int
    title: str
    question: str
    text: str
    at: datetime
    accepted: bool


def known_threads(session: Session, actor: Actor, opening_ids: Sequence[int]) -> list[KnownThread]:
    """The threads that some contributions opened, as far as the actor reads these. One query."""
    document = SearchDocument
    rows = session.execute(
        select(
            Thread.opening_id,
            Thread.id,
            Thread.placement_id,
            Thread.title,
            func.substr(document.body, 1, FIRST_WORDS),
            Thread.solved_id.is_not(None),
            Thread.reply_count,
        )
        .join(Contribution, Contribution.id == Thread.opening_id)
        .join(document, and_(document.kind == POST, document.subject_id == Thread.opening_id))
        .where(
            Thread.opening_id.in_(opening_ids),
            Contribution.state == State.PUBLISHED,
            access.posts_seen_by(actor),
        )
    )
    return [KnownThread._make(row) for row in rows]


def discussions(session: Session, actor: Actor) -> list[Placement]:
    """The discussions of the actor's community, by title. One query."""
    return list(
        session.scalars(
            select(Placement)
            .where(
                Placement.tenant_id == actor.tenant_id,
                Placement.community_id == actor.community_id,
                Placement.widget == access.WIDGET,
            )
            .order_by(func.lower(Placement.title), Placement.id)
        )
    )


def good_answers(session: Session, post_ids: Sequence[int]) -> list[GoodAnswer]:
    """Those of some posts that are replies, read by everybody there, and good by somebody's word. One query.

    What was published as knowledge is left out: it was given elsewhere, and counts there. Asks nobody's rights: what
    everybody in a community reads may be learned from there.
    """
    is_read = _Opening.state == State.PUBLISHED
    accepted = or_(
        func.coalesce(Thread.solved_id == Contribution.id, literal(value=False)),
        func.coalesce(Tally.endorsed, 0) > 0,
    )
    rows = session.execute(
        select(
            Contribution.id,
            Thread.community_id,
            Contribution.author_id,
            Thread.opening_id,
            case((is_read, Thread.title), else_=""),
            case((is_read, func.coalesce(_Question.body, "")), else_=""),
            _Words.body,
            Contribution.published_at,
            accepted,
        )
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(_Opening, _Opening.id == Thread.opening_id)
        .join(_Words, and_(_Words.kind == POST, _Words.subject_id == Contribution.id))
        .outerjoin(_Question, and_(_Question.kind == POST, _Question.subject_id == Thread.opening_id))
        .outerjoin(Tally, Tally.contribution_id == Contribution.id)
        .where(
            Contribution.id.in_(post_ids),
            Contribution.state == State.PUBLISHED,
            Thread.state == State.PUBLISHED,
            Thread.audience.in_(PUBLIC),
            Thread.post_first.is_(False),
            Post.parent_id.is_not(None),
            or_(accepted, func.coalesce(Tally.helpful, 0) > 0),
            ~exists().where(Item.answer_id == Contribution.id),
        )
        .order_by(Contribution.id)
    )
    return [GoodAnswer._make(row) for row in rows]


def tags_of(session: Session, post_ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of some posts, as they are written, by their ids. One query."""
    rows = session.execute(
        select(Tagging.contribution_id, Tag.label)
        .join(Tag, Tag.id == Tagging.tag_id)
        .where(Tagging.contribution_id.in_(post_ids))
        .order_by(Tagging.contribution_id, Tag.label)
    )
    found: dict[int, list[str]] = {}
    for post_id, label in rows:
        found.setdefault(post_id, []).append(label)
    return found
