"""What may be done when. Pure: settings, phase, a person's own dates and the moment in, an answer out."""

from datetime import datetime, timedelta

from lmssocial.widgets.peer_rating.models import Extension, Phase
from lmssocial.widgets.peer_rating.settings import Identity, Late, Mode, PeerSettings, Reveal

GRACE = timedelta(seconds=60)
"""What is sent within a minute after a date was sent in time: clocks and networks are not exact."""

READ_BY_AUTHORS = frozenset({Phase.FEEDBACK, Phase.EVALUATE, Phase.RELEASED, Phase.CLOSED, Phase.ARCHIVED})
"""The phases in which authors read the reviews of their work."""
SCORED = frozenset({Phase.RELEASED, Phase.CLOSED, Phase.ARCHIVED})
"""The phases in which authors see scores."""
OVER = frozenset({Phase.CLOSED, Phase.ARCHIVED, Phase.CANCELLED})
"""The phases in which nothing is done any more."""


def submit_due(settings: PeerSettings, extension: Extension | None) -> datetime | None:
    """Until when somebody hands in."""
    own = extension.submit_due_at if extension else None
    return own or settings.submit_due_at


def review_due(settings: PeerSettings, extension: Extension | None) -> datetime | None:
    """Until when somebody reviews."""
    own = extension.review_due_at if extension else None
    return own or settings.review_due_at


def is_late(settings: PeerSettings, extension: Extension | None, now: datetime) -> bool:
    """Whether what somebody hands in now comes after their date."""
    due = submit_due(settings, extension)
    return due is not None and now > due + GRACE


def may_hand_in(settings: PeerSettings, phase: Phase, extension: Extension | None, now: datetime) -> bool:
    """Whether somebody may hand in now.

    Late work is taken while reviewing goes on. Somebody with a later date of their own hands in whatever the phase, as
    long as nothing is evaluated.
    """
    if phase not in {Phase.SUBMIT, Phase.REVIEW}:
        return False
    if not is_late(settings, extension, now):
        has_own = extension is not None and extension.submit_due_at is not None
        return phase is Phase.SUBMIT or has_own or settings.late is Late.ACCEPTED
    return settings.late is Late.ACCEPTED


def may_review(settings: PeerSettings, phase: Phase, extension: Extension | None, now: datetime) -> bool:
    """Whether somebody may review now, and be given work to review."""
    if phase is Phase.SUBMIT:
        return settings.rolling
    if phase is Phase.REVIEW:
        due = review_due(settings, extension)
        return due is None or now <= due + GRACE
    own = extension.review_due_at if extension else None
    return phase in {Phase.FEEDBACK, Phase.EVALUATE} and own is not None and now <= own + GRACE


def may_assess_self(settings: PeerSettings, phase: Phase, extension: Extension | None, now: datetime) -> bool:
    """Whether authors may look at their own work by the rubric now: as soon as it is in, until reviewing ends."""
    asked = settings.self_assessment and settings.mode is Mode.RUBRIC
    return asked and (phase is Phase.SUBMIT or may_review(settings, phase, extension, now))


def shows_authors(settings: PeerSettings, phase: Phase) -> bool:
    """Whether reviewers see whose work they review."""
    return settings.identity is not Identity.DOUBLE_BLIND or _revealed(settings, phase)


def shows_reviewers(settings: PeerSettings, phase: Phase) -> bool:
    """Whether authors see who reviewed them."""
    return settings.identity is Identity.NAMED or _revealed(settings, phase)


def _revealed(settings: PeerSettings, phase: Phase) -> bool:
    return settings.reveal is Reveal.RELEASED and phase in SCORED
