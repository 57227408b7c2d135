"""Ratings as columns of numbers, in an order that depends on nothing but the ratings."""

from dataclasses import dataclass
from typing import Self

from lmssocial.core.hooks.rating import Ratings
from lmssocial.widgets.peer_rating.scoring.late_numpy import Floats, Places, np

STAFF = 9.0
"""A review by an instructor or SME weighs as much as those of so many peers: as if it scattered a third as far."""


def sums(places: Places, values: Floats, many: int) -> Floats:
    """The sum of those ``values`` that stand at each of ``many`` places."""
    return np.asarray(np.bincount(places, values, many), dtype=np.float64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """What peers gave, and beside it what staff gave."""

    works: tuple[int, ...]
    """Every work that somebody gave points, sorted; calibration examples, too."""
    raters: tuple[int, ...]
    """Every peer who gave points, sorted."""
    work: Places
    """For each thing a peer gave, the place of the work in :attr:`works`."""
    rater: Places
    """… the place of the peer in :attr:`raters`."""
    points: Floats
    staff_work: Places
    """For each thing that staff gave, the place of the work in :attr:`works`."""
    staff_points: Floats
    low: float
    high: float

    @classmethod
    def of(cls, ratings: Ratings) -> Self:
        """The columns of ``ratings``, whatever order those come in."""
        given = sorted(ratings.given, key=lambda one: (one.work, one.rater, one.is_staff, one.points))
        peers = [one for one in given if not one.is_staff]
        staff = [one for one in given if one.is_staff]
        works = tuple(sorted({one.work for one in given}))
        raters = tuple(sorted({one.rater for one in peers}))
        place = {work: index for index, work in enumerate(works)}
        seat = {rater: index for index, rater in enumerate(raters)}
        return cls(
            works=works,
            raters=raters,
            work=np.array([place[one.work] for one in peers], dtype=np.intp),
            rater=np.array([seat[one.rater] for one in peers], dtype=np.intp),
            points=np.array([one.points for one in peers], dtype=np.float64),
            staff_work=np.array([place[one.work] for one in staff], dtype=np.intp),
            staff_points=np.array([one.points for one in staff], dtype=np.float64),
            low=ratings.low,
            high=ratings.high,
        )

    def by_work(self, values: Floats) -> Floats:
        """The sums, work by work, of numbers that stand beside what peers gave."""
        return sums(self.work, values, len(self.works))

    def by_rater(self, values: Floats) -> Floats:
        """The sums, peer by peer, of numbers that stand beside what they gave."""
        return sums(self.rater, values, len(self.raters))

    def by_staffed(self, values: Floats) -> Floats:
        """The sums, work by work, of numbers that stand beside what staff gave."""
        return sums(self.staff_work, values, len(self.works))

    @property
    def least_variance(self) -> float:
        """What no variance may fall below, so that people who all agree divide nothing by zero."""
        return max(1e-9 * (self.high - self.low) ** 2, 1e-12)

    def medians(self) -> tuple[Floats, float]:
        """The median of each work and of everything, by peers and staff; between the two in the middle if even."""
        work = np.concatenate([self.work, self.staff_work])
        points = np.concatenate([self.points, self.staff_points])
        order = np.lexsort((points, work))
        ranked = points[order]
        many = np.bincount(work, minlength=len(self.works))
        first = np.cumsum(many) - many
        middle = (ranked[first + (many - 1) // 2] + ranked[first + many // 2]) / 2
        return middle, float(np.median(points))

    def class_leniency(self, corrected: Floats, weights: Floats) -> float:
        """How many points peers give above staff, where both reviewed; without staff nobody can tell, and it is 0.

        A work says the more about it, the more reviews it has. All works together are held against a guess of 0 that
        is as sure as one review: one work that staff graded does not move the whole class by all it differs.

        :param corrected: what peers gave, without what is known of each of them.
        :param weights: how much each of that counts.
        """
        if not len(self.staff_work) or not len(self.work):
            return 0.0
        peers, staff = self.by_work(weights), STAFF * self.by_staffed(np.ones_like(self.staff_points))
        both = (peers > 0) & (staff > 0)
        if not both.any():
            return 0.0
        theirs = self.by_work(weights * corrected)[both] / peers[both]
        held = STAFF * self.by_staffed(self.staff_points)[both] / staff[both]
        sure = 1 / (1 / peers[both] + 1 / staff[both])
        return float((sure * (theirs - held)).sum() / (sure.sum() + 1))
