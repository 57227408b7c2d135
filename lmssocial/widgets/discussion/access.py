"""Who may do what in a discussion. Each rule once as a question; those that choose rows also as a WHERE clause.

Three words are kept apart. Who *sees a thread* finds it in the list. Who *sees a post* finds its place in the thread:
that it is there, by whom, and in reply to what. Who *reads a post* gets its words.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, true
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Gone, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion.models import Post, Thread

WIDGET = "discussion"
"""The kind of placement a discussion lives in."""

WAITING = (State.HELD, State.REJECTED)
"""What its author may still change so that it is published."""


def _is_here(actor: Actor, row: Thread | Contribution) -> bool:
    return row.tenant_id == actor.tenant_id and row.community_id == actor.community_id


def sees_thread(actor: Actor, thread: Thread) -> bool:
    """Published threads are for everybody in the community; others for their author and staff."""
    return _is_here(actor, thread) and (
        thread.state is State.PUBLISHED
        or ((thread.author_id == actor.user_id or actor.moderates) and not _was_withdrawn(thread))
    )


def _was_withdrawn(thread: Thread) -> bool:
    """Whether its author took it back before anybody else could read it: then it is gone for everybody."""
    return thread.state is State.REMOVED and thread.highest_number == 0


def threads_seen_by(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """:func:`sees_thread` as a WHERE clause."""
    here = and_(Thread.tenant_id == actor.tenant_id, Thread.community_id == actor.community_id)
    not_withdrawn = or_(Thread.state != State.REMOVED, Thread.highest_number > 0)
    mine = true() if actor.moderates else Thread.author_id == actor.user_id
    return and_(here, or_(Thread.state == State.PUBLISHED, and_(mine, not_withdrawn)))


def sees_post(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """What was ever public keeps its place; what was not is there for its author and staff while it waits."""
    return sees_thread(actor, thread) and (
        contribution.published_at is not None
        or (contribution.state in WAITING and (contribution.author_id == actor.user_id or actor.moderates))
    )


def posts_seen_by(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """:func:`sees_post` as a WHERE clause over threads and contributions."""
    waiting = Contribution.state.in_(WAITING)
    mine = true() if actor.moderates else Contribution.author_id == actor.user_id
    return and_(threads_seen_by(actor), or_(Contribution.published_at.is_not(None), and_(waiting, mine)))


def reads_post(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Words are for everybody while published; else for their author and staff."""
    return sees_post(actor, thread, contribution) and (
        contribution.state is State.PUBLISHED or contribution.author_id == actor.user_id or actor.moderates
    )


def words_read_by(actor: Actor | AnyActor) -> ColumnElement[bool]:
    """What :func:`reads_post` adds to :func:`sees_post`, as a WHERE clause over contributions."""
    if actor.moderates:
        return true()
    return or_(Contribution.state == State.PUBLISHED, Contribution.author_id == actor.user_id)


def may_reply(actor: Actor, thread: Thread, parent: Contribution) -> bool:
    """To what everybody can read, in a thread that is not locked; staff may answer in locked ones."""
    return (
        sees_post(actor, thread, parent)
        and thread.state is State.PUBLISHED
        and parent.state is State.PUBLISHED
        and (not thread.locked or actor.moderates)
    )


def may_edit(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Their own words, while these stand or wait; nobody changes the words of others."""
    return (
        sees_post(actor, thread, contribution)
        and contribution.author_id == actor.user_id
        and contribution.state is not State.REMOVED
        and (not thread.locked or actor.moderates)
    )


def may_see_history(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Earlier wordings are for the author and staff: what was taken out by editing is out for everybody else."""
    return sees_post(actor, thread, contribution) and (
        contribution.author_id == actor.user_id or actor.moderates
    )


def may_remove(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Their own, and staff everybody's; but what waits for its first publication, staff publish or decline."""
    undecided = contribution.state is State.HELD and contribution.published_at is None
    return (
        sees_post(actor, thread, contribution)
        and contribution.state is not State.REMOVED
        and (contribution.author_id == actor.user_id or (actor.moderates and not undecided))
    )


def may_restore(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Staff what anybody removed; others what they removed of their own. Only what had been public."""
    return (
        sees_post(actor, thread, contribution)
        and contribution.state is State.REMOVED
        and (actor.moderates or actor.user_id == contribution.author_id == contribution.removed_by_id)
    )


def may_moderate(actor: Actor, thread: Thread) -> bool:
    """Pin, lock, publish and decline: staff of the community."""
    return sees_thread(actor, thread) and actor.moderates


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
    if kind == "thread" and number == str(placement_id):
        require_place(session, actor, placement_id)
        return
    statement = (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Thread.placement_id == placement_id, posts_seen_by(actor))
    )
    known = kind in {"reply", "edit"} and number.isascii() and number.isdecimal() and len(number) < 10
    if not known or session.scalar(statement.where(Post.contribution_id == int(number))) is None:
        raise NotFound(reason=f"user {actor.user_id} writes for {target!r}, which is not there")


def require_post(session: Session, actor: Actor, post_id: int) -> tuple[Thread, Post, Contribution]:
    """A post the actor sees, its thread and its contribution, locked until the transaction ends.

    :raises NotFound: if they do not see it.
    """
    row = session.execute(_post(moderates=actor.moderates), {**ids_of(actor), "post": post_id}).first()
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
        .with_for_update(of=Contribution)
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
    if thread.locked:
        raise NotAllowed(_("This thread was locked, so it takes no new replies. Your text was not sent."))
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
    raise NotAllowed(_("This thread was locked, so its posts can no longer be changed."))


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
