"""Inviting people, and ending invitations. Whoever calls this holds the question locked; nothing here commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.hooks.routing import Ranking
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.access import is_guest
from lmssocial.widgets.experts.calendars import after_open_hours
from lmssocial.widgets.experts.invitation_events import InvitationEnded, InvitationLapsed, InvitationSent
from lmssocial.widgets.experts.invitation_models import (
    HOLDING,
    WAITING,
    Invitation,
    InvitationState,
    Source,
)
from lmssocial.widgets.experts.inviting import finding, room
from lmssocial.widgets.experts.matching.service import Chosen, best
from lmssocial.widgets.experts.models import Answer, State, Urgency
from lmssocial.widgets.experts.people.rows import hold
from lmssocial.widgets.experts.people_events import ExpertPaused
from lmssocial.widgets.experts.people_models import Person, Profile
from lmssocial.widgets.experts.questions import Asked, Happening, about, invitation_of, look_again
from lmssocial.widgets.experts.questions import note as tell

MOST_INVITED = 8
"""People asked by themselves for one question; then it is for everybody, and for those who look after it."""
SPARE = 4
"""How many more are looked at than are needed: some may have taken their last question a moment ago."""

Rankings = Mapping[str, Sequence[Ranking]]


class Full(Conflict):
    """Somebody cannot take another question at present; why is their own affair."""


def invite(
    session: Session, asked: Asked, whom: Chosen | int, source: Source, *, by: Actor | None, note: str = ""
) -> Invitation:
    """Ask one person to answer. Whoever calls has asked whether the actor may, and what they may write.

    :param whom: as they were chosen, or the id of somebody whom a person thought of.
    :param by: who invites; ``None``: the clock.
    :param note: what they write to them.
    :raises Full: if they cannot take it at present.
    :raises Conflict: if they were asked before, it is their own question, or nobody is looked for.
    :raises NotFound: if they are not within reach of the question.
    """
    question = asked.question
    require_open(asked)
    chosen = whom if isinstance(whom, Chosen) else _thought_of(session, asked, whom, source, by)
    if chosen.user_id == question.asker_id:
        raise Conflict(_("This person asks the question themselves. Choose somebody else."))
    if invitation_of(session, question.id, chosen.user_id) is not None:
        raise Conflict(_("This person was asked already. Choose somebody else."))
    person = hold(session, question.tenant_id, [chosen.user_id])[chosen.user_id]
    if not room.has_room(session, person, question.asker_id, clock.now()):
        raise Full(_("This person cannot take another question at present. Choose somebody else."))
    sent = _send(session, asked, chosen, person, source, by=by, sentence=note)
    tell(session, question, Happening.INVITED, by, count=1, source=source.value)
    return sent


def _thought_of(session: Session, asked: Asked, user_id: int, source: Source, by: Actor | None) -> Chosen:
    by_guest = by is not None and is_guest(by, asked.question)
    return finding.told_at(session, asked, user_id, source, by_guest=by_guest)


def fill(
    session: Session,
    rankings: Rankings,
    asked: Asked,
    now: datetime,
    *,
    silent: Sequence[Invitation] = (),
    passes_on: bool = True,
) -> list[Invitation]:
    """Invite so many that the right number is waited for. Nobody is a valid answer: then nobody could be found.

    :param silent: invitations whose time is over: they lapse first, and whoever says nothing again and again is left
        alone. All people of both sides are locked together, in one order.
    :param passes_on: whether others are invited at all.
    """
    for lapsed in silent:
        lapsed.state, lapsed.ended_at = InvitationState.LAPSED, now
    session.flush()
    lacks = lacking(session, asked) if passes_on else 0
    gone = {lapsed.user_id for lapsed in silent}
    chosen = best(session, rankings, asked, most=lacks + SPARE, now=now, exclude=gone) if lacks else []
    held = hold(session, asked.question.tenant_id, gone | {one.user_id for one in chosen})
    for lapsed in silent:
        _note_silence(session, asked, lapsed, held[lapsed.user_id], now)
    if silent:
        tell(session, asked.question, Happening.PASSED_ON, None)
    sent: list[Invitation] = []
    for one in chosen:
        if len(sent) == lacks:
            break
        if room.has_room(session, held[one.user_id], asked.question.asker_id, now):
            sent.append(_send(session, asked, one, held[one.user_id], one.source, by=None))
    if sent:
        asked.question.wave += 1
        tell(session, asked.question, Happening.INVITED, None, count=len(sent), source=Source.MATCH.value)
    return sent


def require_open(asked: Asked) -> None:
    """Go on only if somebody is looked for.

    :raises Conflict: if it waits for a moderator, somebody answers it already, or it is over.
    """
    if not asked.is_published:
        raise Conflict(_("This question waits for a moderator. Nobody is invited before it is published."))
    if asked.question.state is State.ACCEPTED:
        raise Conflict(_("Somebody accepted this a moment ago. Nothing is left to do for you."))
    if asked.question.state is not State.OPEN:
        raise Conflict(_("This question has an answer or is over, so nobody is looked for any more."))


def end_all(session: Session, asked: Asked, state: InvitationState, *, but: int | None = None) -> list[int]:
    """End every invitation of a question that somebody waits on or holds; says whose, by their ids.

    Whoever has answered keeps theirs: what they accepted, they did.

    :param state: ``SUPERSEDED`` or ``WITHDRAWN``.
    :param but: the user id of somebody whose invitation stays.
    """
    question = asked.question
    holding = select(Invitation).where(
        Invitation.question_id == question.id, Invitation.state.in_(HOLDING), ~_has_answered()
    )
    if but is not None:
        holding = holding.where(Invitation.user_id != but)
    ended = session.scalars(holding.order_by(Invitation.user_id)).all()
    for invitation in ended:
        end(session, asked, invitation, state)
    return [invitation.user_id for invitation in ended]


def end(session: Session, asked: Asked, invitation: Invitation, state: InvitationState) -> None:
    """End one invitation that somebody waits on or holds, and let them know."""
    if invitation.state is InvitationState.ACCEPTED:
        look_for_others(asked)
    invitation.state, invitation.ended_at = state, clock.now()
    session.flush()
    why = "withdrawn" if state is InvitationState.WITHDRAWN else "superseded"
    record(session, InvitationEnded(**told(session, asked, invitation, None), why=why))


def look_for_others(asked: Asked) -> None:
    """Nobody answers a question that somebody had accepted: it is open again."""
    question = asked.question
    if question.state is State.ACCEPTED:
        question.state = State.OPEN
    question.accepted_by_id = question.accepted_at = question.promised_until = None
    look_again(question)


def told(session: Session, asked: Asked, invitation: Invitation, by: Actor | None) -> dict[str, Any]:
    """The fields that every event of an invitation has."""
    return about(session, asked.question, by) | {
        "invitation_id": invitation.id,
        "user_id": invitation.user_id,
        "told_in": invitation.community_id,
        "told_under": invitation.placement_id,
    }


def count(session: Session, invitation: Invitation, *, invited: int = 0, taken: int = 0) -> None:
    """Add to what is known of somebody where they offered to be asked."""
    session.execute(
        update(Profile)
        .where(Profile.community_id == invitation.community_id, Profile.user_id == invitation.user_id)
        .values(invited=Profile.invited + invited, taken=Profile.taken + taken)
    )


def _send(
    session: Session,
    asked: Asked,
    chosen: Chosen,
    person: Person,
    source: Source,
    *,
    by: Actor | None,
    sentence: str = "",
) -> Invitation:
    question, now = asked.question, clock.now()
    week = room.week_of(person, asked.settings)
    invitation = Invitation(
        tenant_id=question.tenant_id,
        question_id=question.id,
        user_id=chosen.user_id,
        community_id=chosen.community_id,
        placement_id=chosen.placement_id,
        source=source,
        wave=question.wave + 1,
        reasons=chosen.reasons,
        signals=chosen.signals,
        introduced_by_id=by.user_id if by and source is Source.REFERRAL else None,
        note=sentence,
        sent_at=now,
        due_at=after_open_hours(week, now, asked.settings.answer_hours),
    )
    session.add(invitation)
    session.flush()
    count(session, invitation, invited=1)
    look_again(question)
    fields = told(session, asked, invitation, by)
    introduced_by_id = invitation.introduced_by_id
    record(session, InvitationSent(**fields, source=source.value, introduced_by_id=introduced_by_id))
    return invitation


def lacking(session: Session, asked: Asked) -> int:
    """How many have to be invited now, so that the right number is waited for; 0 if enough were asked."""
    waiting, by_match = session.execute(
        select(
            func.count().filter(Invitation.state.in_(WAITING)),
            func.count().filter(Invitation.source.in_([Source.MATCH, Source.EXPLORE])),
        ).where(Invitation.question_id == asked.question.id)
    ).one()
    urgent = asked.question.urgency is Urgency.EXAM
    at_once = asked.settings.per_urgent_wave if urgent else asked.settings.per_wave
    return max(min(at_once - waiting, MOST_INVITED - by_match), 0)


def _note_silence(session: Session, asked: Asked, lapsed: Invitation, person: Person, now: datetime) -> None:
    paused = person.paused_until is None or person.paused_until <= now
    paused = paused and room.is_silent(session, person, now)
    if paused:
        room.leave_alone(person, now)
        until = person.paused_until.isoformat() if person.paused_until else ""
        envelope = about(session, asked.question, None)
        envelope = {name: envelope[name] for name in _ENVELOPE}
        record(session, ExpertPaused(**envelope, user_id=person.user_id, until=until))
    record(session, InvitationLapsed(**told(session, asked, lapsed, None), paused=paused))


_ENVELOPE = ("tenant_id", "course_id", "community_id", "actor_id", "actor_role", "placement_id")


def _has_answered() -> Any:
    """Whether whoever was invited has an answer there that is published or waits for a moderator."""
    return (
        exists()
        .where(
            Answer.question_id == Invitation.question_id,
            Answer.author_id == Invitation.user_id,
            Contribution.id == Answer.contribution_id,
            Contribution.state.in_([Visible.PUBLISHED, Visible.HELD]),
        )
        .correlate(Invitation)
    )
