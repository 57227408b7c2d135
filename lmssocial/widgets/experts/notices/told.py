"""Who is told of what happens to a question: for each event the people it concerns, told where they are at home."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.social.notifications.models import How as Wish
from lmssocial.social.notifications.models import Preference
from lmssocial.social.notifications.ports import Withdrawal
from lmssocial.social.notifications.recipients import moderators
from lmssocial.widgets.experts import events, invitation_events
from lmssocial.widgets.experts.invitation_models import Source
from lmssocial.widgets.experts.models import Answer, How, Message, Question
from lmssocial.widgets.experts.notices import around, kinds
from lmssocial.widgets.experts.notices.proposing import Told, homes, proposal, taken_care_of, withdrawals
from lmssocial.widgets.experts.people_models import Profile

WAITS = (kinds.OPEN, kinds.STEWARDS)
"""Kinds that ask others to take care of a question."""


def told(session: Session, event: Happened) -> Told:
    """What follows from an event; nothing if its question is not there any more."""
    if event.name in around.FOLLOWS:
        return around.FOLLOWS[event.name](session, event)
    question = session.get(Question, event.payload["question_id"])
    return [] if question is None else _FOLLOWS[event.name](session, event, question)


def _asker(
    event: Happened, question: Question, kind: str, what: str, *, by: int | None = None, **more: Any
) -> Told:
    """The asker is told; steps that they did not look at are one notice, each end and each answer is another."""
    about = more.pop("about", question.contribution_id)
    key = f"{question.id}" if kind == kinds.PROGRESS else f"{question.id}:{what}"
    return [
        proposal(
            event,
            kind,
            {question.asker_id},
            key,
            by=by,
            about=about,
            what=what,
            question_id=question.id,
            **more,
        )
    ]


def _experts(  # noqa: PLR0913 – a notice has as many sides
    session: Session,
    event: Happened,
    question: Question,
    kind: str,
    user_ids: Collection[int],
    what: str,
    *,
    by: int | None = None,
    about: int | None = None,
) -> Told:
    """People who answer are told, each where they are at home."""
    return [
        proposal(
            event, kind, some, question.id, by=by, about=about, home=home, what=what, question_id=question.id
        )
        for home, some in homes(session, question, user_ids).items()
    ]


def _stewards(session: Session, event: Happened, question: Question, what: str) -> Told:
    staff = moderators(session, question.community_id)
    about = question.contribution_id
    key = question.id
    return [proposal(event, kinds.STEWARDS, staff, key, about=about, what=what, question_id=question.id)]


def _sent(_session: Session, event: Happened, question: Question) -> Told:
    """Whoever took it themselves knows."""
    said = event.payload
    if said["source"] == Source.VOLUNTEER:
        return []
    return [
        proposal(
            event,
            kinds.INVITED,
            {said["user_id"]},
            question.id,
            by=question.asker_id,
            about=question.contribution_id,
            home=(said["told_in"], said["told_under"]),
            what="invited",
            question_id=question.id,
        )
    ]


def _accepted(_session: Session, event: Happened, question: Question) -> Told:
    return _asker(event, question, kinds.PROGRESS, "accepted", by=event.payload["user_id"])


def _lapsed(_session: Session, event: Happened, question: Question) -> Told:
    """The asker hears that it went on, and whoever is left in peace now how they come back."""
    said = event.payload
    home = (said["told_in"], said["told_under"])
    passed = _asker(event, question, kinds.PROGRESS, "passed-on")
    if not said["paused"]:
        return passed
    return [*passed, proposal(event, kinds.ANSWERING, {said["user_id"]}, "pause", home=home, what="paused")]


def _released(_session: Session, event: Happened, question: Question) -> Told:
    said = event.payload
    told = _asker(event, question, kinds.PROGRESS, "released")
    if said["by_clock"]:
        home = (said["told_in"], said["told_under"])
        key, whom = question.id, {said["user_id"]}
        told.append(
            proposal(event, kinds.ANSWERING, whom, key, home=home, what="given-back", question_id=question.id)
        )
    return told


def _ended(_session: Session, event: Happened, question: Question) -> Told:
    """In the bell; an invitation that was not looked at becomes this, and goes into no mail."""
    said = event.payload
    notice = proposal(
        event,
        kinds.PROGRESS,
        {said["user_id"]},
        "",
        home=(said["told_in"], said["told_under"]),
        what="ended",
        question_id=question.id,
    )
    return [replace(notice, merge_key=f"{kinds.INVITED}:{question.id}")]


def _withdrawn(session: Session, _event: Happened, question: Question) -> Told:
    return withdrawals(session, question)


def _resolved(session: Session, event: Happened, question: Question) -> Told:
    """The asker if it was the clock; who answered if it was their answer; who had thought of them."""
    said = event.payload
    told: Told = [taken_care_of(question, *WAITS)]
    if said["how"] == How.SILENCE:
        return told + _asker(event, question, kinds.QUESTION, "silence")
    if said["how"] != How.ANSWER:
        return told
    asker = question.asker_id
    if said["author_id"]:
        told += _experts(session, event, question, kinds.THANKS, {said["author_id"]}, "helped", by=asker)
    if said["introduced_by_id"]:
        introducer = {said["introduced_by_id"]}
        told += _experts(
            session, event, question, kinds.THANKS, introducer, "connected", by=said["author_id"]
        )
    return told


def _reopened(session: Session, event: Happened, question: Question) -> Told:
    authors = set(session.scalars(select(Answer.author_id).where(Answer.question_id == question.id)))
    return _experts(session, event, question, kinds.ANSWERING, authors, "reopened", by=question.asker_id)


def _closed(_session: Session, event: Happened, question: Question) -> Told:
    return [taken_care_of(question, *WAITS), *_asker(event, question, kinds.QUESTION, "closed")]


def _merged(_session: Session, event: Happened, question: Question) -> Told:
    return [taken_care_of(question, *WAITS), *_asker(event, question, kinds.QUESTION, "merged")]


def _opened(session: Session, event: Happened, question: Question) -> Told:
    """The asker, then stewards if nobody was found, then those who bring people together, or wanted to hear it."""
    nobody = event.payload["why"] == "nobody"
    told = _asker(event, question, kinds.PROGRESS, "nobody" if nobody else "opened")
    if nobody:
        told += _stewards(session, event, question, "nobody-free")
    told.append(
        proposal(
            event,
            kinds.OPEN,
            _connectors(session, question.community_id),
            question.id,
            by=question.asker_id,
            about=question.contribution_id,
            what="open",
            question_id=question.id,
        )
    )
    return told


def _connectors(session: Session, community_id: int) -> set[int]:
    """Who says that they bring people together, and who chose to hear of open questions."""
    connect = select(Profile.user_id).where(Profile.community_id == community_id, Profile.connects.is_(True))
    chose = select(Preference.user_id).where(
        Preference.community_id == community_id, Preference.kind == kinds.OPEN, Preference.how != Wish.OFF
    )
    return {*session.scalars(connect), *session.scalars(chose)}


def _escalated(session: Session, event: Happened, question: Question) -> Told:
    what = "nobody-free" if event.payload["why"] == "nobody" else "waits"
    return [
        *_asker(event, question, kinds.PROGRESS, "desk"),
        *_stewards(session, event, question, what),
    ]


def _answered(session: Session, event: Happened, question: Question) -> Told:
    said = event.payload
    told: Told = [taken_care_of(question, *WAITS)]
    by, about = said["author_id"], said["answer_id"]
    told += _asker(event, question, kinds.QUESTION, "answered", by=by, about=about)
    if said["introduced_by_id"]:
        told += _experts(session, event, question, kinds.THANKS, {said["introduced_by_id"]}, "reached", by=by)
    return told


def _taken_back(_session: Session, event: Happened, _question: Question) -> Told:
    return [Withdrawal(about_id=event.payload["answer_id"])]


def _info_asked(_session: Session, event: Happened, question: Question) -> Told:
    said = event.payload
    return _asker(
        event, question, kinds.QUESTION, "asked-back", by=said["author_id"], about=said["message_id"]
    )


def _info_given(session: Session, event: Happened, question: Question) -> Told:
    """What the asker says goes to those who answer or asked; what others say, to the asker."""
    said = event.payload
    about = said["message_id"]
    if said["author_id"] != question.asker_id:
        return _asker(event, question, kinds.QUESTION, "added", by=said["author_id"], about=about)
    asked = select(Message.author_id).where(Message.question_id == question.id, Message.asks.is_(True))
    answered = select(Answer.author_id).where(Answer.question_id == question.id)
    promised = [] if question.accepted_by_id is None else [question.accepted_by_id]
    people = {*session.scalars(asked), *session.scalars(answered), *promised}
    by = question.asker_id
    return _experts(session, event, question, kinds.ANSWERING, people, "replied", by=by, about=about)


def _rated(session: Session, event: Happened, question: Question) -> Told:
    said = event.payload
    what = "thanked" if said["thanked"] else "rated"
    return _experts(session, event, question, kinds.THANKS, {said["author_id"]}, what, by=question.asker_id)


def _published(session: Session, event: Happened, question: Question) -> Told:
    author = {event.payload["author_id"]}
    return [
        *_asker(event, question, kinds.QUESTION, "published"),
        *_experts(session, event, question, kinds.THANKS, author, "published"),
    ]


def _proposed(session: Session, event: Happened, question: Question) -> Told:
    """Those whose consent is missing."""
    missing, by = set(event.payload["missing_ids"]), event.actor_id
    asker = _asker(event, question, kinds.QUESTION, "proposed", by=by) if question.asker_id in missing else []
    others = missing - {question.asker_id}
    return [*asker, *_experts(session, event, question, kinds.ANSWERING, others, "proposed", by=by)]


_FOLLOWS: dict[str, Callable[[Session, Happened, Question], Told]] = {
    invitation_events.InvitationSent.name: _sent,
    invitation_events.InvitationAccepted.name: _accepted,
    invitation_events.InvitationLapsed.name: _lapsed,
    invitation_events.InvitationReleased.name: _released,
    invitation_events.InvitationEnded.name: _ended,
    events.QuestionWithdrawn.name: _withdrawn,
    events.QuestionResolved.name: _resolved,
    events.QuestionReopened.name: _reopened,
    events.QuestionClosed.name: _closed,
    events.QuestionMerged.name: _merged,
    events.QuestionOpenedToAll.name: _opened,
    events.QuestionEscalated.name: _escalated,
    events.AnswerGiven.name: _answered,
    events.AnswerTakenBack.name: _taken_back,
    events.InfoAsked.name: _info_asked,
    events.InfoGiven.name: _info_given,
    events.AnswerRated.name: _rated,
    events.PublishingProposed.name: _proposed,
    events.AnswerPublished.name: _published,
}
"""What follows from which event."""

EVENTS = (*_FOLLOWS, *around.FOLLOWS)
"""The events that somebody is told of."""
