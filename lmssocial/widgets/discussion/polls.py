"""Polls at the head of a thread: asking one, choosing, choosing otherwise, closing. Nobody sees who chose what."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion import access, numbering, publishing
from lmssocial.widgets.discussion.drafts import PollDraft
from lmssocial.widgets.discussion.events import PollClosed, PollVoted
from lmssocial.widgets.discussion.models import Poll, PollOption, PollVote, Thread

FEWEST, MOST = 2, 10
"""Answers of a poll."""


def require_possible(draft: PollDraft | None) -> None:
    """Look at a poll before anything is stored.

    :raises Invalid: if there are too few or too many different answers, or no question.
    """
    if draft is None:
        return
    if not draft.question.strip():
        raise Invalid(_("Write the question of your poll."))
    if not FEWEST <= len(set(draft.options)) == len(draft.options) <= MOST:
        raise Invalid(
            _(
                "A poll has %(fewest)d to %(most)d different answers, one on each line.",
                fewest=FEWEST,
                most=MOST,
            )
        )


def add(session: Session, thread: Thread, draft: PollDraft | None) -> None:
    """Put a poll at the head of a new thread, if there is one."""
    if draft is None:
        return
    poll = Poll(
        thread_id=thread.id, question=draft.question, several=draft.several, closes_at=draft.closes_at
    )
    session.add(poll)
    session.flush()  # its answers need its id
    session.add_all(
        PollOption(poll_id=poll.id, position=position, text=text)
        for position, text in enumerate(draft.options)
    )


def is_closed(poll: Poll) -> bool:
    """Whether its time is over. No job has to run for that."""
    return poll.closes_at is not None and poll.closes_at <= clock.now()


def vote(session: Session, actor: Actor, thread_id: int, option_ids: Collection[int]) -> Thread:
    """Choose these answers, in place of what the actor chose before.

    :raises NotFound: if they do not see the thread, or it has no poll.
    :raises NotAllowed: if the poll or the thread is closed, or not for them to write in.
    :raises Invalid: if nothing is chosen, several where one is asked for, or something else.
    """
    thread, poll = _require_poll(session, actor, thread_id)
    if is_closed(poll):
        raise NotAllowed(_("This poll is closed, so it takes no more votes."))
    if not access.writes_in(actor, thread):
        raise NotAllowed(_("You can read this thread, but it takes no votes from you."))
    chosen, known = set(option_ids), _options(session, poll)
    if not chosen <= known:
        raise Invalid(_("That answer is not part of this poll."))
    if not chosen:
        raise Invalid(_("Choose an answer first."))
    if len(chosen) > 1 and not poll.several:
        raise Invalid(_("Choose one answer only."))
    before = _chosen_by(session, actor, known)
    _count(session, actor, taken_back=before - chosen, added=chosen - before)
    if before != chosen:
        numbering.change(session, thread)
    if not before:
        activity.record(session, PollVoted(**publishing.envelope(actor, thread), poll_id=poll.id))
    return thread


def close(session: Session, actor: Actor, thread_id: int) -> Thread:
    """End a poll now; everybody sees the result.

    :raises NotFound: if the actor does not see the thread, or it has no poll.
    :raises NotAllowed: if they neither began the thread nor moderate.
    """
    thread, poll = _require_poll(session, actor, thread_id)
    if not may_close(actor, thread):
        raise NotAllowed(_("Only who began the thread, or a moderator, can close its poll."))
    if not is_closed(poll):
        poll.closes_at = clock.now()
        numbering.change(session, thread)
        activity.record(session, PollClosed(**publishing.envelope(actor, thread), poll_id=poll.id))
    return thread


def may_close(actor: Actor, thread: Thread) -> bool:
    """Who began the thread, and moderators."""
    return access.sees_thread(actor, thread) and (thread.author_id == actor.user_id or actor.moderates)


def _require_poll(session: Session, actor: Actor, thread_id: int) -> tuple[Thread, Poll]:
    """A thread's poll, locked until the transaction ends, so that votes are counted one after the other.

    :raises NotFound: if the actor does not see it, or there is none.
    """
    thread = access.require_thread(session, actor, thread_id)
    poll = session.scalar(
        select(Poll)
        .where(Poll.thread_id == thread_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if poll is None:
        raise NotFound(_("This thread has no poll."), reason=f"thread {thread_id} has no poll")
    return thread, poll


def _options(session: Session, poll: Poll) -> set[int]:
    return set(session.scalars(select(PollOption.id).where(PollOption.poll_id == poll.id)))


def _chosen_by(session: Session, actor: Actor, options: Collection[int]) -> set[int]:
    mine = select(PollVote.option_id).where(
        PollVote.user_id == actor.user_id, PollVote.option_id.in_(options)
    )
    return set(session.scalars(mine))


def _count(session: Session, actor: Actor, *, taken_back: Collection[int], added: Collection[int]) -> None:
    """Store the difference; the numbers beside the answers change with it."""
    if taken_back:
        session.execute(
            delete(PollVote).where(PollVote.user_id == actor.user_id, PollVote.option_id.in_(taken_back))
        )
        _add_to(session, sorted(taken_back), -1)
    if added:
        session.add_all(PollVote(option_id=option_id, user_id=actor.user_id) for option_id in sorted(added))
        session.flush()
        _add_to(session, sorted(added), +1)


def _add_to(session: Session, options: Sequence[int], votes: int) -> None:
    session.execute(
        update(PollOption)
        .where(PollOption.id.in_(options))
        .values(votes=PollOption.votes + votes)
        .execution_options(synchronize_session=False)
    )
