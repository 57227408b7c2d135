"""What is found: a kind of personal data, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of personal data; where two are found in the same place, the one that stands first here is meant."""

    CARD = "card"
    BANK = "bank"
    IDENTITY = "identity"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Found:
    """Something personal from ``start`` up to, and without, ``end`` of a text."""

    kind: Kind
    start: int
    end: int
    confidence: float = 1.0
