"""Asking for a second look, by another person. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import access, cases, journal
from lmssocial.social.moderation.decisions import AGAINST
from lmssocial.social.moderation.models import Case, CaseState, Deed, Origin


def may_appeal(case: Case, contribution: Contribution) -> bool:
    """Whether the author may ask for a second look: once, at a person's decision against words that still stand so."""
    return (
        case.state in AGAINST
        and case.origin is not Origin.APPEAL
        and contribution.state is not State.REMOVED
        and (
            case.state is CaseState.REDACTED
            or case.source_hash == cases.hash_of(contribution.title, contribution.source)
        )
    )


def appeal(session: Session, actor: Actor, case_id: int, plea: str) -> Case:
    """Ask for a second look at the decision of a case about the actor's own contribution.

    :raises NotFound: if there is no such case.
    :raises Conflict: if nothing was decided against it, it was changed since, or a second look was asked for before.
    """
    case = session.scalar(
        select(Case).where(Case.id == case_id, access.own_cases_of(actor)).with_for_update()
    )
    if case is None:
        raise NotFound(reason=f"user {actor.user_id} has no case {case_id}")
    contribution = session.get_one(Contribution, case.contribution_id)
    if case.origin is Origin.APPEAL:
        raise Conflict(_("This was the second look. You can change your text and hand it in again."))
    if not may_appeal(case, contribution):
        raise Conflict(_("There is no decision about this wording that a second person could look at."))
    if session.scalar(select(Case.id).where(Case.appeal_of_id == case.id).limit(1)) is not None:
        raise Conflict(_("You have asked for a second look already. Nothing has changed."))
    second = cases.open_for(
        session,
        actor,
        contribution,
        Origin.APPEAL,
        appeal_of_id=case.id,
        plea=plea,
        verdicts=case.verdicts,
        approvals_needed=1,
    )
    journal.write_of(session, actor, second, Deed.APPEALED, note=plea)
    return second
