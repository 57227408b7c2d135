"""What moderators decide, once. Nothing here commits."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.hooks import Span
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation import access, cases, journal
from lmssocial.social.moderation.events import CaseDecided
from lmssocial.social.moderation.models import Case, CaseState, Deed, Entry, Flag, FlagState, Origin
from lmssocial.social.moderation.ports import Moderated

OUTCOMES: dict[Deed, CaseState] = {
    Deed.APPROVED: CaseState.APPROVED,
    Deed.REJECTED: CaseState.REJECTED,
    Deed.REDACTED: CaseState.REDACTED,
    Deed.CHANGE_ASKED: CaseState.CHANGE_ASKED,
}
"""What can be decided about an open case, and where it stands afterwards."""

AGAINST = frozenset({CaseState.REJECTED, CaseState.REDACTED, CaseState.CHANGE_ASKED})
"""Outcomes that an author may ask a second look for, and that uphold flags."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a moderator decided."""

    deed: Deed
    """One of :data:`OUTCOMES`."""
    seen_version: int
    """The version of the case that was before their eyes."""
    message: str = ""
    """For the author; needed for everything but an approval."""
    spans: tuple[Span, ...] = ()
    """The words to take out, if it is to be redacted; none if they are out already, and stay out."""


def decide(session: Session, actor: Actor, port: Moderated, case_id: int, decision: Decision) -> Case:
    """Decide an open case, or give one of the approvals it needs.

    :raises NotFound: if the actor may see no such case.
    :raises NotAllowed: if it is their own, an appeal against their own decision, or not theirs by the quality tier.
    :raises Conflict: if somebody decided before, changed it meanwhile, or has claimed it.
    :raises Invalid: if the author would not learn why, or there is nothing to take out.
    """
    access.require_moderator(actor)
    case = cases.locked(session, actor, case_id)
    _require_decidable(session, actor, case)
    cases.require_open_for(actor, case)
    if case.version != decision.seen_version:
        raise Conflict(
            _("This case changed while you were reading it. Nothing was decided: look at it again, please.")
        )
    _require_complete(case, decision)
    journal.write_of(session, actor, case, decision.deed, note=decision.message)
    if decision.deed is Deed.APPROVED and _approvals(session, actor, case) < case.approvals_needed:
        case.claimed_by_id = case.claimed_at = None
        return case
    _close(session, actor, case, OUTCOMES[decision.deed], decision.message)
    _carry_out(session, actor, port, case, decision)
    return case


def restore(session: Session, actor: Actor, port: Moderated, case_id: int, seen_version: int) -> Case:
    """Take back a decision against a contribution, one's own or somebody else's: it is published.

    :raises NotFound: if the actor may see no such case.
    :raises NotAllowed: if it is not theirs to decide.
    :raises Conflict: if there is nothing to take back, or the case changed meanwhile.
    """
    access.require_moderator(actor)
    case = cases.locked(session, actor, case_id)
    _require_decidable(session, actor, case)
    if case.state not in AGAINST or case.version != seen_version:
        raise Conflict(_("There is no decision here any more that could be taken back. Nothing has changed."))
    journal.write_of(session, actor, case, Deed.RESTORED)
    _close(session, actor, case, CaseState.APPROVED, "")
    _publish(session, actor, port, case)
    return case


def _require_decidable(session: Session, actor: Actor, case: Case) -> None:
    first = None if case.appeal_of_id is None else session.get(Case, case.appeal_of_id)
    tier = session.get_one(Community, actor.community_id).tier
    access.require_may_decide(actor, case, first, tier)


def _require_complete(case: Case, decision: Decision) -> None:
    if decision.deed not in OUTCOMES:
        raise Invalid(_("Choose what shall become of it."), reason=f"{decision.deed} decides nothing")
    if decision.deed is not Deed.APPROVED and not decision.message.strip():
        raise Invalid(_("Write a sentence to the author: what would have to change?"))
    if decision.deed is Deed.REDACTED and not decision.spans and not case.verdicts.get("taken_out"):
        raise Invalid(_("Say which words shall be taken out."))


def _approvals(session: Session, actor: Actor, case: Case) -> int:
    """How many different people have approved, with this one."""
    others = session.scalar(
        select(func.count(func.distinct(Entry.actor_id))).where(
            Entry.case_id == case.id, Entry.deed == Deed.APPROVED, Entry.actor_id != actor.user_id
        )
    )
    return (others or 0) + 1


def _close(session: Session, actor: Actor, case: Case, outcome: CaseState, message: str) -> None:
    case.state, case.decided_at, case.decided_by_id, case.message = (
        outcome,
        clock.now(),
        actor.user_id,
        message,
    )
    upheld = outcome in AGAINST
    _settle_flags(session, case.id, upheld=upheld)
    if case.origin is Origin.APPEAL and case.appeal_of_id is not None and not upheld:
        _settle_flags(session, case.appeal_of_id, upheld=False)
    activity.record(
        session,
        CaseDecided(
            **actor.envelope,
            case_id=case.id,
            contribution_id=case.contribution_id,
            author_id=case.author_id,
            kind=case.kind,
            origin=case.origin,
            decision=outcome,
            policies=tuple(verdict["policy"] for verdict in case.verdicts.get("verdicts", [])),
            hours=round((clock.now() - case.opened_at).total_seconds() / 3600, 2),
        ),
    )


def _settle_flags(session: Session, case_id: int, *, upheld: bool) -> None:
    session.execute(
        update(Flag)
        .where(Flag.case_id == case_id)
        .values(state=FlagState.UPHELD if upheld else FlagState.DISMISSED)
    )


def _carry_out(session: Session, actor: Actor, port: Moderated, case: Case, decision: Decision) -> None:
    if decision.deed is Deed.APPROVED:
        _publish(session, actor, port, case)
    elif decision.deed is Deed.REDACTED:
        if not decision.spans:
            return  # a second look at words that are out already: they stay out
        port.redact(session, actor, case.contribution_id, decision.spans, decision.message)
        taken_out = [[span.start, span.end] for span in decision.spans]
        case.verdicts = {**case.verdicts, "taken_out": taken_out, "left": _wording(session, case)}
    else:
        port.decline(session, actor, case.contribution_id, decision.message)


def _publish(session: Session, actor: Actor, port: Moderated, case: Case) -> None:
    """Let it be read, with the words that an earlier decision took out."""
    taken_out = tuple(Span(start, end) for start, end in case.verdicts.get("taken_out", []))
    if taken_out:
        port.put_back(session, actor, case.contribution_id, taken_out)
    port.publish(session, actor, case.contribution_id)


def _wording(session: Session, case: Case) -> str:
    """Names what is left of the words."""
    words = session.get(Contribution, case.contribution_id)
    return "" if words is None else cases.hash_of(words.title, words.source)
