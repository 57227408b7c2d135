"""Answering a question. Whoever was asked and answers straight away has accepted by that. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import ReplyTo
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import unsent, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.answering import rules, standing
from lmssocial.widgets.experts.answering.drafts import ANSWER, Sent, WordsDraft
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.invitation_models import WAITING, Invitation
from lmssocial.widgets.experts.inviting import replying
from lmssocial.widgets.experts.models import Answer, State
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.writers import Writer, writer_of


class Answered(Conflict):
    """They have answered already, and change that answer instead of giving another."""


def consider_answer(
    session: Session, screen: Screen, actor: Actor, question_id: int, draft: WordsDraft
) -> None:
    """Let the policies look at an answer before a transaction begins.

    :param screen: asks the policies of the question's community.
    :raises NotFound: if the actor does not read the question.
    :raises NotAllowed: if it is not theirs to answer.
    :raises Conflict: if it needs no answer any more.
    :raises Rejected: if a policy refuses the text outright.
    """
    access.require_asks(actor)
    asked = questions.seen(session, actor, question_id)
    if writing.sent_before(session, actor, _writing(draft)) is None:
        rules.require_answers(actor, asked, questions.invitation_of(session, question_id, actor.user_id))
        understood(session, screen, writer_of(session, actor, asked.question).actor, ANSWER, asked, draft)


def answer(session: Session, screen: Screen, actor: Actor, question_id: int, draft: WordsDraft) -> Sent:
    """Answer a question, in its community. The same form sent twice answers once.

    :param screen: asks the policies of the question's community.
    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if it is not theirs to answer.
    :raises Conflict: if it needs no answer any more.
    :raises Answered: if they have answered it already.
    :raises Rejected: if a policy refuses the text outright.
    """
    access.require_asks(actor)
    if (earlier := writing.sent_before(session, actor, _writing(draft))) is not None:
        return _sent(earlier, question_id)
    asked = questions.locked(session, actor, question_id)
    invitation = questions.invitation_of(session, question_id, actor.user_id)
    rules.require_answers(actor, asked, invitation)
    if own_answer(session, question_id, actor.user_id) is not None:
        raise Answered(
            _(
                "You have answered this question already. Change that answer, so that all of it stands together."
            )
        )
    writer = writer_of(session, actor, asked.question)
    handed_in = understood(session, screen, writer.actor, ANSWER, asked, draft)
    invitation = _accepted(session, actor, asked, invitation)
    because = handed_in.held_because or approval(actor, asked, writer)
    words = _stored(session, writer.actor, asked, handed_in, because)
    answered_by = invitation.id if invitation else None
    session.add(
        Answer(
            contribution_id=words.id,
            question_id=question_id,
            author_id=actor.user_id,
            invitation_id=answered_by,
        )
    )
    session.flush()  # what follows looks for it
    handing_in.settle(session, writer.actor, words, handed_in, held=because is not None)
    unsent.discard_draft(session, actor, target(For.ANSWER, question_id))
    if because is None:
        standing.let_through(session, words)
    else:
        questions.look_again(asked.question)
    return _sent(words, question_id, because or handed_in.screening.messages)


def understood(
    session: Session, screen: Screen, writer: Actor, kind: str, asked: Asked, draft: WordsDraft
) -> HandedIn:
    """New words to a question, after the policies have looked at them.

    :param writer: as they are in the question's community.
    :raises Rejected: if a policy refuses them outright.
    """
    text = _writing(draft)
    files = handing_in.files_in(session, writer, text)
    return handing_in.hand_in(screen, writer, kind, text, files, reply_to=reply_to(asked.words))


def reply_to(question: Contribution) -> ReplyTo:
    """What the policies get to see of the question that is answered."""
    since = (clock.now() - (question.published_at or question.created_at)).total_seconds()
    return ReplyTo(
        author_id=question.author_id, author_role=question.author_role, seconds_since=max(0.0, since)
    )


def approval(actor: Actor, asked: Asked, writer: Writer) -> tuple[str, ...] | None:
    """The sentence that says that somebody reads an answer first, if that is so."""
    if rules.waits_for_approval(actor, asked.question, writer.tier):
        return (_("An SME reads answers here first."),)
    return None


def own_answer(session: Session, question_id: int, user_id: int) -> int | None:
    """The answer that somebody gave already, unless it was taken back."""
    return session.scalar(
        select(Answer.contribution_id)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .where(
            Answer.question_id == question_id,
            Answer.author_id == user_id,
            Contribution.state != Visible.REMOVED,
        )
        .limit(1)
    )


def _stored(
    session: Session, writer: Actor, asked: Asked, handed_in: HandedIn, because: tuple[str, ...] | None
) -> Contribution:
    return writing.add(
        session,
        writer,
        handed_in.submission.kind,
        handed_in.text,
        handed_in.cooked,
        placement_id=asked.question.placement_id,
        held_because=because,
    )


def _accepted(
    session: Session, actor: Actor, asked: Asked, invitation: Invitation | None
) -> Invitation | None:
    """The invitation by which an answer comes; one that waits is accepted by answering, as long as nobody answered."""
    if (
        invitation is not None
        and invitation.state in WAITING
        and invitation.community_id == actor.community_id
        and asked.question.state is State.OPEN
    ):
        indexing.hold(session, asked.question.community_id)
        replying.accept(session, actor, asked.question.id)
    return invitation


def _writing(draft: WordsDraft) -> Writing:
    return Writing(source=draft.source, submission_key=draft.submission_key)


def _sent(words: Contribution, question_id: int, messages: tuple[str, ...] = ()) -> Sent:
    return Sent(
        contribution_id=words.id, question_id=question_id, state=words.state, messages=tuple(messages)
    )
