"""The report of a site with 300 courses: its figures, its trend, a day derived anew, a whole course derived anew.

Each kind of database is measured in a process of its own (``python -m benchmarks.reporting``), on two sites of which
the second is several times the first, while the two courses that are measured stay as they are: a usual one, and a
huge one. Beside a floor in the same run: one query that counts the same rows by the same index. ClickHouse is
``chdb``, in such a process, where it is installed.

Evidence of all courses is written, and acts of the others only up to :data:`ACTS_OF_ALL` events: no page reads them.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks.processes import apart, own_memory
from benchmarks.reporting_site import BEGINS, DAYS, HUGE, LAST, USUAL, Course, Site, evidence_from
from benchmarks.stand import Stand
from lmssocial.core.db import make_engine
from lmssocial_reporting.evidence.deriving import derive
from lmssocial_reporting.models import ActRow, Base, EvidenceRow
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.clickhouse import ClickHouseStore
from lmssocial_reporting.store.port import Evidence, ReportStore
from lmssocial_reporting.store.rows import act_values, evidence_values
from lmssocial_reporting.store.sql import SqlStore
from tests.support.clickhouse import Chdb

QUICK = (Site(50_000, 30_000, 1_500), Site(100_000, 30_000, 1_500))
FULL = (Site(1_000_000, 300_000, 15_000), Site(10_000_000, 300_000, 15_000))
ACTS_OF_ALL = 1_000_000
BATCH = 5_000
TURNS = 21
WINDOW = Window.ending(LAST)
ALLOWED = 5.0
"""A 28-day profile of a usual course may take so many times as long as one indexed query."""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What was measured in one site on one kind of database, in milliseconds unless told otherwise."""

    events: int
    usual_events: int
    huge_events: int
    profile_p50: float
    """The figures of the profile page of the usual course."""
    profile_p95: float
    floor_p50: float
    """One indexed query there."""
    floor_p95: float
    trend: float
    """Four windows of it."""
    day: float
    """One of its days derived anew."""
    rebuilt: float
    """All of its days, one after the other, in seconds."""
    huge_profile: float
    huge_floor: float
    huge_trend: float
    huge_day: float
    grown_mib: float
    """What all of that added to the memory of its process."""

    @property
    def ratio(self) -> float:
        """A profile of the usual course in multiples of one indexed query."""
        return self.profile_p50 / self.floor_p50


def measure(stand: Stand, sites: Sequence[Site]) -> dict[str, list[Reported]]:
    """Fill a database twice, measure it each time; and once ClickHouse, on the first site."""
    found = {stand.backend: [_apart(stand.backend, stand.floor_url, site) for site in sites]}
    if find_spec("chdb"):
        found["clickhouse"] = [_apart("clickhouse", "sqlite://", sites[0])]
    return found


def table(found: dict[str, list[Reported]]) -> str:
    """What was measured, a line for each site and kind of database."""
    head = "".join(f"{word:>9}" for word in _COLUMNS)
    lines = [
        "  The report, in milliseconds; a whole course derived anew in seconds. “query”: one indexed query, the floor.",
        f"  {'':10}{'events':>12}{head}",
    ]
    for kind, sites in found.items():
        lines += [f"  {kind:10}{one.events:12,}{_cells(one)}" for one in sites]
    for kind, sites in found.items():
        if kind == "clickhouse":
            lines += [
                _compared(sites[0], other, others[0]) for other, others in found.items() if other != kind
            ]
        else:
            lines += _judged(kind, sites[0], sites[-1])[: len(sites)]
    return "\n".join(lines)


_COLUMNS = (
    "profile", "p95", "query", "ratio", "trend", "day", "course", "huge", "ratio", "trend", "day", "MiB",
)  # fmt: skip


def _cells(one: Reported) -> str:
    numbers = (
        one.profile_p50, one.profile_p95, one.floor_p50, one.ratio, one.trend, one.day, one.rebuilt,
        one.huge_profile, one.huge_profile / one.huge_floor, one.huge_trend, one.huge_day, one.grown_mib,
    )  # fmt: skip
    return "".join(f"{number:9.1f}" for number in numbers)


