"""From writing to reading, keeping and carrying further: pure, from acts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How far the items of a window came. Every step counts items, not people."""

    posted: int = 0
    read: int = 0
    """By at least one other member."""
    valued: int = 0
    """Saved, found helpful, rated, endorsed or specially mentioned by another."""
    shared: int = 0
    """Brought to another community."""
    opened_there: int = 0
    """Shared, and read where they were brought to."""
    tells: bool = True
    """Whether the place tells of reading at all. Where it does not, what was read is unknown, and not nothing."""

    @property
    def never_read(self) -> float | None:
        """The share of the items that nobody else is known to have read, 0 to 1."""
        return 1 - self.read / self.posted if self.posted and self.tells else None


def flows(
    acts: Iterable[Act], readings: Sequence[Reading], window: Window, opened: Mapping[str, int]
) -> dict[int, Flow]:
    """How far the items came that were published in the window, by placement; all of them under 0.

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
    steps = {
        "read": {reading.item for reading in readings},
        "valued": {item for _member, deed, item in marks(told) if deed in VALUED},
        "shared": {act.item for act in shares},
        "opened_there": {act.item for act in shares if opened.get(act.target)},
    }
    telling = {reading.placement_id for reading in readings}
    places: dict[int, list[str]] = {}
    for item, place in items.items():
        places.setdefault(place, []).append(item)
    found = {
        place: replace(_flow(those, steps), tells=place in telling) for place, those in sorted(places.items())
    }
    return found | {0: replace(_flow(list(items), steps), tells=bool(telling))}


def _flow(items: Sequence[str], steps: Mapping[str, Collection[str]]) -> Flow:
    came = {name: sum(item in reached for item in items) for name, reached in steps.items()}
    return Flow(
        posted=len(items),
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
