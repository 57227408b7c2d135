"""Scores worked out of ever more reviews: seconds, memory, and whether twice as many take twice as long.

Beside a floor in the same run: the same reviews, summed and divided work by work in a plain loop.
``python -m benchmarks.scoring`` is what runs in a process of its own, so that its memory and CPU are those of one
worker.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from benchmarks.processes import apart, own_memory
from lmssocial.core.hooks.rating import Given, Ratings
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS

SIZES = (1_000, 10_000, 100_000)
"""Reviews, five of each work."""
MARK = 50_000
"""Reviews of 10,000 works, the size that is promised."""
EACH = 5
FLOOR = "floor"
METHODS = ("mean", "bias-corrected", "robust")
TIMES = 3
"""Each is done so often; the quickest counts."""
SEED = 20_261_122


@dataclass(frozen=True, kw_only=True)
class Took:
    """What working out some scores took."""

    seconds: float
    """CPU."""
    grown_mib: float
    """What that added to the memory of the process at its highest, numpy included."""


@dataclass(frozen=True, kw_only=True)
class ScoringFound:
    """Everything measured about scoring."""

    took: dict[str, dict[int, Took]]
    """Method → reviews → what it took."""

    def ratio(self, method: str) -> float:
        """CPU at the promised size in multiples of the floor's."""
        return self.took[method][MARK].seconds / self.took[FLOOR][MARK].seconds

    def growth(self, method: str) -> float:
        """What one review costs among 100,000, in multiples of what it costs among 10,000: 1 is linear."""
        few, many = SIZES[-2:]
        took = self.took[method]
        return (took[many].seconds / many) / (took[few].seconds / few)


def measure() -> ScoringFound:
    """Work scores out at every size, each in a process of its own."""
    return ScoringFound(
        took={
            method: {
                reviews: Took(**apart("benchmarks.scoring", method, str(reviews)))
                for reviews in sorted({*SIZES, MARK})
            }
            for method in (FLOOR, *METHODS)
        }
    )


def table(found: ScoringFound) -> str:
    """What was measured, in a few lines."""
    lines = [
        (
            f"Scores of {MARK // EACH:,} works × {EACH} reviews, beside summing and dividing in a loop "
            f"({found.took[FLOOR][MARK].seconds * 1000:.0f} ms):"
        )
    ]
    for method in METHODS:
        took = found.took[method]
        sizes = ", ".join(f"{reviews:,}: {took[reviews].seconds:.2f} s" for reviews in SIZES)
        lines.append(
            f"  {method:<15} {took[MARK].seconds:.2f} s, {found.ratio(method):.0f} times the floor; "
            f"{took[MARK].grown_mib:.0f} MiB more; reviews {sizes}; one of 100,000 costs "
            f"{found.growth(method):.2f} times one of 10,000."
        )
    return "\n".join(lines)


def as_json(found: ScoringFound) -> dict[str, object]:
    """The figures by method."""
    return {
        method: {
            "ratio": found.ratio(method),
            "growth": found.growth(method),
            "sizes": {str(reviews): asdict(took) for reviews, took in found.took[method].items()},
        }
        for method in (FLOOR, *METHODS)
    }


def made_up(reviews: int) -> Ratings:
    """So many reviews, five of each work, by reviewers who are generous, careful and careless in turns."""
    chance = random.Random(SEED)  # noqa: S311  # a simulation
    works = reviews // EACH
    lenient = [chance.gauss(0, 6) for _ in range(works)]
    given = []
    for work in range(works):
        level = chance.gauss(65, 13)
        for step in range(1, EACH + 1):
            rater = (work + step * step * 7) % works
            points = chance.uniform(0, 100) if rater % 20 == 0 else chance.gauss(level + lenient[rater], 9)
            given.append(Given(work=work + 1, rater=rater + 1, points=min(100.0, max(0.0, points))))
    return Ratings(low=0.0, high=100.0, works=tuple(range(1, works + 1)), given=tuple(given))


def bare(ratings: Ratings) -> list[float | None]:
    """The mean of each work, and nothing else."""
    sums: dict[int, float] = {}
    many: dict[int, int] = {}
    for one in ratings.given:
        sums[one.work] = sums.get(one.work, 0.0) + one.points
        many[one.work] = many.get(one.work, 0) + 1
    return [sums[work] / many[work] if work in sums else None for work in ratings.works]


def main() -> None:
    """Work scores out, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("method", choices=[FLOOR, *METHODS])
    parser.add_argument("reviews", type=int)
    given = parser.parse_args()
    work: dict[str, Callable[[Ratings], object]] = {one.name: one.score for one in SCORINGS} | {FLOOR: bare}
    ratings = made_up(given.reviews)
    before, best = own_memory("VmHWM"), float("inf")
    for _ in range(TIMES):
        began = time.process_time()
        work[given.method](ratings)
        best = min(best, time.process_time() - began)
    print(json.dumps(asdict(Took(seconds=best, grown_mib=own_memory() - before))))


if __name__ == "__main__":
    main()
