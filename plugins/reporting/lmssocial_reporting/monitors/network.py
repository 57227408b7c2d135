"""Who acts for whom in a community, as figures that name nobody. Pure: it is given everything it reckons with."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf

from lmssocial_reporting.definition import LEAST_MEMBERS, Kind
from lmssocial_reporting.monitors.cells import Roughly, enough, roughly
from lmssocial_reporting.monitors.inequality import absence_factor, gini, top_share
from lmssocial_reporting.people import Population
from lmssocial_reporting.store.port import Edge

TIES = (
    Kind.REPLY_POSTED,
    Kind.QUESTION_REFERRED,
    Kind.PERSON_INTRODUCED,
    Kind.ITEM_POINTED,
    Kind.MEMBER_BROUGHT,
    Kind.ITEM_SHARED,
)
"""The evidence that ties one to another. Reading, marking and moderating do not; welcoming is a reply as well."""

_DEGREES: Mapping[str, tuple[float, float]] = {
    "1–2": (1, 2),
    "3–5": (3, 5),
    "6–10": (6, 10),
    "11–20": (11, 20),
    "21+": (21, inf),
}


@dataclass(frozen=True, kw_only=True)
class Tales:
    """What beside the ties is reckoned with; empty where nobody asks for it."""

    replies: Sequence[Edge] | None = None
    """Of the ties, those that are replies; ``None``: all are."""
    wrote: Mapping[int, int] = field(default_factory=dict)
    """How many things each member published."""
    first: Mapping[int, date] = field(default_factory=dict)
    """The day of each member's first writing ever, of those who began in the window."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """The ties among the members of a window. What is ``None`` is not said."""

    members: int
    least: int
    """From how many people on a number of people is said."""
    ties: int
    """Ordered pairs of members of whom one acted for the other."""
    acts: int
    """How often in all."""
    density: float | None
    """The ties there are, of all there could be."""
    reciprocity: float | None
    """The ties that are answered by one in the other direction, of all ties."""
    tied: Roughly
    """Members who have a tie to anybody, whichever way round."""
    alone: Roughly
    """All others."""
    reached: Roughly
    """Members for whom somebody acted."""
    one_way: Roughly
    """Members who acted for somebody, and for whom nobody acted."""
    unheard: Roughly
    """Of those without ties, who wrote."""
    neither: Roughly
    """Of those without ties, who did not."""
    component: Roughly
    """Members of the largest set whose members are all connected, by whatever way round."""
    degrees: tuple[tuple[str, Roughly], ...]
    """How many members have ties with so many others."""
    gini: float | None
    """Of what members published, over all of them; from it one can reckon how many have nothing, if few do."""
    top: float | None
    """What the most active tenth of the members published of all of it."""
    absence: Roughly
    """The fewest members who published half of it."""
    staff_share: float | None
    """Replies by staff, of all replies. Staff act in their office, so that it is said however few they are."""
    newcomers: Roughly
    """Members whose first writing ever lies in the window."""
    newcomer_share: float | None
    """Replies to newcomers, of all replies."""
    cross_share: float | None
    """Ties between different groups, of those among members of groups; ``None``, too, where there are no two groups."""


