"""Who sees, reads and writes what, asked about one thread or post."""

from sqlalchemy import select
from sqlalchemy.orm import object_session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion.models import Audience, Post, Thread

WAITING = (State.HELD, State.REJECTED)
"""What its author may still change so that it is published."""

HANDED_IN = (State.PUBLISHED, State.HELD)
"""What counts as an answer of one's own where one has to answer before reading on."""


def _is_here(actor: Actor, row: Thread | Contribution) -> bool:
    return row.tenant_id == actor.tenant_id and row.community_id == actor.community_id


def _is_for(actor: Actor, thread: Thread) -> bool:
    """Whether it is meant for them: moderators read everything, others what their group or they themselves are in."""
    if actor.moderates:
        return True
    if thread.audience is Audience.PRIVATE:
        return thread.learner_id == actor.user_id
    return thread.audience is not Audience.GROUP or thread.group_id in actor.groups


def sees_thread(actor: Actor, thread: Thread) -> bool:
    """Published threads are for everybody they are meant for; others for their author and moderators."""
    return (
        _is_here(actor, thread)
        and _is_for(actor, thread)
        and (
            thread.state is State.PUBLISHED
            or ((thread.author_id == actor.user_id or actor.moderates) and not _was_withdrawn(thread))
        )
    )


def _was_withdrawn(thread: Thread) -> bool:
    """Whether its author took it back before anybody else could read it: then it is gone for everybody."""
    return thread.state is State.REMOVED and thread.highest_number == 0


def answers_open_to(actor: Actor, thread: Thread) -> bool:
    """Whether the answers of others are open: at once, or after an own answer where the thread asks for one first.

    Moderators and whoever opened the thread read on in any case. Only threads that ask cost a query.
    """
    if not thread.post_first or actor.moderates or thread.author_id == actor.user_id:
        return True
    session = object_session(thread)
    return session is not None and bool(
        session.scalar(
            select(Post.contribution_id)
            .join(Contribution, Contribution.id == Post.contribution_id)
            .where(
                Post.thread_id == thread.id,
                Post.parent_id.is_not(None),
                Contribution.author_id == actor.user_id,
                Contribution.state.in_(HANDED_IN),
            )
            .limit(1)
        )
    )


def sees_post(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """What was ever public keeps its place; what was not is there for its author and moderators while it waits.

    Where one has to answer first, the opening and one's own posts are all there is until then.
    """
    mine = contribution.author_id == actor.user_id
    return (
        sees_thread(actor, thread)
        and (
            contribution.published_at is not None
            or (contribution.state in WAITING and (mine or actor.moderates))
        )
        and (mine or contribution.id == thread.opening_id or answers_open_to(actor, thread))
    )


def reads_post(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Words are for everybody who sees the post while published; else for their author and moderators."""
    return sees_post(actor, thread, contribution) and (
        contribution.state is State.PUBLISHED or contribution.author_id == actor.user_id or actor.moderates
    )


def is_locked(thread: Thread) -> bool:
    """Whether it is closed for new posts: by hand, or because its time is over. No job has to run for that."""
    return thread.locked or (thread.locks_at is not None and thread.locks_at <= clock.now())


def is_open_to(actor: Actor, thread: Thread) -> bool:
    """Whether somebody who sees it may write in it now: moderators always, others while it is not locked.

    Where everybody reads what a group writes, only its members write.
    """
    return actor.moderates or (
        not is_locked(thread) and (thread.audience is not Audience.VISIBLE or thread.group_id in actor.groups)
    )


def writes_in(actor: Actor, thread: Thread) -> bool:
    """Whether they may add something to a thread: a reply, a vote."""
    return sees_thread(actor, thread) and thread.state is State.PUBLISHED and is_open_to(actor, thread)


def may_reply(actor: Actor, thread: Thread, parent: Contribution) -> bool:
    """To what everybody there can read, where they may write."""
    return writes_in(actor, thread) and parent.state is State.PUBLISHED and sees_post(actor, thread, parent)


def may_edit(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Their own words where they may write, while these stand or wait; nobody changes the words of others."""
    return (
        sees_post(actor, thread, contribution)
        and contribution.author_id == actor.user_id
        and contribution.state is not State.REMOVED
        and is_open_to(actor, thread)
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
