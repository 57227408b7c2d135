"""What the steps of a question rest on, as the database has it. As many questions for ten people as for thousands."""

from sqlalchemy import and_, case, exists, func, literal, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.clockwork.plan import Facts, Waits
from lmssocial.widgets.experts.invitation_models import HOLDING, Invitation, InvitationState, Source
from lmssocial.widgets.experts.models import Answer, Question
from lmssocial.widgets.experts.questions import Asked

__all__ = ["Facts", "Waits", "facts_of"]


def facts_of(session: Session, asked: Asked) -> Facts:
    """How a question stands now. Three queries."""
    question = asked.question
    waiting, accepted = _people(session, question)
    holder = next((here for user_id, here in accepted if user_id == question.accepted_by_id), None)
    asker_here, held_answer, invited = _around(session, question)
    return Facts(
        state=question.state,
        level=question.level,
        audience=question.audience,
        urgency=question.urgency,
        visible=asked.words.state,
        counted_from=question.counted_from,
        paused_at=question.paused_at,
        promised_until=question.promised_until,
        last_answer_at=question.last_answer_at,
        asker_here=asker_here,
        holder_here=holder,
        waiting=waiting,
        has_held_answer=held_answer,
        invited=invited,
        next_at=question.next_at,
    )


def _people(session: Session, question: Question) -> tuple[tuple[Waits, ...], list[tuple[int, bool]]]:
    """Who is waited for, and who accepted, each with whether they are still there."""
    is_here = (
        exists()
        .where(
            Community.id == Invitation.community_id,
            Membership.course_id == Community.course_id,
            Membership.user_id == Invitation.user_id,
            Membership.active.is_(True),
            User.id == Membership.user_id,
            User.is_former.is_(False),
        )
        .correlate(Invitation)
    )
    rows = session.execute(
        select(
            Invitation.id,
            Invitation.user_id,
            Invitation.state,
            Invitation.due_at,
            case((is_here, True), else_=False).label("here"),
        )
        .where(Invitation.question_id == question.id, Invitation.state.in_(HOLDING))
        .order_by(Invitation.user_id)
    ).all()
    waiting = tuple(
        Waits(invitation_id=row.id, user_id=row.user_id, due_at=row.due_at, is_here=bool(row.here))
        for row in rows
        if row.state is not InvitationState.ACCEPTED
    )
    accepted = [(row.user_id, bool(row.here)) for row in rows if row.state is InvitationState.ACCEPTED]
    return waiting, accepted


def _around(session: Session, question: Question) -> tuple[bool, bool, int]:
    """Whether the asker is still there, whether an answer waits for a moderator, and how many were chosen so far."""
    asker_here = exists().where(
        Community.id == question.community_id,
        Membership.course_id == Community.course_id,
        Membership.user_id == question.asker_id,
        Membership.active.is_(True),
        User.id == question.asker_id,
        User.is_former.is_(False),
    )
    held_answer = exists().where(
        Answer.question_id == question.id,
        Contribution.id == Answer.contribution_id,
        Contribution.state == Visible.HELD,
    )
    invited = (
        select(func.count(Invitation.id))
        .where(
            and_(
                Invitation.question_id == question.id,
                Invitation.source.in_([Source.MATCH, Source.EXPLORE]),
            )
        )
        .scalar_subquery()
    )
    row = session.execute(
        select(case((asker_here, literal(1)), else_=0), case((held_answer, literal(1)), else_=0), invited)
    ).one()
    return bool(row[0]), bool(row[1]), int(row[2])
