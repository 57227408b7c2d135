"""Decisions about words, carried out (:class:`~lmssocial.social.moderation.ports.Moderated`). Nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import ReplyTo, Span
from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.ports import Subject
from lmssocial.widgets.experts.answering import service as answering
from lmssocial.widgets.experts.asking.finding import QUESTION
from lmssocial.widgets.experts.moderating import reading, standing, subjects

WAITING = (State.HELD, State.REJECTED)


class ModeratedWords:
    """Everything that people write in expert connect."""

    def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
        """Let it be read. For a question, somebody is looked for from now on; an answer answers from now on."""
        words = _decided(session, actor, contribution_id)
        if words.state in WAITING:
            _let_through(session, words)
            words.note = _("A moderator has read and published this.")

    def decline(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Keep it from being read. Nobody is asked to answer such a question any more."""
        words = _decided(session, actor, contribution_id)
        if words.state is State.REMOVED:
            return
        was = words.state
        writing.decline(words, message)
        session.flush()
        if words.kind == QUESTION:
            standing.declined(session, words)
        elif was is State.PUBLISHED:
            _out_of_sight(session, actor, words)
        else:
            standing.look_again(session, words)

    def hide(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Let it wait, because it was reported; who reported it last acts, and is told to nobody."""
        words = _here(session, actor, contribution_id)
        if not reading.reads(session, actor, contribution_id):
            raise _nothing(contribution_id)
        if words.state is State.PUBLISHED:
            writing.hold(words, (message,))
            session.flush()
            _out_of_sight(session, None, words)

    def redact(
        self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span], message: str
    ) -> None:
        """Take words out and let the rest be read."""
        words = _decided(session, actor, contribution_id)
        if words.state is State.REMOVED:
            return
        if words.state in WAITING:
            _let_through(session, words)
        writing.redact(session, words, spans, message)
        session.flush()
        standing.reworded(session, words)

    def put_back(self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span]) -> None:
        """Let the words be read again that were taken out."""
        words = _decided(session, actor, contribution_id)
        if words.state is State.REMOVED:
            return
        if words.state in WAITING:
            _let_through(session, words)
        if writing.put_back(session, words, spans) is not None:
            session.flush()
            standing.reworded(session, words)

    def answered(self, session: Session, contribution_ids: Sequence[int]) -> dict[int, ReplyTo]:
        """The questions that answers and messages are about. One query."""
        return subjects.answered(session, contribution_ids)

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """Those of some words that the actor reads. One query."""
        return reading.readable(session, actor, contribution_ids)

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """What the actor sees of some words. One query."""
        return subjects.subjects(session, actor, contribution_ids)


def _let_through(session: Session, words: Contribution) -> None:
    first = writing.publish(session, words)
    session.flush()
    if words.kind == QUESTION:
        standing.read_again(session, words, first=first)
    elif standing.is_bio(words):
        standing.reworded(session, words)
    else:
        answering.let_through(session, words, first=first)


def _out_of_sight(session: Session, actor: Actor | None, words: Contribution) -> None:
    if words.kind == QUESTION:
        standing.hidden(session, words)
    elif standing.is_bio(words):
        standing.reworded(session, words)
    else:
        answering.out_of_sight(session, actor, words)


def _here(session: Session, actor: Actor, contribution_id: int) -> Contribution:
    words = session.scalar(
        select(Contribution).where(Contribution.id == contribution_id, reading.is_here(actor))
    )
    if words is None:
        raise _nothing(contribution_id)
    return words


def _decided(session: Session, actor: Actor, contribution_id: int) -> Contribution:
    """Words that the actor decides about.

    :raises NotAllowed: if they do not moderate.
    :raises NotFound: if there are none in their community.
    """
    if not actor.moderates:
        raise NotAllowed(_("Only moderators of this course can do this."))
    return _here(session, actor, contribution_id)


def _nothing(contribution_id: int) -> NotFound:
    return NotFound(
        _("This does not exist, or it is not open to you."),
        reason=f"nothing of expert connect is contribution {contribution_id}",
    )
