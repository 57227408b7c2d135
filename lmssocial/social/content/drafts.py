"""What people hand in, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Writing:
    """A text on its way to becoming, or changing, a contribution."""

    source: str
    title: str = ""
    submission_key: str | None = None
    """The name of the form it was written in; the same form sent twice publishes once."""


@dataclass(frozen=True, kw_only=True)
class Unsent:
    """What somebody is writing, as the page saves it from time to time."""

    target: str
    """What it will become: ``thread:<placement>``, ``reply:<contribution>``, ``edit:<contribution>``."""
    source: str
    sequence: int
    """The page's count of saves; a smaller one than the stored comes from an older tab."""
    title: str = ""
