"""Real peer grades, held against tutors': what the ways of scoring come to, and whether it is what is promised.

The data is that of C. M. Jones-Todd and A. Renelle (Journal of Statistics and Data Science Education, 2025,
10.1080/26939169.2025.2520205): 247 works of a course in Auckland, each graded by three peers and three tutors, of 14
points. It states no licence, so it is not here; ``make bench DATA=<folder>`` reads ``student_and_tutor-grades.RData``
from a folder or one below it.
"""

import math
import random
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import correlation, fmean

from benchmarks import rdata
from benchmarks.others import median
from benchmarks.simulated import SEED
from lmssocial.core.hooks.rating import Given, Ratings, Scores
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.reliability import Reliability, measure, wording

FILE = "student_and_tutor-grades.RData"
HIGH = 14.0
TUTOR = 1_000_000
"""Stands for the tutors together, as a rater."""
ANCHORS = (3, 5, 10)
"""So many works, graded by staff, hold the class."""
DRAWS = 20


@dataclass(frozen=True, kw_only=True)
class Data:
    """Peer grades, and what the works are taken to be worth."""

    ratings: Ratings
    truth: Mapping[int, float]
    """The mean of the tutors, by work."""
    tutors: tuple[tuple[int, float], ...]
    """Every single grade by a tutor."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A figure that has to come out."""

    what: str
    found: float
    least: float
    most: float

    @property
    def holds(self) -> bool:
        """Whether it did."""
        return self.least <= self.found <= self.most


def read(folder: Path) -> Data:
    """The data in ``folder``.

    :raises FileNotFoundError: if the file is not there.
    """
    found = sorted(folder.rglob(FILE))
    if not found:
        raise FileNotFoundError(f"{FILE} is not in {folder}")
    tables = rdata.frames(found[0])
    peers, tutors = tables["peer_grades"], tables["tutor_grades"]
    work = {name: number for number, name in enumerate(sorted(set(peers["file_name"])), 1)}
    rater = {name: number for number, name in enumerate(sorted(set(peers["assessor_id"])), 1)}
    given = tuple(
        Given(work=work[name], rater=rater[who], points=points)
        for name, who, points in zip(peers["file_name"], peers["assessor_id"], peers["score"], strict=True)
    )
    by_tutors = [
        (work[name], points)
        for name, points in zip(tutors["file_name"], tutors["total"], strict=True)
        if name in work
    ]
    of: dict[int, list[float]] = defaultdict(list)
    for number, points in by_tutors:
        of[number].append(points)
    return Data(
        ratings=Ratings(low=0.0, high=HIGH, works=tuple(sorted(work.values())), given=given),
        truth={number: fmean(points) for number, points in of.items()},
        tutors=tuple(by_tutors),
    )


def off(scores: Scores, data: Data, without: Collection[int] = ()) -> float:
    """The root mean square error, of the works that are not among those ``without``."""
    squares = [
        (one.points - data.truth[one.work]) ** 2
        for one in scores.works
        if one.points is not None and one.work not in without
    ]
    return math.sqrt(fmean(squares))


def anchored(data: Data, works: Collection[int]) -> Ratings:
    """The peers' grades, and the tutors' of some works."""
    staff = tuple(
        Given(work=work, rater=TUTOR, points=data.truth[work], is_staff=True) for work in sorted(works)
    )
    return replace(data.ratings, given=data.ratings.given + staff)


def report(folder: Path) -> tuple[str, list[Promise]]:
    """What is found, as text, and what was promised of it."""
    data = read(folder)
    works = {one.name: one.score for one in SCORINGS if not one.compares} | {"median": median}
    scored = {name: score(data.ratings) for name, score in works.items()}
    lines = [f"Peers of {FILE}, held against the mean of three tutors, of {HIGH:g} points:"]
    for name, scores in scored.items():
        points = [one.points or 0.0 for one in scores.works]
        right = [data.truth[one.work] for one in scores.works]
        lines.append(
            f"  {name:<15} error {off(scores, data):.3f}, correlation {correlation(points, right):.3f}, "
            f"on average {fmean(points) - fmean(right):+.2f}"
        )
    for many in ANCHORS:
        errors = _with_anchors(data, many)
        words = ", ".join(f"{name} {error:.3f}" for name, error in errors.items())
        lines.append(f"  with {many:>2} works graded by staff, error of the others: {words}")
    peers = measure((one.work, one.points) for one in data.ratings.given)
    tutors = measure(data.tutors)
    lines += [_agreement("peers", peers), _agreement("tutors", tutors), *(f"  “{w}”" for w in wording(peers))]
    return "\n".join(lines), _promises(data, scored, peers)


def _with_anchors(data: Data, many: int) -> dict[str, float]:
    errors: dict[str, list[float]] = defaultdict(list)
    for number in range(DRAWS):
        chance = random.Random(f"{SEED}:{many}:{number}")  # noqa: S311  # a simulation
        works = chance.sample(sorted(data.truth), many)
        ratings = anchored(data, works)
        for one in SCORINGS:
            if one.name in {"mean", "bias-corrected", "robust"}:
                errors[one.name].append(off(one.score(ratings), data, works))
    return {name: fmean(found) for name, found in errors.items()}


def _agreement(who: str, found: Reliability) -> str:
    return (
        f"  {who:<7} alpha {found.alpha:.4f}, ICC(1) {found.single:.4f}, ICC(1,k) {found.together:.3f}, "
        f"reviews needed for .8: {found.needed:.1f}"
    )


def _promises(data: Data, scored: Mapping[str, Scores], peers: Reliability) -> list[Promise]:
    error = {name: off(scores, data) for name, scores in scored.items()}
    return [
        Promise(what="error of the mean", found=error["mean"], least=1.314, most=1.316),
        Promise(what="error, bias-corrected", found=error["bias-corrected"], least=1.306, most=1.308),
        Promise(what="error, robust", found=error["robust"], least=0.0, most=1.19),
        Promise(what="alpha", found=peers.alpha or 0.0, least=0.5236, most=0.5238),
        Promise(what="ICC(1)", found=peers.single or 0.0, least=0.5242, most=0.5244),
        Promise(what="ICC(1,k)", found=peers.together or 0.0, least=0.767, most=0.769),
        Promise(what="reviews needed", found=peers.needed or 0.0, least=3.55, most=3.65),
    ]


def run(folder: Path) -> int:
    """Print what is found; 1 if a promise does not hold."""
    text, promises = report(folder)
    print(text)
    for promise in promises:
        verdict = "holds" if promise.holds else f"DOES NOT HOLD ({promise.least} to {promise.most})"
        print(f"  {promise.what}: {promise.found:.4f} {verdict}")
    return 0 if all(promise.holds for promise in promises) else 1
