"""How members stand between others: for their own pages and for reckoning, never for anybody else's eyes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import rustworkx
from numpy.typing import NDArray

from lmssocial_reporting.store.port import Edge

EXACT_UP_TO = 2_000
"""People up to whom betweenness is reckoned from everybody; beyond, from some of them."""
SAMPLES = 200
SEED = 20_100_404

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Betweenness:
    """The share of shortest ways between two others that lead over each member, from 0 to 1."""

    of: Mapping[int, float]
    sampled: bool
    """Whether it is an estimate from some of the members, because there are so many."""


def betweenness(edges: Sequence[Edge], *, exact_up_to: int = EXACT_UP_TO, seed: int = SEED) -> Betweenness:
    """Betweenness of everybody who has a tie (Brandes 2001), by ties in their direction and without weights.

    :param seed: which members an estimate begins with; the same seed gives the same estimate.
    """
    people, sources, targets = _numbered(edges)
    size = len(people)
    if size <= exact_up_to:
        graph = rustworkx.PyDiGraph()
        graph.add_nodes_from(people)
        graph.add_edges_from_no_data(list(zip(sources.tolist(), targets.tolist(), strict=True)))
        found = rustworkx.digraph_betweenness_centrality(graph)
        return Betweenness({people[node]: value for node, value in found.items()}, sampled=False)
    starts = np.random.default_rng(seed).choice(size, min(SAMPLES, size), replace=False)
    total = np.zeros(size)
    for start in starts.tolist():
        total += _dependencies(start, sources, targets, size)
    scale = size / len(starts) / ((size - 1) * (size - 2))
    return Betweenness(dict(zip(people, (total * scale).tolist(), strict=True)), sampled=True)


def _dependencies(start: int, sources: Ints, targets: Ints, size: int) -> Floats:
    """What one source adds to the betweenness of each, level by level over all ties at once."""
    distance = np.full(size, -1)
    ways = np.zeros(size)
    distance[start], ways[start] = 0, 1
    steps: list[tuple[Ints, Ints]] = []
    level = 0
    while True:
        onward = (distance[sources] == level) & ((distance[targets] == -1) | (distance[targets] == level + 1))
        if not onward.any():
            break
        one, other = sources[onward], targets[onward]
        distance[other] = level + 1
        ways += np.bincount(other, ways[one], size)
        steps.append((one, other))
        level += 1
    owed = np.zeros(size)
    for one, other in reversed(steps):
        owed += np.bincount(one, ways[one] / ways[other] * (1 + owed[other]), size)
    owed[start] = 0
    return owed


def constraint(edges: Sequence[Edge]) -> dict[int, float]:
    """How much everybody's ties lead back to the same few people (Burt 1992); of all who have a tie.

    Near 0 for who connects separate people, 1 and more for whose contacts all know one another.
    ``c_i = Σ_j (p_ij + Σ_q p_iq p_qj)²`` over the contacts j, with ``p_ij`` the share of i's ties, both directions
    together, that are with j.
    """
    people, ones, others, numbers = _arrays(edges)
    size = len(people)
    # both directions of a tie are one, so each is counted from both ends
    ties, which = np.unique(np.append(ones * size + others, others * size + ones), return_inverse=True)
    weight = np.bincount(which, np.append(numbers, numbers), len(ties))
    sources, targets = ties // max(size, 1), ties % max(size, 1)
    share = weight / np.bincount(sources, weight, size)[sources]
    known = sources * size + targets
    one, between, other = _triads(sources, targets, size)
    through = share[np.searchsorted(known, one * size + between)]
    through *= share[np.searchsorted(known, between * size + other)]
    share += np.bincount(np.searchsorted(known, one * size + other), through, len(known))
    return dict(zip(people, np.bincount(sources, share**2, size).tolist(), strict=True))


@dataclass(frozen=True, kw_only=True)
class Brokerage:
    """How often somebody stands between two others who have no tie: a acts for them, they act for c, a never for c.

    The five kinds are those of Gould and Fernandez (1989), by the groups of the three; they add up to ``total`` where
    everybody has a group.
    """

    total: int = 0
    coordinator: int = 0
    """All three in one group."""
    itinerant: int = 0
    """The two others in one group, they in another."""
    gatekeeper: int = 0
    """From another group into their own."""
    representative: int = 0
    """From their own group into another."""
    liaison: int = 0
    """Three groups."""


def brokerage(edges: Sequence[Edge], groups: Mapping[int, int] | None = None) -> dict[int, Brokerage]:
    """Gould–Fernandez counts of everybody with a tie, in the closed form.

    For every broker the pairs of who acts for them and for whom they act, less those where both are one, less those
    where the first acts for the second, too.

    :param groups: one group for each member; who has none counts in ``total`` only.
    """
    people, sources, targets = _numbered(edges)
    size = len(people)
    named = sorted(set((groups or {}).values()))
    place = {group: number for number, group in enumerate(named)}
    of = np.array([place.get((groups or {}).get(one, -1), -1) for one in people], dtype=np.int64)
    firsts, brokers, lasts = _triads(sources, targets, size)
    back = np.isin(sources * size + targets, targets * size + sources)
    # What does not count: closed triads, and pairs in which the first and the last are one.
    firsts, lasts = np.append(firsts, sources[back]), np.append(lasts, sources[back])
    brokers = np.append(brokers, targets[back])
    less = _kinds(of[firsts], of[brokers], of[lasts])
    pairs = _pairs(sources, targets, of, len(named))
    total = np.bincount(targets, minlength=size) * np.bincount(sources, minlength=size)
    total -= np.bincount(brokers, minlength=size)
    counts = {kind: pairs[kind] - np.bincount(brokers[less[kind]], minlength=size) for kind in pairs}
    return {
        one: Brokerage(total=int(total[node]), **{kind: int(count[node]) for kind, count in counts.items()})
        for node, one in enumerate(people)
    }


def _kinds(first: Ints, broker: Ints, last: Ints) -> dict[str, NDArray[np.bool_]]:
    """Which triads are of which kind, by the groups of the three; −1 is no group."""
    known = (first >= 0) & (broker >= 0) & (last >= 0)
    return {
        "coordinator": known & (first == broker) & (broker == last),
        "itinerant": known & (first == last) & (first != broker),
        "gatekeeper": known & (first != broker) & (broker == last),
        "representative": known & (first == broker) & (broker != last),
        "liaison": known & (first != broker) & (broker != last) & (first != last),
    }


def _pairs(sources: Ints, targets: Ints, of: Ints, groups: int) -> dict[str, Ints]:
    """How many pairs of an incoming and an outgoing tie each broker has of each kind, whether they are open or not."""
    inward = _by_group(targets, of[sources], len(of), groups)
    outward = _by_group(sources, of[targets], len(of), groups)
    inside = of >= 0
    rows = np.arange(len(of))
    own_in = np.where(inside, inward[rows, of], 0)
    own_out = np.where(inside, outward[rows, of], 0)
    other_in = np.where(inside, inward[:, :groups].sum(axis=1) - own_in, 0)
    other_out = np.where(inside, outward[:, :groups].sum(axis=1) - own_out, 0)
    alike = np.where(inside, (inward * outward)[:, :groups].sum(axis=1) - own_in * own_out, 0)
    return {
        "coordinator": own_in * own_out,
        "itinerant": alike,
        "gatekeeper": other_in * own_out,
        "representative": own_in * other_out,
        "liaison": other_in * other_out - alike,
    }


def _by_group(people: Ints, groups_of_others: Ints, size: int, groups: int) -> Ints:
    """Ties of each by the group of the other; the last column is for those without one."""
    columns = np.where(groups_of_others < 0, groups, groups_of_others)
    flat = np.bincount(people * (groups + 1) + columns, minlength=size * (groups + 1))
    return flat.reshape(size, groups + 1)


def _triads(sources: Ints, targets: Ints, size: int) -> tuple[Ints, Ints, Ints]:
    """All (a, b, c) with a tie from a to b, from b to c and from a to c."""
    order = np.argsort(sources, kind="stable")
    sources, targets = sources[order], targets[order]
    known = np.sort(sources * size + targets)
    begins = np.searchsorted(sources, np.arange(size + 1))
    degree = np.diff(begins)
    # For every tie a→b, walk the shorter of both lists of targets and look each of them up in the other.
    shorter = np.where(degree[sources] < degree[targets], sources, targets)
    other = np.where(degree[sources] < degree[targets], targets, sources)
    lengths = degree[shorter]
    tie = np.repeat(np.arange(len(sources)), lengths)
    offset = np.arange(len(tie)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    last = targets[begins[shorter][tie] + offset] if len(tie) else np.zeros(0, dtype=np.int64)
    wanted = other[tie] * size + last
    place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    hit = known[place] == wanted if len(known) else np.zeros(0, dtype=bool)
    return sources[tie][hit], targets[tie][hit], last[hit]


def _numbered(edges: Sequence[Edge]) -> tuple[list[int], Ints, Ints]:
    """The people in order of id, and every tie once as places in that order."""
    people, ones, others, _numbers = _arrays(edges)
    size = max(len(people), 1)
    ties = np.unique(ones * size + others)
    return people, ties // size, ties % size


def _arrays(edges: Sequence[Edge]) -> tuple[list[int], Ints, Ints, Ints]:
    """The people in order of id, and of every edge between two of them their places in that order and its count."""
    rows = [(edge.member, edge.other, edge.count) for edge in edges]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    table = table[table[:, 0] != table[:, 1]]
    people, places = np.unique(table[:, :2], return_inverse=True)
    places = places.reshape(-1, 2)
    return people.tolist(), places[:, 0], places[:, 1], table[:, 2]
