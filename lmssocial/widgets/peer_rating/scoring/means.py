"""The plain mean."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from lmssocial.core.hooks.rating import Ratings, Scored, Scores
from lmssocial.widgets.peer_rating.scoring.tables import STAFF

METHOD = "mean"


def mean(ratings: Ratings) -> Scores:
    """The mean of what each work was given; what staff gave weighs :data:`~.tables.STAFF` times as much."""
    peers: dict[int, list[float]] = defaultdict(list)
    staff: dict[int, list[float]] = defaultdict(list)
    for given in ratings.given:
        (staff if given.is_staff else peers)[given.work].append(given.points)
    apart = scatter(peers)
    return Scores(
        works=tuple(_scored(work, peers.get(work, ()), staff.get(work, ()), apart) for work in ratings.works),
        method=METHOD,
    )


def _scored(work: int, peers: Sequence[float], staff: Sequence[float], apart: float | None) -> Scored:
    weight = len(peers) + STAFF * len(staff)
    if not weight:
        return Scored(work=work, points=None)
    points = (math.fsum(peers) + STAFF * math.fsum(staff)) / weight
    return Scored(work=work, points=points, unsure=None if apart is None else apart / math.sqrt(weight))


def scatter(peers: Mapping[int, Sequence[float]]) -> float | None:
    """How far reviews of the same work lie apart, in all works together: one standard deviation.

    ``None`` if no work has two, or if all that have two agree: in a class this small that is luck, and no certainty.
    """
    squares, free = 0.0, 0
    for points in peers.values():
        middle = math.fsum(points) / len(points)
        squares += math.fsum((one - middle) ** 2 for one in points)
        free += len(points) - 1
    return math.sqrt(squares / free) if free and squares else None
