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
