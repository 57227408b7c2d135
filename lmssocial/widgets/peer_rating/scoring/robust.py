"""The two-way model, with reviewers who differ in care, and reviews that say nothing about the work.

What a reviewer gives is, but for a small share of their reviews, the work's level and their own leniency and scatter;
the rest might be any number of points. Everything is estimated at once by the EM algorithm (after model PG1 of Piech et
al., "Tuned Models of Peer Assessment in MOOCs", 2013, and a mixture against outliers). The score is the mean of what
reviewers gave less their leniency, each by how sure it is, and not drawn towards the mean of the class.

No chance is involved: the same reviews, the same scores.
"""

import math
from dataclasses import dataclass, replace

from lmssocial.core.hooks.rating import RaterFound, Ratings, Scores
from lmssocial.widgets.peer_rating.scoring.late_numpy import Floats, np
from lmssocial.widgets.peer_rating.scoring.means import mean
from lmssocial.widgets.peer_rating.scoring.tables import STAFF, Table
from lmssocial.widgets.peer_rating.scoring.two_way import effects, scored

METHOD = "robust"
ROUNDS = 80
SCATTER_PRIOR = 4.0
"""A reviewer is taken to scatter like all others, as firmly as twice so many reviews could say."""
CARELESS = 0.05
"""The share of reviews that say nothing, before anything is known of a reviewer …"""
CARELESS_PRIOR = 6.0
"""… as firmly as so many reviews could say."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _State:
    """The estimates of one round."""

    middle: float
    level: Floats
    off_level: Floats
    """Variances: how far :attr:`level` may be off."""
    lenient: Floats
    shift: float
    """The leniency of the whole class, as far as staff's reviews tell."""
    sure: Floats
    """Of each peer: one over the variance of what they give."""
    meant: Floats
    """Of each review: the probability that it is about the work."""
    careless: Floats
    of_works: float
    of_raters: float
    of_chance: float


def robust(ratings: Ratings) -> Scores:
    """The mean of what each work was given, by how much each review can be relied on."""
    if sum(not one.is_staff for one in ratings.given) < 2:
        return mean(ratings)
    table = Table.of(ratings)
    state = _begin(table)
    for turn in range(ROUNDS):
        state = _round(table, state, first=turn == 0)
    weight = state.meant * state.sure[table.rater]
    staff = STAFF / state.of_chance * table.by_staffed(np.ones_like(table.staff_points))
    corrected = table.points - state.shift - state.lenient[table.rater]
    total = table.by_work(weight) + staff
    # Where every reviewer of a work looks careless, they weigh alike: something has to be said, and staff be shown it.
    lost = total < 1e-9 / state.of_chance
    weight = np.where(lost[table.work], 1 / state.of_chance, weight)
    total = table.by_work(weight) + staff
    points = (
        table.by_work(weight * corrected) + STAFF / state.of_chance * table.by_staffed(table.staff_points)
    ) / total
    return Scores(
        works=scored(ratings, table, points, 1 / np.sqrt(1 / state.of_works + total)),
        raters=tuple(
            RaterFound(
                rater=rater,
                lenient=float(state.lenient[index] + state.shift),
                scatter=1 / math.sqrt(state.sure[index]),
                careless=float(state.careless[index]),
            )
            for index, rater in enumerate(table.raters)
        ),
        method=METHOD,
    )


def _begin(table: Table) -> _State:
    found = effects(table)
    medians, middle = table.medians()
    peers = len(table.raters)
    return _State(
        middle=middle,
        level=medians - middle,
        off_level=np.zeros(len(table.works)),
        lenient=np.zeros(peers),
        shift=found.all_lenient,
        sure=np.full(peers, 1 / found.of_chance),
        meant=np.ones_like(table.points),
        careless=np.full(peers, CARELESS),
        of_works=found.of_works,
        of_raters=found.of_raters,
        of_chance=found.of_chance,
    )


def _round(table: Table, before: _State, *, first: bool) -> _State:
    """Estimate everything once more, each from what is known of the others."""
    now = _of_works(table, before, first=first)
    now, off_lenient = _of_raters(table, now)
    work, rater = table.work, table.rater
    off = table.points - now.shift - now.middle - now.level[work] - now.lenient[rater]
    blurred = off**2 + now.off_level[work] + off_lenient[rater]
    counted = table.by_rater(now.meant)
    sure = (SCATTER_PRIOR + counted / 2) / (
        SCATTER_PRIOR * now.of_chance + table.by_rater(now.meant * blurred) / 2
    )
    meant = _meant(table, off, sure, now.careless)
    written = table.by_rater(np.ones_like(table.points))
    careless = (CARELESS_PRIOR * CARELESS + table.by_rater(1 - meant)) / (CARELESS_PRIOR + written)
    least, weight = table.least_variance, float(meant.sum())
    of_chance = max(float((meant * blurred).sum()) / max(weight, least), least)
    told = STAFF * float((table.staff_points - now.level[table.staff_work]).sum())
    rest = float((meant * (off + now.middle)).sum())
    middle = (rest + told) / max(weight + STAFF * len(table.staff_points), least)
    return replace(
        now,
        sure=sure,
        meant=meant,
        careless=careless,
        middle=middle,
        of_works=max(float((now.level**2 + now.off_level).mean()), least),
        of_raters=max(float((now.lenient**2 + off_lenient).mean()), least),
        of_chance=of_chance,
    )


def _of_works(table: Table, now: _State, *, first: bool) -> _State:
    weight = now.meant * now.sure[table.rater]
    firm = STAFF / now.of_chance
    known = 1 / now.of_works + table.by_work(weight)
    known = known + firm * table.by_staffed(np.ones_like(table.staff_points))
    if first:  # the medians are the better beginning
        return replace(now, off_level=1 / known)
    rest = table.by_work(weight * (table.points - now.shift - now.middle - now.lenient[table.rater]))
    told = firm * table.by_staffed(table.staff_points - now.middle)
    return replace(now, level=(rest + told) / known, off_level=1 / known)


def _of_raters(table: Table, now: _State) -> tuple[_State, Floats]:
    rest = table.points - now.shift - now.middle - now.level[table.work]
    known = 1 / now.of_raters + now.sure * table.by_rater(now.meant)
    lenient = now.sure * table.by_rater(now.meant * rest) / known
    weight = now.meant * now.sure[table.rater] * now.of_chance
    shift = table.class_leniency(table.points - lenient[table.rater], weight)
    return replace(now, lenient=lenient, shift=shift), 1 / known


def _meant(table: Table, off: Floats, sure: Floats, careless: Floats) -> Floats:
    """The probability of each review that it is about its work, by how far it is off."""
    scale = np.sqrt(sure / (2 * math.pi))
    about = ((1 - careless) * scale)[table.rater] * np.exp(-sure[table.rater] * off**2 / 2)
    width = table.high - table.low
    if width <= 0:
        return np.ones_like(off)
    return about / (about + careless[table.rater] / width)
