"""How an introduction stands, and for whom. Pure; why it ends when it ends is told in the package's own words."""

from datetime import datetime, timedelta
from enum import StrEnum

from lmssocial.widgets.experts.models import Introduction

LASTS = timedelta(days=14)
"""After which it has come to nothing, unless both said yes before: never earlier, so that a no looks like silence."""
AGAIN = timedelta(days=90)
"""For how long nobody brings the same two together again, whatever became of it."""
MOST_A_DAY = 5
"""Introductions that one person makes in 24 hours."""


class Standing(StrEnum):
    """What everybody concerned may know of it."""

    WAITS = "waits"
    """Nobody says who has answered, or how."""
    MET = "met"
    NOTHING = "nothing"
    """It came to nothing."""


def standing_of(introduction: Introduction, now: datetime) -> Standing:
    """How it stands; by the date alone, so that it does not matter when the clock came by."""
    if introduction.met_at is not None:
        return Standing.MET
    if introduction.ended_at is not None or now >= introduction.made_at + LASTS:
        return Standing.NOTHING
    return Standing.WAITS


def is_between(introduction: Introduction, user_id: int) -> bool:
    """Whether somebody is one of the two."""
    return user_id in (introduction.first_id, introduction.second_id)


def says(introduction: Introduction, user_id: int) -> bool | None:
    """What one of the two said; ``None``: nothing yet."""
    return introduction.first_says if user_id == introduction.first_id else introduction.second_says


def other_of(introduction: Introduction, user_id: int) -> int:
    """The other one of the two."""
    return introduction.second_id if user_id == introduction.first_id else introduction.first_id
