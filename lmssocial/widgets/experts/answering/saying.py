"""Asking the asker back, and adding something. Nothing here commits."""

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.content import unsent, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.answering import rules, standing
from lmssocial.widgets.experts.answering.drafts import MESSAGE, Sent, WordsDraft
from lmssocial.widgets.experts.answering.giving import understood
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.models import Message
from lmssocial.widgets.experts.writers import writer_of


def consider_message(
    session: Session, screen: Screen, actor: Actor, question_id: int, draft: WordsDraft
) -> None:
    """Let the policies look at a message before a transaction begins.

    :param screen: asks the policies of the question's community.
    :raises NotFound: if the actor does not read the question.
    :raises NotAllowed: if they may say nothing to it.
    :raises Conflict: if it is over, or cannot be stopped now.
    :raises Rejected: if a policy refuses the text outright.
    """
    access.require_asks(actor)
    asked = questions.seen(session, actor, question_id)
    if writing.sent_before(session, actor, _writing(draft)) is None:
        invitation = questions.invitation_of(session, question_id, actor.user_id)
        rules.require_says(actor, asked, invitation, asks=draft.asks)
        understood(session, screen, writer_of(session, actor, asked.question).actor, MESSAGE, asked, draft)


def say(session: Session, screen: Screen, actor: Actor, question_id: int, draft: WordsDraft) -> Sent:
    """Say something to a question, in its community. The same form sent twice says it once.

    A question back stops the clock; whatever the asker says lets it go on. Held words do neither.

    :param screen: asks the policies of the question's community.
    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they may say nothing to it.
    :raises Conflict: if it is over, or cannot be stopped now.
    :raises Rejected: if a policy refuses the text outright.
    """
    access.require_asks(actor)
    if (earlier := writing.sent_before(session, actor, _writing(draft))) is not None:
        return _sent(earlier, question_id)
    asked = questions.locked(session, actor, question_id)
    invitation = questions.invitation_of(session, question_id, actor.user_id)
    rules.require_says(actor, asked, invitation, asks=draft.asks)
    writer = writer_of(session, actor, asked.question).actor
    handed_in = understood(session, screen, writer, MESSAGE, asked, draft)
    words = handing_in.store(session, writer, handed_in, asked.question.placement_id)
    session.add(
        Message(contribution_id=words.id, question_id=question_id, author_id=actor.user_id, asks=draft.asks)
    )
    session.flush()
    held = handed_in.held_because is not None
    handing_in.settle(session, writer, words, handed_in, held=held)
    unsent.discard_draft(session, actor, target(For.MESSAGE, question_id))
    if not held:
        standing.let_through(session, words)
    return _sent(words, question_id, handed_in.held_because or handed_in.screening.messages)


def _writing(draft: WordsDraft) -> Writing:
    return Writing(source=draft.source, submission_key=draft.submission_key)


def _sent(words: Contribution, question_id: int, messages: tuple[str, ...] = ()) -> Sent:
    return Sent(
        contribution_id=words.id, question_id=question_id, state=words.state, messages=tuple(messages)
    )
