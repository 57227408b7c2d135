"""A case as a moderator sees it, made of rows; no query is sent from here."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import access, cases
from lmssocial.social.moderation.decisions import AGAINST
from lmssocial.social.moderation.flags import HIDE_AT
from lmssocial.social.moderation.models import Case, CaseState, FlagReason, Origin
from lmssocial.social.moderation.ports import Subject
from lmssocial.social.moderation.reasons import Objection, objections


class Row(NamedTuple):
    """What the database knows of a case."""

    case: Case
    words: Contribution | None
    author_name: str | None
    claimer_name: str | None
    decider_name: str | None
    first: Case | None
    first_decider_name: str | None


class RaisedFlag(NamedTuple):
    """One member's flag; who it was, moderators only may read."""

    case_id: int
    reason: FlagReason
    note: str
    name: str | None
    at: datetime
    weight: float


class Past(NamedTuple):
    """Another case about the same contribution."""

    case_id: int
    contribution_id: int
    origin: Origin
    state: CaseState
    decided_at: datetime | None
    message: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What somebody decided."""

    state: CaseState
    by: str
    at: datetime | None
    message: str


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """One case with what a moderator needs to decide it."""

    id: int
    version: int
    contribution_id: int
    wording: str
    """Names the words before the moderator's eyes, so that nobody decides about others."""
    origin: Origin
    state: CaseState
    words_state: State | None
    """Who may read the contribution now; ``None`` if it is gone."""
    opened_at: datetime
    due_at: datetime
    subject: Subject | None
    """``None`` if the contribution is gone, or the widget it belongs to."""
    author_id: int
    author_name: str
    objections: tuple[Objection, ...]
    flags: tuple[RaisedFlag, ...]
    score: float
    plea: str
    first: Outcome | None
    """The decision its author does not accept."""
    decided: Outcome | None
    claimed_by: str
    """Who is looking at it at the moment; empty if nobody."""
    is_mine: bool
    """Whether the reader is."""
    approvals: int
    approvals_needed: int
    has_approved: bool
    """Whether the reader has given one of them."""
    pasts: tuple[Past, ...]
    words_are_out: bool
    """Whether a second look is asked for at words that were taken out."""
    why_not: str
    """The sentence that says why the reader may not decide it; empty if they may."""
    may_restore: bool

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.state is CaseState.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether its author was promised an answer before now."""
        return self.is_open and self.due_at < clock.now()

    @property
    def is_readable(self) -> bool:
        """Whether everybody can read the words now."""
        return self.words_state is State.PUBLISHED

    @property
    def reasons(self) -> list[tuple[FlagReason, int]]:
        """How many members gave each reason, the most frequent first."""
        return Counter(flag.reason for flag in self.flags).most_common()

    @property
    def notes(self) -> tuple[RaisedFlag, ...]:
        """The flags with a note."""
        return tuple(flag for flag in self.flags if flag.note)

    @property
    def hides_at(self) -> float:
        """The weight of flags that hides a contribution."""
        return HIDE_AT

    @property
    def may_decide(self) -> bool:
        """Whether the reader may decide it now."""
        taken = bool(self.claimed_by) and not self.is_mine
        return self.is_open and self.subject is not None and not self.why_not and not taken


def view_of(
    row: Row,
    actor: Actor,
    tier: Tier,
    *,
    subject: Subject | None,
    flags: tuple[RaisedFlag, ...],
    approved_by: frozenset[int],
    pasts: tuple[Past, ...],
) -> CaseView:
    """One case as ``actor`` sees it."""
    case, words, first = row.case, row.words, row.first
    wording = "" if words is None else cases.hash_of(words.title, words.source)
    spans_fit = wording == case.source_hash and "left" not in case.verdicts
    is_open = case.state is CaseState.OPEN
    claimed = is_open and case.claimed_at is not None and case.claimed_at + cases.CLAIM_LASTS > clock.now()
    why_not = access.why_not(actor, case, first, tier)
    return CaseView(
        id=case.id,
        version=case.version,
        contribution_id=case.contribution_id,
        wording=wording,
        origin=case.origin,
        state=case.state,
        words_state=None if words is None else words.state,
        opened_at=case.opened_at,
        due_at=case.due_at,
        subject=subject,
        author_id=case.author_id,
        author_name=row.author_name or "",
        objections=objections(case.verdicts, words.source if words is not None and spans_fit else None),
        flags=flags,
        score=case.score if first is None else max(case.score, first.score),
        plea=case.plea,
        first=None if first is None else _outcome(first, row.first_decider_name),
        decided=None if is_open else _outcome(case, row.decider_name),
        claimed_by=(row.claimer_name or "") if claimed else "",
        is_mine=claimed and case.claimed_by_id == actor.user_id,
        approvals=len(approved_by),
        approvals_needed=case.approvals_needed,
        has_approved=is_open and actor.user_id in approved_by,
        pasts=pasts,
        words_are_out=is_open and bool(case.verdicts.get("taken_out")),
        why_not=why_not,
        may_restore=subject is not None and not why_not and _may_restore(case, words, wording),
    )


def _may_restore(case: Case, words: Contribution | None, wording: str) -> bool:
    """Whether there is a decision against these very words that still keeps them, or some of them, from readers."""
    readable = State.PUBLISHED if case.state is CaseState.REDACTED else State.REJECTED
    return (
        case.state in AGAINST
        and words is not None
        and words.state is readable
        and wording == case.verdicts.get("left", case.source_hash)
    )


def _outcome(case: Case, name: str | None) -> Outcome:
    return Outcome(state=case.state, by=name or "", at=case.decided_at, message=case.message)
