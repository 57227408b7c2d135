"""What happens to communities."""

from dataclasses import dataclass
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WidgetPlaced(Event):
    """Somebody placed a widget in a course, or a copied course brought it along."""

    name: ClassVar[str] = "communities.widget_placed"

    placement_id: int
    widget: str
    copied: bool


@dataclass(frozen=True, kw_only=True)
class GroupEvent(Event):
    """Something happened to a course group."""

    group_id: int


@dataclass(frozen=True, kw_only=True)
class GroupMade(GroupEvent):
    """An instructor made a group."""

    name: ClassVar[str] = "communities.group_made"


@dataclass(frozen=True, kw_only=True)
class GroupRenamed(GroupEvent):
    """An instructor gave a group another name."""

    name: ClassVar[str] = "communities.group_renamed"


@dataclass(frozen=True, kw_only=True)
class GroupDeleted(GroupEvent):
    """An instructor deleted a group to which nothing belonged."""

    name: ClassVar[str] = "communities.group_deleted"


@dataclass(frozen=True, kw_only=True)
class GroupMembersChanged(GroupEvent):
    """An instructor put people into a group, or took them out."""

    name: ClassVar[str] = "communities.group_members_changed"

    added: list[int]
    removed: list[int]


@dataclass(frozen=True, kw_only=True)
class SpanEvent(Event):
    """Something happened between a course, whose community this is, and a community across courses."""

    span_id: int
    """The community across courses."""


@dataclass(frozen=True, kw_only=True)
class SpanFounded(SpanEvent):
    """Staff of a course founded a community across courses, with their own as the first in it."""

    name: ClassVar[str] = "communities.span_founded"

    kind: str
    """A :class:`~lmssocial.social.communities.models.Kind`: ``horizontal`` or ``vertical``."""


@dataclass(frozen=True, kw_only=True)
class SpanJoined(SpanEvent):
    """A course joined, by a code that another one had given to its staff."""

    name: ClassVar[str] = "communities.span_joined"


@dataclass(frozen=True, kw_only=True)
class SpanLeft(SpanEvent):
    """A course left."""

    name: ClassVar[str] = "communities.span_left"

    ended: bool
    """Whether it was the last one, so that the community across courses is no more."""
