"""Whom one's own evidence may name: not who read something, and nobody where works are reviewed blindly."""

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.store.port import Act, Evidence

_WORK, _PAIR = "w", "p"
BY_READING = frozenset({Kind.ITEM_POSTED, Kind.ITEM_POINTED})
"""Kinds of which it is somebody's reading that makes them evidence: who it served is who opened it."""


def is_blind(one: Act | Evidence) -> bool:
    """Whether it is about a work, or two beside each other: reviewers and authors may not know of each other."""
    return one.thread[:1] in (_WORK, _PAIR)


def named(piece: Evidence) -> int:
    """Whom a piece of evidence served, for whom it is about; 0 where their name is not said."""
    return 0 if piece.kind in BY_READING or is_blind(piece) else piece.other
