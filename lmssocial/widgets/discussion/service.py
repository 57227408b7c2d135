"""The things people do in a discussion. Each takes a session, asks access first, and never commits."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.hooks import Moment
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in as composing
from lmssocial.social.content import connections, unsent, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.measure import characters_changed
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.discussion import access, handing_in, numbering, polls, publishing
from lmssocial.widgets.discussion.drafts import EditDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.events import (
    DiscussionEvent,
    PostEdited,
    PostRemoved,
    PostRestored,
    ThreadLocked,
    ThreadPinned,
    ThreadUnlocked,
    ThreadUnpinned,
)
from lmssocial.widgets.discussion.handing_in import REPLY
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.publishing import Entry


@dataclass(frozen=True)
class Posted:
    """What became of something somebody handed in."""

    thread_id: int
    post_id: int
    number: int | None
    """``None`` while it waits for a moderator."""
    state: State
    highest_number: int
    """That of the newest post in its thread."""
    messages: tuple[str, ...] = ()
    """What the policies tell its author."""


def post_thread(session: Session, screen: Screen, actor: Actor, draft: ThreadDraft) -> Posted:
    """Open a thread, or hold it for a moderator. The same form sent twice opens one thread.

    :raises NotFound: if the actor's community has no discussion at that placement.
    :raises NotAllowed: if the actor may start none there.
    :raises Invalid: if they have to choose a group.
    :raises Rejected: if a policy refuses the text outright.
    """
    place = access.require_place(session, actor, draft.placement_id)
    start = access.require_may_start(session, actor, place, draft.group_id)
    return open_thread(session, screen, actor, draft, start)


def open_thread(
    session: Session,
    screen: Screen,
    actor: Actor,
    draft: ThreadDraft,
    start: access.Start,
    *,
    target: str = "",
) -> Posted:
    """Open a thread for whom ``start`` says; whoever calls this has asked whether the actor may.

    :param target: what the draft of it was called; that of a thread for all, if empty.
    :raises Rejected: if a policy refuses the text outright.
    """
    kind = access.require_may_post(actor, draft.kind, pinned=draft.pinned)
    text = Writing(source=draft.source, title=draft.title, submission_key=draft.submission_key)
    if earlier := writing.sent_before(session, actor, text):
        return _posted_before(session, earlier)
    polls.require_possible(draft.poll)
    handed_in = handing_in.consider_thread(session, screen, actor, draft)
    opening = composing.store(session, actor, handed_in, draft.placement_id)
    thread = Thread(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=draft.placement_id,
        opening_id=opening.id,
        author_id=actor.user_id,
        title=opening.title,
        state=opening.state,
        created_at=opening.created_at,
        last_activity_at=opening.created_at,
        last_author_id=actor.user_id,
        kind=kind,
        pinned=draft.pinned,
        **asdict(start),
    )
    session.add(thread)
    session.flush()  # the post needs the thread's id
    polls.add(session, thread, draft.poll)
    post = Post(contribution_id=opening.id, thread_id=thread.id, depth=0)
    publishing.settle(session, actor, Entry(thread, post, opening), handed_in)
    unsent.discard_draft(session, actor, target or f"thread:{draft.placement_id}")
    return _posted(Entry(thread, post, opening), handed_in.screening.messages)


def reply_to(
    session: Session, screen: Screen, actor: Actor, draft: ReplyDraft, *, target: str = ""
) -> Posted:
    """Answer a post, or hold the answer for a moderator. The same form sent twice answers once.

    :param target: what the draft of it was called, if it was not begun as a reply.
    :raises NotFound: if the actor does not see the post.
    :raises Gone: if it was removed in the meantime.
    :raises NotAllowed: if the thread is locked.
    :raises Rejected: if a policy refuses the text outright.
    """
    thread, parent, answered = access.require_may_reply(session, actor, draft.parent_id)
    text = Writing(source=draft.source, submission_key=draft.submission_key)
    if earlier := writing.sent_before(session, actor, text):
        return _posted_before(session, earlier)
    files = composing.files_in(session, actor, text)
    answer = handing_in.answer_to(answered.author_id, answered.author_role, answered.published_at)
    known = connections.known_to(session, actor, text.source, thread.placement_id)
    handed_in = composing.hand_in(screen, actor, REPLY, text, files, known, reply_to=answer)
    reply = composing.store(session, actor, handed_in, thread.placement_id)
    post = Post(
        contribution_id=reply.id,
        thread_id=thread.id,
        parent_id=parent.contribution_id,
        depth=parent.depth + 1,
    )
    publishing.settle(session, actor, Entry(thread, post, reply), handed_in)
    unsent.discard_draft(session, actor, target or f"reply:{draft.parent_id}")
    return _posted(Entry(thread, post, reply), handed_in.screening.messages)


def edit_post(session: Session, screen: Screen, actor: Actor, draft: EditDraft) -> Posted:
    """Give a post a new wording, keep the old one, and let the policies look at the new one.

    What a moderator declined goes to a moderator again; what only a policy held is published if the policy is content,
    also with the same words: some wait only because they came too soon.

    :raises NotFound: if the actor does not see the post.
    :raises NotAllowed: if it is not theirs, was removed, or its thread is locked.
    :raises Conflict: if it changed since the actor began to write.
    :raises Rejected: if a policy refuses the text outright; the old wording stands.
    """
    entry = Entry(*access.require_may_edit(session, actor, draft.post_id))
    post = entry.contribution
    text = Writing(source=draft.source, title=draft.title if entry.is_opening else "")
    files = composing.files_in(session, actor, text)
    answered = handing_in.answered_by(session, [post.id]).get(post.id)
    known = connections.known_to(session, actor, text.source, entry.thread.placement_id, before=post.id)
    handed_in = composing.hand_in(
        screen,
        actor,
        post.kind,
        text,
        files,
        known,
        moment=Moment.EDIT,
        previous=post.source,
        reply_to=answered,
    )
    unsent.discard_draft(session, actor, f"edit:{post.id}")
    was, because, before = post.state, handed_in.held_because, (post.source, post.title)
    unchanged = (handed_in.text.source, handed_in.text.title) == before
    if unchanged and (was is not State.HELD or because is not None):
        return _posted(entry, because or ())
    if not unchanged:
        writing.revise(session, post, handed_in.text, handed_in.cooked, seen=draft.seen_version)
    if because is None and was is State.REJECTED:
        because = (_("A moderator did not publish the first wording, so a moderator reads this one too."),)
    if because is None and was is State.HELD and cases.is_flagged(session, actor, post.id):
        because = (_("Members flagged this post, so a moderator reads the new wording first."),)
    if because is None:
        publishing.let_through(session, actor, entry)
    else:
        publishing.hold_back(session, entry, because)
    cooked = composing.settle(session, actor, post, handed_in, held=because is not None)
    publishing.make_findable(session, entry, cooked.text)
    if post.published_at is not None:
        changed = sum(map(characters_changed, before, (post.source, post.title)))
        publishing.tell(session, actor, entry, PostEdited, changed=changed, length_before=len(before[0]))
    return _posted(entry, because or handed_in.screening.messages)


def remove_post(session: Session, actor: Actor, post_id: int) -> Thread:
    """Take a post out of sight; it can be restored, and its answers keep their place.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if it is neither theirs nor are they staff, or it was removed already.
    """
    entry = Entry(*access.require_may_remove(session, actor, post_id))
    cases.withdraw(session, actor, post_id)
    publishing.take_away(session, actor, entry)
    if entry.contribution.published_at is not None:
        publishing.tell(session, actor, entry, PostRemoved)
    return entry.thread


def restore_post(session: Session, actor: Actor, post_id: int) -> Thread:
    """Put a removed post back as it was.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if it is not removed, or somebody else removed it and the actor is not staff.
    """
    entry = Entry(*access.require_may_restore(session, actor, post_id))
    publishing.put_back(session, entry)
    publishing.tell(session, actor, entry, PostRestored)
    return entry.thread


def pin(session: Session, actor: Actor, thread_id: int) -> Thread:
    """Put a thread at the top of the list."""
    thread = access.require_moderated_thread(session, actor, thread_id)
    return _switch(session, actor, thread, ThreadPinned, pinned=True)


def unpin(session: Session, actor: Actor, thread_id: int) -> Thread:
    """Let a thread go back to its place in the list."""
    thread = access.require_moderated_thread(session, actor, thread_id)
    return _switch(session, actor, thread, ThreadUnpinned, pinned=False)


def lock(session: Session, actor: Actor, thread_id: int) -> Thread:
    """Close a thread for new replies and edits by others than moderators."""
    thread = access.require_moderated_thread(session, actor, thread_id)
    return _switch(session, actor, thread, ThreadLocked, locked=True)


def unlock(session: Session, actor: Actor, thread_id: int) -> Thread:
    """Open a thread again, also if it closed because its time was over: then it has no end any more."""
    thread = access.require_moderated_thread(session, actor, thread_id)
    ahead = thread.locks_at if thread.locks_at and thread.locks_at > clock.now() else None
    return _switch(session, actor, thread, ThreadUnlocked, locked=False, locks_at=ahead)


def _switch(
    session: Session, actor: Actor, thread: Thread, happened: type[DiscussionEvent], **columns: Any
) -> Thread:
    if any(getattr(thread, name) != value for name, value in columns.items()):
        numbering.change(session, thread, **columns)
        activity.record(session, happened(**publishing.envelope(actor, thread)))
    return thread


def _posted(entry: Entry, messages: tuple[str, ...] = ()) -> Posted:
    thread, post, contribution = entry.thread, entry.post, entry.contribution
    return Posted(
        thread.id, contribution.id, post.number, contribution.state, thread.highest_number, messages
    )


def _posted_before(session: Session, contribution: Contribution) -> Posted:
    post = session.get_one(Post, contribution.id)
    return _posted(Entry(session.get_one(Thread, post.thread_id), post, contribution))
