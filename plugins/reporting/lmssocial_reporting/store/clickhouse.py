"""The store in ClickHouse, for those who outgrow one machine. It gives the same integers as the site's database does.

There are no transactions here. Acts are told apart by their event, so that handing them in twice changes nothing. The
evidence of a day is written as another *generation*, which one row then makes the one that counts: readers see a day as
it was or as it is, and what a crash left behind is never read. That row is written once the site's own database has
committed what was told of the change, and that it is owed (``promises.py``), so that nothing is lost if it does not.
"""

# ruff: noqa: S608 – statements are put together from constants of ours; values are parameters

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from operator import attrgetter
from typing import Any

from lmssocial_reporting.definition import ROLES_1, WEAK, Kind, Role
from lmssocial_reporting.people import Population, Window
from lmssocial_reporting.store.clickhouse_forgetting import READ_FOR, ClickHouseForgetting
from lmssocial_reporting.store.clickhouse_monitoring import ClickHouseMonitoring
from lmssocial_reporting.store.clickhouse_run import Run
from lmssocial_reporting.store.clickhouse_sql import (
    ACTS,
    COUNTED,
    EVIDENCE,
    a_day,
    acts_from,
    evidence_from,
    select_acts,
    select_evidence,
    within,
    without,
)
from lmssocial_reporting.store.counting import profile_of
from lmssocial_reporting.store.port import Act, Changed, Deed, Edge, Evidence, Profile, Strength, Tally
from lmssocial_reporting.store.promises import Promises
from lmssocial_reporting.store.rows import ACT_COLUMNS, EVIDENCE_COLUMNS, ROLE, difference

CHUNK = 50_000
"""Rows that are handed to the server at once."""
SWEEP = 500
"""After about so many days that were derived, generations that nobody reads any more are deleted."""

_act_values = attrgetter(*ACT_COLUMNS)
_evidence_values = attrgetter(*EVIDENCE_COLUMNS)


