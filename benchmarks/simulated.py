"""Classes that never were: how near each way of scoring comes to a truth that is known, with reviewers of all kinds.

Works are worth 70 points of 100 and differ by 13, reviewers' leniency differs by 6, and what each of them gives
scatters by 5 to 13. The same seed, the same classes. ``python -m benchmarks.simulated --all`` makes five times as many.
"""

import argparse
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from benchmarks.others import median
from lmssocial.core.hooks.rating import Given, Ratings, Scores
from lmssocial.widgets.peer_rating.scoring.means import mean
from lmssocial.widgets.peer_rating.scoring.robust import robust
from lmssocial.widgets.peer_rating.scoring.two_way import bias_corrected

SEED = 261_122
"""Not one of those that the constants of the robust method were chosen with."""
QUICK, CLASSES, ALL = 2, 12, 60
"""Of each kind."""
KINDS = ((30, 3), (100, 3), (100, 5), (300, 4))
"""Works, and reviews of each."""
METHODS: dict[str, Callable[[Ratings], Scores]] = {
    "mean": mean,
    "median": median,
    "bias-corrected": bias_corrected,
    "robust": robust,
}
FEWEST_ROBUST = 0.6
"""With a fifth of random reviewers, 100 works and five reviews: at most so many times the error of the mean."""
MOST_WITHOUT = 1.05
"""Without any bias: at most so many times."""


class Scene(StrEnum):
    """What reviewers are like."""

    PLAIN = "nobody is strict or generous"
    HONEST = "honest"
    RANDOM = "20 % give anything"
    MIDDLE = "… works are worth 50"
    """Then any number of points is not so far off, and harder to tell."""
    LAZY = "20 % give about 90"
    FRIENDS = "15 % give each other 97"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One kind of class in one scene."""

    works: int
    reviews: int
    scene: Scene
    off: dict[str, float]
    """Method → root mean square error, in points of 100, over all classes."""


def simulate(classes: int = CLASSES) -> list[Cell]:
    """Every kind of class in every scene."""
    return [_cell(works, reviews, scene, classes) for works, reviews in KINDS for scene in Scene]


def _cell(works: int, reviews: int, scene: Scene, classes: int) -> Cell:
    squares = dict.fromkeys(METHODS, 0.0)
    for number in range(classes):
        chance = random.Random(f"{SEED}:{works}:{reviews}:{scene}:{number}")  # noqa: S311  # a simulation
        truth, ratings = a_class(chance, works, reviews, scene)
        for name, score in METHODS.items():
            squares[name] += error(score(ratings), truth) ** 2
    return Cell(
        works=works,
        reviews=reviews,
        scene=scene,
        off={name: math.sqrt(square / classes) for name, square in squares.items()},
    )


def a_class(chance: random.Random, works: int, reviews: int, scene: Scene) -> tuple[list[float], Ratings]:
    """What each work is worth, and what reviewers gave; everybody reviews as often as they are reviewed."""
    level = 50 if scene is Scene.MIDDLE else 70
    truth = [min(100.0, max(0.0, chance.gauss(level, 13))) for _ in range(works)]
    lenient = [0.0 if scene is Scene.PLAIN else chance.gauss(0, 6) for _ in range(works)]
    scatter = [chance.uniform(5, 13) for _ in range(works)]
    share = 0.15 if scene is Scene.FRIENDS else 0.2
    odd = set(chance.sample(range(works), round(share * works)))
    order = chance.sample(range(works), works)
    steps = chance.sample(range(1, works), reviews)
    given = []
    for place, rater in enumerate(order):
        for step in steps:
            work = order[(place + step) % works]
            points = chance.gauss(truth[work] + lenient[rater], scatter[rater])
            if rater in odd:
                points = _odd(chance, scene, points, is_friend=work in odd)
            given.append(Given(work=work + 1, rater=rater + 1, points=min(100.0, max(0.0, points))))
    return truth, Ratings(low=0.0, high=100.0, works=tuple(range(1, works + 1)), given=tuple(given))


def _odd(chance: random.Random, scene: Scene, points: float, *, is_friend: bool) -> float:
    if scene in {Scene.RANDOM, Scene.MIDDLE}:
        return chance.uniform(0, 100)
    if scene is Scene.LAZY:
        return chance.gauss(90, 3)
    if scene is Scene.FRIENDS and is_friend:
        return chance.gauss(97, 2)
    return points


def error(scores: Scores, truth: Sequence[float]) -> float:
    """The root mean square error of the scores of works that are numbered from 1."""
    squares = [((one.points or 0.0) - truth[one.work - 1]) ** 2 for one in scores.works]
    return math.sqrt(math.fsum(squares) / len(squares))


def broken(cells: Sequence[Cell]) -> list[str]:
    """What is promised and does not hold; empty if all does."""
    found = []
    for cell in cells:
        times = cell.off["robust"] / cell.off["mean"]
        many = (cell.works, cell.reviews) == (100, 5)
        if cell.scene is Scene.RANDOM and many and times > FEWEST_ROBUST:
            found.append(f"random reviewers: robust is {times:.2f} times the mean, not {FEWEST_ROBUST}")
        if cell.scene is Scene.PLAIN and cell.works >= 100 and times > MOST_WITHOUT:
            found.append(f"{cell.works} × {cell.reviews}, no bias: robust is {times:.2f} times the mean")
    return found


def table(cells: Sequence[Cell]) -> str:
    """The figures, the smaller the better."""
    head = "".join(f"{name:>16}" for name in METHODS)
    lines = [f"Simulated classes, error in points of 100:{'':6}{head}"]
    for cell in cells:
        figures = "".join(f"{cell.off[name]:>16.2f}" for name in METHODS)
        lines.append(f"  {cell.works:>4} works × {cell.reviews}, {cell.scene:<30}{figures}")
    middles = "".join(f"{sum(cell.off[name] for cell in cells) / len(cells):>16.2f}" for name in METHODS)
    return "\n".join([*lines, f"  {'all together':<46}{middles}"])


def as_json(cells: Sequence[Cell]) -> list[dict[str, object]]:
    """The figures."""
    return [asdict(cell) for cell in cells]


def main() -> int:
    """Simulate, print, and say whether what is promised holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="five times as many classes")
    cells = simulate(ALL if parser.parse_args().all else CLASSES)
    print(table(cells))
    wrong = broken(cells)
    print("\n".join(wrong) or "What is promised of the robust score holds.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
