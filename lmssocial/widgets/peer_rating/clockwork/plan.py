"""Which step of an activity is due, what speaks against it, and when to look again.

Pure: settings, facts and a moment in, an answer out. Nothing of it depends on what was looked at before, so that
whoever looks twice, late, or after a date was moved, comes to the same answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lmssocial.widgets.peer_rating.gates import GRACE
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import Mode, PeerSettings

WARNING = timedelta(hours=24)
"""How long before a date those who still owe something hear of it."""
KEPT = timedelta(days=180)
"""How long after it was closed an activity is archived, and what nobody sent is deleted."""
RECHECK = timedelta(minutes=5)
"""How often the clockwork looks where more than dates decides: at leases, people who leave, what staff have done."""
AT_LEAST = timedelta(hours=1)
"""How often it looks at any activity that is not over, should nobody have told it that a date was changed."""
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the steps of an activity rest on, besides its settings."""

    phase: Phase
    since: datetime
    """When the phase began."""
    works: int = 0
    """What is handed in, and may be reviewed, by people who are here."""
    missing: int = 0
    """Works that have too few reviews for a score by peers, and none by staff."""
    left: int = 0
    """The same of works whose authors have left the course. Nobody waits for these."""
    held: int = 0
    """Works and reviews that wait for a moderator."""
    submit_until: datetime | None = None
    """The latest date for handing in that somebody has for themselves."""
    review_until: datetime | None = None
    """The same for reviewing."""
    lease_ends: datetime | None = None
    """When the first of the works that somebody keeps for a review goes to others."""
    undecided: int = 0
    """Appeals that wait for an answer."""
    stale: bool = False
    """Whether scores have to be worked out again."""
    trouble: bool = False
    """Whether that failed."""
    by_itself: bool = True
    """Whether the clock may still release: once staff took the scores back, they release again themselves."""


class Against(StrEnum):
    """What speaks against releasing scores without anybody looking."""

    NOTHING_THERE = "nothing-there"
    STALE = "stale"
    TROUBLE = "trouble"
    MISSING = "missing"
    HELD = "held"
    UNDECIDED = "undecided"
    EXTENDED = "extended"
    """Somebody still has time to hand in or to review."""


def enough_works(settings: PeerSettings) -> int:
    """How many works have to be there before reviewing makes sense: each is reviewed by others than its author."""
    return max(settings.least + 1, 3 if settings.mode is Mode.PAIRS else 2)


def is_over(due: datetime | None, now: datetime) -> bool:
    """Whether a date, and the grace after it, has passed; never without a date."""
    return due is not None and now > due + GRACE


def step(settings: PeerSettings, facts: Facts, now: datetime) -> Phase | None:
    """The phase that an activity has to enter now by itself; ``None``: it stays where it is."""
    to = _next(settings, facts.phase, now)
    return to if to is not None and _is_due(settings, facts, now) else None


def _next(settings: PeerSettings, phase: Phase, now: datetime) -> Phase | None:
    return after_review(settings, now) if phase is Phase.REVIEW else _FOLLOWS.get(phase)


_FOLLOWS = {
    Phase.PUBLISHED: Phase.SUBMIT,
    Phase.SUBMIT: Phase.REVIEW,
    Phase.FEEDBACK: Phase.EVALUATE,
    Phase.EVALUATE: Phase.RELEASED,
    Phase.RELEASED: Phase.CLOSED,
    Phase.CLOSED: Phase.ARCHIVED,
}
"""What the clock moves, and where to; after reviewing it depends."""


def _is_due(settings: PeerSettings, facts: Facts, now: datetime) -> bool:
    due = {
        Phase.PUBLISHED: lambda: settings.opens_at is None or now >= settings.opens_at,
        Phase.SUBMIT: lambda: is_over(settings.submit_due_at, now) and not lacks_works(settings, facts, now),
        Phase.REVIEW: lambda: is_over(review_ends(settings, facts), now),
        Phase.FEEDBACK: lambda: settings.feedback_due_at is None or is_over(settings.feedback_due_at, now),
        Phase.EVALUATE: lambda: (
            settings.release_by_itself and facts.by_itself and not speaks_against(facts, now)
        ),
        Phase.RELEASED: lambda: is_over(appeals_end(settings, facts), now) and not facts.undecided,
        Phase.CLOSED: lambda: now >= facts.since + KEPT,
    }
    return due[facts.phase]()


