"""Scores from pairs: how often each work would be found the better one.

The Bradley–Terry model: a work with strength a is found better than one with strength b with the probability
1 / (1 + exp(b - a)). The strengths are the most likely ones under a weak guess that all are alike, which keeps a work
that won always, or lost always, at a number (maximum a posteriori; Bradley and Terry 1952).
"""

from lmssocial.core.hooks.rating import Ratings, Scored, Scores
from lmssocial.widgets.peer_rating.scoring.late_numpy import Floats, Places, np
from lmssocial.widgets.peer_rating.scoring.tables import sums

METHOD = "pairs"
ALIKE = 0.1
"""How firm the guess is: its share of the sum of squared strengths is taken off the likelihood's logarithm."""
ROUNDS = 50
CLOSE = 1e-10
BLOCK = 512
"""So many works are held against all others at a time, to bound the memory."""


def pairs(ratings: Ratings) -> Scores:
    """Of the rubric's range, the share of the other works than which each is likely found better."""
    works = sorted({one.better for one in ratings.won} | {one.worse for one in ratings.won})
    if not works:
        return Scores(works=tuple(Scored(work=work, points=None) for work in ratings.works), method=METHOD)
    place = {work: index for index, work in enumerate(works)}
    won = sorted((place[one.better], place[one.worse]) for one in ratings.won)
    better = np.array([one for one, _ in won], dtype=np.intp)
    worse = np.array([other for _, other in won], dtype=np.intp)
    strength, known = strengths(better, worse, len(works))
    share, slope = _shares(strength)
    width = ratings.high - ratings.low
    points = np.clip(ratings.low + width * share, ratings.low, ratings.high)
    unsure = width * slope / np.sqrt(known)
    return Scores(
        works=tuple(
            Scored(work=work, points=float(points[place[work]]), unsure=float(unsure[place[work]]))
            if work in place
            else Scored(work=work, points=None)
            for work in ratings.works
        ),
        method=METHOD,
    )


def strengths(better: Places, worse: Places, works: int) -> tuple[Floats, Floats]:
    """The most likely strengths, around 0, and how much is known of each: one over its variance, others given.

    Newton's method; each step is found by conjugate gradients, so that nothing grows with the square of the works.
    """
    strength = np.zeros(works)
    for _ in range(ROUNDS):
        expected = 1 / (1 + np.exp(strength[worse] - strength[better]))
        uphill = _sums(better, worse, 1 - expected, works) - 2 * ALIKE * strength
        if float(np.abs(uphill).max()) < CLOSE:
            break
        strength = strength + _step(better, worse, expected * (1 - expected), uphill)
    expected = 1 / (1 + np.exp(strength[worse] - strength[better]))
    bends = expected * (1 - expected)
    known = sums(better, bends, works) + sums(worse, bends, works) + 2 * ALIKE
    return strength, known


def _sums(better: Places, worse: Places, values: Floats, works: int) -> Floats:
    return sums(better, values, works) - sums(worse, values, works)


def _step(better: Places, worse: Places, bends: Floats, uphill: Floats) -> Floats:
    """What has to be added to be on top of the parabola: curvature · step = ``uphill``."""
    works = len(uphill)
    diagonal = sums(better, bends, works) + sums(worse, bends, works) + 2 * ALIKE
    step = np.zeros(works)
    left = uphill
    ready = left / diagonal
    way, size = ready, float(left @ ready)
    for _ in range(works + 10):
        if size < CLOSE**2:
            break
        curved = 2 * ALIKE * way + _sums(better, worse, bends * (way[better] - way[worse]), works)
        far = size / float(way @ curved)
        step = step + far * way
        left = left - far * curved
        ready = left / diagonal
        before, size = size, float(left @ ready)
        way = ready + size / before * way
    return step


def _shares(strength: Floats) -> tuple[Floats, Floats]:
    """For each work the mean probability to be found better than another, and how that changes with its strength."""
    works = len(strength)
    share, slope = np.zeros(works), np.zeros(works)
    for first in range(0, works, BLOCK):
        some = slice(first, first + BLOCK)
        wins = 1 / (1 + np.exp(strength[None, :] - strength[some, None]))
        share[some] = wins.sum(axis=1) - 0.5  # against itself
        slope[some] = (wins * (1 - wins)).sum(axis=1) - 0.25
    return share / max(works - 1, 1), slope / max(works - 1, 1)
