"""From writing to reading, keeping and carrying further: pure, from acts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lmssocial_reporting.monitors.cells import UNSAID, Roughly, roughly
from lmssocial_reporting.monitors.standing import gone_items, marks
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import Act, Deed, Reading

TOLD_BY = (
    Deed.POSTED,
    Deed.REPLIED,
    Deed.REMOVED,
    Deed.WITHDRAWN,
    Deed.RESTORED,
    Deed.KEPT,
    Deed.UNKEPT,
    Deed.HELPFUL,
    Deed.UNHELPFUL,
    Deed.RATED,
    Deed.ENDORSED,
    Deed.UNENDORSED,
    Deed.MENTIONED,
    Deed.SHARED,
)
"""The deeds that the flow is reckoned from, beside readings."""
VALUED = frozenset({Deed.KEPT, Deed.HELPFUL, Deed.RATED, Deed.ENDORSED, Deed.MENTIONED})
WHOLE, TOLD = 0, -1
"""Beside the placements: all items, and those of which it is told whether somebody read them."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How far the items of a window came. Every step counts items, not people."""

    posted: int = 0
    told: int = 0
    """Of these, those in places that tell of reading. What was read of the others is unknown, and not nothing."""
    read: int = 0
    """Of those told of, read by at least one other member."""
    valued: int = 0
    """Saved, found helpful, rated, endorsed or specially mentioned by another."""
    shared: int = 0
    """Brought to another community."""
    opened_there: int = 0
    """Shared, and read where they were brought to."""

    @property
    def never_read(self) -> float | None:
        """The share of the items told of that nobody else is known to have read, 0 to 1; ``None``: there are none."""
        return 1 - self.read / self.told if self.told else None

    @property
    def untold(self) -> int:
        """The items of which it is not told whether anybody read them."""
        return self.posted - self.told


def flows(
    acts: Iterable[Act], readings: Sequence[Reading], window: Window, opened: Mapping[str, int]
) -> dict[int, Flow]:
    """How far the items came that were published in the window, by placement, and under :data:`WHOLE`, :data:`TOLD`.

    :param acts: of the deeds in :data:`TOLD_BY`, in order.
    :param opened: by how many people the copies of shared items were read, by the copy.
    """
    told = list(acts)
    gone = gone_items(told)
    items = {
        act.item: act.placement_id
        for act in told
        if act.deed in (Deed.POSTED, Deed.REPLIED)
        and window.first <= act.day <= window.last
        and act.item not in gone
    }
    shares = [act for act in told if act.deed is Deed.SHARED and act.item in items]
    read = {reading.item for reading in readings}
    telling = {reading.placement_id for reading in readings}
    known = {item for item, place in items.items() if place in telling or item in read}
    steps = {
        "told": known,
        "read": read,
        "valued": {item for _member, deed, item in marks(told) if deed in VALUED},
        "shared": {act.item for act in shares},
        "opened_there": {act.item for act in shares if opened.get(act.target)},
    }
    places: dict[int, list[str]] = {}
    for item, place in items.items():
        places.setdefault(place, []).append(item)
    parts = [*sorted(places.items()), (WHOLE, list(items)), (TOLD, sorted(known))]
    return {place: _flow(those, steps) for place, those in parts}


def _flow(items: Sequence[str], steps: Mapping[str, Collection[str]]) -> Flow:
    came = {name: sum(item in reached for item in items) for name, reached in steps.items()}
    return Flow(
        posted=len(items),
        told=came["told"],
        read=came["read"],
        valued=came["valued"],
        shared=came["shared"],
        opened_there=came["opened_there"],
    )


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Who of the members reads and who writes."""

    both: Roughly
    only_read: Roughly
    only_write: Roughly
    neither: Roughly


UNKNOWN = Sides(both=UNSAID, only_read=UNSAID, only_write=UNSAID, neither=UNSAID)
"""Where reading was not looked at."""


def sides(
    readers: AbstractSet[int], writers: AbstractSet[int], everybody: AbstractSet[int], *, least: int
) -> Sides:
    """Readers and writers among the members, as far as it may be said."""
    sets = {
        "only_read": readers - writers,
        "neither": everybody - readers - writers,
        "both": readers & writers,
        "only_write": writers - readers,
    }
    size = len(everybody)
    return Sides(**{key: roughly(len(some & everybody), of=size, least=least) for key, some in sets.items()})
