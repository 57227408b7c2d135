"""What happens to knowledge. No event carries words: they can be removed, and the log cannot."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemEvent(Event):
    """Something happened to an item."""

    contribution_id: int
    """What carries the question."""
    answer_id: int
    asker_id: int
    answerer_id: int


@dataclass(frozen=True, kw_only=True)
class ItemPublished(ItemEvent):
    """A question and its answer were published where the community reads, or handed to a moderator for that."""

    name: ClassVar[str] = "knowledge.item_published"

    origin_kind: str
    """What it came from, in the words of the widget that owns it: ``experts.question``."""
    origin_id: int


@dataclass(frozen=True, kw_only=True)
class ItemConfirmed(ItemEvent):
    """Somebody looked at an item again and said that it holds."""

    name: ClassVar[str] = "knowledge.item_confirmed"

    months: int
    """After how many somebody looks at it again."""


@dataclass(frozen=True, kw_only=True)
class ItemOutdated(ItemEvent):
    """Somebody looked at an item again and said that it does not hold any more."""

    name: ClassVar[str] = "knowledge.item_outdated"
