"""What happens to scores: released, overridden, appealed against."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from lmssocial.core.kernel.events import Event
from lmssocial.widgets.peer_rating.events import PeerRatingEvent


@dataclass(frozen=True, kw_only=True)
class ScoresReleased(PeerRatingEvent):
    """Authors see their scores."""

    name: ClassVar[str] = "peer_rating.scores_released"

    release_id: int
    number: int
    """Counts from 1."""
    changed_ids: Sequence[int] = field(default_factory=list)
    """From the second release on: the works whose score is another one."""


@dataclass(frozen=True, kw_only=True)
class ScoreOverridden(PeerRatingEvent):
    """Staff gave a work other points than the reviews do, or (``withdrawn``) took these back."""

    name: ClassVar[str] = "peer_rating.score_overridden"

    work_id: int
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class AppealEvent(PeerRatingEvent):
    """Something happened to an appeal."""

    appeal_id: int
    work_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AppealMade(AppealEvent):
    """An author asks staff to look at their score again."""

    name: ClassVar[str] = "peer_rating.appeal_made"


@dataclass(frozen=True, kw_only=True)
class AppealAssigned(AppealEvent):
    """Somebody shall look at it."""

    name: ClassVar[str] = "peer_rating.appeal_assigned"

    assigned_to_id: int


@dataclass(frozen=True, kw_only=True)
class AppealDecided(AppealEvent):
    """Somebody looked at it, and says why it is as it is."""

    name: ClassVar[str] = "peer_rating.appeal_decided"

    upheld: bool


EVENT_TYPES: tuple[type[Event], ...] = (
    ScoresReleased,
    ScoreOverridden,
    AppealMade,
    AppealAssigned,
    AppealDecided,
)
"""All of them, for the log."""
