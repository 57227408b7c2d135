"""What becomes of a class in which people drop out, by how works are given out. A simulation with fixed seeds.

A hundred people hand in within a week, one in twelve late; then there is a week for reviews. Of those who review some
do only a part, some let a work lie until its lease ends, some do two more than they are asked. The same pure functions
decide as in an activity. ``python -m benchmarks.dropping_out`` prints the table alone.
"""

import heapq
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from lmssocial.core.hooks.rating import Pool, Rater, Reviewable
from lmssocial.widgets.peer_rating.allocating import balanced

PEOPLE, WANTED, LEAST = 100, 3, 2
DUE, END, LEASE = 7.0, 14.0, 1.0
"""In days."""
LATE, PART, LET_LIE, EXTRA = 0.08, 0.10, 0.07, 0.10
SEEDS, QUICK = 20, 4
CELLS = ((0.20, 3), (0.20, 4), (0.20, 5), (0.35, 4))
"""Shares of people who never review, and how many reviews are asked of everybody."""

Pick = Callable[[Pool, Rater], int | None]


def first_come(pool: Pool, rater: Rater) -> int | None:
    """What many tools do: what was handed in first, until it has as many as are wanted; then anything."""
    allowed = [work for work in pool.works if pool.allows(rater, work)]
    lacking = [work for work in allowed if work.load < pool.wanted]
    if lacking:
        return min(lacking, key=lambda work: work.order).id
    if not allowed:
        return None
    return min(allowed, key=lambda work: balanced.drawn(pool.seed, rater.id, work.id)).id


WAYS: dict[str, Pick] = {"first come, first served": first_come, "fewest first": balanced.pick}


@dataclass(frozen=True, kw_only=True)
class Became:
    """What became of the works of one class, or of several on average; shares of all works."""

    none: float
    two: float
    """At least two reviews."""
    three: float
    spread: float
    """The standard deviation of their numbers of reviews."""
    widest: float
    """Between the work with most and the one with fewest."""
    staff: float
    """Reviews that staff have to write for each 100 works, so that each has two."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One line of the table."""

    gone: float
    asked: int
    way: str
    became: Became


@dataclass(frozen=True)
class _Member:
    """How somebody behaves, whatever they are given."""

    begins: float
    does: int
    hands_in: float


def simulate(seeds: int = SEEDS) -> list[Cell]:
    """Every line, each over so many classes."""
    return [
        Cell(
            gone=gone,
            asked=asked,
            way=way,
            became=_mean([_class(gone, asked, pick, s) for s in range(seeds)]),
        )
        for gone, asked in CELLS
        for way, pick in WAYS.items()
    ]


def table(cells: Sequence[Cell]) -> str:
    """The lines for people."""
    names = f"{'none':>6} {'≥ 2':>6} {'≥ 3':>6} {'SD':>5} {'widest':>7} {'staff':>6}"
    head = f"  {'gone':>5} {'asked':>5}  {'given out':<25} {names}"
    lines = ["Reviews per work when people drop out (simulated; three wanted):", head]
    for cell in cells:
        got = cell.became
        lines.append(
            f"  {cell.gone:>5.0%} {cell.asked:>5}  {cell.way:<25} {got.none:>6.1%} {got.two:>6.1%} {got.three:>6.1%} "
            f"{got.spread:>5.2f} {got.widest:>7.2f} {got.staff:>6.1f}"
        )
    return "\n".join(lines)


def as_json(cells: Sequence[Cell]) -> list[dict[str, object]]:
    """The figures by line."""
    return [{"gone": cell.gone, "asked": cell.asked, "way": cell.way, **vars(cell.became)} for cell in cells]


def _members(chance: Random, gone: float, asked: int) -> list[_Member]:
    """A class: the same for every way of giving out."""
    found = []
    for _number in range(PEOPLE):
        hands_in = DUE + chance.uniform(0, 2) if chance.random() < LATE else DUE * chance.random() ** 0.5
        begins = max(hands_in, DUE + (END - DUE) * chance.random() ** 0.7)
        does = asked + 2 if chance.random() < EXTRA else asked
        does = chance.randint(1, asked - 1) if chance.random() < PART else does
        found.append(_Member(begins, 0 if chance.random() < gone else does, hands_in))
    return found


def _class(gone: float, asked: int, pick: Pick, seed: int) -> Became:
    """Let one class go through its two weeks."""
    chance = Random(f"{gone}:{asked}:{seed}")  # noqa: S311 – a simulation
    members = _members(chance, gone, asked)
    order = sorted(range(PEOPLE), key=lambda one: members[one].hands_in)
    works = {
        one: Reviewable(id=one, authors=frozenset({one}), order=order.index(one)) for one in range(PEOPLE)
    }
    raters = {one: Rater(id=one) for one in range(PEOPLE)}
    done, given = [0] * PEOPLE, [0] * PEOPLE
    events: list[tuple[float, int, str, int, int]] = []
    for one, member in enumerate(members):
        if member.does:
            heapq.heappush(events, (member.begins, one, "asks", one, 0))
    while events:
        at, _order, what, one, work = heapq.heappop(events)
        if what == "done" and at <= END:
            done[work] += 1
            given[one] += 1
        elif what != "asks" and work >= 0:
            works[work] = replace(works[work], load=works[work].load - 1)
        if at > END or given[one] >= members[one].does:
            continue
        there = tuple(works[other] for other in order if members[other].hands_in <= at)
        pool = Pool(works=there, raters=(raters[one],), wanted=WANTED, seed=str(seed))
        chosen = pick(pool, raters[one])
        if chosen is None:
            continue
        works[chosen] = replace(works[chosen], load=works[chosen].load + 1)
        raters[one] = replace(raters[one], had=raters[one].had | {chosen})
        raters[chosen] = replace(raters[chosen], reviewed_by=raters[chosen].reviewed_by | {one})
        lies = chance.random() < LET_LIE
        after = LEASE if lies else chance.uniform(0.02, 0.3)
        heapq.heappush(events, (at + after, PEOPLE + len(events), "lost" if lies else "done", one, chosen))
    return _became(done)


def _became(done: Sequence[int]) -> Became:
    many = len(done)
    return Became(
        none=sum(count == 0 for count in done) / many,
        two=sum(count >= LEAST for count in done) / many,
        three=sum(count >= WANTED for count in done) / many,
        spread=statistics.pstdev(done),
        widest=max(done) - min(done),
        staff=sum(max(LEAST - count, 0) for count in done) * 100 / many,
    )


def _mean(all_of: Sequence[Became]) -> Became:
    names = vars(all_of[0])
    return Became(**{name: statistics.fmean(getattr(one, name) for one in all_of) for name in names})


if __name__ == "__main__":
    print(table(simulate()))
