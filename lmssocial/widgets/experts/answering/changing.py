"""Another wording of an own answer or message, and taking one back. Nothing here commits."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.hooks import Moment
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import unsent, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.measure import characters_changed
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.answering import rules, standing
from lmssocial.widgets.experts.answering.drafts import Rewording, Sent
from lmssocial.widgets.experts.answering.giving import approval, reply_to
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.events import AnswerEdited
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.models import Answer, Message
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.writers import Writer, author_of, writer_of


@dataclass(frozen=True, kw_only=True)
class Piece:
    """An answer or a message, with the question it was said to."""

    asked: Asked
    words: Contribution
    is_answer: bool


def piece_of(session: Session, actor: Actor, contribution_id: int) -> Piece:
    """Something the actor said themself, also as a guest.

    :raises NotFound: if it is not theirs, was taken back, or they do not read the question any more.
    """
    piece = _found(session, actor, contribution_id)
    if piece.words.author_id != actor.user_id:
        raise _nothing(actor, contribution_id)
    return piece


def piece_to_take(session: Session, actor: Actor, contribution_id: int) -> Piece:
    """Something that the actor said, or decides about because they moderate there.

    :raises NotFound: if there is no such thing that they read.
    :raises NotAllowed: if it is somebody else's.
    """
    piece = _found(session, actor, contribution_id)
    if piece.words.author_id != actor.user_id and not rules.moderates(actor, piece.asked.question):
        raise NotAllowed(_("Only whoever wrote this, or a moderator, can take it away."))
    return piece


def consider_edit(
    session: Session, screen: Screen, actor: Actor, contribution_id: int, draft: Rewording
) -> None:
    """Let the policies look at another wording before a transaction begins.

    :raises NotFound: if it is not the actor's.
    :raises Conflict: if the question is over.
    :raises Rejected: if a policy refuses the text outright; the old wording stands.
    """
    access.require_asks(actor)
    piece = piece_of(session, actor, contribution_id)
    _require_changeable(piece)
    _understood(session, screen, writer_of(session, actor, piece.asked.question), piece, draft)


def edit(session: Session, screen: Screen, actor: Actor, contribution_id: int, draft: Rewording) -> Sent:
    """Give an own answer or message another wording. The policies, and where answers are approved a person, look again.

    :param screen: asks the policies of the question's community.
    :raises NotFound: if it is not the actor's.
    :raises Conflict: if it changed since they began to write, or the question is over.
    :raises Rejected: if a policy refuses the text outright; the old wording stands.
    """
    access.require_asks(actor)
    asked = questions.locked_by_clock(session, piece_of(session, actor, contribution_id).asked.question.id)
    piece = piece_of(session, actor, contribution_id)
    _require_changeable(piece)
    writer, before = writer_of(session, actor, asked.question), piece.words.source
    handed_in = _understood(session, screen, writer, piece, draft)
    unsent.discard_draft(session, actor, target(For.WORDS, contribution_id))
    words, was = piece.words, piece.words.state
    same = handed_in.text.source == words.source
    if same and (was is not Visible.HELD or handed_in.held_because is not None):
        return _sent(piece)
    first = words.published_at is None
    because = _reworded(session, actor, writer, piece, handed_in, seen=draft.seen_version)
    handing_in.settle(session, writer.actor, words, handed_in, held=because is not None)
    _follow(session, piece, was, first=first, before=before)
    return _sent(piece, because or handed_in.screening.messages)


def take_back(session: Session, actor: Actor, contribution_id: int) -> int:
    """Take an answer or a message out of sight: the own one, or any that a moderator takes away. Gives the question.

    If it was the only answer, the question goes back to whoever had promised one, or to others.

    :raises NotFound: if there is no such thing that the actor reads.
    :raises NotAllowed: if it is somebody else's.
    """
    access.require_asks(actor)
    question_id = piece_to_take(session, actor, contribution_id).asked.question.id
    asked = questions.locked_by_clock(session, question_id)
    piece = piece_to_take(session, actor, contribution_id)
    was = piece.words.state
    writer = writer_of(session, actor, asked.question).actor
    writing.remove(actor, piece.words)
    cases.withdraw(session, writer, contribution_id)
    session.flush()
    if was is Visible.PUBLISHED:
        standing.out_of_sight(session, actor, piece.words)
    questions.look_again(asked.question)
    return question_id


def _found(session: Session, actor: Actor, contribution_id: int) -> Piece:
    words = session.scalar(
        select(Contribution).where(
            Contribution.id == contribution_id,
            Contribution.tenant_id == actor.tenant_id,
            Contribution.state != Visible.REMOVED,
        )
    )
    answer = session.get(Answer, contribution_id)
    message = session.get(Message, contribution_id) if answer is None else None
    question_id = answer.question_id if answer else message.question_id if message else None
    if words is None or question_id is None:
        raise _nothing(actor, contribution_id)
    asked = questions.seen(session, actor, question_id)
    return Piece(asked=asked, words=words, is_answer=answer is not None)


def _nothing(actor: Actor, contribution_id: int) -> NotFound:
    return NotFound(
        _("There is no answer or message of yours at this address."),
        reason=f"user {actor.user_id} said nothing that is contribution {contribution_id}",
    )


def _require_changeable(piece: Piece) -> None:
    if piece.asked.question.state not in rules.TALKED_ABOUT:
        raise Conflict(_("This question is over, so what was said to it stays as it is."))


def _understood(session: Session, screen: Screen, writer: Writer, piece: Piece, draft: Rewording) -> HandedIn:
    text = Writing(source=draft.source)
    return handing_in.hand_in(
        screen,
        writer.actor,
        piece.words.kind,
        text,
        handing_in.files_in(session, writer.actor, text, of=piece.words.id),
        moment=Moment.EDIT,
        previous=piece.words.source,
        reply_to=reply_to(piece.asked.words),
    )


def _reworded(
    session: Session, actor: Actor, writer: Writer, piece: Piece, handed_in: HandedIn, *, seen: int
) -> tuple[str, ...] | None:
    """Give it the new words; the sentences that say why they wait, if they do."""
    words = piece.words
    because = approval(actor, piece.asked, writer) if piece.is_answer else None
    if because is None or handed_in.held_because is not None:
        reported = _("This was reported, so a moderator reads the new wording first.")
        return handing_in.reword(session, writer.actor, words, handed_in, seen=seen, reported=reported)
    if handed_in.text.source != words.source:
        writing.revise(session, words, handed_in.text, handed_in.cooked, seen=seen)
    writing.hold(words, because)
    return because


def _follow(session: Session, piece: Piece, was: Visible, *, first: bool, before: str) -> None:
    """What another wording means for the question: it may be read now, not any more, or still.

    :param before: the wording it had.
    """
    words, question = piece.words, piece.asked.question
    session.flush()
    if words.state is Visible.PUBLISHED and was is not Visible.PUBLISHED:
        standing.let_through(session, words, first=first)
    elif was is Visible.PUBLISHED and words.state is not Visible.PUBLISHED:
        standing.out_of_sight(session, None, words)
    elif words.state is Visible.PUBLISHED and piece.is_answer:
        indexing.answered(session, words.id)
        finding.refresh(session, question.id)
        author = author_of(session, words)
        about = questions.about(session, question, author)
        about |= {"answer_id": words.id, "author_id": words.author_id}
        changed = characters_changed(before, words.source)
        log.record(session, AnswerEdited(**about, changed=changed, length_before=len(before)))
    questions.look_again(question)


def _sent(piece: Piece, messages: tuple[str, ...] = ()) -> Sent:
    return Sent(
        contribution_id=piece.words.id,
        question_id=piece.asked.question.id,
        state=piece.words.state,
        messages=tuple(messages),
    )
