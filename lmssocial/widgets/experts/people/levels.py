"""How well it is known that somebody knows a topic: in words, never a number, and never by mere activity."""

from dataclasses import dataclass
from enum import StrEnum

from lmssocial.widgets.experts.people_models import Expertise

TO_CONFIRM = 3
"""Endorsements from which on a steward looks at them."""
ENOUGH = 3
"""Answers that helped from which on somebody counts as active in a topic."""


class Standing(StrEnum):
    """How well it is known."""

    NONE = "none"
    EMERGING = "emerging"
    """They say so, or somebody endorses them, or an answer of theirs helped."""
    ACTIVE = "active"
    """Several answers of theirs helped, or a steward confirmed what others say."""
    SME = "sme"
    """Staff appointed them."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """By what it is known that somebody knows a topic."""

    declared: bool
    sme: bool
    endorsements: int
    confirmed: bool
    evidence: int
    """Answers that resolved something, or were endorsed."""

    @property
    def standing(self) -> Standing:
        """All of it in one word."""
        if self.sme:
            return Standing.SME
        if self.confirmed or self.evidence >= ENOUGH:
            return Standing.ACTIVE
        if self.declared or self.endorsements or self.evidence:
            return Standing.EMERGING
        return Standing.NONE

    @property
    def is_word_alone(self) -> bool:
        """Whether nothing speaks for it but that they say so."""
        return not (self.sme or self.confirmed or self.evidence or self.endorsements)

    @property
    def weight(self) -> float:
        """What their own endorsement for this topic weighs: 2 for an SME, 1.5 if their knowledge is backed, else 1."""
        if self.sme:
            return 2.0
        return 1.5 if self.confirmed or self.evidence else 1.0


def known(row: Expertise | None) -> Known:
    """What a row says; without one, nothing."""
    if row is None:
        return Known(declared=False, sme=False, endorsements=0, confirmed=False, evidence=0)
    return Known(
        declared=row.declared_at is not None,
        sme=row.appointed_at is not None,
        endorsements=row.endorsements,
        confirmed=row.confirmed_at is not None,
        evidence=row.evidence,
    )
