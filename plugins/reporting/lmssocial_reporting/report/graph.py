"""Who served whom, for programs that analyse networks: without names, and with other numbers in every file."""

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lmssocial_reporting.monitors.cells import shape_refused
from lmssocial_reporting.monitors.network import degrees
from lmssocial_reporting.people import Population
from lmssocial_reporting.store.port import Edge

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
<desc>{caution}</desc>
<key id="lms_role" for="node" attr.name="lms_role" attr.type="string"/>
<key id="weight" for="edge" attr.name="weight" attr.type="int"/>
<key id="definition" for="graph" attr.name="definition" attr.type="string"/>
<key id="first" for="graph" attr.name="first" attr.type="string"/>
<key id="last" for="graph" attr.name="last" attr.type="string"/>
<graph id="G" edgedefault="directed">
<data key="definition">{definition}</data><data key="first">{first}</data><data key="last">{last}</data>
"""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Nodes with their LMS roles, as far as these may be said, and edges between them."""

    roles: Sequence[str]
    """Of node 0, 1, …; empty: not said."""
    edges: Sequence[tuple[int, int, int]]
    """From, to, how often."""


def graph_of(population: Population, edges: Sequence[Edge], least: int) -> Graph | None:
    """The network of some members, isolates too; ``None`` where its shape could point at a person.

    That is where there are few members, or few of them have ties, or few have none: as with its picture.

    :param least: from how many people on a number of people, or an LMS role, is said.
    """
    if refused_for(population, edges, least):
        return None
    members = list(population.members)
    random.SystemRandom().shuffle(members)
    number = {member.id: at for at, member in enumerate(members)}
    said = _sayable(Counter(member.role.value for member in members), least)
    ties = [
        (number[edge.member], number[edge.other], edge.count)
        for edge in edges
        if edge.member in number and edge.other in number
    ]
    return Graph(
        roles=[member.role.value if member.role.value in said else "" for member in members],
        edges=sorted(ties),
    )


def refused_for(population: Population, edges: Sequence[Edge], least: int) -> str:
    """Why the network of some members is not written, as its picture would not be drawn; empty: it is written."""
    tied = len(degrees(edges, population.ids))
    return shape_refused(len(population.members), tied, least=least)


def _sayable(sizes: Counter[str], least: int) -> frozenset[str]:
    """Which roles may be said: those of enough people, and never so many that few are left over."""
    said = [role for role, size in sizes.most_common() if size >= least]
    left = sizes.total() - sum(sizes[role] for role in said)
    while said and 0 < left < least:
        left += sizes[said.pop()]
    return frozenset(said)


def graphml(graph: Graph, *, caution: str, definition: str, first: str, last: str) -> Iterator[str]:
    """The network as GraphML 1.0, part by part."""
    yield _HEAD.format(
        caution=escape(caution), definition=escape(definition), first=escape(first), last=escape(last)
    )
    for at, role in enumerate(graph.roles):
        said = f'<data key="lms_role">{escape(role)}</data>' if role else ""
        yield f'<node id="n{at}">{said}</node>\n'
    for source, target, weight in graph.edges:
        yield f'<edge source="n{source}" target="n{target}"><data key="weight">{weight}</data></edge>\n'
    yield "</graph>\n</graphml>\n"


def edge_csv(graph: Graph, *, caution: str, definition: str) -> bytes:
    """The edges as a table that Gephi, igraph and spreadsheets read; the caution stands in its first line."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(("Source", "Target", "Weight", "Type", "Definition", "Caution"))
    for at, (source, target, weight) in enumerate(graph.edges):
        said = ("", "") if at else (definition, caution)
        writer.writerow((f"n{source}", f"n{target}", weight, "Directed", *said))
    return written.getvalue().encode("utf-8-sig")
