"""What authors may do with what they got, and when. Pure: settings, phase, moment in, an answer out."""

from datetime import datetime, timedelta

from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import Mode, PeerSettings

TAGS = ("specific", "fair", "kind", "helped-me", "unclear", "too-short", "not-about-my-work")
"""What an author may say of a review with one tick, as it is stored; :mod:`.wording` has the words."""
MOST_HELPFUL = 5
"""Of how helpful a review was, from 1."""
LEAST_APPEAL = 40
"""Characters of an appeal: staff need to know what to look at."""
MOST_WORDS = 5000
"""Characters of an appeal, and of what is decided about it."""


def reads_reviews(phase: Phase) -> bool:
    """Whether authors read the reviews of their work."""
    return phase in gates.READ_BY_AUTHORS


def sees_score(phase: Phase) -> bool:
    """Whether authors see their score."""
    return phase in gates.SCORED


def may_rate(settings: PeerSettings, phase: Phase) -> bool:
    """Whether authors say now how helpful reviews were, and answer them.

    Where time is set aside for that, it is before the scores: what they say is about the words then. Otherwise as long
    as the activity goes on.
    """
    if not settings.rate_reviews or settings.mode is not Mode.RUBRIC:
        return False
    if settings.feedback_due_at is not None:
        return phase is Phase.FEEDBACK
    return phase in {Phase.FEEDBACK, Phase.EVALUATE, Phase.RELEASED}


def released_since(running: Running) -> datetime | None:
    """Since when scores are out; ``None`` if they are not.

    Scores that staff took back and release again give everybody time once more. Those that are released again while
    they are out do not: only single ones change then, by an appeal or an override with its reason.
    """
    return running.activity.phase_since if running.phase is Phase.RELEASED else None


def appeals_until(settings: PeerSettings, released_at: datetime | None) -> datetime | None:
    """Until when an author may appeal; ``None`` if not at all, or not yet."""
    if settings.appeal_days <= 0 or released_at is None:
        return None
    return released_at + timedelta(days=settings.appeal_days)


def may_appeal(settings: PeerSettings, phase: Phase, released_at: datetime | None, now: datetime) -> bool:
    """Whether an author who has not yet may appeal now."""
    until = appeals_until(settings, released_at)
    return phase is Phase.RELEASED and until is not None and now <= until + gates.GRACE
