"""Whose turn it is with a question, in words for whoever reads it, and by when: in every state there is an answer.

Pure. The page of a question shows it, and the desk of those who look after it; the property tests ask it of every
state there can be.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.clockwork import plan
from lmssocial.widgets.experts.clockwork.plan import Facts
from lmssocial.widgets.experts.models import ALIVE, Audience, Level, Question, State
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.settings import ExpertSettings


class Owner(StrEnum):
    """Whose turn it is."""

    ASKER = "asker"
    EXPERTS = "experts"
    """Those who were asked, or are being looked for."""
    ACCEPTED = "accepted"
    """Who said that they answer it."""
    EVERYBODY = "everybody"
    STEWARDS = "stewards"
    MODERATORS = "moderators"
    NOBODY = "nobody"
    """It is over."""


class Viewer(StrEnum):
    """Who reads it."""

    ASKER = "asker"
    EXPERT = "expert"
    """Somebody who is waited for, or who accepted."""
    STEWARD = "steward"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Whose turn it is."""

    owner: Owner
    sentence: str
    """For the viewer: what they do, or what they wait for."""
    by_when: datetime | None = None
    """When it goes on without them, at the latest; ``None``: not by itself."""


def next_step(asked: Asked, facts: Facts, viewer: Viewer) -> NextStep:
    """Whose turn it is with a question that stands as ``facts`` says."""
    return whose_turn(asked.settings, facts, viewer)


def viewer_of(actor: Actor, question: Question, facts: Facts) -> Viewer:
    """As whom somebody reads a question."""
    if question.asker_id == actor.user_id:
        return Viewer.ASKER
    holds = question.state is State.ACCEPTED and question.accepted_by_id == actor.user_id
    if holds or any(one.user_id == actor.user_id for one in facts.waiting):
        return Viewer.EXPERT
    here = actor.community_id == question.community_id
    return Viewer.STEWARD if here and access.looks_after(actor) else Viewer.OTHER


