"""What the monitors and the profile's warnings read, in ClickHouse. One statement each."""

# ruff: noqa: S608 – statements are put together from constants of ours; values are parameters

from collections.abc import Collection
from datetime import UTC, date, datetime

from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.clickhouse_run import Run
from lmssocial_reporting.store.clickhouse_sql import (
    ACTS,
    COUNTED,
    EVIDENCE,
    a_day,
    a_moment,
    evidence_from,
    select_evidence,
    within,
    without,
)
from lmssocial_reporting.store.port import Deed, Edge, Evidence, Reading

QUARTER = 900
"""Seconds."""


class ClickHouseMonitoring:
    """A part of :class:`~lmssocial_reporting.store.clickhouse.ClickHouseStore`."""

    _run: Run

    def readings(self, course_ids: Collection[int], since: date, until: date) -> list[Reading]:
        """What was read on these days (both included), by time."""
        rows = self._run.query(
            "SELECT toUnixTimestamp64Micro(at), member, item, other, thread, placement_id, via"
            f" FROM reporting_act FINAL WHERE {ACTS} AND deed = 'read' ORDER BY reporting_act.at, event_id, part",
            within(course_ids, since, until),
        )
        return [Reading(a_moment(row[0]), *row[1:]) for row in rows]

    def evidence_between(
        self, course_ids: Collection[int], since: date, until: date, kinds: Collection[Kind]
    ) -> list[Evidence]:
        """The evidence of these kinds, in its own order."""
        rows = self._run.query(
            select_evidence(f"{EVIDENCE} AND kind IN {{kinds:Array(String)}}"),
            within(course_ids, since, until) | {"kinds": sorted(kinds)},
        )
        return sorted(evidence_from(rows))

    def uses(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[tuple[int, str, int], int]:
        """Acts by placement, widget and member; coming to the course is none. For reckoning only.

        :param unread: members whose reading and searching is left out.
        """
        rows = self._run.query(
            f"SELECT placement_id, widget, member, count() FROM reporting_act FINAL WHERE {ACTS}"
            f" AND deed != 'joined' AND {COUNTED} GROUP BY 1, 2, 3",
            within(course_ids, since, until) | without(unread),
        )
        return {(placement, widget, member): number for placement, widget, member, number in rows}

    def moments(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[datetime, int]:
        """Acts by the quarter of an hour (UTC) in which they were done. No zone of this world is offset by less.

        Those that :meth:`uses` counts.
        """
        rows = self._run.query(
            f"SELECT intDiv(toUnixTimestamp(at), {QUARTER}) AS quarter, count() FROM reporting_act FINAL"
            f" WHERE {ACTS} AND deed != 'joined' AND {COUNTED} GROUP BY quarter ORDER BY quarter",
            within(course_ids, since, until) | without(unread),
        )
        return {datetime.fromtimestamp(quarter * QUARTER, UTC): number for quarter, number in rows}

    def first_writing(self, course_ids: Collection[int], since: date) -> dict[int, date]:
        """On which day each member first published anything in one of the courses; of those who began ``since``."""
        rows = self._run.query(
            "SELECT member, toInt32(min(day)) FROM reporting_act WHERE course_id IN {courses:Array(Int64)}"
            " AND deed IN ('posted', 'replied') AND member != 0 GROUP BY member HAVING min(day) >= {since:Date}",
            {"courses": sorted(course_ids), "since": since},
        )
        return {member: a_day(day) for member, day in rows}

    def written(self, course_ids: Collection[int], since: date, until: date) -> dict[int, int]:
        """How many items each member published that still count: posts, replies, questions, works."""
        rows = self._run.query(
            f"SELECT member, uniqExact(item) FROM reporting_evidence WHERE {EVIDENCE}"
            " AND kind IN ('item.posted', 'reply.posted') GROUP BY member",
            within(course_ids, since, until),
        )
        return {member: number for member, number in rows}  # noqa: C416 – rows are sequences of any kind

    def readers_of(self, items: Collection[str]) -> set[tuple[str, int, int]]:
        """(Item, course, member) of all who read one of these items, in whichever course; for reckoning only."""
        if not items:
            return set()
        rows = self._run.query(
            "SELECT DISTINCT item, course_id, member FROM reporting_act WHERE item IN {items:Array(String)}"
            " AND deed = 'read' AND member != 0",
            {"items": sorted(items)},
        )
        return {(item, course, member) for item, course, member in rows}

    def tried(
        self, course_ids: Collection[int], since: date, until: date
    ) -> list[tuple[int, int, Deed, int]]:
        """(Course, member, deed, acts) of all that was done on these days; for reckoning only."""
        rows = self._run.query(
            f"SELECT course_id, member, deed, count() FROM reporting_act FINAL WHERE {ACTS} AND member != 0"
            " GROUP BY 1, 2, 3",
            within(course_ids, since, until),
        )
        return [(course, member, Deed(deed), number) for course, member, deed, number in rows]

    def taken_up(self, course_ids: Collection[int], since: date, until: date) -> dict[tuple[int, Kind], int]:
        """Items by which somebody was served, by course and kind of evidence."""
        rows = self._run.query(
            f"SELECT course_id, kind, uniqExact(item) FROM reporting_evidence WHERE {EVIDENCE} AND other != 0"
            " GROUP BY course_id, kind",
            within(course_ids, since, until),
        )
        return {(course, Kind(kind)): number for course, kind, number in rows}

    def fullest_threads(self, course_ids: Collection[int], window: Window) -> dict[Role, int]:
        """For each role, how many pieces of evidence the thread has that has most of them."""
        rows = self._run.query(
            "SELECT role, max(pieces) FROM (SELECT role, count() AS pieces FROM reporting_evidence"
            f" WHERE {EVIDENCE} AND thread != '' GROUP BY role, course_id, thread) GROUP BY role",
            within(course_ids, window.first, window.last),
        )
        return {Role(role): pieces for role, pieces in rows}

    def mutual_ties(
        self, course_ids: Collection[int], window: Window, at_least: int
    ) -> dict[Role, list[Edge]]:
        """For each role, who served whom so many times or more and was served by them as often; both directions."""
        ties = (
            f"SELECT role, member, other, count() AS pieces FROM reporting_evidence WHERE {EVIDENCE} AND other != 0"
            " GROUP BY role, member, other HAVING pieces >= {least:Int64}"
        )
        rows = self._run.query(
            f"SELECT role, member, other, pieces FROM ({ties})"
            f" WHERE (role, other, member) IN (SELECT role, member, other FROM ({ties})) ORDER BY role, member, other",
            within(course_ids, window.first, window.last) | {"least": at_least},
        )
        found: dict[Role, list[Edge]] = {}
        for role, member, other, pieces in rows:
            found.setdefault(Role(role), []).append(Edge(member, other, pieces))
        return found
