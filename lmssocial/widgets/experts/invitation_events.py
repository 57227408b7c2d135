"""What happens to invitations to answer a question."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event
from lmssocial.widgets.experts.events import QuestionEvent


@dataclass(frozen=True, kw_only=True)
class InvitationEvent(QuestionEvent):
    """Something happened to an invitation."""

    invitation_id: int
    user_id: int
    """Who was invited."""
    told_in: int
    """The community in which they are told of it."""
    told_under: int
    """The placement there."""


@dataclass(frozen=True, kw_only=True)
class InvitationSent(InvitationEvent):
    """Somebody was asked to answer."""

    name: ClassVar[str] = "experts.invitation_sent"

    source: str
    """As :class:`~lmssocial.widgets.experts.models.Source`."""
    introduced_by_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(InvitationEvent):
    """They answer it."""

    name: ClassVar[str] = "experts.invitation_accepted"

    source: str
    introduced_by_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class InvitationDeclined(InvitationEvent):
    """They cannot. Why stays with them."""

    name: ClassVar[str] = "experts.invitation_declined"

    referred: bool = False
    """Whether they named somebody else."""


@dataclass(frozen=True, kw_only=True)
class InvitationLapsed(InvitationEvent):
    """They said nothing in time."""

    name: ClassVar[str] = "experts.invitation_lapsed"

    paused: bool = False
    """Whether they are left alone from now on, until they come back."""


@dataclass(frozen=True, kw_only=True)
class InvitationReleased(InvitationEvent):
    """They had accepted, and gave it back, or did not answer in time: it goes on to others."""

    name: ClassVar[str] = "experts.invitation_released"

    by_clock: bool = False


@dataclass(frozen=True, kw_only=True)
class InvitationEnded(InvitationEvent):
    """They need not answer any more: somebody else does, or the question is over."""

    name: ClassVar[str] = "experts.invitation_ended"

    why: str
    """``superseded`` or ``withdrawn``."""


EVENT_TYPES: tuple[type[Event], ...] = (
    InvitationSent,
    InvitationAccepted,
    InvitationDeclined,
    InvitationLapsed,
    InvitationReleased,
    InvitationEnded,
)
"""All of them."""