class ClickHouseStore(ClickHouseMonitoring, ClickHouseForgetting):
    """A :class:`~lmssocial_reporting.store.port.ReportStore` in a ClickHouse database that has its tables."""

    def __init__(self, run: Run, promises: Promises | None = None) -> None:
        """Take a database; nothing is asked of it yet.

        :param run: the database; see :func:`~lmssocial_reporting.store.clickhouse_run.create_tables`.
        :param promises: of the transaction in which days are derived: evidence counts once it is committed. ``None``:
            there is none, and evidence counts at once.
        """
        self._run = run
        self._promises = promises
        self._unsettled: set[tuple[int, date]] = set()

    @property
    def unsettled(self) -> Collection[tuple[int, date]]:
        """Days (course, day) whose new evidence counts only once the transaction is committed."""
        return frozenset(self._unsettled)

    def add_acts(self, acts: Sequence[Act]) -> None:
        """Store acts; those that are there already stay as they are."""
        for at in range(0, len(acts), CHUNK):
            some = {(act.event_id, act.part): act for act in reversed(acts[at : at + CHUNK])}
            there = self._run.query(
                "SELECT event_id, part FROM reporting_act WHERE course_id IN {courses:Array(Int64)}"
                " AND event_id IN {events:Array(Int64)}",
                {
                    "courses": sorted({act.course_id for act in some.values()}),
                    "events": sorted({event for event, _part in some}),
                },
            )
            for event, part in there:
                some.pop((event, part), None)
            self._insert("reporting_act", [_act_values(act) for act in some.values()])

    def acts_between(
        self, course_ids: Collection[int], since: date, until: date, deeds: Collection[Deed] = ()
    ) -> list[Act]:
        """Acts of these days (both included), of these deeds or of all, in order of (at, event_id, part)."""
        return self._acts(ACTS, within(course_ids, since, until), deeds)

    def acts_about(
        self,
        course_id: int,
        *,
        items: Collection[str] = (),
        threads: Collection[str] = (),
        targets: Collection[str] = (),
        deeds: Collection[Deed] = (),
    ) -> list[Act]:
        """All acts of a course on any of these items, in these threads, or with these targets; ordered likewise.

        Of these deeds, or of all.
        """
        named = {"item": items, "thread": threads, "target": targets}
        asked = {name: sorted(set(values)) for name, values in named.items() if values}
        if not asked:
            return []
        about = " OR ".join(f"{name} IN {{{name}s:Array(String)}}" for name in asked)
        params: dict[str, object] = {f"{name}s": values for name, values in asked.items()}
        return self._acts(
            f"course_id = {{course:Int64}} AND ({about})", params | {"course": course_id}, deeds
        )

    def acts_of(self, course_id: int, members: Collection[int], deeds: Collection[Deed] = ()) -> list[Act]:
        """All acts of these members in a course; ordered likewise."""
        return self._acts(
            "course_id = {course:Int64} AND member IN {members:Array(Int64)}",
            {"course": course_id, "members": sorted(members)},
            deeds,
        )

    def replace_day(self, course_id: int, day: date, rows: Iterable[Evidence]) -> Changed:
        """Let these be all the evidence of a day, and say what that changed; an unchanged day writes nothing."""
        wanted = list(rows)
        self._make_good(course_id, day)
        there = self._evidence(EVIDENCE, within([course_id], day, day))
        found = difference(there, wanted)
        if not (found.deleted or found.inserted):
            return found.changed
        generation = self._next_generation(course_id, day)
        kept = set(there).difference(found.deleted).union(found.inserted)
        self.write_generation(sorted(kept), generation)
        let_count = partial(self.let_count, [(course_id, day)], generation)
        if self._promises is None:
            let_count()
        else:
            self._unsettled.add((course_id, day))
            self._promises.make(course_id, day, generation, let_count)
        if generation % SWEEP == 0:
            kept_back = self._promises.generations() if self._promises else ()
            self.sweep(datetime.fromtimestamp(generation / 1_000_000, UTC) - READ_FOR, kept_back)
        return found.changed

    def write_generation(self, pieces: Sequence[Evidence], generation: int) -> None:
        """Write evidence that does not count yet."""
        self._insert("reporting_evidence", [(*_evidence_values(one), generation) for one in pieces])

    def let_count(self, days: Sequence[tuple[int, date]], generation: int) -> None:
        """Let a generation be the evidence of some days (course, day) of one month."""
        self._insert("reporting_day", [(course_id, day, generation) for course_id, day in days])

    def evidence_of(
        self, course_ids: Collection[int], member: int, since: date, until: date
    ) -> list[Evidence]:
        """The evidence of one member, newest day first."""
        found = self._evidence(
            f"member = {{member:Int64}} AND {EVIDENCE}", within(course_ids, since, until) | {"member": member}
        )
        return sorted(sorted(found), key=lambda one: one.day, reverse=True)

    def strengths(self, course_ids: Collection[int], window: Window) -> list[Strength]:
        """How much evidence there is for each member and role, in one statement.

        Without evidence between two people alone (``lone_ties``), and without those who have none.
        """
        return [one.strength for one in self.tallies(course_ids, window) if one.strength.days]

    def profile(self, population: Population, *, least: int) -> Profile:
        """The profile of a window, with small cells left out. One statement."""
        tallies = self.tallies(population.course_ids, population.window)
        return profile_of(population, tallies, least=least)

    def edges(self, course_ids: Collection[int], window: Window, kinds: Collection[Kind] = ()) -> list[Edge]:
        """Who served whom how often, by these kinds of evidence or by all that serve somebody."""
        asked: dict[str, object] = {"kinds": sorted(kinds or Kind)}
        rows = self._run.query(
            f"SELECT member, other, count() FROM reporting_evidence WHERE {EVIDENCE} AND other != 0"
            " AND kind IN {kinds:Array(String)} GROUP BY member, other ORDER BY member, other",
            within(course_ids, window.first, window.last) | asked,
        )
        return [Edge(*row) for row in rows]

    def counts(
        self, course_ids: Collection[int], since: date, until: date
    ) -> dict[tuple[date, Role, Kind], int]:
        """Pieces of evidence by day, role and kind: numbers of acts, which name nobody."""
        rows = self._run.query(
            f"SELECT toInt32(day), role, kind, count() FROM reporting_evidence WHERE {EVIDENCE}"
            " GROUP BY day, role, kind ORDER BY day, role, kind",
            within(course_ids, since, until),
        )
        return {(a_day(day), Role(role), Kind(kind)): number for day, role, kind, number in rows}

    def deeds(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[tuple[date, Deed, str], int]:
        """Acts by day, deed and widget, without the reading and searching of ``unread``."""
        rows = self._run.query(
            f"SELECT toInt32(day), deed, widget, count() FROM reporting_act FINAL WHERE {ACTS} AND {COUNTED}"
            " GROUP BY day, deed, widget ORDER BY day, deed, widget",
            within(course_ids, since, until) | without(unread),
        )
        return {(a_day(day), Deed(deed), widget): number for day, deed, widget, number in rows}

    def tallies(self, course_ids: Collection[int], window: Window) -> list[Tally]:
        """How much there is for each member and role of a window; see ``store/tallying.py`` for the same in SQL."""
        alone = (
            f"SELECT member, other FROM reporting_evidence WHERE {EVIDENCE} AND NOT third AND other != 0"
            f" GROUP BY member, other HAVING count() >= {ROLES_1.lone_ties}"
        )
        rows = self._run.query(
            "SELECT member, role, uniqExactIf(day, counts), uniqExactIf(other, counts AND other != 0),"
            " max(counts AND kind NOT IN {weak:Array(String)}), count() FROM"
            " (SELECT member, role, kind, day, other, third"
            f" OR (member, other) NOT IN ({alone}) OR (other, member) NOT IN ({alone}) AS counts"
            f" FROM reporting_evidence WHERE {EVIDENCE})"
            " GROUP BY member, role ORDER BY member, role",
            within(course_ids, window.first, window.last) | {"weak": sorted(WEAK)},
        )
        return [
            Tally(Strength(member, ROLE[role], days, others, not firm), pieces)
            for member, role, days, others, firm, pieces in rows
        ]

    def _acts(self, where: str, params: Mapping[str, object], deeds: Collection[Deed] = ()) -> list[Act]:
        """The acts of which something is true, in order of (at, event_id, part)."""
        asked: dict[str, object] = {"deeds": sorted(deeds)} if deeds else {}
        only = " AND deed IN {deeds:Array(String)}" if deeds else ""
        return acts_from(self._run.query(select_acts(where + only), {**params, **asked}))

    def _evidence(self, where: str, params: Mapping[str, object]) -> list[Evidence]:
        return evidence_from(self._run.query(select_evidence(where), params))

    def _make_good(self, course_id: int, day: date) -> None:
        """Let count what was promised; most often it does already."""
        promised = self._promises.made(course_id, day) if self._promises else 0
        if self._promises and promised:
            ((counts,),) = self._run.query(
                f"SELECT max(generation) FROM reporting_day WHERE {ACTS}", within([course_id], day, day)
            )
            if counts < promised:
                self.let_count([(course_id, day)], promised)
            self._promises.keep(course_id, day)

    def _next_generation(self, course_id: int, day: date) -> int:
        """A number above all of a day: microseconds by the server's clock, as those of workers differ."""
        ((following,),) = self._run.query(
            "SELECT greatest(max(generation) + 1, toUnixTimestamp64Micro(now64(6))) FROM reporting_day"
            f" WHERE {ACTS}",
            within([course_id], day, day),
        )
        return int(following)

    def _insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        for at in range(0, len(rows), CHUNK):
            self._run.insert(table, rows[at : at + CHUNK])
