"""How evenly something is spread over people, and how much falls to one of them at most. Pure."""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

WEEK = timedelta(days=7)


def gini(counts: Sequence[int]) -> float | None:
    """The Gini coefficient: 0 if all have the same, nearly 1 if one has everything; ``None`` if there is nothing.

    As half of the relative mean difference, G = Σ (2i - n - 1) xᵢ / (n Σ xᵢ) with xᵢ ascending and i from 1: P. M.
    Dixon, J. Weiner, T. Mitchell-Olds, R. Woodley: Bootstrapping the Gini Coefficient of Inequality. Ecology 68 (5),
    1987, pp. 1548–1551.
    """
    total = sum(counts)
    if not total:
        return None
    n = len(counts)
    weighted = sum((2 * rank - n - 1) * count for rank, count in enumerate(sorted(counts), start=1))
    return weighted / (n * total)


def most_in_a_week(moments: Iterable[tuple[int, datetime]]) -> int:
    """The most that any one had within seven days.

    :param moments: whose, and when, in the order of time.
    """
    most = 0
    recent: dict[int, deque[datetime]] = {}
    for whose, at in moments:
        own = recent.setdefault(whose, deque())
        own.append(at)
        while own[0] <= at - WEEK:
            own.popleft()
        most = max(most, len(own))
    return most
