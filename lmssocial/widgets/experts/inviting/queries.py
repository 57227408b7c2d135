"""What somebody reads about their own part in a question: whether they were asked, why, and until when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.widgets.experts.access import asks
from lmssocial.widgets.experts.invitation_models import WAITING, Invitation, InvitationState, Source
from lmssocial.widgets.experts.inviting.replying import may_volunteer
from lmssocial.widgets.experts.matching import reasons
from lmssocial.widgets.experts.models import Reach, State
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.questions import Asked


class Part(StrEnum):
    """What a question has to do with somebody who reads it."""

    ASKED = "asked"
    """They were asked, and are waited for."""
    ACCEPTED = "accepted"
    """They answer it."""
    OPEN = "open"
    """They may take it."""
    ANSWERED = "answered"
    """They answered it."""
    PASSED = "passed"
    """They were asked; it went on without them."""
    READER = "reader"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The part of somebody in a question, and what they can do."""

    question_id: int
    part: Part
    until: datetime | None = None
    """Until when they are waited for; ``None`` while the clock stands still."""
    reasons: tuple[str, ...] = ()
    """Why they were chosen."""
    thought_of_by: str = ""
    """Who thought of them."""
    by_steward: bool = False
    note: str = ""
    """What that person wrote to them."""
    is_new: bool = False
    """Whether they never offered to be asked: then they say for this once whether they want to."""
    may_take: bool = False
    may_refer: bool = False
    may_block: bool = False


def panel_of(session: Session, actor: Actor, asked: Asked) -> Panel | None:
    """The part of the actor in a question they read; ``None`` if there is nothing for them to do. Two queries at most.

    Who asks it has no part of that kind.
    """
    question = asked.question
    row = _own(session, actor, question.id)
    looked_for = question.state is State.OPEN and asked.is_published
    may_refer = looked_for and asks(actor)
    if question.asker_id == actor.user_id:
        return Panel(question_id=question.id, part=Part.READER, may_refer=True) if may_refer else None
    may_take = looked_for and may_volunteer(actor, question, row[0] if row else None)
    if row is None:
        part = Part.OPEN if may_take else Part.READER
        return (
            Panel(question_id=question.id, part=part, may_take=may_take, may_refer=may_refer)
            if may_refer
            else None
        )
    invitation, introduced_by = row
    waits = invitation.state in WAITING and looked_for
    holds = invitation.state is InvitationState.ACCEPTED and question.state is State.ACCEPTED
    holds = holds and question.accepted_by_id == actor.user_id
    if not waits and not holds:
        part = Part.OPEN if may_take else _over(invitation, question.state)
        return Panel(
            question_id=question.id, part=part, may_take=may_take, may_refer=may_refer, may_block=True
        )
    promised = None if question.paused_at else question.promised_until
    return Panel(
        question_id=question.id,
        part=Part.ASKED if waits else Part.ACCEPTED,
        until=invitation.due_at if waits else promised,
        reasons=tuple(reasons.worded(invitation.reasons)) if invitation.reasons else (),
        thought_of_by=introduced_by or "",
        by_steward=invitation.source is Source.STEWARD,
        note=invitation.note,
        is_new=waits and not _offers(session, invitation),
        may_refer=may_refer,
        may_block=True,
    )


def _over(invitation: Invitation, state: State) -> Part:
    """What is left of an invitation that nobody waits for any more."""
    answered = invitation.state is InvitationState.ACCEPTED and state in (State.ANSWERED, State.RESOLVED)
    return Part.ANSWERED if answered else Part.PASSED


def _own(session: Session, actor: Actor, question_id: int) -> tuple[Invitation, str | None] | None:
    row = session.execute(
        select(Invitation, User.name)
        .outerjoin(User, User.id == Invitation.introduced_by_id)
        .where(
            Invitation.question_id == question_id,
            Invitation.user_id == actor.user_id,
            Invitation.community_id == actor.community_id,
            Invitation.state != InvitationState.WITHDRAWN,
        )
    ).first()
    return (row[0], row[1]) if row else None


def _offers(session: Session, invitation: Invitation) -> bool:
    offered = select(Profile.user_id).where(
        Profile.community_id == invitation.community_id,
        Profile.user_id == invitation.user_id,
        Profile.reach != Reach.NONE,
    )
    return session.scalar(offered) is not None
