"""What reviewing is worth, and what became known about how somebody reviews.

By default it is worth how much of what was asked for is done, and nothing else: whoever is paid for agreement writes
what the others will write, and whoever is paid for being liked writes what pleases. An instructor may choose otherwise.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import RaterFound, Ratings, Scores
from lmssocial.widgets.peer_rating.access import counted
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Review
from lmssocial.widgets.peer_rating.scoring.owed import Done, done_by
from lmssocial.widgets.peer_rating.scoring.tables import STAFF
from lmssocial.widgets.peer_rating.scoring_models import Rated, ReviewerResult
from lmssocial.widgets.peer_rating.settings import Mode, Reviewing

COMPLETION, HELPFULNESS, ACCURACY = 0.5, 0.3, 0.2
"""The parts of the points for reviewing where quality counts."""
USUAL, FIRM = 3.5, 3.0
"""Before an author says so, a review is taken to be that helpful (of 5), as firmly as so many authors could say."""
STRAIGHT = 3
"""From so many reviews on, the same points for all of them are worth a look."""


def quality(share: float, helpful: Sequence[float], accuracy: float | None) -> float:
    """The points for reviewing where quality counts, from 0 to 1; whoever did nothing gets nothing.

    :param share: how much of what was asked is done.
    :param helpful: what authors said, from 1 to 5.
    :param accuracy: from 0 to 1; ``None`` if it cannot be said, and then the other parts are all there is.
    """
    if share <= 0:
        return 0.0
    liked = (FIRM * USUAL + math.fsum(helpful)) / (FIRM + len(helpful))
    parts = [(COMPLETION, share), (HELPFULNESS, (liked - 1) / 4)]
    if accuracy is not None:
        parts.append((ACCURACY, accuracy))
    return math.fsum(weight * part for weight, part in parts) / math.fsum(weight for weight, _ in parts)


def accuracies(ratings: Ratings) -> dict[int, float]:
    """How near each reviewer is to what the others gave the same works: 1 is exactly there, 0 as far as by chance.

    By chance means: as far as any review of the class is from the mean of any work. A reviewer's own review is left
    out of what it is held against. Who cannot be held against anybody is not named.
    """
    sums: dict[int, float] = defaultdict(float)
    weights: dict[int, float] = defaultdict(float)
    for one in ratings.given:
        weight = STAFF if one.is_staff else 1.0
        sums[one.work] += weight * one.points
        weights[one.work] += weight
    means = [sums[work] / weights[work] for work in sorted(sums)]
    points = [one.points for one in ratings.given if not one.is_staff]
    chance = _apart(points, means)
    off: dict[int, list[float]] = defaultdict(list)
    for one in ratings.given:
        others = weights[one.work] - 1
        if not one.is_staff and others > 0:
            off[one.rater].append(one.points - (sums[one.work] - one.points) / others)
    return {
        rater: 1.0
        if chance <= 0
        else max(0.0, 1 - math.sqrt(math.fsum(x * x for x in far) / len(far)) / chance)
        for rater, far in off.items()
    }


def _apart(points: Sequence[float], means: Sequence[float]) -> float:
    """The root of the mean square of all differences between one and the other."""
    if not points or not means:
        return 0.0
    middle, level = math.fsum(points) / len(points), math.fsum(means) / len(means)
    square = math.fsum((x - middle) ** 2 for x in points) / len(points)
    square += math.fsum((x - level) ** 2 for x in means) / len(means)
    return math.sqrt(square + (middle - level) ** 2)


def work_out(session: Session, running: Running, ratings: Ratings, scores: Scores, now: datetime) -> None:
    """Keep what is known of everybody who reviewed, or was asked to."""
    done = done_by(session, running)
    found = {one.rater: one for one in scores.raters}
    straight = _straight(ratings)
    points = _points(session, running, ratings, done)
    there = {
        row.user_id: row
        for row in session.scalars(
            select(ReviewerResult).where(ReviewerResult.placement_id == running.placement.id)
        )
    }
    for user_id, one in done.items():
        row = there.get(user_id)
        if row is None:
            row = ReviewerResult(placement_id=running.placement.id, user_id=user_id)
            session.add(row)
        row.completed, row.owed = one.completed, one.owed
        _tell(row, found.get(user_id))
        row.straight = user_id in straight
        row.points = points[user_id]
        row.computed_at = now
    for user_id, row in there.items():
        if user_id not in done:
            row.completed, row.owed, row.points, row.straight = 0, 0, None, False
            _tell(row, None)
            row.computed_at = now


def _tell(row: ReviewerResult, found: RaterFound | None) -> None:
    row.lenient = found.lenient if found else None
    row.scatter = found.scatter if found else None
    row.careless = found.careless if found else None


def _points(
    session: Session, running: Running, ratings: Ratings, done: Mapping[int, Done]
) -> dict[int, float | None]:
    if running.settings.reviewing is Reviewing.COMPLETION or running.settings.mode is Mode.PAIRS:
        return {user_id: one.share for user_id, one in done.items()}
    near = accuracies(ratings)
    helpful: dict[int, list[float]] = defaultdict(list)
    rows = session.execute(
        select(Review.reviewer_id, Rated.helpful)
        .join(Review, Review.id == Rated.review_id)
        .where(Review.placement_id == running.placement.id, counted())
    )
    for reviewer_id, said in rows:
        helpful[reviewer_id].append(said)
    return {
        user_id: None
        if one.share is None
        else round(quality(one.share, helpful.get(user_id, ()), near.get(user_id)), 6)
        for user_id, one in done.items()
    }


def _straight(ratings: Ratings) -> frozenset[int]:
    """Who gave every work the same points."""
    given: dict[int, set[float]] = defaultdict(set)
    many: Counter[int] = Counter()
    for one in ratings.given:
        if not one.is_staff and one.work > 0:
            given[one.rater].add(one.points)
            many[one.rater] += 1
    return frozenset(rater for rater, number in many.items() if number >= STRAIGHT and len(given[rater]) == 1)
