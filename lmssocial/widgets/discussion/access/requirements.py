"""What stops a request: each asks the rules, and raises in words that say what to do."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Gone, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion.access.clauses import posts_seen_by, threads_seen_by
from lmssocial.widgets.discussion.access.rules import (
    is_locked,
    may_edit,
    may_moderate,
    may_remove,
    may_reply,
    may_restore,
    writes_in,
)
from lmssocial.widgets.discussion.models import Post, Thread

WIDGET = "discussion"
"""The kind of placement a discussion lives in."""

POST_TARGETS = frozenset({"reply", "edit", "about"})
"""What a draft may be about a post: an answer to it, its new wording, a private word about it."""
PLACE_TARGETS = frozenset({"thread", "ask"})
"""What a draft may be in a discussion: a thread, a private question."""


def require_place(session: Session, actor: Actor, placement_id: int) -> Placement:
    """The actor's discussion at ``placement_id``.

    :raises NotFound: if their community has none there.
    """
    placement = session.scalar(
        select(Placement).where(
            Placement.id == placement_id,
            Placement.tenant_id == actor.tenant_id,
            Placement.community_id == actor.community_id,
            Placement.widget == WIDGET,
        )
    )
    if placement is None:
        raise NotFound(reason=f"no discussion at placement {placement_id} of community {actor.community_id}")
    return placement


def require_thread(session: Session, actor: Actor, thread_id: int) -> Thread:
    """The thread ``thread_id``, which the actor sees.

    :raises NotFound: if they do not.
    """
    thread = session.scalar(select(Thread).where(Thread.id == thread_id, threads_seen_by(actor)))
    if thread is None:
        raise NotFound(
            _("This thread does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no thread {thread_id}",
        )
    return thread


def require_moderated_thread(session: Session, actor: Actor, thread_id: int) -> Thread:
    """The thread ``thread_id``, which the actor may pin and lock.

    :raises NotFound: if they do not see it.
    :raises NotAllowed: if they are not staff.
    """
    thread = require_thread(session, actor, thread_id)
    if not may_moderate(actor, thread):
        raise NotAllowed(_("Only moderators of this course can do this."))
    return thread


def require_draft_target(session: Session, actor: Actor, placement_id: int, target: str) -> None:
    """A draft is kept only for something the actor could send it to.

    :raises NotFound: if there is no such thing here.
    """
    kind, _colon, number = target.partition(":")
    if kind in PLACE_TARGETS and number == str(placement_id):
        require_place(session, actor, placement_id)
        return
    statement = (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Thread.placement_id == placement_id, posts_seen_by(actor))
    )
    known = kind in POST_TARGETS and number.isascii() and number.isdecimal() and len(number) < 10
    if not known or session.scalar(statement.where(Post.contribution_id == int(number))) is None:
        raise NotFound(reason=f"user {actor.user_id} writes for {target!r}, which is not there")


def require_post(session: Session, actor: Actor, post_id: int) -> tuple[Thread, Post, Contribution]:
    """A post the actor sees, its thread and its contribution, locked in its place until the transaction ends.

    A second look finds what a moderator took to another thread while the first one waited for the lock.

    :raises NotFound: if they do not see it.
    """
    statement, values = _post(moderates=actor.moderates), {**ids_of(actor), "post": post_id}
    row = session.execute(statement, values).first() or session.execute(statement, values).first()
    if row is None:
        raise NotFound(
            _("This post does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no post {post_id}",
        )
    return row.Thread, row.Post, row.Contribution


@cache
def _post(*, moderates: bool) -> Any:
    """Built once; it runs before everything that is done to a post."""
    return (
        select(Thread, Post, Contribution)
        .join(Post, Post.thread_id == Thread.id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Post.contribution_id == bindparam("post"), posts_seen_by(AnyActor(moderates)))
        .with_for_update(of=(Contribution, Post))
        .execution_options(populate_existing=True)
    )


def require_may_reply(session: Session, actor: Actor, post_id: int) -> tuple[Thread, Post, Contribution]:
    """The post to answer.

    :raises NotFound: if the actor does not see it.
    :raises Gone: if it was removed in the meantime.
    :raises NotAllowed: if the thread is locked, or the post still waits for a moderator.
    """
    thread, post, contribution = require_post(session, actor, post_id)
    if may_reply(actor, thread, contribution):
        return thread, post, contribution
    if contribution.state is State.REMOVED or thread.state is State.REMOVED:
        raise Gone(_("The post you are answering was removed in the meantime. Your text was not sent."))
    if is_locked(thread) and not actor.moderates:
        raise NotAllowed(_("This thread was locked, so it takes no new replies. Your text was not sent."))
    if thread.state is State.PUBLISHED and not writes_in(actor, thread):
        raise NotAllowed(
            _("Only members of this thread's group write in it; you can read it. Your text was not sent.")
        )
    raise NotAllowed(_("This post waits for a moderator, so it cannot be answered yet."))


def require_may_edit(session: Session, actor: Actor, post_id: int) -> tuple[Thread, Post, Contribution]:
    """The post to change.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if it is not theirs, was removed, or its thread is locked.
    """
    thread, post, contribution = require_post(session, actor, post_id)
    if may_edit(actor, thread, contribution):
        return thread, post, contribution
    if contribution.author_id != actor.user_id:
        raise NotAllowed(_("Only its author can change a post."))
    if contribution.state is State.REMOVED:
        raise NotAllowed(_("This post was removed. Restore it before you change it."))
    if is_locked(thread):
        raise NotAllowed(_("This thread was locked, so its posts can no longer be changed."))
    raise NotAllowed(
        _("Only members of this thread's group write in it, so you cannot change this post now.")
    )


def require_may_remove(session: Session, actor: Actor, post_id: int) -> tuple[Thread, Post, Contribution]:
    """The post to remove.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if it is neither theirs nor are they staff, it was removed already, or it is to be decided.
    """
    thread, post, contribution = require_post(session, actor, post_id)
    if contribution.state is State.REMOVED:
        raise NotAllowed(_("This post was removed already."))
    if not may_remove(actor, thread, contribution):
        decide = _("This waits for a decision: publish it, or decline it with a sentence.")
        others = _("Only its author or a moderator can remove a post.")
        raise NotAllowed(decide if actor.moderates else others)
    return thread, post, contribution


def require_may_restore(session: Session, actor: Actor, post_id: int) -> tuple[Thread, Post, Contribution]:
    """The post to restore.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if it was not removed, or not by them and they are not staff.
    """
    thread, post, contribution = require_post(session, actor, post_id)
    if contribution.state is not State.REMOVED:
        raise NotAllowed(_("This post is not removed."))
    if not may_restore(actor, thread, contribution):
        raise NotAllowed(_("A moderator removed this post, so only a moderator can restore it."))
    return thread, post, contribution


def require_may_moderate(session: Session, actor: Actor, post_id: int) -> tuple[Thread, Post, Contribution]:
    """The post to publish or decline.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if they are not staff.
    """
    thread, post, contribution = require_post(session, actor, post_id)
    if not may_moderate(actor, thread):
        raise NotAllowed(_("Only moderators of this course can do this."))
    return thread, post, contribution
