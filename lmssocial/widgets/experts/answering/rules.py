"""Who may say what to a question, and who decides that it is resolved. Pure; reading it is asked before."""

from datetime import datetime, timedelta

from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Tier
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.invitation_models import HOLDING, Invitation, InvitationState
from lmssocial.widgets.experts.models import ALIVE, Level, Question, State
from lmssocial.widgets.experts.questions import Asked

ASKED = (*HOLDING, InvitationState.SUPERSEDED)
"""The states of an invitation in which somebody may still say what they know: the second answer helps, too."""
TALKED_ABOUT = (*ALIVE, State.RESOLVED)
"""The states in which something can be said to a question."""
UNANSWERED = (State.OPEN, State.ACCEPTED)


def moderates(actor: Actor, question: Question) -> bool:
    """Whether they decide about what waits in the community of a question; guests do not."""
    return actor.moderates and not access.is_guest(actor, question)


def was_asked(actor: Actor, invitation: Invitation | None) -> bool:
    """Whether they were invited where they act, and may still say something."""
    return (
        invitation is not None
        and invitation.user_id == actor.user_id
        and invitation.community_id == actor.community_id
        and invitation.state in ASKED
    )


def may_answer(actor: Actor, asked: Asked, invitation: Invitation | None) -> bool:
    """Who was asked; everybody who reads it once it is open to all; moderators at any time. Nobody their own."""
    question = asked.question
    if question.state not in ALIVE or not asked.is_published or not access.asks(actor):
        return False
    if question.asker_id == actor.user_id:
        return False
    return moderates(actor, question) or question.level is not Level.EXPERTS or was_asked(actor, invitation)


def may_say(actor: Actor, asked: Asked, invitation: Invitation | None) -> bool:
    """The asker, and everybody who may answer; also when it is resolved."""
    question = asked.question
    if question.state not in TALKED_ABOUT or not asked.is_published or not access.asks(actor):
        return False
    return (
        question.asker_id == actor.user_id
        or moderates(actor, question)
        or question.level is not Level.EXPERTS
        or was_asked(actor, invitation)
    )


def may_ask_back(actor: Actor, asked: Asked, invitation: Invitation | None) -> bool:
    """Whoever holds an invitation, and moderators: as long as nobody has answered, and nobody has asked back yet."""
    question = asked.question
    if question.state not in UNANSWERED or question.paused_at is not None or not asked.is_published:
        return False
    if question.asker_id == actor.user_id or not access.asks(actor):
        return False
    holds = invitation is not None and invitation.state in HOLDING and was_asked(actor, invitation)
    return holds or moderates(actor, question)


def may_resolve(actor: Actor, question: Question) -> bool:
    """Its asker; stewards close a question instead, and say why."""
    return (
        question.state in ALIVE
        and question.asker_id == actor.user_id
        and not access.is_guest(actor, question)
    )


def may_reopen(actor: Actor, asked: Asked, now: datetime) -> bool:
    """Its asker, for some days after it was resolved, by whatever."""
    question = asked.question
    if question.state is not State.RESOLVED or question.resolved_at is None:
        return False
    until = question.resolved_at + timedelta(days=asked.settings.reopen_days)
    return question.asker_id == actor.user_id and not access.is_guest(actor, question) and now < until


def waits_for_approval(actor: Actor, question: Question, tier: Tier) -> bool:
    """Whether somebody reads an answer before everybody does: where that is assured, unless its author moderates."""
    return tier is Tier.ASSURED and not moderates(actor, question)


def require_answers(actor: Actor, asked: Asked, invitation: Invitation | None) -> None:
    """Go on only for those who may answer.

    :raises Conflict: if it needs no answer any more.
    :raises NotAllowed: if it is not theirs to answer.
    """
    if asked.question.state not in ALIVE:
        raise Conflict(
            _("This question needs no answer any more, so nothing was sent. Your text is kept as a draft.")
        )
    if not may_answer(actor, asked, invitation):
        raise NotAllowed(
            _(
                "At present those answer this question who were asked. Once it is open to everybody, you can, too."
            ),
            reason=f"user {actor.user_id} may not answer question {asked.question.id}",
        )


def require_says(actor: Actor, asked: Asked, invitation: Invitation | None, *, asks: bool) -> None:
    """Go on only for those who may say something, or ask back.

    :param asks: whether the asker has to answer first.
    :raises Conflict: if the question is over, or waits for its asker already.
    :raises NotAllowed: if it is not for them to say something.
    """
    if asked.question.state not in TALKED_ABOUT:
        raise Conflict(_("This question is over, so nothing was sent."))
    if not may_say(actor, asked, invitation):
        raise NotAllowed(
            _("At present those speak here who asked or were asked."),
            reason=f"user {actor.user_id} may say nothing to question {asked.question.id}",
        )
    if asks and not may_ask_back(actor, asked, invitation):
        raise Conflict(
            _(
                "The question waits for its asker already, or has an answer, so it cannot be stopped now. "
                "You can send your text as an addition instead."
            )
        )


def require_resolves(actor: Actor, question: Question) -> None:
    """Go on only for the asker of a question that is not over.

    :raises NotAllowed: if they did not ask it.
    :raises Conflict: if it is over.
    """
    _require_asker(actor, question)
    if question.state not in ALIVE:
        raise Conflict(_("This question is over already. Nothing has changed."))


def require_reopens(actor: Actor, asked: Asked, now: datetime) -> None:
    """Go on only for the asker of a question that was resolved not long ago.

    :raises NotAllowed: if they did not ask it.
    :raises Conflict: if it is not resolved, or was so too long ago.
    """
    _require_asker(actor, asked.question)
    if not may_reopen(actor, asked, now):
        raise Conflict(
            _(
                "A question can be opened again within %(days)d days after it was resolved. Ask a new one instead.",
                days=asked.settings.reopen_days,
            )
        )


def _require_asker(actor: Actor, question: Question) -> None:
    if question.asker_id != actor.user_id or access.is_guest(actor, question):
        raise NotAllowed(_("Only whoever asked can say whether this is resolved."))
