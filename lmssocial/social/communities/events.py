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
