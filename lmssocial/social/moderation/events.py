"""What happens in moderation. No event carries words: they can be removed, and the log cannot."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """Something waits for a moderator. The actor is whose request opened it: its author, or who flagged it."""

    name: ClassVar[str] = "moderation.case_opened"
    version: ClassVar[int] = 2

    case_id: int
    kind: str
    origin: str
    """``policy``, ``later``, ``flag``, ``appeal``."""
    policies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CaseDecided(Event):
    """A person decided. The actor is the moderator."""

    name: ClassVar[str] = "moderation.case_decided"
    version: ClassVar[int] = 3

    case_id: int
    contribution_id: int
    """What it was about."""
    author_id: int
    """Who wrote that."""
    kind: str
    origin: str
    decision: str
    """``approved``, ``rejected``, ``redacted``, ``change_asked``."""
    policies: tuple[str, ...]
    """Those whose verdicts stand in the case."""
    hours: float
    """From opening to decision."""


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(Event):
    """Nobody has to decide any more: its author changed or removed what it was about. The actor is who did."""

    name: ClassVar[str] = "moderation.case_withdrawn"

    case_id: int
    kind: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class ContributionFlagged(Event):
    """A member found something wrong with a contribution. The actor is the member."""

    name: ClassVar[str] = "moderation.contribution_flagged"

    contribution_id: int
    author_id: int
    reason: str
