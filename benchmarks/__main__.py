"""``make bench``: measure, print tables, keep the figures."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from benchmarks import (
    allocating,
    dropping_out,
    grades,
    inside,
    matching,
    passing_on,
    question_site,
    real_questions,
    real_ratings,
    report,
    reporting,
    rosters,
    scoring,
    simulated,
)
from benchmarks.course import fill
from benchmarks.launching import Launching
from benchmarks.load import Load
from benchmarks.masses import grow
from benchmarks.measuring import Scenario
from benchmarks.policies import switched
from benchmarks.processes import family, judges, memory
from benchmarks.report import Findings, row_of
from benchmarks.scenarios import POLICED, STATIC, Ask, asks, scenarios
from benchmarks.stand import Stand, standing
from tests.support.databases import PostgresDatabases
from tests.support.postgres import Postgres

FULL, QUICK = (10_000, 100_000), (1_000, 10_000)
"""Posts in the course: how many first, and how many when it has grown."""


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, under a minute")
    parser.add_argument("--db", choices=["sqlite", "postgres"], help="one kind of database only")
    parser.add_argument("--baseline", action="store_true", help="make this run the committed baseline")
    parser.add_argument(
        "--profile",
        choices=["thread_page", "last_page", "poll", "thread_list", "search", "reply", "launch"],
        help="show where the time of one request goes, and measure nothing",
    )
    parser.add_argument(
        "--data",
        type=Path,
        help="measure real peer grades, or real questions, in this folder, and nothing else",
    )
    given = parser.parse_args()
    if given.data:
        if question_site.is_there(given.data):
            return real_questions.run(given.data)
        return real_ratings.run(given.data)
    kinds = [given.db] if given.db else ["sqlite", "postgres"]
    found, graded, listed, pulled, matched, reported = [], {}, {}, {}, {}, {}
    for kind in kinds:
        with database(kind) as (ours, floor, roots), standing(kind, ours, floor, roots) as stand:
            if given.profile:
                profile(stand, given.profile)
                continue
            sizes = QUICK if given.quick else FULL
            found.append(measure(stand, *((3, 0.25) if given.quick else (9, 0.6)), sizes))
            print(report.table(found[-1], report.baseline()), end="\n\n", flush=True)
            graded[kind] = grades.measure(stand, grades.QUICK if given.quick else grades.FULL)
            print(grades.table(kind, graded[kind]), end="\n\n", flush=True)
            listed[kind] = rosters.measure(stand, rosters.QUICK if given.quick else rosters.FULL)
            print(rosters.table(kind, listed[kind]), end="\n\n", flush=True)
            pulled[kind] = allocating.pulled(stand)
            print(allocating.pull_table(kind, pulled[kind]), end="\n\n", flush=True)
            matched[kind] = matching.measure(stand, matching.QUICK if given.quick else matching.FULL)
            print(matching.table(kind, matched[kind]), end="\n\n", flush=True)
            reported[kind] = reporting.measure(stand, reporting.QUICK if given.quick else reporting.FULL)
            print(reporting.table(reported[kind]), end="\n\n", flush=True)
    if not found:
        return 0
    given_out = allocating.at_once()
    dropped = dropping_out.simulate(dropping_out.QUICK if given.quick else dropping_out.SEEDS)
    print(allocating.table(given_out), dropping_out.table(dropped), sep="\n\n", end="\n\n", flush=True)
    waited = passing_on.simulate(passing_on.QUICK if given.quick else passing_on.QUESTIONS)
    print(passing_on.table(waited), end="\n\n", flush=True)
    scores = scoring.measure()
    cells = simulated.simulate(simulated.QUICK if given.quick else simulated.CLASSES)
    print(scoring.table(scores), simulated.table(cells), sep="\n\n", end="\n\n", flush=True)
    print(report.EXPLANATION)
    run = report.as_json(found, quick=given.quick) | {
        "grades": grades.as_json(graded),
        "rosters": rosters.as_json(listed),
        "allocating": allocating.as_json(given_out, pulled),
        "dropping_out": dropping_out.as_json(dropped),
        "passing_on": passing_on.as_json(waited),
        "matching": matching.as_json(matched),
        "reporting": reporting.as_json(reported),
        "scoring": scoring.as_json(scores),
        "simulated": simulated.as_json(cells),
    }
    print(f"\nKept in {report.keep(run).relative_to(Path.cwd())}")
    if given.baseline:
        report.keep_as_baseline(run)
    return 0


@contextmanager
def database(kind: str) -> Iterator[tuple[str, str, list[int]]]:
    """Two empty databases of one kind, ours and the floor's, and the process of their server if there is one."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            yield f"sqlite:///{folder}/ours.sqlite3", f"sqlite:///{folder}/floor.sqlite3", []
        return
    server = Postgres()
    try:
        databases = PostgresDatabases(server.url, "bench")
        root = int((server.folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
        yield databases.empty(), databases.empty(), [root]
    finally:
        server.stop()


def measure(stand: Stand, rounds: int, seconds: float, sizes: tuple[int, int] = QUICK) -> Findings:
    """Measure everything, in ``rounds`` of ``seconds`` each, in a course of the second of two sizes.

    The first size says what became dearer by growing.
    """
    course = fill(stand)
    few = scenarios(stand, asks(stand, course, grow(stand, course, sizes[0])))
    with Load() as load:
        _turns(load, few, rounds // 2 + 1, seconds)
    found = scenarios(stand, asks(stand, course, grow(stand, course, sizes[1])))
    launching = Launching(stand)
    with Load() as load:
        for scenario, _ in found:
            scenario.measure(load, seconds / 3, 0)  # everything is imported, connected and cached after this
            scenario.rounds.clear()
        launching.measure(load, seconds / 3)
        launching.forget()
        for turn in range(rounds):
            for scenario, _ in found:
                scenario.measure(load, seconds, turn)
            launching.measure(load, seconds)
            print(f"\r{stand.backend}: round {turn + 1} of {rounds}", end="", file=sys.stderr, flush=True)
        print("\r", end="", file=sys.stderr)
    served = {pid: judges(pid) for pid in family(stand.tool_root)[1:]}
    memories = {pid: used for pid in served if (used := memory(pid))}
    with inside.application(stand) as app:
        queries = {scenario.name: _queries(stand, app, scenario, ask) for scenario, ask in found}
        return Findings(
            backend=stand.backend,
            rows={scenario.name: row_of(scenario, queries[scenario.name]) for scenario, _ in found},
            launch=launching.sum_up(inside.queries_of_launch(app, stand.campus.platform())),
            workers=[memories[pid] for pid in memories if not served[pid]],
            policies=[memories[pid] for pid in memories if served[pid]],
            posts=sizes,
            growth=_growth([scenario for scenario, _ in few], [scenario for scenario, _ in found]),
        )


def _turns(load: Load, found: list[tuple[Scenario, Ask]], rounds: int, seconds: float) -> None:
    """Measure pages that are compared with themselves later: all but those that write."""
    for turn in range(-1, rounds):
        for scenario, _ in found:
            if not scenario.name.startswith("reply"):
                scenario.measure(load, seconds, turn)
        if turn < 0:
            for scenario, _ in found:
                scenario.rounds.clear()


def _growth(few: list[Scenario], many: list[Scenario]) -> dict[str, float]:
    """How much more each page costs among many posts, in units of what sending bytes costs in the same rounds."""
    before = {scenario.name: scenario for scenario in few if scenario.rounds}
    unit = [
        next(one for one in of if one.name == STATIC).middle(lambda figure: figure.cost, floor=True)
        for of in (few, many)
    ]
    return {
        scenario.name: (scenario.middle(lambda figure: figure.cost) / unit[1])
        / (before[scenario.name].middle(lambda figure: figure.cost) / unit[0])
        for scenario in many
        if scenario.name in before and scenario.name != STATIC
    }


def _queries(stand: Stand, app: Flask, scenario: Scenario, ask: Ask) -> int:
    """How many statements a scenario's request sends."""
    if scenario.name != POLICED:
        return inside.queries_of(app, ask, scenario.ours.status)
    switched(stand.tool.settings.database, on=True)()
    return inside.queries_of(app, ask, scenario.ours.status)


def profile(stand: Stand, what: str) -> None:
    """Print where the time of one of our requests goes."""
    course = fill(stand)
    ours = asks(stand, course, grow(stand, course, FULL[0]))
    platform = stand.campus.platform()
    with inside.application(stand) as app:
        if what == "launch":
            inside.profile(lambda: inside.launch(app, platform))
        else:
            ask = ours.replies[0] if what == "reply" else getattr(ours, what)
            inside.profile(lambda: inside.send(app, ask))


if __name__ == "__main__":
    sys.exit(main())
