"""What chance alone would do: how far a mix of few people is from a target that they meet."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmssocial_reporting.figures.distances import jensen_shannon, total_variation

DRAWS = 2_000
SEED = 20100404
"""Fixed, so that a page says the same thing every time it is opened. The day on which the five roles were published."""
_OFTEN = 0.95

Distance = Callable[[Sequence[float], Sequence[float]], float]


def by_chance(
    target: Sequence[float],
    people: int,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    distance: Distance = total_variation,
) -> float:
    """The distance that 95 of 100 groups of ``people`` stay below who were drawn from ``target`` itself.

    A parametric bootstrap: ``draws`` multinomial samples. Any distance is positive in small groups even where nothing
    is amiss, so none is said without this one.

    :param target: a mix that sums to 1.
    :raises ValueError: if there is nobody.
    """
    if people < 1:
        raise ValueError("there is nobody to draw")
    return _envelope(tuple(round(share, 3) for share in target), people, draws, seed, distance)


def jensen_shannon_by_chance(target: Sequence[float], people: int) -> float:
    """The same for the Jensen–Shannon distance, which stands in exports."""
    return by_chance(target, people, distance=jensen_shannon)


@lru_cache(maxsize=512)
def _envelope(target: tuple[float, ...], people: int, draws: int, seed: int, distance: Distance) -> float:
    whole = sum(target)
    shares = [share / whole for share in target]
    sample: NDArray[np.int64] = np.random.default_rng(seed).multinomial(people, shares, size=draws)
    kinds, times = np.unique(sample, axis=0, return_counts=True)
    found = np.array([distance([count / people for count in kind], shares) for kind in kinds.tolist()])
    return float(np.quantile(np.repeat(found, times), _OFTEN))
