"""Opening cases and deciding them. Nothing here commits."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.hooks import Submission
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation import access
from lmssocial.social.moderation.events import CaseDecided, CaseOpened
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.moderation.ports import Moderated
from lmssocial.social.moderation.screening import Screening


def open_case(
    session: Session,
    actor: Actor,
    submission: Submission,
    screening: Screening,
    *,
    placement_id: int,
    contribution_id: int,
) -> Case:
    """Ask a moderator about what ``actor`` wrote. An open case about an earlier wording is withdrawn."""
    access.require_author(actor, submission)
    withdraw(session, contribution_id)
    verdicts = [
        {
            "policy": vote.policy,
            "ruling": vote.verdict.ruling.name.lower(),
            "reason": vote.verdict.reason,
            "message": str(vote.verdict.message),
        }
        for vote in screening.votes
    ]
    case = Case(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        kind=submission.kind,
        contribution_id=contribution_id,
        author_id=actor.user_id,
        state=CaseState.OPEN,
        verdicts={"verdicts": verdicts},
        opened_at=clock.now(),
        message="",
    )
    session.add(case)
    session.flush()  # the event needs the new id
    activity.record(
        session,
        CaseOpened(
            tenant_id=actor.tenant_id,
            course_id=actor.course_id,
            community_id=actor.community_id,
            actor_id=actor.user_id,
            actor_role=actor.lead_role,
            case_id=case.id,
            kind=case.kind,
            policies=tuple(vote.policy for vote in screening.votes),
        ),
    )
    return case


def withdraw(session: Session, contribution_id: int) -> None:
    """Close any open case about a contribution because its author changed or removed it."""
    session.execute(
        update(Case)
        .where(Case.contribution_id == contribution_id, Case.state == CaseState.OPEN)
        .values(state=CaseState.WITHDRAWN, decided_at=clock.now())
    )


def decide(
    session: Session, actor: Actor, port: Moderated, case_id: int, decision: CaseState, message: str = ""
) -> Case:
    """Publish or decline what is held, once.

    :raises NotFound: if the actor may see no such case.
    :raises Conflict: if somebody decided before.
    """
    access.require_moderator(actor)
    case = session.scalar(select(Case).where(Case.id == case_id, access.cases_of(actor)).with_for_update())
    if case is None:
        raise NotFound(reason=f"no case {case_id} in community {actor.community_id}")
    if case.state is not CaseState.OPEN:
        raise Conflict(_("This was already decided. Nothing has changed."))
    case.state, case.decided_at, case.decided_by_id, case.message = (
        decision,
        clock.now(),
        actor.user_id,
        message,
    )
    if decision is CaseState.APPROVED:
        port.publish(session, actor, case.contribution_id)
    else:
        port.decline(session, actor, case.contribution_id, message)
    activity.record(
        session,
        CaseDecided(
            tenant_id=actor.tenant_id,
            course_id=actor.course_id,
            community_id=actor.community_id,
            actor_id=actor.user_id,
            actor_role=actor.lead_role,
            case_id=case.id,
            kind=case.kind,
            decision=decision,
        ),
    )
    return case
