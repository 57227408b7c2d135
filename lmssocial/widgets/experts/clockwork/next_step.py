"""Whose turn it is with a question, in words, and by when. Pure and total."""
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lmssocial.widgets.experts.clockwork.facts import Facts
from lmssocial.widgets.experts.questions import Asked


class Owner(StrEnum):
    """Whose turn it is."""

    ASKER = "asker"
    EXPERTS = "experts"
    ACCEPTED = "accepted"
    EVERYBODY = "everybody"
    STEWARDS = "stewards"
    MODERATORS = "moderators"
    CLOCK = "clock"
    NOBODY = "nobody"


class Viewer(StrEnum):
    """Who reads it."""

    ASKER = "asker"
    EXPERT = "expert"
    STEWARD = "steward"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Whose turn it is."""

    owner: Owner
    sentence: str
    by_when: datetime | None = None


def next_step(asked: Asked, facts: Facts, viewer: Viewer) -> NextStep:
    """Whose turn it is."""
    raise NotImplementedError
