"""From what a scoring says to what an author is shown. Pure, so that a release can be worked out again."""

import math
from collections import Counter
from collections.abc import Mapping

from lmssocial.core.hooks.rating import Ratings, Scores
from lmssocial.social.rubrics.criteria import DECIMALS

CLOSE = 1e-6
"""Points that differ by less are the same: processors differ in the last digits of an exponential."""
KEPT = 4
"""Decimals of a score as it is kept."""


def allowed(ratings: Ratings, scores: Scores, least: int) -> dict[int, float]:
    """The points of each work that has enough reviews by peers, or one by staff, to have a score.

    :param least: how many reviews by peers that takes; pairs know no least number.
    """
    peers = Counter(one.work for one in ratings.given if not one.is_staff)
    staffed = {one.work for one in ratings.given if one.is_staff}
    return {
        one.work: round(one.points, KEPT)
        for one in scores.works
        if one.points is not None and (ratings.won or one.work in staffed or peers[one.work] >= least)
    }


def finals(
    points: Mapping[int, float], overrides: Mapping[int, float], late: Mapping[int, float]
) -> dict[int, float]:
    """What authors are shown: staff's points where there are some, less what is taken off for being late.

    :param points: as :func:`allowed` has them; :param overrides: staff's points by work.
    :param late: the share that is taken off, by work.
    """
    return {
        work: final(overrides.get(work, points.get(work, 0.0)), late.get(work, 0.0))
        for work in sorted({*points, *overrides})
    }


def final(points: float, late: float) -> float:
    """``points`` less the share ``late`` of them."""
    return round(points * (1 - late), DECIMALS)


def wrong(ratings: Ratings, scores: object) -> str:
    """What is wrong with an answer that claims to be the scores of ``ratings``, for the log; empty if nothing is."""
    if not isinstance(scores, Scores):
        return f"it answered {type(scores).__name__}"
    if tuple(one.work for one in scores.works) != ratings.works:
        return "it did not answer for each work, in their order"
    for one in scores.works:
        if one.points is not None and not (
            math.isfinite(one.points) and ratings.low - CLOSE <= one.points <= ratings.high + CLOSE
        ):
            return f"it gave work {one.work} {one.points} points"
        if one.unsure is not None and not (math.isfinite(one.unsure) and one.unsure >= 0):
            return f"it is {one.unsure} unsure of work {one.work}"
    for found in scores.raters:
        told = (found.lenient, found.scatter or 0.0, found.careless or 0.0)
        if not all(map(math.isfinite, told)):
            return f"it says {told} of rater {found.rater}"
    return ""
