"""What a rule finds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.rules.facts import Facts
from lmssocial_reporting.store.port import Act


@dataclass(frozen=True)
class Piece:
    """That an act is evidence of a kind."""

    kind: Kind
    act: Act
    """What was done; its day, member, place and thread are those of the evidence."""
    other: int = 0
    """Whom it served."""
    item: str | None = None
    """What it was done to, where that is not the item of the act."""


Finds = Callable[[Facts, Sequence[Act]], Iterator[Piece]]
"""A rule: from the facts, and the acts of a day in order, what they are evidence of."""


def served(act: Act, other: int) -> bool:
    """Whether an act served somebody: nobody serves themselves, nor somebody who was erased (§2.1)."""
    return other not in (0, act.member)
