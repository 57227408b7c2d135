"""What a trouble with the LMS means for a score: when it is tried again, or that it is not. Pure functions."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble

PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
"""What is waited after the first failures."""
THEN = timedelta(hours=4)
"""What is waited after each that follows."""
FOR = timedelta(days=3)
"""How long a score is tried; an LMS that is down over a long weekend loses nothing."""
MAX_ATTEMPTS = len(PAUSES) + 1 - (sum(PAUSES, timedelta()) - FOR) // THEN
STALE_PAUSES = (timedelta(seconds=2), timedelta(seconds=30), timedelta(minutes=5))
"""What is waited when the LMS says it has a newer grade: as long as clocks are apart."""
PAUSE = timedelta(minutes=1)
"""What is waited when the LMS asks us to slow down and does not say for how long."""


class Trouble(StrEnum):
    """What is in the way of a score."""

    AWAY = "away"
    """The LMS does not answer, or with an error of its own."""
    BUSY = "busy"
    """It asks us to wait."""
    LOCKED_OUT = "locked_out"
    """It does not let us into its services at all."""
    FORBIDDEN = "forbidden"
    """It does not let us write grades."""
    NO_COLUMN = "no_column"
    """Its gradebook has no column for this activity, and we may make none."""
    PERSON_UNKNOWN = "person_unknown"
    """The column is there, and the person is nobody to grade."""
    STALE = "stale"
    """It says it has a newer grade."""
    REFUSED = "refused"
    """It refuses the grade for another reason."""
    UNREADABLE = "unreadable"
    """Its answer makes no sense."""


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What follows from a failed attempt."""

    trouble: Trouble
    wait: timedelta | None
    """How long until the next attempt; ``None``: there is none unless somebody asks for it."""
    status: int | None
    says: str
    """The LMS's own words, and ours for administrators."""
    counts: bool = True
    """Whether it was an attempt; being asked to wait is none."""
    stops: bool = False
    """Whether the LMS as a whole is in trouble, so that nothing else is sent there now."""


class NoColumn(Exception):
    """The LMS has no column for an activity, and there is no way to make one; the message is for administrators."""

    def __init__(self, says: str, status: int | None = None) -> None:
        """Say what the LMS said."""
        super().__init__(says)
        self.says, self.status = says, status


def backoff(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; ``None`` if these were all."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return PAUSES[attempts - 1] if 0 < attempts <= len(PAUSES) else THEN


_TROUBLES = {
    Kind.AWAY: Trouble.AWAY,
    Kind.TOO_MANY: Trouble.BUSY,
    Kind.NO_TOKEN: Trouble.LOCKED_OUT,
    Kind.UNAUTHORIZED: Trouble.LOCKED_OUT,
    Kind.FORBIDDEN: Trouble.FORBIDDEN,
    Kind.NOT_FOUND: Trouble.PERSON_UNKNOWN,
    Kind.CONFLICT: Trouble.STALE,
    Kind.REJECTED: Trouble.REFUSED,
    Kind.UNREADABLE: Trouble.UNREADABLE,
}
_FINAL = {Trouble.FORBIDDEN, Trouble.PERSON_UNKNOWN, Trouble.REFUSED}
"""Trying these again changes nothing, unless somebody did something about them."""


def rule(problem: ServiceTrouble | NoColumn, *, attempts: int, stale_before: bool) -> Ruling:
    """What follows from ``problem``, the ``attempts``-th one for this score.

    :param stale_before: whether the attempt before this one failed because the LMS had a newer grade, too.
    """
    if isinstance(problem, NoColumn):
        return Ruling(trouble=Trouble.NO_COLUMN, wait=None, status=problem.status, says=problem.says)
    trouble, asked = _TROUBLES[problem.kind], problem.retry_after
    if trouble in _FINAL:
        wait = None
    elif trouble is Trouble.BUSY:
        wait = PAUSE if asked is None else asked
    elif trouble is Trouble.STALE:
        wait = _stale_pause(attempts if stale_before else 1)
    else:
        wait = backoff(attempts)
        wait = None if wait is None else max(wait, asked or wait)
    # Whoever waited in vain for one answer would wait for the next, and who is not let in once is not let in twice.
    stops = trouble in {Trouble.BUSY, Trouble.LOCKED_OUT} or (
        trouble is Trouble.AWAY and problem.status is None
    )
    return Ruling(
        trouble=trouble,
        wait=wait,
        status=problem.status,
        says=problem.says,
        counts=trouble is not Trouble.BUSY,
        stops=stops,
    )


def _stale_pause(in_a_row: int) -> timedelta | None:
    return STALE_PAUSES[in_a_row - 1] if in_a_row <= len(STALE_PAUSES) else None
