"""The steps by which a post becomes readable, waits, or goes out of sight, with everything that depends on it.

State of the words (content), number and counters (numbering), the thread's own state, the index and the log change
together here, so that no caller can forget one of them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.hooks import Span
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in as composing
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import connections, writing
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.measure import own_length
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Because
from lmssocial.social.knowledge.models import Item
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.search import index
from lmssocial.widgets.discussion import marks, numbering
from lmssocial.widgets.discussion.events import PostEvent, QuestionUnsolved, ReplyPosted, ThreadPosted
from lmssocial.widgets.discussion.handing_in import THREAD
from lmssocial.widgets.discussion.models import Audience, Post, Thread, ThreadKind

POST = "discussion.post"
"""What posts are called in the search index."""


@dataclass(frozen=True)
class Entry:
    """A post with all that belongs to it."""

    thread: Thread
    post: Post
    contribution: Contribution

    @property
    def is_opening(self) -> bool:
        """Whether it opened the thread."""
        return self.post.parent_id is None


def settle(session: Session, actor: Actor, entry: Entry, handed_in: HandedIn, *, waits: bool = False) -> None:
    """Give a new post its place, publish it or ask a moderator, and make it findable.

    :param waits: whether it is held though nobody has to decide about it: what it answers is not published yet.
    """
    held = handed_in.held_because is not None
    if not (held or waits):
        _enter(session, actor, entry)
    session.add(entry.post)
    cooked = composing.settle(session, actor, entry.contribution, handed_in, held=held)
    if held or waits:
        numbering.change(session, entry.thread)
    make_findable(session, entry, cooked.text)


def with_its_question() -> str:
    """What the author of an answer reads that was published together with a question which waits."""
    return _("This appears together with its question, which waits for a moderator.")


def redact(session: Session, entry: Entry, spans: Sequence[Span], message: str) -> None:
    """A moderator takes words out; readers see the rest."""
    cooked = writing.redact(session, entry.contribution, spans, message)
    make_findable(session, entry, cooked.text)
    numbering.change(session, entry.thread)


def let_through(session: Session, actor: Actor, entry: Entry) -> None:
    """Let everybody read it: for the first time, again after it was held, or with a new wording.

    An answer that was published together with its question (:class:`~lmssocial.social.knowledge.models.Item`) never
    comes before it: it waits until somebody lets the question through, and comes with it.
    """
    if _is_before_its_question(session, entry):
        hold_back(session, entry, (with_its_question(),))
        return
    was = entry.contribution.state
    first = writing.publish(session, entry.contribution)
    if entry.is_opening:
        numbering.change(session, entry.thread, title=entry.contribution.title, state=State.PUBLISHED)
    if first:
        _enter(session, actor, entry)
        _keep_together(session, actor, entry)
        return
    numbering.change(session, entry.thread, replies=0 if entry.is_opening or was is State.PUBLISHED else 1)


def _is_before_its_question(session: Session, entry: Entry) -> bool:
    """Whether it answers what nobody could read yet."""
    if entry.is_opening or entry.contribution.published_at is not None:
        return False
    return session.get_one(Contribution, entry.post.parent_id).published_at is None


def _keep_together(session: Session, actor: Actor, entry: Entry) -> None:
    """A question or answer that was published as knowledge is read for the first time: the other belongs to it.

    With the question comes the answer, unless somebody has to decide about that, and the answer solves the question.
    """
    item = session.scalar(
        select(Item).where(
            or_(Item.contribution_id == entry.contribution.id, Item.answer_id == entry.contribution.id)
        )
    )
    if item is None or item.contribution_id == item.answer_id:
        return
    if not entry.is_opening:
        numbering.change(session, entry.thread, solved_id=item.answer_id)
        return
    answer = session.get_one(Contribution, item.answer_id)
    waits = select(Case.id).where(Case.contribution_id == answer.id, Case.state == CaseState.OPEN)
    if answer.state is State.HELD and session.scalar(waits.limit(1)) is None:
        let_through(session, actor, Entry(entry.thread, session.get_one(Post, answer.id), answer))


def _enter(session: Session, actor: Actor, entry: Entry) -> None:
    contribution = entry.contribution
    parent = session.get(Post, entry.post.parent_id) if entry.post.parent_id is not None else None
    number = numbering.enter(session, entry.thread, entry.post, parent, contribution.author_id)
    read = marks.progress_of(session, contribution.author_id, entry.thread.id)
    marks.store(session, contribution.author_id, entry.thread.id, read.and_read({number}))
    because = Because.STARTED if parent is None else Because.REPLIED
    following.unless_chosen(
        session, contribution.author_id, contribution.community_id, THREAD, entry.thread.id, because
    )
    _tell_of_new(session, actor, entry, number, parent)


def _tell_of_new(session: Session, actor: Actor, entry: Entry, number: int, parent: Post | None) -> None:
    """Write into the log that a post can be read; its author did that, also if a moderator let it through."""
    contribution, thread = entry.contribution, entry.thread
    said = {
        **envelope(actor, thread),
        "actor_id": contribution.author_id,
        "actor_role": contribution.author_role,
        "post_id": contribution.id,
        "private": thread.audience is Audience.PRIVATE,
        **asdict(connections.connected(session, contribution)),
    }
    if parent is None:
        activity.record(session, ThreadPosted(**said, kind=thread.kind))
        return
    answered = session.get_one(Contribution, parent.contribution_id)
    activity.record(
        session,
        ReplyPosted(
            **said,
            number=number,
            parent_id=parent.contribution_id,
            parent_author_id=answered.author_id,
            thread_author_id=thread.author_id,
            question=thread.kind is ThreadKind.QUESTION,
            length=own_length(contribution.source),
        ),
    )


def hold_back(session: Session, entry: Entry, because: Sequence[str]) -> None:
    """A new wording has to wait; until then nobody reads the old one either."""
    was = entry.contribution.state
    writing.hold(entry.contribution, because)
    waits_whole = entry.is_opening and entry.contribution.published_at is None
    counted = was is State.PUBLISHED and not entry.is_opening
    change: dict[str, Any] = {"state": State.HELD, "title": entry.contribution.title} if waits_whole else {}
    numbering.change(session, entry.thread, replies=-1 if counted else 0, **change)


def turn_down(session: Session, actor: Actor, entry: Entry, message: str) -> None:
    """A moderator decided against it, before or after it was published."""
    counted = entry.contribution.state is State.PUBLISHED and not entry.is_opening
    writing.decline(entry.contribution, message)
    waits_whole = entry.is_opening and entry.contribution.published_at is None
    change: dict[str, Any] = {"state": State.REJECTED} if waits_whole else {}
    change |= _no_longer_solved(session, actor, entry)
    numbering.change(session, entry.thread, replies=-1 if counted else 0, **change)


def take_away(session: Session, actor: Actor, entry: Entry) -> None:
    """Out of sight. With its opening goes the whole thread, unless its author left answers of others behind."""
    counted = entry.contribution.state is State.PUBLISHED and not entry.is_opening
    writing.remove(actor, entry.contribution)
    index.take_out(session, POST, entry.contribution.id)
    by_author = actor.user_id == entry.contribution.author_id
    whole = entry.is_opening and (entry.thread.reply_count == 0 or not by_author)
    change: dict[str, Any] = {"state": State.REMOVED} if whole else {}
    change |= _no_longer_solved(session, actor, entry)
    numbering.change(session, entry.thread, replies=-1 if counted else 0, **change)


def _no_longer_solved(session: Session, actor: Actor, entry: Entry) -> dict[str, Any]:
    """What changes in a thread whose solution goes: the question is open again."""
    if entry.thread.solved_id != entry.contribution.id:
        return {}
    tell(session, actor, entry, QuestionUnsolved)
    return {"solved_id": None}


def put_back(session: Session, entry: Entry) -> None:
    """As it was before it was removed."""
    writing.restore(entry.contribution)
    make_findable(session, entry, plain_text(entry.contribution.source))
    change: dict[str, Any] = {"state": State.PUBLISHED} if entry.is_opening else {}
    numbering.change(session, entry.thread, replies=0 if entry.is_opening else 1, **change)


def make_findable(session: Session, entry: Entry, words: str) -> None:
    """Put it into the index. Who finds it is decided when somebody searches, by the rules of reading."""
    contribution = entry.contribution
    index.put(
        session,
        index.Document(
            kind=POST,
            subject_id=contribution.id,
            tenant_id=contribution.tenant_id,
            community_id=contribution.community_id,
            title=contribution.title,
            body=words,
            at=contribution.created_at,
        ),
    )


def tell(session: Session, actor: Actor, entry: Entry, kind: type[PostEvent], **more: Any) -> None:
    """Write into the log what ``actor`` did to a post; ``more`` are the fields that only this kind of event has."""
    words = entry.contribution
    about = envelope(actor, entry.thread) | {"post_id": words.id, "author_id": words.author_id}
    activity.record(session, kind(**about, **more))


def envelope(actor: Actor, thread: Thread) -> dict[str, Any]:
    """Where it happened and who did it."""
    return {**actor.envelope, "placement_id": thread.placement_id, "thread_id": thread.id}
