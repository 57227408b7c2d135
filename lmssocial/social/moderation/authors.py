"""What authors read about their own contributions: why, what would pass, who decides, by when, and what then."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Appointment, Tier
from lmssocial.social.content.diff import Passage, changes
from lmssocial.social.content.models import Contribution, Revision, State
from lmssocial.social.content.writing import REDACTED, earlier_wordings
from lmssocial.social.moderation import access, appeals, cases
from lmssocial.social.moderation.models import Case, CaseState, Origin
from lmssocial.social.moderation.ports import Moderated, Subject
from lmssocial.social.moderation.reasons import Objection, Piece, marked, objections


@dataclass(frozen=True)
class Deciders:
    """How many people may decide, by what they are; never who."""

    of: Mapping[str, int]
    """``instructor``, ``administrator``, ``steward``, ``sme`` → how many."""
    total: int


@dataclass(frozen=True, kw_only=True)
class AuthorView:
    """Everything about one contribution that its author should know."""

    contribution_id: int
    state: State
    note: str
    subject: Subject
    case_id: int | None
    """The case they can answer to; ``None`` if there never was one."""
    origin: Origin | None
    is_waiting: bool
    due_at: datetime | None
    objections: tuple[Objection, ...]
    pieces: tuple[Piece, ...]
    """Their words, those that the reasons are about marked; empty if there are none to mark."""
    taken_out: tuple[Passage, ...]
    """What was published with which words taken out; empty if none were."""
    decision: CaseState | None
    """What was decided last."""
    message: str
    decided_at: datetime | None
    appeal: CaseState | None
    """Where their wish for a second look stands."""
    plea: str
    appeal_message: str
    may_appeal: bool
    may_edit: bool
    deciders: Deciders
    """Who decides what waits; or who would take the second look."""


def author_view(
    session: Session, actor: Actor, tier: Tier, ports: Mapping[str, Moderated], contribution_id: int
) -> AuthorView:
    """What the actor should know of a contribution of theirs. At most five queries and one of its port.

    :raises NotFound: if there is none of theirs.
    """
    words = session.scalar(
        select(Contribution)
        .where(
            Contribution.id == contribution_id,
            Contribution.author_id == actor.user_id,
            access.contributions_here(actor),
        )
        .execution_options(populate_existing=True)
    )
    port = None if words is None else ports.get(words.kind.partition(".")[0])
    subject = None if port is None else port.subjects(session, actor, [contribution_id]).get(contribution_id)
    if words is None or subject is None:
        raise NotFound(
            _("This post does not exist, or it is not yours."),
            reason=f"user {actor.user_id} has no contribution {contribution_id}",
        )
    first, second = _newest(session, actor, words)
    return _view(session, actor, tier, words, subject, first, second)


def _newest(session: Session, actor: Actor, words: Contribution) -> tuple[Case | None, Case | None]:
    """The newest case about the present wording, or the newest at all, and its author's appeal, if there is one."""
    found = session.scalars(
        select(Case)
        .where(access.own_cases_of(actor), Case.contribution_id == words.id)
        .where(Case.state != CaseState.WITHDRAWN)
        .order_by(Case.id.desc())
        .limit(10)
        .execution_options(populate_existing=True)
    ).all()
    if appeals.taken_out_by_policies(session, words):
        now = cases.hash_of(words.title, words.source)
        asked = (case for case in found if case.origin is Origin.APPEAL and case.source_hash == now)
        return None, next(asked, None)
    first = next((case for case in found if case.origin is not Origin.APPEAL), None)
    second = next((case for case in found if first is not None and case.appeal_of_id == first.id), None)
    return first, second


