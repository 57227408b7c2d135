"""How marks of few and of many people are compared. Pure functions; nothing is ever ranked but texts."""

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

Z = 1.959964
"""The 0.975 quantile of the normal distribution: bounds that hold in 95 of 100 cases."""

PRIOR_STARS = 3.0
"""Bayesian average: what a text with no rating is taken for, the middle of the scale (C)."""
PRIOR_RATINGS = 5
"""Bayesian average: as many ratings as the prior weighs (m)."""

SHOWN_FROM = 3
"""An average of stars is shown from so many ratings on; below, one person decides what others read."""

Item = TypeVar("Item")


def wilson_lower(marks: int, readers: int, z: float = Z) -> float:
    """The share of readers whom something helps, as low as it may well be: 9 of 10 is more than 1 of 1.

    The lower bound of Wilson's score interval for a binomial proportion. Source: E. B. Wilson, "Probable inference, the
    law of succession, and statistical inference", Journal of the American Statistical Association 22 (1927), 209-212;
    for ranking: E. Miller, "How not to sort by average rating" (2009).

    :param marks: how many said so.
    :param readers: how many could have; never counted as fewer than ``marks``.
    :returns: from 0 to 1; 0 if there are no readers.
    """
    trials = max(marks, readers)
    if trials <= 0 or marks <= 0:
        return 0.0
    share = marks / trials
    spread = z * math.sqrt((share * (1 - share) + z * z / (4 * trials)) / trials)
    return max(0.0, (share + z * z / (2 * trials) - spread) / (1 + z * z / trials))


def bayesian_average(count: int, total: int, m: float = PRIOR_RATINGS, prior: float = PRIOR_STARS) -> float:
    """The average of stars, drawn towards the middle while there are few: five stars once is less than 4.5 ten times.

    (C · m + sum) / (m + n). Source: the weighted rating of IMDb's lists; in other words the posterior mean under a
    Dirichlet prior worth m ratings (D. MacKay, "Information Theory, Inference and Learning Algorithms", 2003, §23.5).

    :param count: how many ratings (n); :param total: their sum.
    """
    return (prior * m + total) / (m + count) if m + count > 0 else prior


def shown_average(count: int, total: int) -> float | None:
    """The plain average that people may read, rounded to one decimal; ``None`` while there are too few ratings."""
    return round(total / count + 1e-9, 1) if count >= SHOWN_FROM else None


class Standing(NamedTuple):
    """What is known of an answer."""

    solves: bool = False
    """Whether the asker said so."""
    endorsed: int = 0
    """How many SMEs and instructors say that it is right."""
    helpful: int = 0
    readers: int = 0
    """How many people have read it, its author left out."""
    stars_count: int = 0
    stars_sum: int = 0


def best_first(items: Iterable[Item], standing: Callable[[Item], Standing]) -> list[Item]:
    """Answers, the best first: what solved the question, what is endorsed, what helped most; then in their own order.

    That somebody endorsed it counts, not how many did: knowing is not put to the vote.
    """

    def key(item: Item) -> tuple[bool, bool, float, float]:
        of = standing(item)
        return (
            of.solves,
            of.endorsed > 0,
            wilson_lower(of.helpful, of.readers),
            bayesian_average(of.stars_count, of.stars_sum),
        )

    return sorted(items, key=key, reverse=True)
