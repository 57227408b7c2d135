"""What happens to how a community is kept. No event carries words: they can be changed, and the log cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CommunityConfigured(Event):
    """Instructors or stewards decided something about their community."""

    name: ClassVar[str] = "governance.community_configured"

    changed: Sequence[str]
    """What is different: ``ground_rules``, ``answer_hours``, ``tier``, ``offices`` or ``plugins``."""


EVENT_TYPES: tuple[type[Event], ...] = (CommunityConfigured,)
"""All of them."""
