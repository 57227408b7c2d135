"""The mean, corrected for how generous each reviewer is: works and reviewers are estimated at once.

Points = class mean + level of the work + leniency of the reviewer + chance; levels and leniencies are random effects
whose variances are estimated along with them (best linear unbiased prediction by the EM algorithm; Henderson 1975,
Dempster, Laird and Rubin 1977).

The score is the mean of what reviewers gave, less their leniency. It is not drawn towards the mean of the class: that
would be nearer on average, by taking from the best works and giving to the weakest, and nobody could explain it to
either.
"""

from dataclasses import dataclass

from lmssocial.core.hooks.rating import RaterFound, Ratings, Scored, Scores
from lmssocial.widgets.peer_rating.scoring.late_numpy import Floats, np
from lmssocial.widgets.peer_rating.scoring.means import mean
from lmssocial.widgets.peer_rating.scoring.tables import STAFF, Table

METHOD = "bias-corrected"
ROUNDS = 200


@dataclass(frozen=True, eq=False, kw_only=True)
class Effects:
    """What explains the points."""

    lenient: Floats
    """Of each peer, beside the whole class."""
    all_lenient: float
    """Of the whole class, as far as staff's reviews tell."""
    of_works: float
    """The variance of levels."""
    of_raters: float
    """The variance of leniencies."""
    of_chance: float
    """The variance of what neither explains."""


def effects(table: Table) -> Effects:
    """What explains the points of ``table``, in which peers gave something."""
    work, rater, points = table.work, table.rater, table.points
    ones = np.ones_like(points)
    reviews, written = table.by_work(ones), table.by_rater(ones)
    held = STAFF * table.by_staffed(np.ones_like(table.staff_points))
    staff = STAFF * len(table.staff_points)
    least = table.least_variance
    of_works = of_raters = of_chance = max(float(points.var()) / 3, least)
    middle, lenient, shift = float(points.mean()), np.zeros(len(table.raters)), 0.0
    for _ in range(ROUNDS):
        known_works = reviews + held + of_chance / of_works
        level = (
            table.by_work(points - shift - middle - lenient[rater])
            + STAFF * table.by_staffed(table.staff_points - middle)
        ) / known_works
        known_raters = written + of_chance / of_raters
        lenient = table.by_rater(points - shift - middle - level[work]) / known_raters
        shift = table.class_leniency(points - lenient[rater], ones)
        rest = points - shift - level[work] - lenient[rater]
        told = STAFF * float((table.staff_points - level[table.staff_work]).sum())
        middle = (float(rest.sum()) + told) / (len(points) + staff)
        off_works, off_raters = of_chance / known_works, of_chance / known_raters
        of_works = max(float((level**2 + off_works).mean()), least)
        of_raters = max(float((lenient**2 + off_raters).mean()), least)
        of_chance = max(
            float(((rest - middle) ** 2 + off_works[work] + off_raters[rater]).mean()),
            least,
        )
    return Effects(
        lenient=lenient, all_lenient=shift, of_works=of_works, of_raters=of_raters, of_chance=of_chance
    )


def bias_corrected(ratings: Ratings) -> Scores:
    """The mean of what each work was given, less how generous those were who gave it."""
    if sum(not one.is_staff for one in ratings.given) < 2:
        return mean(ratings)
    table = Table.of(ratings)
    found = effects(table)
    lenient = found.lenient + found.all_lenient
    ones = np.ones_like(table.points)
    weight = table.by_work(ones) + STAFF * table.by_staffed(np.ones_like(table.staff_points))
    points = (
        table.by_work(table.points - lenient[table.rater]) + STAFF * table.by_staffed(table.staff_points)
    ) / weight
    unsure = np.sqrt(1 / (weight / found.of_chance + 1 / found.of_works))
    return Scores(
        works=scored(ratings, table, points, unsure),
        raters=tuple(
            RaterFound(rater=rater, lenient=float(one))
            for rater, one in zip(table.raters, lenient, strict=True)
        ),
        method=METHOD,
    )


def scored(ratings: Ratings, table: Table, points: Floats, unsure: Floats) -> tuple[Scored, ...]:
    """The works of ``ratings``, with numbers that stand beside :attr:`Table.works`; none falls off the rubric."""
    place = {work: index for index, work in enumerate(table.works)}
    inside = np.clip(points, table.low, table.high)
    return tuple(
        Scored(work=work, points=float(inside[place[work]]), unsure=float(unsure[place[work]]))
        if work in place
        else Scored(work=work, points=None)
        for work in ratings.works
    )
