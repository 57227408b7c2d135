"""What happens in peer rating. No event carries words: they can be removed, and the log cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PeerRatingEvent(Event):
    """Something happened in an activity. Nobody did what happened by the clock: ``actor_id`` is ``None`` then."""

    placement_id: int


@dataclass(frozen=True, kw_only=True)
class ActivityConfigured(PeerRatingEvent):
    """Staff changed how it is set."""

    name: ClassVar[str] = "peer_rating.activity_configured"

    changed: Sequence[str] = field(default_factory=list)
    """The names of the settings."""


@dataclass(frozen=True, kw_only=True)
class PhaseChanged(PeerRatingEvent):
    """The activity went on, or back."""

    name: ClassVar[str] = "peer_rating.phase_changed"

    before: str
    phase: str
    """As :class:`~lmssocial.widgets.peer_rating.models.Phase`."""
    epoch: int


@dataclass(frozen=True, kw_only=True)
class DueSoon(PeerRatingEvent):
    """A date is near; those who still owe something should hear of it."""

    name: ClassVar[str] = "peer_rating.due_soon"

    what: str
    """``work``, ``reviews`` or ``feedback``."""
    due_at: str
    """ISO 8601."""


@dataclass(frozen=True, kw_only=True)
class Reminded(PeerRatingEvent):
    """Staff reminded some people of what they owe."""

    name: ClassVar[str] = "peer_rating.reminded"

    what: str
    """As in :class:`DueSoon`."""
    user_ids: Sequence[int]
    key: str
    """Another one for every time."""


@dataclass(frozen=True, kw_only=True)
class StaffNeeded(PeerRatingEvent):
    """It does not go on without staff, or not well."""

    name: ClassVar[str] = "peer_rating.staff_needed"

    why: str
    """``too-few-works``, ``reviews-missing``, ``scores-ready``, ``scoring-failed``, ``allocator-failed``."""
    count: int = 0
    """Of what is missing."""
    epoch: int = 0


@dataclass(frozen=True, kw_only=True)
class ExtensionGiven(PeerRatingEvent):
    """Somebody has other dates."""

    name: ClassVar[str] = "peer_rating.extension_given"

    user_id: int


@dataclass(frozen=True, kw_only=True)
class WorkEvent(PeerRatingEvent):
    """Something was done to a work."""

    work_id: int
    author_ids: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class WorkSubmitted(WorkEvent):
    """Work was handed in and may be reviewed. The actor is who handed it in, also if a moderator let it through."""

    name: ClassVar[str] = "peer_rating.work_submitted"

    late: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkRevised(WorkEvent):
    """Work got another wording before anybody had reviewed it."""

    name: ClassVar[str] = "peer_rating.work_revised"


@dataclass(frozen=True, kw_only=True)
class WorkWithdrawn(WorkEvent):
    """Its author took it back."""

    name: ClassVar[str] = "peer_rating.work_withdrawn"


@dataclass(frozen=True, kw_only=True)
class WorkTakenOut(WorkEvent):
    """Staff cancelled it, or keep it from being reviewed by peers."""

    name: ClassVar[str] = "peer_rating.work_taken_out"

    state: str
    """``cancelled`` or ``excluded``."""


@dataclass(frozen=True, kw_only=True)
class WorkTakenBack(WorkEvent):
    """Staff took it out before, and now it is among the others again."""

    name: ClassVar[str] = "peer_rating.work_taken_back"


@dataclass(frozen=True, kw_only=True)
class ReviewEvent(PeerRatingEvent):
    """Something happened to a review."""

    review_id: int
    work_id: int
    reviewer_id: int


@dataclass(frozen=True, kw_only=True)
class ReviewOffered(ReviewEvent):
    """Somebody was given a work to review without asking for it."""

    name: ClassVar[str] = "peer_rating.review_offered"

    source: str
    """As :class:`~lmssocial.widgets.peer_rating.models.Source`."""


@dataclass(frozen=True, kw_only=True)
class ReviewDeclined(ReviewEvent):
    """Its reviewer cannot."""

    name: ClassVar[str] = "peer_rating.review_declined"

    because: str


@dataclass(frozen=True, kw_only=True)
class ReviewExpired(ReviewEvent):
    """Its reviewer did not write in time; the work goes to somebody else."""

    name: ClassVar[str] = "peer_rating.review_expired"


@dataclass(frozen=True, kw_only=True)
class ReviewSubmitted(ReviewEvent):
    """Somebody helped the authors of a work."""

    name: ClassVar[str] = "peer_rating.review_submitted"

    author_ids: Sequence[int]
    source: str


@dataclass(frozen=True, kw_only=True)
class ReviewRevised(ReviewEvent):
    """A submitted review was changed by its reviewer."""

    name: ClassVar[str] = "peer_rating.review_revised"

    author_ids: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class ReviewRevoked(ReviewEvent):
    """It was taken back: by staff, or because the work went."""

    name: ClassVar[str] = "peer_rating.review_revoked"


@dataclass(frozen=True, kw_only=True)
class ReviewVoided(ReviewEvent):
    """Staff took it out of the count, or (``back``) put it in again."""

    name: ClassVar[str] = "peer_rating.review_voided"

    back: bool = False


@dataclass(frozen=True, kw_only=True)
class ReviewRated(ReviewEvent):
    """An author said how helpful a review was; that is between the two of them and staff."""

    name: ClassVar[str] = "peer_rating.review_rated"

    helpful: int
    replied: bool


@dataclass(frozen=True, kw_only=True)
class ExampleTried(PeerRatingEvent):
    """Somebody tried the rubric on an example."""

    name: ClassVar[str] = "peer_rating.example_tried"

    example_id: int


@dataclass(frozen=True, kw_only=True)
class PairCompared(PeerRatingEvent):
    """Somebody compared two works, and so helped the authors of both."""

    name: ClassVar[str] = "peer_rating.pair_compared"

    comparison_id: int
    work_ids: Sequence[int]
    author_ids: Sequence[int]


EVENT_TYPES: tuple[type[Event], ...] = (
    ActivityConfigured,
    PhaseChanged,
    DueSoon,
    Reminded,
    StaffNeeded,
    ExtensionGiven,
    WorkSubmitted,
    WorkRevised,
    WorkWithdrawn,
    WorkTakenOut,
    WorkTakenBack,
    ReviewOffered,
    ReviewDeclined,
    ReviewExpired,
    ReviewSubmitted,
    ReviewRevised,
    ReviewRevoked,
    ReviewVoided,
    ReviewRated,
    ExampleTried,
    PairCompared,
)
"""Those of activities, works and reviews; those of scores are in ``score_events``."""