def whose_turn(settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    """:func:`next_step` from the settings alone."""
    if facts.state not in ALIVE:
        return NextStep(owner=Owner.NOBODY, sentence=_over(facts))
    if facts.visible is not Visible.PUBLISHED:
        return _unpublished(facts, viewer)
    if facts.paused_at is not None:
        return _asked_back(settings, facts, viewer)
    turn = {State.OPEN: _open, State.ACCEPTED: _accepted, State.ANSWERED: _answered}[facts.state]
    return turn(settings, facts, viewer)


def _over(facts: Facts) -> str:
    return {
        State.RESOLVED: _("This question is resolved. Nobody has to do anything."),
        State.WITHDRAWN: _("This question was withdrawn. Nobody has to do anything."),
        State.CLOSED: _("This question was closed. Nobody has to do anything."),
        State.MERGED: _("This question goes on in another one. Nobody has to do anything here."),
    }[facts.state]


def _unpublished(facts: Facts, viewer: Viewer) -> NextStep:
    if facts.visible is Visible.REJECTED:
        own = _("A moderator did not publish your question. Change its wording, or withdraw it.")
        other = _("A moderator did not publish this question. Its asker changes or withdraws it.")
        return NextStep(owner=Owner.ASKER, sentence=own if viewer is Viewer.ASKER else other)
    if facts.visible is Visible.REMOVED:
        gone = _("A moderator took this question out of sight. Nobody is asked as long as it is.")
        return NextStep(owner=Owner.MODERATORS, sentence=gone)
    own = _("A moderator reads your question first. Then people who know about it are asked.")
    other = _("A moderator reads this question first. Nobody is asked before.")
    return NextStep(owner=Owner.MODERATORS, sentence=own if viewer is Viewer.ASKER else other)


def _asked_back(settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    sentence = {
        Viewer.ASKER: _(
            "Somebody has to know more before they can answer. Say more below; time stands still."
        ),
        Viewer.EXPERT: _("The asker was asked to say more. Time stands still until they do."),
        Viewer.STEWARD: _("The asker was asked to say more. If they do not, look after it here."),
        Viewer.OTHER: _("The asker was asked to say more before somebody can answer."),
    }[viewer]
    ends = None if facts.level is Level.STEWARDS else plan.pause_ends(settings, facts)
    return NextStep(owner=Owner.ASKER, sentence=sentence, by_when=ends)


def _answered(settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    own = _("There is an answer. Say whether it helps; if you say nothing, it counts as resolved.")
    other = _(
        "There is an answer. Its asker says whether it helps; if they say nothing, it counts as resolved."
    )
    sentence = own if viewer is Viewer.ASKER else other
    return NextStep(owner=Owner.ASKER, sentence=sentence, by_when=plan.silence_ends(settings, facts))


def _accepted(_settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    if facts.has_held_answer:
        return NextStep(
            owner=Owner.MODERATORS,
            sentence=_("There is an answer. A moderator reads it before the asker does."),
        )
    sentence = {
        Viewer.ASKER: _(
            "Somebody has accepted your question. If they do not answer it, it goes on to others."
        ),
        Viewer.EXPERT: _("You accepted this question. Answer it, or give it back so that others can."),
        Viewer.STEWARD: _("Somebody accepted it and answers it. If they do not, it goes on to others."),
        Viewer.OTHER: _("Somebody accepted it and answers it."),
    }[viewer]
    return NextStep(owner=Owner.ACCEPTED, sentence=sentence, by_when=facts.promised_until)


def _open(settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    if not facts.asker_here:
        left = _("Who asked this has left the course. If nobody who was asked takes it, it is closed.")
        return NextStep(owner=Owner.EXPERTS, sentence=left, by_when=_first_due(facts))
    if viewer is Viewer.EXPERT:
        mine = _("You were asked to answer this. Accept it, or decline it: then the next one is asked.")
        return NextStep(owner=Owner.EXPERTS, sentence=mine, by_when=_first_due(facts))
    if facts.has_held_answer:
        held = _(
            "There is an answer. A moderator reads it before the asker does; until then the question stays open."
        )
        return NextStep(owner=Owner.MODERATORS, sentence=held)
    return {Level.EXPERTS: _with_experts, Level.EVERYBODY: _with_everybody, Level.STEWARDS: _with_stewards}[
        facts.level
    ](settings, facts, viewer)


def _with_experts(_settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    asked = len(facts.waiting)
    if not asked:
        return NextStep(
            owner=Owner.EXPERTS,
            sentence=_("Somebody who knows about this is being looked for. That takes a minute at most."),
        )
    if viewer is Viewer.ASKER:
        sentence = ngettext(
            "%(num)s person who knows about this was asked. If they cannot, the next one is asked.",
            "%(num)s people who know about this were asked. If they cannot, the next ones are asked.",
            asked,
        )
    else:
        sentence = ngettext(
            "%(num)s person was asked to answer it.", "%(num)s people were asked to answer it.", asked
        )
    return NextStep(owner=Owner.EXPERTS, sentence=sentence, by_when=_first_due(facts))


def _with_everybody(settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    sentence = {
        Viewer.ASKER: _("Everybody can answer your question now. If nobody does, a steward looks after it."),
        Viewer.STEWARD: _("Everybody can answer it now. If nobody does, it is for you to look after."),
    }.get(viewer, _("Everybody can answer this now. If you know something about it, take it."))
    by_when = plan.escalates_at(settings, facts)
    return NextStep(owner=Owner.EVERYBODY, sentence=sentence, by_when=by_when)


def _with_stewards(_settings: ExpertSettings, facts: Facts, viewer: Viewer) -> NextStep:
    private = facts.audience is Audience.EXPERTS
    if viewer is Viewer.STEWARD:
        sentence = _(
            "This question is on your desk: answer it, invite somebody who knows, or close it and say why."
        )
    elif viewer is Viewer.ASKER and private:
        sentence = _(
            "Nobody who knows about this has time at present, so a steward looks after it. You can also open it "
            "to everybody."
        )
    elif viewer is Viewer.ASKER:
        sentence = _("A steward looks after your question now. Everybody can still answer it.")
    else:
        sentence = _("A steward looks after this question now.")
    return NextStep(owner=Owner.STEWARDS, sentence=sentence)


def _first_due(facts: Facts) -> datetime | None:
    return min((one.due_at for one in facts.waiting), default=facts.next_at)
