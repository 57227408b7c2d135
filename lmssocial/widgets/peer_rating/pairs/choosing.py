"""Which two works somebody compares next. Pure.

Works that were compared least come first, and chance decides among these. Nothing adapts to who is winning: with the
disagreement that people really have, that gains nothing, and it makes scores look surer than they are.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

Pair = tuple[int, int]
"""The ids of two works, the smaller first."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A work that a judge may be shown."""

    id: int
    compared: int = 0
    """Comparisons of it that are finished or under way."""
    seen: int = 0
    """How often this judge has had it."""


def next_pair(candidates: Sequence[Candidate], had: Collection[Pair], key: str) -> Pair | None:
    """The two works that a judge compares next; ``None`` if there are none that they have not compared yet.

    :param had: pairs that are not shown to this judge again.
    :param key: decides wherever nothing else does; the same for the same judge and activity.
    """
    found = sorted(candidates, key=lambda one: (one.compared, one.seen, _chance(key, one.id)))
    for place, first in enumerate(found):
        for second in found[place + 1 :]:
            pair = pair_of(first.id, second.id)
            if pair not in had:
                return pair
    return None


def pair_of(one: int, other: int) -> Pair:
    """Two works as a pair, whichever is named first."""
    return (one, other) if one < other else (other, one)


def stands_first(key: str, pair: Pair) -> int:
    """Which of two works stands first on the page: chance, so that standing first favours nobody."""
    return pair[_chance(key, *pair) % 2]


def _chance(key: str, *ids: int) -> int:
    said = ":".join((key, *map(str, ids)))
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8])
