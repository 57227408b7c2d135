"""What happens around the people who answer, their topics, and those who bring people together."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event
from lmssocial.widgets.experts.events import ExpertsEvent


@dataclass(frozen=True, kw_only=True)
class ExpertOpted(ExpertsEvent):
    """Somebody may be asked from now on, by others than before, or not any more."""

    name: ClassVar[str] = "experts.expert_opted"

    user_id: int
    reach: str
    """As :class:`~lmssocial.widgets.experts.models.Reach`."""


@dataclass(frozen=True, kw_only=True)
class ExpertPaused(ExpertsEvent):
    """Somebody is not asked for a while, or is again. By themselves, or because they did not answer."""

    name: ClassVar[str] = "experts.expert_paused"

    user_id: int
    until: str
    """ISO 8601; empty: they are asked again."""


@dataclass(frozen=True, kw_only=True)
class TopicEvent(ExpertsEvent):
    """Something happened to a topic."""

    topic_id: int


@dataclass(frozen=True, kw_only=True)
class TopicMade(TopicEvent):
    """There is a new topic."""

    name: ClassVar[str] = "experts.topic_made"


@dataclass(frozen=True, kw_only=True)
class TopicChanged(TopicEvent):
    """It got another name, other synonyms, was retired or taken up again."""

    name: ClassVar[str] = "experts.topic_changed"


@dataclass(frozen=True, kw_only=True)
class TopicMerged(TopicEvent):
    """It became a part of another."""

    name: ClassVar[str] = "experts.topic_merged"

    into_id: int


@dataclass(frozen=True, kw_only=True)
class ExpertiseDeclared(TopicEvent):
    """Somebody says that they know about it, or not any more."""

    name: ClassVar[str] = "experts.expertise_declared"

    user_id: int
    declared: bool


@dataclass(frozen=True, kw_only=True)
class ExpertEndorsed(TopicEvent):
    """Somebody says that somebody else knows about it, or takes that back."""

    name: ClassVar[str] = "experts.expert_endorsed"

    user_id: int
    withdrawn: bool = False
    count: int = 0
    """By how many people they are endorsed now."""


@dataclass(frozen=True, kw_only=True)
class EndorsementsConfirmed(TopicEvent):
    """A steward looked at the endorsements of somebody and agreed."""

    name: ClassVar[str] = "experts.endorsements_confirmed"

    user_id: int


@dataclass(frozen=True, kw_only=True)
class SmeAppointed(TopicEvent):
    """Staff made somebody the SME of a topic, or took that back."""

    name: ClassVar[str] = "experts.sme_appointed"

    user_id: int
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class IntroductionEvent(ExpertsEvent):
    """Something happened to an introduction."""

    introduction_id: int
    by_id: int
    """Who brings the two together."""
    first_id: int
    second_id: int


@dataclass(frozen=True, kw_only=True)
class IntroductionMade(IntroductionEvent):
    """Somebody wants to bring two people together."""

    name: ClassVar[str] = "experts.introduction_made"


@dataclass(frozen=True, kw_only=True)
class IntroductionMet(IntroductionEvent):
    """Both said yes."""

    name: ClassVar[str] = "experts.introduction_met"


@dataclass(frozen=True, kw_only=True)
class IntroductionEnded(IntroductionEvent):
    """It came to nothing. Who of the two did not want to is not said."""

    name: ClassVar[str] = "experts.introduction_ended"


@dataclass(frozen=True, kw_only=True)
class IntroductionWritten(IntroductionEvent):
    """One of two who met wrote to the other."""

    name: ClassVar[str] = "experts.introduction_written"

    message_id: int


EVENT_TYPES: tuple[type[Event], ...] = (
    ExpertOpted,
    ExpertPaused,
    TopicMade,
    TopicChanged,
    TopicMerged,
    ExpertiseDeclared,
    ExpertEndorsed,
    EndorsementsConfirmed,
    SmeAppointed,
    IntroductionMade,
    IntroductionMet,
    IntroductionEnded,
    IntroductionWritten,
)
"""All of them."""
