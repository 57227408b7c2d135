"""What moderators do to whole threads and branches. Each asks access first, waits for replies under way, and tells."""

from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.connection_models import Reference
from lmssocial.social.content.markdown import COOKED_VERSION, render
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.search import index
from lmssocial.widgets.discussion import access, numbering, popularity, publishing
from lmssocial.widgets.discussion.events import ThreadMerged, ThreadMoved, ThreadSplit
from lmssocial.widgets.discussion.handing_in import REPLY, THREAD
from lmssocial.widgets.discussion.models import Choice, Poll, Post, Thread
from lmssocial.widgets.discussion.publishing import Entry
from lmssocial.widgets.discussion.reading import Progress
from lmssocial.widgets.discussion.reorganising import rows
from lmssocial.widgets.discussion.reorganising.places import (
    Numbers,
    Standing,
    branch,
    in_order,
    joined,
    lay_out,
)


def move(session: Session, actor: Actor, thread_id: int, to_placement_id: int, *, seen: int) -> Thread:
    """Let a thread stand in another discussion of the same community.

    :param seen: the version of the thread that the actor had before their eyes.
    :raises NotFound: if they do not see the thread, or there is no such discussion.
    :raises NotAllowed: if they do not moderate.
    :raises Conflict: if the thread changed since.
    """
    access.require_moderated_thread(session, actor, thread_id)
    access.require_place(session, actor, to_placement_id)
    rows.hold_still(session, [thread_id])
    thread = _unchanged(session, actor, thread_id, seen)
    was = thread.placement_id
    if was == to_placement_id:
        return thread
    of_thread = select(Post.contribution_id).where(Post.thread_id == thread_id)
    still = {"synchronize_session": False}
    session.execute(
        update(Contribution)
        .where(Contribution.id.in_(of_thread))
        .values(placement_id=to_placement_id)
        .execution_options(**still)
    )
    session.execute(
        delete(Choice)
        .where(Choice.placement_id == was, Choice.contribution_id.in_(of_thread))
        .execution_options(**still)
    )
    numbering.change(session, thread, placement_id=to_placement_id)
    session.expire_all()
    activity.record(session, ThreadMoved(**publishing.envelope(actor, thread), from_placement_id=was))
    return thread


def split(session: Session, actor: Actor, post_id: int, title: str, *, seen: int, href: str = "") -> Thread:
    """Make a post the opening of a thread of its own, with everything below it.

    If it had been the opening of a thread that was merged into this one, that thread is there again, under its old
    address.

    :param href: the address of the post; if given, a line with a link stays in its old place.
    :raises NotFound: if the actor does not see the post.
    :raises NotAllowed: if they do not moderate.
    :raises Conflict: if the thread changed since ``seen``.
    :raises Invalid: if the post opens its thread already, or nobody can read it.
    """
    thread, post, root = access.require_may_moderate(session, actor, post_id)
    if post.parent_id is None:
        raise Invalid(
            _("This post opens its thread already. You can move the thread, or merge it with another.")
        )
    old_id = thread.id
    standing = rows.hold_still(session, [old_id])[old_id]
    thread = _unchanged(session, actor, old_id, seen)
    where = next((one for one in standing if one.post_id == post_id), None)
    if where is None or where.number is None or root.state is not State.PUBLISHED:
        raise Invalid(_("Only a post that everybody can read can begin a thread of its own."))
    new_thread = _thread_for(session, thread, root, title)
    _divide(session, actor, _Cut(thread, new_thread, standing, where), href)
    _become(session, root, THREAD, title)
    if thread.solved_id is not None and session.get_one(Post, thread.solved_id).thread_id != old_id:
        numbering.change(session, thread, solved_id=None)
    rows.follow_on(session, old_id, new_thread.id)
    rows.recount(session, [old_id, new_thread.id])
    popularity.recompute(session, [old_id, new_thread.id])
    session.expire_all()
    publishing.make_findable(session, Entry(new_thread, post, root), render(root.source).text)
    activity.record(
        session,
        ThreadSplit(**publishing.envelope(actor, new_thread), from_thread_id=old_id, post_id=post_id),
    )
    return new_thread


