"""What the steps of a question rest on, as the database has it. As many questions for ten people as for thousands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, exists, func, literal, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.clockwork.plan import Facts, Waits
from lmssocial.widgets.experts.invitation_models import HOLDING, Invitation, InvitationState, Source
from lmssocial.widgets.experts.models import Answer, Question
from lmssocial.widgets.experts.questions import Asked

__all__ = ["Facts", "Waits", "facts_of", "facts_of_all"]


def facts_of(session: Session, asked: Asked) -> Facts:
    """How a question stands now. Two queries."""
    return facts_of_all(session, [asked])[asked.question.id]


def facts_of_all(session: Session, some: Sequence[Asked]) -> dict[int, Facts]:
    """How some questions stand now, by their ids. Two queries, however many they are."""
    ids = [asked.question.id for asked in some]
    people, around = _people(session, ids), _around(session, ids)
    return {asked.question.id: _facts(asked, people, around[asked.question.id]) for asked in some}


def _facts(asked: Asked, people: Mapping[int, Sequence[Any]], around: Any) -> Facts:
    question = asked.question
    held = people.get(question.id, ())
    here = {row.user_id: bool(row.here) for row in held if row.state is InvitationState.ACCEPTED}
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
        asker_here=bool(around.asker_here),
        holder_here=here.get(question.accepted_by_id or 0),
        waiting=tuple(
            Waits(invitation_id=row.id, user_id=row.user_id, due_at=row.due_at, is_here=bool(row.here))
            for row in held
            if row.state is not InvitationState.ACCEPTED
        ),
        has_held_answer=bool(around.held_answer),
        invited=int(around.invited),
        next_at=question.next_at,
    )


def _people(session: Session, question_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Who is waited for, and who accepted, each with whether they are still there; by question."""
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
            Invitation.question_id,
            Invitation.user_id,
            Invitation.state,
            Invitation.due_at,
            case((is_here, True), else_=False).label("here"),
        )
        .where(Invitation.question_id.in_(question_ids), Invitation.state.in_(HOLDING))
        .order_by(Invitation.user_id)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.question_id, []).append(row)
    return found


def _around(session: Session, question_ids: Sequence[int]) -> dict[int, Any]:
    """Whether askers are still there, whether answers wait for a moderator, and how many were chosen so far."""
    asker_here = (
        exists()
        .where(
            Community.id == Question.community_id,
            Membership.course_id == Community.course_id,
            Membership.user_id == Question.asker_id,
            Membership.active.is_(True),
            User.id == Question.asker_id,
            User.is_former.is_(False),
        )
        .correlate(Question)
    )
    held_answer = (
        exists()
        .where(
            Answer.question_id == Question.id,
            Contribution.id == Answer.contribution_id,
            Contribution.state == Visible.HELD,
        )
        .correlate(Question)
    )
    invited = (
        select(func.count(Invitation.id))
        .where(
            Invitation.question_id == Question.id,
            Invitation.source.in_([Source.MATCH, Source.EXPLORE]),
        )
        .correlate(Question)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Question.id,
            case((asker_here, literal(1)), else_=0).label("asker_here"),
            case((held_answer, literal(1)), else_=0).label("held_answer"),
            invited.label("invited"),
        ).where(Question.id.in_(question_ids))
    )
    return {row.id: row for row in rows}
