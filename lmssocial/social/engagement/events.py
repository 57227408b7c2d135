"""What people do to what others publish. No event carries words: they can be removed, and the log cannot."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EngagementEvent(Event):
    """Somebody did something to a contribution of somebody else."""

    contribution_id: int
    author_id: int
    """Who wrote it."""


@dataclass(frozen=True, kw_only=True)
class HelpfulMarked(EngagementEvent):
    """It helped them."""

    name: ClassVar[str] = "engagement.helpful_marked"


@dataclass(frozen=True, kw_only=True)
class HelpfulUnmarked(EngagementEvent):
    """They took that back."""

    name: ClassVar[str] = "engagement.helpful_unmarked"


@dataclass(frozen=True, kw_only=True)
class Rated(EngagementEvent):
    """They gave it stars, others than before, or took them back."""

    name: ClassVar[str] = "engagement.rated"

    stars: int
    """1 to 5; 0 if they took them back."""


@dataclass(frozen=True, kw_only=True)
class Endorsed(EngagementEvent):
    """An SME or instructor said that it is right."""

    name: ClassVar[str] = "engagement.endorsed"


@dataclass(frozen=True, kw_only=True)
class Unendorsed(EngagementEvent):
    """They took that back."""

    name: ClassVar[str] = "engagement.unendorsed"


@dataclass(frozen=True, kw_only=True)
class Saved(EngagementEvent):
    """They put it aside for themselves. Nobody is told; in reports it counts, and names nobody."""

    name: ClassVar[str] = "engagement.saved"


@dataclass(frozen=True, kw_only=True)
class Unsaved(EngagementEvent):
    """They do not keep it any longer."""

    name: ClassVar[str] = "engagement.unsaved"


@dataclass(frozen=True, kw_only=True)
class FollowEvent(Event):
    """Somebody said themself whether they follow something; what follows from their deeds is no event."""

    subject_kind: str
    """What it is, in the words of the widget that owns it: ``discussion.thread``."""
    subject_id: int
    author_id: int
    """Who began it."""


@dataclass(frozen=True, kw_only=True)
class Followed(FollowEvent):
    """They chose to follow or to watch it."""

    name: ClassVar[str] = "engagement.followed"


@dataclass(frozen=True, kw_only=True)
class Unfollowed(FollowEvent):
    """They had chosen to, and do not any more."""

    name: ClassVar[str] = "engagement.unfollowed"


@dataclass(frozen=True, kw_only=True)
class SpeciallyMentioned(EngagementEvent):
    """They said, in a sentence, why others should read it."""

    name: ClassVar[str] = "engagement.specially_mentioned"


@dataclass(frozen=True, kw_only=True)
class Shared(EngagementEvent):
    """They brought it to another community."""

    name: ClassVar[str] = "engagement.shared"
    version: ClassVar[int] = 2

    to_community_id: int
    as_contribution_id: int
    """What carries it there."""
    words: int
    """Characters of the sentence they brought it with."""


EVENT_TYPES: tuple[type[Event], ...] = (
    HelpfulMarked,
    HelpfulUnmarked,
    Rated,
    Endorsed,
    Unendorsed,
    Saved,
    Unsaved,
    Followed,
    Unfollowed,
    SpeciallyMentioned,
    Shared,
)
"""All of them."""
