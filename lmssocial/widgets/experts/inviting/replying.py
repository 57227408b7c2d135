"""What people say who were asked: they accept, decline, give back, or take a question by themselves.

Every function asks first whether the actor may, and holds the question locked: two who accept at the same moment come
one after the other. Nothing here commits.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.access import is_guest, seen_by
from lmssocial.widgets.experts.calendars import after_working_hours
from lmssocial.widgets.experts.invitation_events import (
    InvitationAccepted,
    InvitationDeclined,
    InvitationReleased,
)
from lmssocial.widgets.experts.invitation_models import (
    WAITING,
    Because,
    Invitation,
    InvitationState,
    Source,
)
from lmssocial.widgets.experts.inviting import service
from lmssocial.widgets.experts.inviting.room import week_of_course
from lmssocial.widgets.experts.inviting.service import Rankings, require_open, told
from lmssocial.widgets.experts.models import Level, Question, QuestionTopic, State
from lmssocial.widgets.experts.people.rows import hold
from lmssocial.widgets.experts.people_models import Expertise
from lmssocial.widgets.experts.questions import Asked, Happening, invitation_of, locked, look_again, note


def saw(session: Session, actor: Actor, question_id: int) -> bool:
    """Note that an invited person opened the question; whether that is new. Harmless for everybody else."""
    changed = session.execute(
        update(Invitation)
        .where(
            Invitation.question_id == question_id,
            Invitation.user_id == actor.user_id,
            Invitation.community_id == actor.community_id,
            Invitation.state == InvitationState.SENT,
            Invitation.question_id.in_(select(Question.id).where(seen_by(actor))),
        )
        .values(state=InvitationState.SEEN, seen_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(Invitation.id)
    )
    return changed.first() is not None


def accept(session: Session, actor: Actor, question_id: int) -> Invitation:
    """The actor answers it. The first to say so does; everybody else who was asked is told that they need not.

    Who comes after their time, while nobody else has said so, comes in time.

    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if they were not invited.
    :raises Conflict: if somebody else was faster, they are not waited for any more, or it is over.
    """
    asked, invitation = _invited(session, actor, question_id)
    if invitation.state is InvitationState.ACCEPTED and asked.question.accepted_by_id == actor.user_id:
        return invitation  # pressed twice
    require_open(asked)
    if invitation.state is InvitationState.LAPSED:
        invitation.source = Source.VOLUNTEER
    elif invitation.state not in WAITING:
        raise Conflict(_("This invitation is over: it went on to somebody else."))
    _take(session, asked, invitation, actor)
    return invitation


def volunteer(session: Session, actor: Actor, question_id: int) -> Invitation:
    """The actor takes a question that nobody asked them to answer, or that they let pass before.

    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if it is not open to everybody, and they do not moderate here; or if it is their own.
    :raises Conflict: if somebody else was faster, or it is over.
    """
    asked = locked(session, actor, question_id)
    invitation = invitation_of(session, question_id, actor.user_id)
    require_volunteers(actor, asked.question, invitation)
    if (
        invitation is not None
        and invitation.state is InvitationState.ACCEPTED
        and asked.question.accepted_by_id == actor.user_id
    ):
        return invitation  # pressed twice
    require_open(asked)
    if invitation is None:
        invitation = _own(asked, actor)
        session.add(invitation)
        session.flush()
    elif invitation.state not in WAITING:
        invitation.source, invitation.because = Source.VOLUNTEER, None
    _take(session, asked, invitation, actor)
    return invitation


def may_volunteer(actor: Actor, question: Question, invitation: Invitation | None) -> bool:
    """Whether the actor, who reads a question, may take it without being waited for.

    :param invitation: their own: who was asked once may still take it as long as nobody else has.
    """
    if question.asker_id == actor.user_id or actor.is_test:
        return False
    if invitation is not None and invitation.state is not InvitationState.WITHDRAWN:
        return True
    if is_guest(actor, question):
        return False
    return actor.moderates or question.level in {Level.EVERYBODY, Level.STEWARDS}


def require_volunteers(actor: Actor, question: Question, invitation: Invitation | None) -> None:
    """Go on only for those who may take a question without being waited for.

    :raises NotAllowed: for everybody else.
    """
    if question.asker_id == actor.user_id:
        raise NotAllowed(_("This is your own question. Others answer it."))
    if not may_volunteer(actor, question, invitation):
        raise NotAllowed(_("This question is with those who were asked. It is not open to everybody yet."))


def decline(
    session: Session, rankings: Rankings, actor: Actor, question_id: int, because: Because
) -> list[Invitation]:
    """The actor cannot answer; the next one is asked at once. Why stays with them.

    :param because: that it is not their topic makes it less likely that they are asked about it again; that they have
        no time never does.
    :return: who is asked instead.
    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if they were not invited.
    :raises Conflict: if they accepted, or are not waited for any more.
    """
    asked, invitation = _invited(session, actor, question_id)
    if invitation.state is InvitationState.DECLINED:
        return []  # pressed twice
    if invitation.state is InvitationState.ACCEPTED:
        raise Conflict(_("You accepted this question. You can give it back."))
    if invitation.state not in WAITING:
        raise Conflict(_("This invitation is over, so there is nothing to decline."))
    now = clock.now()
    invitation.state, invitation.because, invitation.ended_at = InvitationState.DECLINED, because, now
    session.flush()
    if because is Because.NOT_MY_TOPIC:
        _doubt(session, asked, actor.user_id)
    fields = told(session, asked, invitation, actor)
    record(session, InvitationDeclined(**fields, referred=because is Because.KNOWS_BETTER))
    return _pass_on(session, rankings, asked, now)


def release(session: Session, rankings: Rankings, actor: Actor, question_id: int) -> list[Invitation]:
    """The actor gives back what they had accepted; others are asked at once.

    :return: who is asked instead.
    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if they were not invited.
    :raises Conflict: if they do not hold it.
    """
    asked, invitation = _invited(session, actor, question_id)
    if invitation.state is InvitationState.RELEASED:
        return []  # pressed twice
    if invitation.state is not InvitationState.ACCEPTED or asked.question.state is not State.ACCEPTED:
        raise Conflict(_("This question is not in your hands, so there is nothing to give back."))
    give_back(session, asked, invitation, actor)
    return service.fill(session, rankings, asked, clock.now())


def give_back(session: Session, asked: Asked, invitation: Invitation, by: Actor | None) -> None:
    """An accepted question goes on to others; ``by`` is ``None`` if its time was over."""
    invitation.state, invitation.ended_at = InvitationState.RELEASED, clock.now()
    session.flush()
    service.look_for_others(asked)
    note(session, asked.question, Happening.RELEASED, by)
    record(session, InvitationReleased(**told(session, asked, invitation, by), by_clock=by is None))


def _invited(session: Session, actor: Actor, question_id: int) -> tuple[Asked, Invitation]:
    asked = locked(session, actor, question_id)
    statement = select(Invitation).where(
        Invitation.question_id == question_id, Invitation.user_id == actor.user_id
    )
    invitation = session.scalar(statement.execution_options(populate_existing=True))
    if invitation is None or invitation.community_id != actor.community_id:
        raise NotAllowed(_("You were not asked to answer this question."))
    if invitation.state is InvitationState.WITHDRAWN:
        raise NotFound(_("This invitation was taken back. Nothing is left to do for you."))
    return asked, invitation


def _take(session: Session, asked: Asked, invitation: Invitation, actor: Actor) -> None:
    question, now = asked.question, clock.now()
    hold(session, question.tenant_id, [actor.user_id])  # what is in their hands is counted under this lock
    invitation.state, invitation.ended_at = InvitationState.ACCEPTED, None
    invitation.seen_at = invitation.seen_at or now
    question.state = State.ACCEPTED
    question.accepted_by_id, question.accepted_at = actor.user_id, now
    question.promised_until = _promised(asked, now)
    session.flush()
    service.end_all(session, asked, InvitationState.SUPERSEDED, but=actor.user_id)
    service.count(session, invitation, taken=1)
    note(session, question, Happening.ACCEPTED, actor)
    look_again(question)
    fields = told(session, asked, invitation, actor)
    source, introduced_by_id = invitation.source.value, invitation.introduced_by_id
    record(session, InvitationAccepted(**fields, source=source, introduced_by_id=introduced_by_id))


def _promised(asked: Asked, now: datetime) -> datetime:
    return after_working_hours(week_of_course(asked.settings), now, asked.settings.promised_hours)


def _own(asked: Asked, actor: Actor) -> Invitation:
    """The invitation of somebody whom nobody asked."""
    now = clock.now()
    return Invitation(
        tenant_id=asked.question.tenant_id,
        question_id=asked.question.id,
        user_id=actor.user_id,
        community_id=actor.community_id,
        placement_id=asked.placement.id,
        state=InvitationState.SEEN,
        source=Source.VOLUNTEER,
        wave=asked.question.wave,
        sent_at=now,
        due_at=now,
        seen_at=now,
    )


def _doubt(session: Session, asked: Asked, user_id: int) -> None:
    topics = select(QuestionTopic.topic_id).where(QuestionTopic.question_id == asked.question.id)
    session.execute(
        update(Expertise)
        .where(Expertise.user_id == user_id, Expertise.topic_id.in_(topics))
        .values(doubts=Expertise.doubts + 1)
        .execution_options(synchronize_session=False)
    )


def _pass_on(session: Session, rankings: Rankings, asked: Asked, now: datetime) -> list[Invitation]:
    note(session, asked.question, Happening.PASSED_ON, None)
    look_again(asked.question)
    if asked.question.state is not State.OPEN or asked.question.paused_at is not None:
        return []  # the clock stands still, or somebody answers it
    return service.fill(session, rankings, asked, now)
