"""Cases: opening them, claiming them, and closing them because their author moved on. Nothing here commits."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Ruling, Submission
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation import access, journal
from lmssocial.social.moderation.events import CaseOpened, CaseWithdrawn
from lmssocial.social.moderation.models import Case, CaseState, Deed, Origin, PolicyVerdict
from lmssocial.social.moderation.screening import HOOK, Screening, Vote
from lmssocial.social.plugin_settings import breaker

SUPERSEDED = (Origin.POLICY, Origin.LATER, Origin.APPEAL)
"""Cases that end when their author hands in another wording."""

CLAIM_LASTS = timedelta(minutes=15)
"""How long a case is kept for the moderator who claimed it."""


def settle(
    session: Session,
    actor: Actor,
    submission: Submission,
    screening: Screening,
    *,
    placement_id: int,
    contribution_id: int,
    held: bool,
) -> Case | None:
    """Draw the consequences of a screening: note the verdicts, and open a case if a person has to look.

    :param held: whether the contribution waits; a case about something published is opened only if a check failed.
    """
    access.require_author(actor, submission)
    note_verdicts(session, actor, contribution_id, screening)
    if screening.failures:
        breaker.note_failures(session, actor.tenant_id, HOOK, screening.failures)
    if submission.is_edit:
        withdraw(session, actor, contribution_id, SUPERSEDED)
    if not held and not screening.look_later:
        return None
    return _open(
        session,
        actor,
        Case(
            placement_id=placement_id,
            kind=submission.kind,
            contribution_id=contribution_id,
            author_id=actor.user_id,
            origin=Origin.POLICY if held else Origin.LATER,
            verdicts=as_json(screening.votes),
            source_hash=hash_of(submission.title, submission.source),
            approvals_needed=screening.approvals,
        ),
        policies=tuple(vote.policy for vote in screening.votes),
    )


def open_for(
    session: Session, actor: Actor, contribution: Contribution, origin: Origin, **more: object
) -> Case:
    """Open a case about something that is already there: flagged, or appealed for.

    :param more: further columns of the case.
    """
    case = Case(
        placement_id=contribution.placement_id,
        kind=contribution.kind,
        contribution_id=contribution.id,
        author_id=contribution.author_id,
        origin=origin,
        source_hash=hash_of(contribution.title, contribution.source),
        **{"verdicts": {"verdicts": []}, **more},
    )
    return _open(session, actor, case, policies=())


def _open(session: Session, actor: Actor, case: Case, *, policies: tuple[str, ...]) -> Case:
    now = clock.now()
    case.tenant_id, case.community_id = actor.tenant_id, actor.community_id
    case.state, case.opened_at = CaseState.OPEN, now
    case.due_at = now + timedelta(hours=session.get_one(Community, actor.community_id).answer_hours)
    session.add(case)
    session.flush()  # the log and the event need the new id
    journal.write_of(session, actor, case, Deed.OPENED, note=", ".join(policies), by_machine=bool(policies))
    activity.record(
        session,
        CaseOpened(
            **actor.envelope,
            case_id=case.id,
            kind=case.kind,
            origin=case.origin,
            policies=policies,
        ),
    )
    return case


def withdraw(
    session: Session, actor: Actor, contribution_id: int, origins: Collection[Origin] = tuple(Origin)
) -> None:
    """Close the open cases about a contribution, because its author removed it, or gave it another wording.

    Flags are not answered by another wording: a moderator looks at it all the same.
    """
    for case in session.scalars(
        select(Case).where(
            Case.contribution_id == contribution_id,
            Case.community_id == actor.community_id,
            Case.state == CaseState.OPEN,
            Case.origin.in_(origins),
        )
    ):
        case.state, case.decided_at = CaseState.WITHDRAWN, clock.now()
        journal.write_of(session, actor, case, Deed.WITHDRAWN)
        gone = CaseWithdrawn(**actor.envelope, case_id=case.id, kind=case.kind, origin=case.origin)
        activity.record(session, gone)


def is_flagged(session: Session, actor: Actor, contribution_id: int) -> bool:
    """Whether members flagged it and nobody has decided yet."""
    found = select(Case.id).where(
        Case.contribution_id == contribution_id,
        Case.community_id == actor.community_id,
        Case.state == CaseState.OPEN,
        Case.origin == Origin.FLAG,
    )
    return session.scalar(found.limit(1)) is not None


def claim(session: Session, actor: Actor, case_id: int) -> Case:
    """Keep a case for ``actor`` for a quarter of an hour, so that no two read the same.

    :raises NotFound: if the actor may see no such case.
    :raises Conflict: if it was decided, or somebody else has it.
    """
    access.require_moderator(actor)
    case = locked(session, actor, case_id)
    require_open_for(actor, case)
    if case.claimed_by_id != actor.user_id:
        journal.write_of(session, actor, case, Deed.CLAIMED)
    case.claimed_by_id, case.claimed_at = actor.user_id, clock.now()
    return case


def release(session: Session, actor: Actor, case_id: int) -> Case:
    """Give back a case that ``actor`` claimed.

    :raises NotFound: if the actor may see no such case.
    """
    access.require_moderator(actor)
    case = locked(session, actor, case_id)
    if case.claimed_by_id == actor.user_id and case.state is CaseState.OPEN:
        case.claimed_by_id = case.claimed_at = None
        journal.write_of(session, actor, case, Deed.RELEASED)
    return case


def is_claimed_by_another(actor: Actor, case: Case) -> bool:
    """Whether somebody else keeps the case at the moment."""
    return (
        case.claimed_at is not None
        and case.claimed_by_id != actor.user_id
        and case.claimed_at + CLAIM_LASTS > clock.now()
    )


def require_open_for(actor: Actor, case: Case) -> None:
    """Go on only if nobody decided the case, and nobody else keeps it.

    :raises Conflict: with the sentence that says which.
    """
    if case.state is not CaseState.OPEN:
        raise Conflict(_("This was already decided. Nothing has changed."))
    if is_claimed_by_another(actor, case):
        raise Conflict(_("Somebody else has taken this case and is looking at it. Nothing has changed."))


def locked(session: Session, actor: Actor, case_id: int) -> Case:
    """A case on the actor's desk, locked until the transaction ends.

    :raises NotFound: if the actor may see no such case.
    """
    case = session.scalar(
        select(Case)
        .where(Case.id == case_id, access.cases_of(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound(
            _("This case does not exist, or it is not yours to decide."),
            reason=f"no case {case_id} in community {actor.community_id}",
        )
    return case


def hash_of(title: str, source: str) -> str:
    """Names a wording, in 64 characters."""
    return hashlib.sha256(f"{title}\0{source}".encode()).hexdigest()


def note_verdicts(session: Session, actor: Actor, contribution_id: int, screening: Screening) -> None:
    """Keep what each policy said, also what counted for nothing, so that a rule can be judged before it is enforced."""
    now = clock.now()
    session.add_all(
        PolicyVerdict(
            tenant_id=actor.tenant_id,
            community_id=actor.community_id,
            contribution_id=contribution_id,
            policy=vote.policy,
            version=vote.version,
            stance=vote.stance,
            ruling=int(vote.verdict.ruling),
            effective=int(vote.ruling),
            reason=vote.verdict.reason[:80],
            at=now,
        )
        for vote in (*screening.votes, *screening.shadows)
        if vote.verdict.ruling is not Ruling.ALLOW
    )


def as_json(votes: Iterable[Vote]) -> JsonObject:
    """Verdicts as they are kept with a case."""
    return {"verdicts": [vote.as_json() for vote in votes]}
