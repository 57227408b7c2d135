"""How long a roster is asked for when it does not come, and when it is asked for again after that."""

from datetime import datetime, timedelta

from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble

PAUSES: tuple[timedelta, ...] = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
)
"""What is waited at a page after the first failures in a row, where the platform does not say itself how long."""
THEN = timedelta(hours=4)
"""What is waited after each that follows."""
LONGEST_PAUSE = timedelta(hours=6)
"""The longest wait that a platform may ask for."""
GIVE_UP = timedelta(days=1)
"""How old a run may become. What it has read is as old, and a new one would not take longer."""
SURE_AFTER = 3
"""A platform that says no as often as this at one page means it."""

AGAIN = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1), timedelta(days=3))
"""When a new run begins after runs that came to nothing, by how many those were in a row."""
AT_LAST = timedelta(days=7)
"""What is waited after each that follows."""
REFUSED_AT_FIRST = timedelta(days=1)
"""The same after a clear no, which only an administrator changes: at least this."""

WAITS = frozenset({Kind.TOO_MANY, Kind.AWAY})
"""Trouble that passes by itself."""


def passes(trouble: ServiceTrouble) -> bool:
    """Whether the platform, or the way to it, is out of order for a while, rather than of another opinion."""
    if trouble.kind is Kind.NO_TOKEN:  # its token service may be away like any other
        return trouble.status is None or trouble.status >= 500 or trouble.status == 429
    return trouble.kind in WAITS


def pause(trouble: ServiceTrouble, attempts: int) -> timedelta:
    """How long to wait at a page.

    :param attempts: failures in a row there, this one included.
    """
    usual = PAUSES[attempts - 1] if 0 < attempts <= len(PAUSES) else THEN
    if trouble.retry_after is None:
        return usual
    return min(max(trouble.retry_after, timedelta(seconds=1)), LONGEST_PAUSE)


def is_over(trouble: ServiceTrouble, attempts: int, began_at: datetime, next_at: datetime) -> bool:
    """Whether a run is given up rather than go on at ``next_at``."""
    if passes(trouble):
        return next_at > began_at + GIVE_UP
    return attempts >= SURE_AFTER


def again(failures: int, *, refused: bool) -> timedelta:
    """When a new run is begun after ``failures`` in a row.

    :param refused: whether the platform said no, rather than nothing.
    """
    usual = AGAIN[failures - 1] if 0 < failures <= len(AGAIN) else AT_LAST
    return max(usual, REFUSED_AT_FIRST) if refused else usual
