"""Posts as engagement needs them: to be marked, listed, and brought to other communities."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Community, Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Post, Thread

PUBLIC = (Audience.EVERYBODY, Audience.VISIBLE)
"""Threads that everybody in the community finds."""


class EngagedPost(NamedTuple):
    """A post that somebody reads."""

    id: int
    thread_id: int
    placement_id: int
    community_id: int
    title: str
    author_id: int
    author_name: str
    author_role: str
    at: datetime
    html: str
    state: State
    thread_state: State
    audience: Audience
    settings: JsonObject
    is_shown_first: bool
    """Whether everybody who finds the thread reads it, also where one has to answer first."""

    @property
    def is_published(self) -> bool:
        """Whether others read it."""
        return self.state is State.PUBLISHED and self.thread_state is State.PUBLISHED

    @property
    def is_public(self) -> bool:
        """Whether everybody in the community reads it."""
        return self.is_published and self.audience in PUBLIC and self.is_shown_first


_COLUMNS = (
    Contribution.id,
    Thread.id,
    Thread.placement_id,
    Thread.community_id,
    Thread.title,
    Contribution.author_id,
    User.name,
    Contribution.author_role,
    func.coalesce(Contribution.published_at, Contribution.created_at),
    Contribution.html,
    Contribution.state,
    Thread.state,
    Thread.audience,
    Placement.settings,
    or_(Thread.post_first.is_(False), Contribution.id == Thread.opening_id),
)


def engaged_posts(session: Session, actor: Actor, post_ids: Sequence[int]) -> tuple[EngagedPost, ...]:
    """Those of some posts whose words the actor may read; nothing that was removed. One query."""
    values = {**ids_of(actor), "posts": list(post_ids)}
    rows = session.execute(_engaged(moderates=actor.moderates), values)
    return tuple(EngagedPost._make(row) for row in rows)


@cache
def _engaged(*, moderates: bool) -> Any:
    """Built once; it runs before everything that people do with posts of others."""
    actor = AnyActor(moderates)
    return (
        select(*_COLUMNS)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Placement, Placement.id == Thread.placement_id)
        .join(User, User.id == Contribution.author_id)
        .where(
            Contribution.id.in_(bindparam("posts", expanding=True)),
            Contribution.state != State.REMOVED,
            access.posts_seen_by(actor),
            access.words_read_by(actor),
        )
    )


def original_post(session: Session, user_id: int, post_id: int) -> tuple[EngagedPost, str, bool] | None:
    """A post that was brought elsewhere, its community's title, and whether somebody is a member there. One query.

    ``None`` if others do not read it. Asks nobody's rights: whoever calls this shows the words only if they are public.
    """
    is_member = exists().where(
        Membership.course_id == Community.course_id, Membership.user_id == user_id, Membership.active
    )
    row = session.execute(
        select(*_COLUMNS, Community.title, is_member)
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Placement, Placement.id == Thread.placement_id)
        .join(Community, Community.id == Thread.community_id)
        .join(User, User.id == Contribution.author_id)
        .where(
            Contribution.id == post_id,
            Contribution.state == State.PUBLISHED,
            Thread.state == State.PUBLISHED,
            Thread.audience != Audience.PRIVATE,
        )
    ).first()
    if row is None:
        return None
    *post, community_title, is_member_there = row
    return EngagedPost._make(post), str(community_title), bool(is_member_there)


def settings_of(session: Session, placement_ids: Sequence[int]) -> dict[int, JsonObject]:
    """The settings of some discussions, by their ids. One query."""
    rows = session.execute(
        select(Placement.id, Placement.settings).where(
            Placement.id.in_(placement_ids), Placement.widget == access.WIDGET
        )
    )
    return {row.id: row.settings for row in rows}
