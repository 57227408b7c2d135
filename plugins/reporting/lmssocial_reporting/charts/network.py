"""Who serves whom: points and lines, where somebody else has laid them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.drawing import across, down, line, picture, tag, text

_HIGH = 26.0
_LABEL = 2.0
"""The room that a label needs above a point."""
_WIDEST = 4
"""Of how many widths a line has one."""


class Looks(StrEnum):
    """The shape of a person's point."""

    MEMBER = "member"
    """A circle."""
    STAFF = "staff"
    """A square."""
    BRIDGE = "bridge"
    """A diamond: without them, others would not be connected."""
    ALONE = "alone"
    """A hollow circle: nobody serves them, and they serve nobody."""


@dataclass(frozen=True)
class Node:
    """Somebody, nameless."""

    x: float
    y: float
    """Where, from 0 to 1."""
    size: float
    """From 0 to 1."""
    looks: Looks = Looks.MEMBER
    label: str = ""
    """Empty for all whose name nobody has to see; ``You``."""


@dataclass(frozen=True)
class Tie:
    """A line between two points, by their numbers."""

    one: int
    other: int
    strength: float = 0.0
    """From 0 to 1."""


def network(
    nodes: Sequence[Node],
    ties: Sequence[Tie],
    caption: Caption,
    *,
    header: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Chart:
    """The picture; its table is the caller's, because a list of lines helps nobody."""
    places = [(0.03 + 0.94 * node.x, 0.8 + (_HIGH - 1.6) * node.y) for node in nodes]
    parts = [
        line(
            f"chart-tie chart-tie-{1 + min(_WIDEST - 1, int(tie.strength * _WIDEST))}",
            places[tie.one],
            places[tie.other],
        )
        for tie in ties
    ]
    parts += [_node(node, *place) for node, place in zip(nodes, places, strict=True)]
    parts.append(_legend({node.looks for node in nodes}))
    return caption.chart(
        picture(caption, height=_HIGH + 3.4, parts=parts),
        header=header,
        rows=rows,
    )


def _node(node: Node, x: float, y: float) -> Markup:
    found = _shape(node.looks, x, y, 3.5 + 6 * node.size)
    if node.label:
        below = y < _LABEL
        found += text(
            node.label,
            min(max(x, 0.05), 0.95),
            y + 1.7 if below else y - 0.9,
            "chart-name",
            anchor="middle",
        )
    return found


def _shape(looks: Looks, x: float, y: float, radius: float) -> Markup:
    size = round(radius, 1)
    if looks is Looks.MEMBER or looks is Looks.ALONE:
        class_ = "chart-node chart-open" if looks is Looks.ALONE else "chart-node"
        return tag("circle", cx=across(x), cy=down(y), r=size, class_=class_)
    if looks is Looks.STAFF:
        inner = tag(
            "rect", x=-size, y=-size, width=2 * size, height=2 * size, class_="chart-node chart-staff"
        )
    else:
        path = f"M0 {-size * 1.3:.1f}L{size * 1.3:.1f} 0L0 {size * 1.3:.1f}L{-size * 1.3:.1f} 0Z"
        inner = tag("path", d=path, class_="chart-node chart-bridge")
    return tag("svg", inner, x=across(x), y=down(y), overflow="visible")


def _legend(seen: set[Looks]) -> Markup:
    """What the shapes mean, two beside each other."""
    words = {
        Looks.MEMBER: _("a member"),
        Looks.STAFF: _("staff"),
        Looks.BRIDGE: _("connects others"),
        Looks.ALONE: _("with nobody yet"),
    }
    found = []
    for number, looks in enumerate(one for one in Looks if one in seen):
        x, y = (number % 2) * 0.5, _HIGH + 1.2 + (number // 2) * 1.6
        found += [_shape(looks, x + 0.02, y - 0.3, 5), text(words[looks], x + 0.06, y, "chart-soft")]
    return Markup("").join(found)
