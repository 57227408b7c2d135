"""Whether the same people changed from one window to the next."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

DRAWS = 4_000
SEED = 20100404
_OUTSIDE = 0.005
"""On either side of a 99 per cent interval: five roles are tested at once."""


@dataclass(frozen=True)
class Change:
    """How a share changed, as a share (0.1 is ten points)."""

    by: float
    low: float
    high: float
    """The 99 per cent interval."""

    @property
    def is_sure(self) -> bool:
        """Whether no change at all is outside of the interval. Only then anything is said."""
        return self.low > 0 or self.high < 0


def paired_change(
    before: AbstractSet[int],
    after: AbstractSet[int],
    members: AbstractSet[int],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Change:
    """By how much the share of ``members`` who acted changed, with the interval of a bootstrap over members.

    Paired: each member is drawn with what they did before and after, so that what they always do does not blur it. The
    draws are of who began, who stopped and all others, which is the same thing as drawing members one by one.

    :param before: who acted in the first window; :param after: who acted in the second one.
    :param members: who belonged to both.
    """
    size = len(members)
    if not size:
        return Change(0.0, 0.0, 0.0)
    began, stopped = len((after - before) & members), len((before - after) & members)
    shares = [began / size, stopped / size, max(0.0, 1 - began / size - stopped / size)]
    sample = np.random.default_rng(seed).multinomial(size, shares, size=draws)
    low, high = np.quantile((sample[:, 0] - sample[:, 1]) / size, [_OUTSIDE, 1 - _OUTSIDE])
    return Change((began - stopped) / size, float(low), float(high))
