"""Which widgets are used, by how many and when: pure, from counts of acts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lmssocial.plugin_data import Placed
from lmssocial_reporting.monitors.cells import Roughly, roughly
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import Deed

WEEKS = 4


@dataclass(frozen=True, kw_only=True)
class Use:
    """How a placed widget was used in a window."""

    placement: Placed
    acts: int
    people: Roughly
    """Members who did anything there; reading counts."""


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """How often something was done by means of a kind of widget, week by week, the oldest first."""

    widget: str
    weeks: tuple[int, ...]


def uses_of(
    counts: Mapping[tuple[int, str, int], int],
    places: Sequence[Placed],
    members: AbstractSet[int],
    *,
    least: int,
) -> list[Use]:
    """How each placed widget was used, the most used one first.

    :param counts: acts by placement, widget and member.
    """
    acts: Counter[int] = Counter()
    people: dict[int, set[int]] = {place.placement_id: set() for place in places}
    for (placement, _widget, member), number in counts.items():
        acts[placement] += number
        if placement in people and member in members:
            people[placement].add(member)
    order = sorted(places, key=lambda place: (-acts[place.placement_id], place.placement_id))
    return [
        Use(
            placement=place,
            acts=acts[place.placement_id],
            people=roughly(len(people[place.placement_id]), of=len(members), least=least),
        )
        for place in order
    ]


def elsewhere(counts: Mapping[tuple[int, str, int], int], places: Collection[Placed]) -> int:
    """Acts that belong to none of the placed widgets: marks, shares and what looks after the community as a whole."""
    known = {place.placement_id for place in places}
    return sum(number for (placement, _widget, _member), number in counts.items() if placement not in known)


def weekly(deeds: Mapping[tuple[date, Deed, str], int], window: Window) -> list[Weekly]:
    """Acts by kind of widget and week of the window, in the order of the names of the kinds; coming to it is none."""
    weeks: dict[str, list[int]] = {}
    for (day, deed, widget), number in deeds.items():
        if deed is not Deed.JOINED and window.first <= day <= window.last:
            row = weeks.setdefault(widget, [0] * WEEKS)
            row[(day - window.first).days // 7] += number
    return [Weekly(widget=widget, weeks=tuple(row)) for widget, row in sorted(weeks.items()) if widget]


def by_hour(moments: Mapping[datetime, int], zone: ZoneInfo) -> dict[tuple[int, int], int]:
    """Acts by day of the week (0 is Monday) and hour of the day, as clocks there show it."""
    found: Counter[tuple[int, int]] = Counter()
    for moment, number in moments.items():
        local = moment.astimezone(zone)
        found[local.weekday(), local.hour] += number
    return dict(found)