def merge(session: Session, actor: Actor, thread_id: int, into_id: int, *, seen: int) -> Thread:
    """Put the posts of a thread below those of another of the same discussion; gives the other.

    :raises NotFound: if the actor does not see both.
    :raises NotAllowed: if they do not moderate.
    :raises Conflict: if the thread changed since ``seen``.
    :raises Invalid: if the two are for different readers, or one of them cannot be merged.
    """
    thread = access.require_moderated_thread(session, actor, thread_id)
    into = access.require_moderated_thread(session, actor, into_id)
    if reason := why_not_merge(thread, into, has_poll=_has_poll(session, thread_id)):
        raise Invalid(reason)
    standing = rows.hold_still(session, [thread_id, into_id])
    thread = _unchanged(session, actor, thread_id, seen)
    into = session.get_one(Thread, into_id)
    if reason := why_not_merge(thread, into, has_poll=_has_poll(session, thread_id)):
        raise Invalid(reason)
    read, read_into = rows.progress_in(session, thread_id), rows.progress_in(session, into_id)
    _pour(session, thread, into, standing)
    rows.forget_progress(session, thread_id)
    both = {
        user_id: joined(read_into.get(user_id, Progress()), into.highest_number, one, thread.highest_number)
        for user_id, one in read.items()
    }
    rows.store_progress(session, into_id, both)
    rows.follow_instead(session, thread_id, into_id)
    opening = session.get_one(Contribution, thread.opening_id)
    _become(session, opening, REPLY, opening.title)
    gone: dict[str, Any] = {
        "state": State.REMOVED,
        "merged_into_id": into_id,
        "solved_id": None,
        "pinned": False,
    }
    numbering.change(session, thread, **gone)
    rows.recount(session, [thread_id, into_id])
    popularity.recompute(session, [thread_id, into_id])
    session.expire_all()
    activity.record(
        session,
        ThreadMerged(**publishing.envelope(actor, into), from_thread_id=thread_id, post_id=opening.id),
    )
    return into


def why_not_merge(thread: Thread, into: Thread, *, has_poll: bool) -> str:
    """The sentence that says why a thread cannot be merged into another; empty if it can."""
    if thread.id == into.id:
        return _("A thread cannot be merged into itself.")
    if thread.placement_id != into.placement_id:
        return _("The two threads stand in different discussions. Move one of them first.")
    if (thread.audience, thread.group_id, thread.learner_id) != (
        into.audience,
        into.group_id,
        into.learner_id,
    ):
        return _("The two threads are not for the same readers, so they stay apart.")
    if not (thread.state == into.state == State.PUBLISHED):
        return _("Only threads that everybody in them can read are merged.")
    if has_poll:
        return _("This thread has a poll, which would be lost. Merge the other one into this thread instead.")
    return ""


def _has_poll(session: Session, thread_id: int) -> bool:
    return session.scalar(select(Poll.id).where(Poll.thread_id == thread_id)) is not None


def _unchanged(session: Session, actor: Actor, thread_id: int, seen: int) -> Thread:
    """The thread as it is now that nobody changes it; asks again whether the actor may."""
    thread = access.require_moderated_thread(session, actor, thread_id)
    if thread.version != seen:
        raise Conflict(
            _(
                "Something happened in this thread since you opened this page. Nothing was changed: look again."
            ),
            reason=f"thread {thread_id} is at version {thread.version}, not {seen}",
        )
    return thread


