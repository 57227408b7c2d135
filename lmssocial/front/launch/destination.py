"""Where a resource link leads."""

from dataclasses import dataclass

from lmssocial.social.communities.models import Placement


@dataclass(frozen=True)
class Destination:
    """One placed widget, as a value: it is still readable when the launch is committed."""

    placement_id: int
    widget: str
    review_of: int | None = None
    """Whose work is to be looked at; 0 for somebody who was never here; ``None`` where the widget is to be opened."""

    @classmethod
    def of(cls, placement: Placement | None, review_of: int | None = None) -> "Destination | None":
        """The destination that is ``placement``, if there is one."""
        return None if placement is None else cls(placement.id, placement.widget, review_of)
