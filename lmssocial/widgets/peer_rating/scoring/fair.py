"""The way that is right for the size of the class, so that nobody has to choose."""

from collections import Counter

from lmssocial.core.hooks.rating import Ratings, Scores
from lmssocial.widgets.peer_rating.scoring.means import mean
from lmssocial.widgets.peer_rating.scoring.robust import robust
from lmssocial.widgets.peer_rating.scoring.two_way import bias_corrected

FEW = 8
"""With fewer works that peers reviewed, nothing can be known of reviewers."""
ENOUGH = 15
"""From so many on, how careful each reviewer is can be told apart from chance …"""
OFTEN = 3
"""… if works have so many reviews on average …"""
AGAIN = 2
"""… and at least half of the reviewers wrote so many, tries at examples counted."""


def fair(ratings: Ratings) -> Scores:
    """The plain mean, the bias-corrected mean or the robust one, by how much the reviews can tell."""
    wanted = set(ratings.works)
    peers = [one for one in ratings.given if not one.is_staff]
    reviews = Counter(one.work for one in peers if one.work in wanted)
    if len(reviews) < FEW:
        return mean(ratings)
    written = Counter(one.rater for one in peers)
    again = sum(many >= AGAIN for many in written.values())
    enough = len(reviews) >= ENOUGH and reviews.total() >= OFTEN * len(reviews)
    if enough and 2 * again >= len(written):
        return robust(ratings)
    return bias_corrected(ratings)