def _view(
    session: Session,
    actor: Actor,
    tier: Tier,
    words: Contribution,
    subject: Subject,
    first: Case | None,
    second: Case | None,
) -> AuthorView:
    open_case = next((one for one in (second, first) if one and one.state is CaseState.OPEN), None)
    said_about = None if first is None else _source_of(session, words, first)
    last = second or first
    let_stand = words.state is State.PUBLISHED and last is not None and last.state is CaseState.APPROVED
    why = () if first is None or let_stand else objections(first.verdicts, said_about)
    spans = [span for objection in why for span in objection.spans]
    decided = first is not None and first.state is not CaseState.OPEN
    taken_out = _taken_out(session, words, first, second)
    return AuthorView(
        contribution_id=words.id,
        state=words.state,
        note=words.note,
        subject=subject,
        case_id=None if first is None else first.id,
        origin=None if first is None else first.origin,
        is_waiting=open_case is not None,
        due_at=None if open_case is None else open_case.due_at,
        objections=why,
        pieces=marked(said_about, spans) if said_about is not None and spans else (),
        taken_out=taken_out,
        decision=first.state if first is not None and decided else None,
        message=first.message if first is not None and decided else "",
        decided_at=None if first is None else first.decided_at,
        appeal=None if second is None else second.state,
        plea="" if second is None else second.plea,
        appeal_message="" if second is None else second.message,
        may_appeal=second is None
        and (bool(taken_out) if first is None else appeals.may_appeal(first, words)),
        may_edit=words.state is not State.REMOVED,
        deciders=_deciders(session, actor, tier, without=_decided_first(first, open_case)),
    )


def _decided_first(first: Case | None, open_case: Case | None) -> int | None:
    """Who may not decide what comes next, because they decided before."""
    if first is None or open_case is first:
        return None
    return first.decided_by_id


def _source_of(session: Session, words: Contribution, case: Case) -> str | None:
    """The wording that a case is about, if it is still known. No query if it is the present one."""
    if cases.hash_of(words.title, words.source) == case.source_hash:
        return words.source
    earlier = earlier_wordings(session, words.id)
    return next(
        (source for title, source in earlier if cases.hash_of(title, source) == case.source_hash), None
    )


def _taken_out(
    session: Session, words: Contribution, first: Case | None, second: Case | None
) -> tuple[Passage, ...]:
    """What became of the words, if the last change took some out: a policy's, a moderator's or the second look's."""
    now = cases.hash_of(words.title, words.source)
    by_person = any(case is not None and case.verdicts.get("left") == now for case in (first, second))
    by_machine = first is None and bool(words.note) and REDACTED in words.source
    if words.edit_count == 0 or not (by_machine or by_person):
        return ()
    before = session.scalar(
        select(Revision.source).where(
            Revision.contribution_id == words.id, Revision.number == words.edit_count
        )
    )
    return () if before is None else changes(before, words.source)


def _deciders(session: Session, actor: Actor, tier: Tier, *, without: int | None) -> Deciders:
    """Who may decide about what the actor wrote, of those who have ever been here."""
    rows = session.execute(
        select(Membership.user_id, Membership.lead_role, Appointment.offices)
        .outerjoin(
            Appointment,
            and_(Appointment.user_id == Membership.user_id, Appointment.community_id == actor.community_id),
        )
        .where(
            Membership.course_id == actor.course_id,
            Membership.active,
            Membership.last_launch_at.is_not(None),
            Membership.user_id.not_in({actor.user_id, without} - {None}),
            or_(Membership.lead_role.in_(STAFF), Appointment.offices.is_not(None)),
        )
    )
    kinds = [kind for row in rows if (kind := _kind(row.lead_role, row.offices or "", tier))]
    return Deciders(Counter(kinds), len(kinds))


def _kind(lead_role: str, offices: str, tier: Tier) -> str:
    """What makes somebody a decider; empty if nothing does, as stewards in Assured."""
    mine: Iterable[str] = offices.split()
    if lead_role in STAFF:
        return str(lead_role)
    if Office.SME in mine:
        return Office.SME.value
    return Office.STEWARD.value if Office.STEWARD in mine and tier is not Tier.ASSURED else ""