def _thread_for(session: Session, old: Thread, root: Contribution, title: str) -> Thread:
    """The thread that ``root`` opens from now on: the one it opened once, or a new one like the old."""
    like_the_old: dict[str, Any] = {
        name: getattr(old, name)
        for name in ("placement_id", "audience", "group_id", "learner_id", "post_first", "due_at", "locks_at")
    }
    once = session.scalar(select(Thread).where(Thread.opening_id == root.id))
    if once is not None:
        numbering.change(
            session, once, **like_the_old, title=title, state=State.PUBLISHED, merged_into_id=None
        )
        return once
    at = root.published_at or root.created_at
    thread = Thread(
        **like_the_old,
        tenant_id=old.tenant_id,
        community_id=old.community_id,
        opening_id=root.id,
        author_id=root.author_id,
        title=title,
        state=State.PUBLISHED,
        created_at=at,
        last_activity_at=at,
        last_author_id=root.author_id,
    )
    session.add(thread)
    session.flush()  # its posts need its id
    return thread


class _Cut:
    """A thread about to be divided: what goes and what stays, each in its order."""

    def __init__(self, old: Thread, new: Thread, standing: list[Standing], root: Standing) -> None:
        self.old, self.new, self.root = old, new, root
        goes = branch(standing, root.post_id)
        self.standing = standing
        self.goes = in_order(
            one._replace(parent_id=None) if one is root else one for one in standing if one.post_id in goes
        )
        self.stays = in_order(one for one in standing if one.post_id not in goes)


def _divide(session: Session, actor: Actor, cut: _Cut, href: str) -> None:
    """Give all posts their new places, and carry over how far people had read."""
    highest = cut.old.highest_number
    read = rows.progress_in(session, cut.old.id)
    stays = list(cut.stays)
    if href:
        line = _line(session, actor, cut, href)
        stays = in_order([*stays, line])
    rows.put(session, cut.standing, lay_out(cut.goes, cut.new.id))
    rows.put(session, cut.standing, lay_out(stays, cut.old.id))
    kept, gone = (
        Numbers({one.number for one in part if one.number is not None}, highest) for part in (stays, cut.goes)
    )
    rows.store_progress(session, cut.old.id, {user: kept.carry(one) for user, one in read.items()})
    carried = {user: gone.carry(one) for user, one in read.items()}
    begun = {user: one for user, one in carried.items() if one != Progress()}
    rows.store_progress(session, cut.new.id, begun)


def _line(session: Session, actor: Actor, cut: _Cut, href: str) -> Standing:
    """A line of the moderator's in the place of what goes, with its number: who had read that, has read this."""
    title = "".join(f"\\{sign}" if sign in "\\`*_[]<>$#@~!|&" else sign for sign in cut.new.title)
    source = _("Continued in a thread of its own: [%(title)s](%(href)s)", title=title, href=href)
    now = clock.now()
    words = Contribution(
        tenant_id=cut.old.tenant_id,
        community_id=cut.old.community_id,
        placement_id=cut.old.placement_id,
        kind=REPLY,
        author_id=actor.user_id,
        author_role=actor.lead_role,
        state=State.PUBLISHED,
        source=source,
        html=render(source).html,
        cooked_version=COOKED_VERSION,
        created_at=now,
        published_at=now,
    )
    session.add(words)
    session.flush()  # its place needs its id
    post = Post(contribution_id=words.id, thread_id=cut.old.id, parent_id=cut.root.parent_id)
    session.add(post)
    session.flush()
    session.execute(insert(Reference).values(from_id=words.id, to_id=cut.root.post_id))
    publishing.make_findable(session, Entry(cut.old, post, words), render(source).text)
    return cut.root._replace(post_id=words.id, path=None)


def _pour(session: Session, thread: Thread, into: Thread, standing: dict[int, list[Standing]]) -> None:
    """Let the posts of ``thread`` stand behind those of ``into``; its opening answers the other's opening."""
    there, here = standing[into.id], standing[thread.id]
    poured = [one._replace(parent_id=into.opening_id) if one.parent_id is None else one for one in here]
    above = {one.post_id: one for one in there}
    rows.put(session, here, lay_out(in_order(poured), into.id, after=into.highest_number, above=above))


def _become(session: Session, words: Contribution, kind: str, title: str) -> None:
    """Let a contribution be an opening, or a reply, from now on."""
    words.kind, words.title = kind, title
    session.flush()
    if kind == REPLY:
        return
    index.take_out(session, publishing.POST, words.id)
