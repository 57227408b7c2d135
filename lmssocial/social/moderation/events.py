"""What happens in moderation."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """Something was held. The actor is its author."""

    name: ClassVar[str] = "moderation.case_opened"

    case_id: int
    kind: str
    policies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CaseDecided(Event):
    """A person decided. The actor is the moderator."""

    name: ClassVar[str] = "moderation.case_decided"

    case_id: int
    kind: str
    decision: str