def after_review(settings: PeerSettings, now: datetime) -> Phase:
    """What comes after reviewing: time to answer, if there is any left."""
    has_time = settings.feedback_due_at is not None and not is_over(settings.feedback_due_at, now)
    return Phase.FEEDBACK if has_time else Phase.EVALUATE


def review_ends(settings: PeerSettings, facts: Facts) -> datetime | None:
    """When reviewing ends for all: not before the last person has handed in. Who has longer goes on by themselves."""
    if settings.review_due_at is None:
        return None
    return max(settings.review_due_at, facts.submit_until or settings.review_due_at)


def appeals_end(settings: PeerSettings, facts: Facts) -> datetime:
    """Until when authors may appeal, once scores are released."""
    return facts.since + timedelta(days=settings.appeal_days)


def speaks_against(facts: Facts, now: datetime) -> tuple[Against, ...]:
    """What keeps the clock from releasing scores."""
    extended = any(
        until is not None and not is_over(until, now) for until in (facts.submit_until, facts.review_until)
    )
    found = {
        Against.NOTHING_THERE: facts.works == 0,
        Against.STALE: facts.stale,
        Against.TROUBLE: facts.trouble,
        Against.MISSING: facts.missing > 0,
        Against.HELD: facts.held > 0,
        Against.UNDECIDED: facts.undecided > 0,
        Against.EXTENDED: extended,
    }
    return tuple(why for why, holds in found.items() if holds)


def lacks_works(settings: PeerSettings, facts: Facts, now: datetime) -> bool:
    """Whether the date for handing in is over, and too little is there to go on by itself."""
    return (
        facts.phase is Phase.SUBMIT
        and is_over(settings.submit_due_at, now)
        and facts.works < enough_works(settings)
    )


def is_ready(facts: Facts, now: datetime) -> bool:
    """Whether scores are there, and only the word of staff is missing."""
    return facts.phase is Phase.EVALUATE and not speaks_against(facts, now)


def looks_again(settings: PeerSettings, facts: Facts, now: datetime) -> datetime | None:
    """When the clockwork has to look again, after it did all that is due; ``None``: not before somebody moves it."""
    if facts.phase in {Phase.DRAFT, Phase.ARCHIVED, Phase.CANCELLED}:
        return None
    if facts.phase is Phase.CLOSED:  # there are ever more of these, and nothing but the calendar moves them
        return max(facts.since + KEPT, now + A_MOMENT)
    return min([moment for moment in _moments(settings, facts, now) if moment > now])


def _moments(settings: PeerSettings, facts: Facts, now: datetime) -> Iterator[datetime]:
    rolls = facts.phase is Phase.SUBMIT and settings.rolling
    watched = facts.phase in _WATCHED or rolls or lacks_works(settings, facts, now)
    yield now + (RECHECK if watched else AT_LEAST)
    if facts.phase is Phase.PUBLISHED and settings.opens_at:
        yield settings.opens_at
    elif facts.phase is Phase.RELEASED:
        yield appeals_end(settings, facts) + GRACE + A_MOMENT
    for due in _dates(settings, facts):
        yield due - WARNING
        yield due + GRACE + A_MOMENT
    if facts.lease_ends:
        yield facts.lease_ends + A_MOMENT


def _dates(settings: PeerSettings, facts: Facts) -> Iterator[datetime]:
    dates = {
        Phase.SUBMIT: (settings.submit_due_at, facts.submit_until),
        Phase.REVIEW: (settings.review_due_at, facts.submit_until, facts.review_until),
        Phase.FEEDBACK: (settings.feedback_due_at, facts.review_until),
        Phase.EVALUATE: (facts.review_until,),
    }
    for due in dates.get(facts.phase, ()):
        if due is not None:
            yield due


_WATCHED = frozenset({Phase.REVIEW, Phase.FEEDBACK, Phase.EVALUATE})
"""The phases in which people's reviews, and what staff do, decide as well."""
