"""What stewards do with a question: invite somebody, hand it to somebody else, open it, merge it, close it.

Each asks first whether the actor may, and holds the question locked. Nothing here commits.
"""

from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import sentences
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.events import QuestionClosed, QuestionMerged
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState, Source
from lmssocial.widgets.experts.inviting import levels
from lmssocial.widgets.experts.inviting.levels import Why
from lmssocial.widgets.experts.inviting.service import end_all, invite, look_for_others, require_open
from lmssocial.widgets.experts.models import ALIVE, Audience, Question, State
from lmssocial.widgets.experts.questions import Asked, Happening

NOTE = "experts.steward_note"
"""What a steward writes to whom they invite, as policies know it."""
REASON = "experts.close_reason"
"""Why a question is closed, likewise."""


def tended(session: Session, actor: Actor, question_id: int) -> Asked:
    """A question that the actor looks after.

    :raises NotAllowed: unless they look after questions, or if it is one of another course.
    :raises NotFound: if it is not theirs to read.
    """
    access.require_looks_after(actor)
    return _at_home(actor, questions.seen(session, actor, question_id))


def fit(screen: Screen, actor: Actor, kind: str, words: str) -> str:
    """What the actor writes beside a deed, as it is read; empty if they wrote nothing.

    Asked before a transaction begins as well: then that does not wait for the policies.

    :param kind: :data:`NOTE` or :data:`REASON`.
    :raises Invalid: if a policy does not let it be read.
    """
    return sentences.fit(screen, actor, kind, words) if words.strip() else ""


def expert_invite(
    session: Session, screen: Screen, actor: Actor, question_id: int, user_id: int, words: str
) -> Invitation:
    """Invite somebody whom the actor chose, beside those who are asked already.

    :param words: what the actor writes to them; may be empty.
    :raises NotAllowed: unless the actor looks after questions here.
    :raises NotFound: if the question or the person is out of reach.
    :raises Conflict: if nobody is looked for, or the person was asked or has no time (``Full``).
    :raises Invalid: if a policy does not let the words be read.
    """
    asked = _locked(session, actor, question_id)
    require_open(asked)
    return invite(session, asked, user_id, Source.STEWARD, by=actor, note=fit(screen, actor, NOTE, words))


def reassign(
    session: Session, screen: Screen, actor: Actor, question_id: int, user_id: int, words: str
) -> Invitation:
    """Hand a question to somebody else: whoever was asked or had accepted is told that they need not answer.

    :raises NotAllowed: unless the actor looks after questions here.
    :raises NotFound: if the question or the person is out of reach.
    :raises Conflict: if it has an answer or is over, or the person was asked or has no time (``Full``).
    :raises Invalid: if a policy does not let the words be read.
    """
    asked = _locked(session, actor, question_id)
    if asked.question.state is State.ACCEPTED:
        end_all(session, asked, InvitationState.SUPERSEDED)
        look_for_others(asked)
        questions.note(session, asked.question, Happening.RELEASED, actor)
        session.flush()
    require_open(asked)
    end_all(session, asked, InvitationState.SUPERSEDED)
    session.flush()
    return invite(session, asked, user_id, Source.STEWARD, by=actor, note=fit(screen, actor, NOTE, words))


def open_up(session: Session, actor: Actor, question_id: int) -> bool:
    """Let everybody answer a question before its time; says whether that is new.

    :raises NotAllowed: unless the actor looks after questions here; or if it is for experts only.
    :raises NotFound: if it is not theirs to read.
    :raises Conflict: if it has an answer or is over.
    """
    asked = _locked(session, actor, question_id)
    if asked.question.audience is Audience.EXPERTS:
        raise NotAllowed(_("This question is for experts only. Only who asked it can open it to everybody."))
    require_open(asked)
    return levels.open_to_all(session, asked, Why.STEWARD, actor)


def close(session: Session, screen: Screen, actor: Actor, question_id: int, reason: str) -> Question:
    """Close a question without an answer, and say why.

    :param reason: a sentence that its asker reads.
    :raises NotAllowed: unless the actor looks after questions here.
    :raises NotFound: if it is not theirs to read.
    :raises Conflict: if it is over, has an answer, or waits for a moderator.
    :raises Invalid: if the reason is empty, or a policy does not let it be read.
    """
    asked = _locked(session, actor, question_id)
    _require_alive(asked)
    if asked.question.state is State.ANSWERED:
        raise Conflict(
            _("This question has an answer. Its asker says whether it helps, or it is resolved by itself.")
        )
    because = sentences.fit(screen, actor, REASON, reason)
    question, waiting_ids = asked.question, end_all(session, asked, InvitationState.SUPERSEDED)
    _end(question, State.CLOSED)
    question.closed_because = because
    questions.note(session, question, Happening.CLOSED, actor)
    record(session, QuestionClosed(**questions.about(session, question, actor), waiting_ids=waiting_ids))
    return question


def merge(session: Session, actor: Actor, question_id: int, into_id: int) -> Question:
    """Let a question go on in another one: nothing that was said moves, and its page leads there.

    :raises NotAllowed: unless the actor looks after questions here.
    :raises NotFound: if one of the two is not theirs to read.
    :raises Conflict: if it is over, or waits for a moderator.
    :raises Invalid: if the other one is no place to go on.
    """
    tended(session, actor, question_id)
    for number in sorted(
        {question_id, into_id}
    ):  # always in the same order, so that nobody waits in a circle
        questions.locked(session, actor, number)
    asked, into = _locked(session, actor, question_id), _locked(session, actor, into_id)
    _require_alive(asked)
    require_goes_on(asked, into)
    question, waiting_ids = asked.question, end_all(session, asked, InvitationState.SUPERSEDED)
    _end(question, State.MERGED)
    question.merged_into_id = into_id
    questions.note(session, question, Happening.MERGED, actor, into=into_id)
    record(
        session,
        QuestionMerged(**questions.about(session, question, actor), into_id=into_id, waiting_ids=waiting_ids),
    )
    return question


def require_goes_on(asked: Asked, into: Asked) -> None:
    """Go on only if a question can go on in another one.

    :raises Invalid: if it is the same, over without an answer, or nothing that the asker can read.
    """
    one, other = asked.question, into.question
    if one.id == other.id or other.state not in {*ALIVE, State.RESOLVED} or not into.is_published:
        raise Invalid(_("Choose another question that is open, answered or resolved."))
    if other.audience is Audience.EXPERTS and other.asker_id != one.asker_id:
        raise Invalid(_("That question is for experts only, so whoever asked this one could not read it."))


def _locked(session: Session, actor: Actor, question_id: int) -> Asked:
    access.require_looks_after(actor)
    return _at_home(actor, questions.locked(session, actor, question_id))


def _at_home(actor: Actor, asked: Asked) -> Asked:
    if access.is_guest(actor, asked.question):
        raise NotAllowed(_("This question is looked after in the course in which it was asked."))
    return asked


def _require_alive(asked: Asked) -> None:
    if asked.question.state not in ALIVE:
        raise Conflict(_("This question has come to its end meanwhile. Nothing was changed."))
    if not asked.is_published:
        raise Conflict(_("This question waits for a moderator. Decide about it there first."))


def _end(question: Question, state: State) -> None:
    question.state, question.resolved_at = state, clock.now()
    question.paused_at = question.promised_until = question.next_at = None
