"""Asking for a second look, by another person. Nothing here commits."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling, Span
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, Revision, State
from lmssocial.social.content.writing import REDACTED, places_taken_out
from lmssocial.social.moderation import access, cases, journal
from lmssocial.social.moderation.decisions import AGAINST
from lmssocial.social.moderation.models import Case, CaseState, Deed, Origin, PolicyVerdict


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


def against_policies(session: Session, actor: Actor, contribution_id: int, plea: str) -> Case:
    """Ask for a person's look at words of the actor's own contribution that policies took out without one.

    :raises NotFound: if there is no such contribution of theirs.
    :raises Conflict: if policies took nothing out of its present wording, or a person was asked for before.
    """
    words = session.scalar(
        select(Contribution)
        .where(
            Contribution.id == contribution_id,
            Contribution.author_id == actor.user_id,
            access.contributions_here(actor),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if words is None:
        raise NotFound(reason=f"user {actor.user_id} has no contribution {contribution_id}")
    spans = taken_out_by_policies(session, words)
    if not spans:
        raise Conflict(_("There is no decision about this wording that a second person could look at."))
    now = cases.hash_of(words.title, words.source)
    asked = select(Case.id).where(
        Case.contribution_id == words.id, Case.origin == Origin.APPEAL, Case.source_hash == now
    )
    if session.scalar(asked.limit(1)) is not None:
        raise Conflict(_("You have asked for a second look already. Nothing has changed."))
    places = [[span.start, span.end] for span in spans]
    verdicts = {"verdicts": _said(session, words), "taken_out": places, "left": now}
    second = cases.open_for(session, actor, words, Origin.APPEAL, plea=plea, verdicts=verdicts)
    journal.write_of(session, actor, second, Deed.APPEALED, note=plea)
    return second


def taken_out_by_policies(session: Session, words: Contribution) -> tuple[Span, ...]:
    """Where words stood that policies took out of the present wording, with nobody having decided about it."""
    if words.state is not State.PUBLISHED or not words.note or REDACTED not in words.source:
        return ()
    full = session.get(Revision, (words.id, words.edit_count))
    if full is None:
        return ()
    now = cases.hash_of(words.title, words.source)
    decided = session.scalars(
        select(Case.verdicts)
        .where(Case.contribution_id == words.id)
        .where(or_(Case.origin != Origin.APPEAL, Case.appeal_of_id.is_not(None)))
    )
    if any(kept.get("left") == now for kept in decided):
        return ()
    return places_taken_out(full.source, words.source)


def _said(session: Session, words: Contribution) -> list[dict[str, Any]]:
    """What the policies that took the words out said, as it is kept with a case."""
    found = session.execute(
        select(PolicyVerdict.policy, PolicyVerdict.version, PolicyVerdict.reason)
        .where(PolicyVerdict.contribution_id == words.id, PolicyVerdict.effective == int(Ruling.REDACT))
        .order_by(PolicyVerdict.id.desc())
    )
    verdict = {
        "ruling": "redact",
        "effective": "redact",
        "message": words.note,
        "rule": "",
        "spans": [],
        "suggestion": "",
        "confidence": 1.0,
        "concern": "content",
    }
    by_policy = {row["policy"]: {**verdict, **row} for row in found.mappings()}
    return list(by_policy.values())


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