def _judged(kind: str, first: Reported, last: Reported) -> list[str]:
    """Whether it is fast enough, and whether it is the course that costs."""
    verdict = "yes" if max(first.ratio, last.ratio) <= ALLOWED else "NO"
    return [
        (
            f"  {kind}: a 28-day profile of a usual course ({first.usual_events:,} events) takes at most "
            f"{ALLOWED:.0f} times as long as one indexed query: {verdict}."
        ),
        (
            f"  {kind}: with {last.events / first.events:.0f} times the events in the site it takes "
            f"{last.profile_p50 / first.profile_p50:.2f} times as long, that of the huge course "
            f"{last.huge_profile / first.huge_profile:.2f} times."
        ),
    ]


def _compared(column: Reported, other: str, row: Reported) -> str:
    return (
        f"  ClickHouse against {other}: a profile takes {column.profile_p50 / row.profile_p50:.1f} times as long, "
        f"of the huge course {column.huge_profile / row.huge_profile:.1f} times, its trend "
        f"{column.huge_trend / row.huge_trend:.1f}, one of its days {column.huge_day / row.huge_day:.1f}."
    )


def as_json(found: dict[str, dict[str, list[Reported]]]) -> dict[str, Any]:
    """For the kept figures, by the kind of database beside which they were measured."""
    return {
        backend: {
            kind: [asdict(one) | {"ratio": one.ratio} for one in sites] for kind, sites in measured.items()
        }
        for backend, measured in found.items()
    }


def _apart(kind: str, url: str, site: Site) -> Reported:
    sizes = (str(site.events), str(site.huge), str(site.usual))
    return Reported(**apart("benchmarks.reporting", kind, url, *sizes))


