"""Where the people of a network stand in its picture. Nobody is named, and their order says nothing."""

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import rustworkx

from lmssocial_reporting.charts.network import Looks, Node, Tie
from lmssocial_reporting.store.port import Edge

DRAWN = 300
"""People up to whom a picture is drawn at once, and how many are drawn of a larger network."""
DRAWN_AT_MOST = 1_000
"""People up to whom everybody is drawn, for who asks for it."""
_TIES = 3_000
"""Lines that are drawn at most, the strongest ones."""
_SEED = 20_100_404
_HUB, _WEAK = -1, 0.02
"""Somebody in the middle whom everybody is tied to, a little: so separate pieces do not drift away."""


@dataclass(frozen=True)
class Picture:
    """A network, laid out."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    left_out: int
    """People with ties who are not drawn."""


def laid_out(
    edges: Sequence[Edge], members: Collection[int], staff: Collection[int], *, most: int
) -> Picture:
    """The picture of those who have ties; of many, those with the most.

    :param most: how many people are drawn.
    """
    ties: Counter[tuple[int, int]] = Counter()
    for edge in edges:
        if edge.member != edge.other and edge.member in members and edge.other in members:
            ties[min(edge.member, edge.other), max(edge.member, edge.other)] += edge.count
    degree = Counter(one for pair in ties for one in pair)
    ranked = sorted(degree, key=lambda one: (-degree[one], one))
    drawn = ranked[:most]
    random.Random(_SEED).shuffle(drawn)  # noqa: S311 – an order that says nothing, not a secret
    number = {one: place for place, one in enumerate(drawn)}
    inside = {pair: count for pair, count in ties.items() if pair[0] in number and pair[1] in number}
    places, bridges = _placed(drawn, inside)
    top = max(degree.values(), default=1)
    strongest = sorted(inside, key=lambda pair: (-inside[pair], pair))[:_TIES]
    heaviest = max(inside.values(), default=1)
    return Picture(
        nodes=tuple(
            Node(*places[one], size=(degree[one] / top) ** 0.5, looks=_looks(one, staff, bridges))
            for one in drawn
        ),
        ties=tuple(Tie(number[one], number[two], inside[one, two] / heaviest) for one, two in strongest),
        left_out=len(ranked) - len(drawn),
    )


def _looks(one: int, staff: Collection[int], bridges: Collection[int]) -> Looks:
    if one in staff:
        return Looks.STAFF
    return Looks.BRIDGE if one in bridges else Looks.MEMBER


def _placed(
    drawn: Sequence[int], ties: Mapping[tuple[int, int], int]
) -> tuple[dict[int, tuple[float, float]], set[int]]:
    """A place from 0 to 1 for each, by springs; and those without whom others would not be connected."""
    graph: rustworkx.PyGraph[int, float] = rustworkx.PyGraph()
    node = dict(zip(drawn, graph.add_nodes_from(drawn), strict=True))
    graph.add_edges_from([(node[one], node[two], min(count, 5) / 5) for (one, two), count in ties.items()])
    bridges = {graph[at] for at in rustworkx.articulation_points(graph)}
    hub = graph.add_node(_HUB)
    graph.add_edges_from([(hub, at, _WEAK) for at in node.values()])
    found = rustworkx.spring_layout(graph, weight_fn=float, num_iter=80, seed=_SEED)
    across = _stretched({one: float(found[at][0]) for one, at in node.items()})
    down = _stretched({one: float(found[at][1]) for one, at in node.items()})
    return {one: (across[one], down[one]) for one in drawn}, bridges


def _stretched(values: Mapping[int, float]) -> dict[int, float]:
    low, high = min(values.values(), default=0.0), max(values.values(), default=1.0)
    wide = (high - low) or 1.0
    return {one: (value - low) / wide for one, value in values.items()}
