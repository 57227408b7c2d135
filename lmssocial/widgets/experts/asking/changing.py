"""What askers do with a question that is alive: another wording, other topics, another audience, or withdraw it.

Nothing here commits.
"""

from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import unsent
from lmssocial.social.content.models import State as Visible
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.asking import entering, finding, opening, service, sight
from lmssocial.widgets.experts.asking.drafts import EditDraft
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.events import QuestionEdited, QuestionWithdrawn
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.inviting import levels
from lmssocial.widgets.experts.inviting import service as inviting
from lmssocial.widgets.experts.models import ALIVE, Audience, Level, Question, State
from lmssocial.widgets.experts.questions import Asked, Happening
from lmssocial.widgets.experts.topics import service as topics


def may_change(actor: Actor, asked: Asked) -> bool:
    """Whether a question is theirs to change or to withdraw: as long as it has a next step."""
    question = asked.question
    own = question.asker_id == actor.user_id and question.community_id == actor.community_id
    return own and access.asks(actor) and question.state in ALIVE and asked.words.state is not Visible.REMOVED


def may_narrow(asked: Asked) -> bool:
    """Whether a question for everybody may be for experts only again: as long as it was shown to nobody else."""
    return asked.settings.private and asked.question.level is Level.EXPERTS


def require_may_change(actor: Actor, asked: Asked) -> None:
    """Go on only for the asker of a question that is alive.

    :raises NotAllowed: for everybody else.
    :raises Conflict: if it has come to an end meanwhile.
    """
    if asked.question.asker_id != actor.user_id or access.is_guest(actor, asked.question):
        raise NotAllowed(_("Only who asked a question can change or withdraw it."))
    if not may_change(actor, asked):
        raise Conflict(_("This question has come to its end, so it cannot be changed any more."))


def consider(session: Session, screen: Screen, actor: Actor, draft: EditDraft) -> HandedIn:
    """Let the policies look at another wording before a transaction begins.

    :raises NotFound: if there is no such question for them.
    :raises NotAllowed: if it is not theirs.
    :raises Conflict: if it has come to its end.
    :raises Rejected: if a policy refuses it outright.
    """
    asked = questions.seen(session, actor, draft.question_id)
    require_may_change(actor, asked)
    return entering.understood_again(session, screen, actor, draft, asked.words)


def edit(session: Session, screen: Screen, actor: Actor, draft: EditDraft) -> Question:
    """Give a question another wording, other topics or another audience. What changed in its words waits if it has to.

    :raises NotFound: if there is no such question for them.
    :raises NotAllowed: if it is not theirs, or it shall be for fewer people than could read it already.
    :raises Conflict: if it has come to its end, or was changed since they began to write.
    :raises Rejected: if a policy refuses it outright; the old wording stands.
    """
    asked = questions.locked(session, actor, draft.question_id)
    require_may_change(actor, asked)
    handed_in = entering.understood_again(session, screen, actor, draft, asked.words)
    topic_ids = topics.resolve(session, actor, draft.topics) if draft.topics else []
    _show_to(session, actor, asked, draft)
    question = asked.question
    question.urgency, question.language = draft.urgency, draft.language
    question.context_title, question.context_url = draft.context_title, draft.context_url
    service.put_under(session, question, topic_ids)
    _reword(session, actor, asked, handed_in, draft.seen_version)
    unsent.discard_draft(session, actor, target(For.QUESTION, question.id))
    questions.look_again(question)
    return question


def _show_to(session: Session, actor: Actor, asked: Asked, draft: EditDraft) -> None:
    """Say for whom it is. One that nobody who was asked could answer is everybody's to answer once it is opened.

    :raises NotAllowed: if others could read it already, and shall not any more.
    """
    question, wanted = asked.question, service.audience_of(asked.settings, draft)
    if question.audience is Audience.EXPERTS and not asked.settings.private:
        wanted = draft.audience  # it was asked when that was possible, and stays so until its asker opens it
    if question.audience is Audience.EVERYBODY and wanted is Audience.EXPERTS and not may_narrow(asked):
        raise NotAllowed(_("Others could read this question already, so it stays open to everybody."))
    opens = question.audience is Audience.EXPERTS and wanted is Audience.EVERYBODY
    if opens and asked.is_published and question.state is State.OPEN and question.level is Level.STEWARDS:
        levels.open_to_all(session, asked, levels.Why.ASKER, actor)
    question.audience = wanted


def _reword(session: Session, actor: Actor, asked: Asked, handed_in: HandedIn, seen: int) -> None:
    """The words, if they changed; what was let wait may be read if the policies are content now."""
    question, words = asked.question, asked.words
    same = (handed_in.text.source, handed_in.text.title) == (words.source, words.title)
    if same and (words.state is not Visible.HELD or handed_in.held_because is not None):
        if words.state is Visible.PUBLISHED:
            _tell_edited(session, actor, question)
        return
    first = words.published_at is None
    because = handing_in.reword(
        session,
        actor,
        words,
        handed_in,
        seen=seen,
        reported=_("This question was reported, so a moderator reads the new wording first."),
    )
    handing_in.settle(session, actor, words, handed_in, held=because is not None)
    session.flush()
    if because is not None:
        sight.lose(asked)
        finding.refresh(session, question.id)
    elif first:
        opening.open_up(session, asked)
    else:
        sight.regain(session, asked)
        finding.refresh(session, question.id)
        _tell_edited(session, actor, question)


def _tell_edited(session: Session, actor: Actor, question: Question) -> None:
    questions.note(session, question, Happening.EDITED, actor)
    log.record(session, QuestionEdited(**questions.about(session, question, actor)))


def withdraw(session: Session, actor: Actor, question_id: int) -> Question:
    """The asker needs it no more. Whoever was asked, or had accepted, is told.

    :raises NotFound: if there is no such question for them.
    :raises NotAllowed: if it is not theirs.
    :raises Conflict: if it has come to its end already.
    """
    asked = questions.locked(session, actor, question_id)
    require_may_change(actor, asked)
    question, was_read = asked.question, asked.words.published_at is not None
    waiting = inviting.end_all(session, asked, InvitationState.SUPERSEDED)
    question.state, question.resolved_at = State.WITHDRAWN, clock.now()
    question.paused_at = question.next_at = question.promised_until = None
    if not asked.is_published:
        cases.withdraw(session, actor, asked.words.id)
    if was_read:
        questions.note(session, question, Happening.WITHDRAWN, actor)
        told = QuestionWithdrawn(**questions.about(session, question, actor), waiting_ids=waiting)
        log.record(session, told)
    return question