class _Bench:
    """One site in one store."""

    def __init__(self, session: Session, store: ReportStore, site: Site) -> None:
        self.session, self.store, self.site = session, store, site

    def fill(self) -> None:
        """Write everything."""
        for course_id, size in self.site.sizes().items():
            course = Course(course_id, size)
            with_acts = self.site.events <= ACTS_OF_ALL or course_id in (HUGE, USUAL)
            if isinstance(self.store, ClickHouseStore):
                if with_acts:
                    self.store.add_acts(list(course.acts()))
                self._fill_columns(self.store, evidence_from(course.acts()).values())
                continue
            if with_acts:
                self._insert(ActRow, (act_values(act) for act in course.acts()))
            pieces = (one for day in evidence_from(course.acts()).values() for one in day)
            self._insert(EvidenceRow, (evidence_values(one) for one in pieces))
            self.session.commit()

    def _insert(self, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
        while some := list(islice(rows, BATCH)):
            self.session.execute(insert(table.__table__), some)  # type: ignore[arg-type]

    def _fill_columns(self, store: ClickHouseStore, days: Any) -> None:
        """Write all days of a course at once, as if each had been derived."""
        pieces: list[Evidence] = [one for day in days for one in day]
        for one_day in sorted({one.day.replace(day=1) for one in pieces}):
            month = [one for one in pieces if one.day.replace(day=1) == one_day]
            store.write_generation(month, 1)
            store.let_count(sorted({(one.course_id, one.day) for one in month}), 1)

    def measured(self) -> dict[str, float]:
        """All figures."""
        before = own_memory("VmRSS")
        usual, huge = (Course(one, self.site.sizes()[one]) for one in (USUAL, HUGE))
        of_usual, of_huge = usual.population(WINDOW), huge.population(WINDOW)
        profiles = self._times(lambda: self.store.profile(of_usual, least=5), TURNS)
        floors = self._times(lambda: self._floor(USUAL), TURNS)
        windows = [WINDOW]
        while len(windows) < 4:
            windows.append(windows[-1].before())
        return {
            "events": self.site.events,
            "usual_events": self.site.usual,
            "huge_events": self.site.huge,
            "profile_p50": median(profiles),
            "profile_p95": _p95(profiles),
            "floor_p50": median(floors),
            "floor_p95": _p95(floors),
            "trend": median(self._times(lambda: self._trend(usual, windows), TURNS // 4)),
            "day": median(self._days(USUAL)),
            "huge_profile": median(self._times(lambda: self.store.profile(of_huge, least=5), TURNS // 3)),
            "huge_floor": median(self._times(lambda: self._floor(HUGE), TURNS // 3)),
            "huge_trend": median(self._times(lambda: self._trend(huge, windows), 3)),
            "huge_day": median(self._days(HUGE)),
            "rebuilt": self._rebuilt() / 1000,
            "grown_mib": own_memory() - before,
        }

    def _trend(self, course: Course, windows: Sequence[Window]) -> None:
        """The profiles of several windows."""
        for one in windows:
            self.store.profile(course.population(one), least=5)

    def _floor(self, course_id: int) -> None:
        """One indexed query: who has how many pieces in which role, on the same rows."""
        if isinstance(self.store, ClickHouseStore):
            self.store.counts([course_id], WINDOW.first, WINDOW.last)
            return
        self.session.execute(
            select(EvidenceRow.member, EvidenceRow.role, func.count())
            .where(
                EvidenceRow.course_id == course_id,
                EvidenceRow.day.between(WINDOW.first, WINDOW.last),
            )
            .group_by(EvidenceRow.member, EvidenceRow.role)
        ).all()

    def _days(self, course_id: int) -> list[float]:
        """Some days derived anew, after all their evidence was taken away."""
        taken = []
        for number in range(3):
            day = BEGINS + timedelta(days=DAYS // 2 + 7 * number)
            self.store.replace_day(course_id, day, [])
            self.session.commit()
            taken += self._times(lambda day=day: self._derive(course_id, day), 1)  # type: ignore[misc]
        return taken

    def _rebuilt(self) -> float:
        """The usual course derived anew, day after day."""
        for number in range(DAYS):
            self.store.replace_day(USUAL, BEGINS + timedelta(days=number), [])
        self.session.commit()
        return sum(
            self._times(lambda day=BEGINS + timedelta(days=number): self._derive(USUAL, day), 1)[0]  # type: ignore[misc]
            for number in range(DAYS)
        )

    def _derive(self, course_id: int, day: Any) -> None:
        derive(self.session, self.store, course_id, day)
        self.session.commit()

    @staticmethod
    def _times(act: Callable[[], object], turns: int) -> list[float]:
        """Milliseconds of each turn; a first one, which reads everything from the disk, is not counted."""
        if turns > 1:
            act()
        found = []
        for _turn in range(turns):
            began = time.perf_counter()
            act()
            found.append((time.perf_counter() - began) * 1000)
        return found


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


@contextmanager
def _standing(kind: str, url: str, site: Site) -> Iterator[_Bench]:
    """Empty tables, and none when it is over."""
    engine = make_engine(url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session, TemporaryDirectory(prefix="bench-") as folder:
        if kind == "clickhouse":
            chdb = Chdb(str(Path(folder) / "chdb"))
            yield _Bench(session, ClickHouseStore(chdb), site)
            chdb.close()
        else:
            yield _Bench(session, SqlStore(session), site)
    Base.metadata.drop_all(engine)
    engine.dispose()


def main() -> None:
    """Fill and measure one site, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["sqlite", "postgres", "clickhouse"])
    parser.add_argument("url")
    for name in ("events", "huge", "usual"):
        parser.add_argument(name, type=int)
    given = parser.parse_args()
    with _standing(given.kind, given.url, Site(given.events, given.huge, given.usual)) as bench:
        bench.fill()
        if given.kind == "postgres":
            bench.session.connection().exec_driver_sql("ANALYZE")
            bench.session.commit()
        print(json.dumps(bench.measured()))


if __name__ == "__main__":
    main()
