"""How far one mix is from another. Mixes are shares in the same order that sum to 1."""

from collections.abc import Sequence
from math import log2, sqrt


def total_variation(one: Sequence[float], other: Sequence[float]) -> float:
    """``½ Σ |one − other|``, 0 to 1: the least share that would have to change its place to make them the same."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2


def jensen_shannon(one: Sequence[float], other: Sequence[float]) -> float:
    """The Jensen–Shannon distance (the root of the divergence) to the base 2: 0 to 1."""
    between = [(a + b) / 2 for a, b in zip(one, other, strict=True)]
    return sqrt(max(0.0, (_divergence(one, between) + _divergence(other, between)) / 2))


def _divergence(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * log2(a / b) for a, b in zip(one, other, strict=True) if a > 0)
