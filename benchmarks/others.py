"""What others do, to be held against: the median, and Moodle's grade for reviewing. None of it is in use.

The second is written from the documentation and the settings of Moodle's workshop ("comparison with the best
assessment"). It pays for agreement, so reviewers do best by writing what they think the others will write.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median as middle

from lmssocial.core.hooks.rating import Ratings, Scored, Scores


def median(ratings: Ratings) -> Scores:
    """The median of what each work was given."""
    by_work: dict[int, list[float]] = defaultdict(list)
    for one in ratings.given:
        by_work[one.work].append(one.points)
    return Scores(
        works=tuple(
            Scored(work=work, points=middle(by_work[work]) if work in by_work else None)
            for work in ratings.works
        ),
        method="median",
    )


def moodle_closeness(
    reviews: Sequence[Sequence[float]], weights: Sequence[float] = (), strictness: float = 5.0
) -> list[float]:
    """What Moodle gives for each review of one work, of 100: the nearer to the "best" review, the more.

    :param reviews: for each review its points by criterion, of 100 each; :param weights: of the criteria.
    :param strictness: 1 very strict, 3, 5, 7 or 9 very lax.
    """
    lines = list(zip(*reviews, strict=True))
    heavy = list(weights) or [1.0] * len(lines)
    means = [sum(line) / len(line) for line in lines]
    spread = [sum((x - mean) ** 2 for x in line) / len(line) for line, mean in zip(lines, means, strict=True)]

    def distance(one: Sequence[float], other: Sequence[float]) -> float:
        far = [
            weight * abs(a - b) * (a - b) ** 2 / (strictness * max(variance, 0.01))
            for weight, a, b, variance in zip(heavy, one, other, spread, strict=True)
        ]
        return round(math.fsum(far) / math.fsum(heavy), 4)

    off = [distance(review, means) for review in reviews]
    best = [review for review, far in zip(reviews, off, strict=True) if far == min(off)]
    return [
        round(min(100.0, max(0.0, 100 - min(distance(review, one) for one in best))), 4) for review in reviews
    ]
