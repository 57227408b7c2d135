"""One post, for the pages that answer, change, remove or explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Group
from lmssocial.social.composing.saved import SavedDraft, saved_draft
from lmssocial.social.content.models import Contribution, Draft, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Post, Thread

_Learner = aliased(User)


@dataclass(frozen=True, kw_only=True)
class PostDetail:
    """A post, its thread, and what the person may do with it."""

    id: int
    kind: str
    number: int | None
    is_opening: bool
    state: State
    note: str
    author_id: int
    author_name: str
    author_role: str
    at: datetime
    edit_count: int
    version: int
    thread_id: int
    thread_title: str
    thread_state: State
    thread_locked: bool
    """By hand, or because its time is over."""
    thread_locks_at: datetime | None
    audience: Audience
    group_name: str | None
    learner_id: int | None
    learner_name: str | None
    """Of a private thread: who reads it beside the moderators."""
    reply_count: int
    html: str
    source: str
    """Empty, as ``html``, if the person may not read the words."""
    title: str
    may_reply: bool
    may_edit: bool
    may_remove: bool
    may_restore: bool
    may_see_history: bool
    may_answer_privately: bool
    """Whether the post can be talked about in private, if the discussion lets people do that."""
    draft: SavedDraft | None


def post_detail(
    session: Session, actor: Actor, placement_id: int, post_id: int, draft_of: str = "reply"
) -> PostDetail:
    """A post the actor sees. One query.

    :param draft_of: which draft to bring along: ``reply``, ``edit`` or ``about``.
    :raises NotFound: if they do not see it, or it is not in that placement.
    """
    row = session.execute(
        select(
            Thread,
            Post,
            Contribution,
            User.name,
            Draft,
            Group.name.label("group"),
            _Learner.name.label("learner"),
        )
        .join(Post, Post.thread_id == Thread.id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .join(User, User.id == Contribution.author_id)
        .outerjoin(Group, Group.id == Thread.group_id)
        .outerjoin(_Learner, _Learner.id == Thread.learner_id)
        .outerjoin(Draft, and_(Draft.user_id == actor.user_id, Draft.target == f"{draft_of}:{post_id}"))
        .where(
            Post.contribution_id == post_id, Thread.placement_id == placement_id, access.posts_seen_by(actor)
        )
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(
            _("This post does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no post {post_id} in placement {placement_id}",
        )
    return _detail(actor, row)


def _detail(actor: Actor, row: Any) -> PostDetail:
    thread, post, words = row.Thread, row.Post, row.Contribution
    reads = access.reads_post(actor, thread, words)
    told = words.author_id == actor.user_id or actor.moderates
    return PostDetail(
        id=words.id,
        kind=words.kind,
        number=post.number,
        is_opening=post.parent_id is None,
        state=words.state,
        note=words.note if told else "",
        author_id=words.author_id,
        author_name=row.name,
        author_role=words.author_role,
        at=words.published_at or words.created_at,
        edit_count=words.edit_count,
        version=words.version,
        thread_id=thread.id,
        thread_title=thread.title,
        thread_state=thread.state,
        thread_locked=access.is_locked(thread),
        thread_locks_at=thread.locks_at,
        audience=thread.audience,
        group_name=row.group,
        learner_id=thread.learner_id,
        learner_name=row.learner,
        reply_count=thread.reply_count,
        html=words.html if reads else "",
        source=words.source if reads else "",
        title=words.title if reads else "",
        may_reply=access.may_reply(actor, thread, words),
        may_edit=access.may_edit(actor, thread, words),
        may_remove=access.may_remove(actor, thread, words),
        may_restore=access.may_restore(actor, thread, words),
        may_see_history=access.may_see_history(actor, thread, words),
        may_answer_privately=access.may_answer_privately(actor, thread, words),
        draft=saved_draft(row.Draft),
    )


def thread_draft(
    session: Session, actor: Actor, placement_id: int, kind: str = "thread"
) -> SavedDraft | None:
    """The thread the actor was beginning to write.

    :param kind: ``thread``, or ``ask`` for a private question: a text for a few never shows up where all would read it.
    """
    return saved_draft(
        session.scalar(
            select(Draft).where(Draft.user_id == actor.user_id, Draft.target == f"{kind}:{placement_id}")
        )
    )


@dataclass(frozen=True)
class Location:
    """Where a post stands."""

    thread_id: int
    number: int | None
    highest_number: int
    author_id: int
    author_role: str
    published_at: datetime | None


def where_is(session: Session, actor: Actor, placement_id: int, post_id: int) -> Location:
    """Where a post the actor sees stands. One query.

    :raises NotFound: if they do not see it.
    """
    values = {**ids_of(actor), "placement": placement_id, "post": post_id}
    row = session.connection().execute(_where(moderates=actor.moderates), values).first()
    if row is None:
        raise NotFound(
            _("This post does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no post {post_id} in placement {placement_id}",
        )
    return Location(*row)


@cache
def _where(*, moderates: bool) -> Any:
    return (
        select(
            Post.thread_id,
            Post.number,
            Thread.highest_number,
            Contribution.author_id,
            Contribution.author_role,
            Contribution.published_at,
        )
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Post.contribution_id == bindparam("post"),
            Thread.placement_id == bindparam("placement"),
            access.posts_seen_by(AnyActor(moderates)),
        )
    )


@dataclass(frozen=True)
class HeldPost:
    """What a moderator has to see of a post to decide about it."""

    id: int
    placement_id: int
    title: str
    author_name: str
    author_role: str
    html: str


def held_posts(session: Session, actor: Actor, post_ids: Sequence[int]) -> tuple[HeldPost, ...]:
    """Those of the posts that the actor may read. One query."""
    rows = session.execute(
        select(
            Contribution.id,
            Thread.placement_id,
            func.coalesce(func.nullif(Contribution.title, ""), Thread.title),
            User.name,
            Contribution.author_role,
            Contribution.html,
        )
        .join(Post, Post.contribution_id == Contribution.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(User, User.id == Contribution.author_id)
        .where(Contribution.id.in_(post_ids), access.posts_seen_by(actor), access.words_read_by(actor))
    )
    return tuple(HeldPost(*row) for row in rows)


def reads_post(session: Session, actor: Actor, post_id: int) -> bool:
    """Whether ``actor`` reads the words of a post, and so its files. One query."""
    statement = (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Post.contribution_id == post_id, access.posts_seen_by(actor), access.words_read_by(actor))
    )
    return session.scalar(statement) is not None