def network_of(
    edges: Sequence[Edge], population: Population, *, least: int = 5, tales: Tales | None = None
) -> Network:
    """The figures of a network. Edges from or to people who are not of the population are left out.

    :param least: from how many people on a number of people is said.
    """
    tales = tales or Tales()
    inside = population.ids
    pairs = _among(edges, inside)
    replies = pairs if tales.replies is None else _among(tales.replies, inside)
    size = len(inside)
    big = size >= LEAST_MEMBERS
    wrote = {member for member, number in tales.wrote.items() if number and member in inside}
    new = {member for member in inside if _is_new(tales.first.get(member), population)}
    sets = _sets(pairs, wrote, new, inside)
    people = {name: roughly(len(some), of=size, least=least) for name, some in sets.items()}
    counts = [tales.wrote.get(member, 0) for member in inside]
    few = absence_factor(counts)
    return Network(
        members=size,
        least=least,
        ties=len(pairs),
        acts=sum(pairs.values()),
        density=len(pairs) / (size * (size - 1)) if big else None,
        reciprocity=_answered(pairs) if big else None,
        tied=people["tied"],
        alone=people["alone"],
        reached=people["reached"],
        one_way=people["one_way"],
        unheard=people["unheard"],
        neither=people["neither"],
        component=people["component"],
        degrees=tuple((name, people[name]) for name in _DEGREES),
        gini=gini(counts) if enough(wrote, inside, least=least) else None,
        top=top_share(counts) if size >= LEAST_MEMBERS * least and any(counts) else None,
        absence=roughly(few, of=size, least=least),
        staff_share=_of_all(replies, by=population.staff) if big else None,
        newcomers=people["newcomers"],
        newcomer_share=_of_all(replies, to=new) if enough(new, inside, least=least) else None,
        cross_share=_across(pairs, population, least) if big else None,
    )


def _sets(
    pairs: Counter[tuple[int, int]], wrote: set[int], new: set[int], inside: Collection[int]
) -> dict[str, set[int]]:
    """Of whom the figures speak."""
    everybody = set(inside)
    reached = {other for _member, other in pairs}
    by_member = degrees_of(pairs)
    alone = everybody - by_member.keys()
    sets = {
        "tied": set(by_member),
        "alone": alone,
        "reached": reached,
        "one_way": by_member.keys() - reached,
        "unheard": alone & wrote,
        "neither": alone - wrote,
        "newcomers": new,
        "component": largest_component(pairs),
    }
    for name, (low, high) in _DEGREES.items():
        sets[name] = {one for one, number in by_member.items() if low <= number <= high}
    return sets


def degrees(edges: Sequence[Edge], inside: Collection[int]) -> dict[int, int]:
    """With how many others each member has a tie, whichever way round; without those who have none."""
    return degrees_of(_among(edges, inside))


def degrees_of(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The same from ties, none of which is one to oneself."""
    once = {(one, other) if one < other else (other, one) for one, other in pairs}
    return dict(Counter(one for pair in once for one in pair))


def largest_component(pairs: Collection[tuple[int, int]]) -> set[int]:
    """The largest set of people who are connected, whichever way round; empty where there are no ties."""
    above: dict[int, int] = {}

    def top(one: int) -> int:
        while above.setdefault(one, one) != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for one, other in pairs:
        above[top(one)] = top(other)
    found: dict[int, set[int]] = {}
    for one in list(above):
        found.setdefault(top(one), set()).add(one)
    return max(found.values(), key=lambda people: (len(people), -min(people)), default=set())


def _among(edges: Sequence[Edge], inside: Collection[int]) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for edge in edges:
        if edge.member in inside and edge.other in inside and edge.member != edge.other:
            found[edge.member, edge.other] += edge.count
    return found


def _answered(pairs: Collection[tuple[int, int]]) -> float | None:
    return sum((other, one) in pairs for one, other in pairs) / len(pairs) if pairs else None


def _of_all(
    replies: Counter[tuple[int, int]], *, by: Collection[int] | None = None, to: Collection[int] | None = None
) -> float | None:
    wanted: int = sum(
        count
        for (member, other), count in replies.items()
        if (by is None or member in by) and (to is None or other in to)
    )
    return wanted / replies.total() if replies else None


def _is_new(first: date | None, population: Population) -> bool:
    return first is not None and population.window.first <= first <= population.window.last


def _across(pairs: Collection[tuple[int, int]], population: Population, least: int) -> float | None:
    """Ties between people who have no group in common, of those between people with groups."""
    groups = {member.id: member.groups for member in population.members if member.groups}
    if len(frozenset().union(*groups.values())) < 2 or len(groups) < least:
        return None
    apart = [not groups[one] & groups[other] for one, other in pairs if one in groups and other in groups]
    return sum(apart) / len(apart) if apart else None
