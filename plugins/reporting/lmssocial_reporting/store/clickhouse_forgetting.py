"""Deleting in ClickHouse: generations that nobody reads any more, courses that are told anew, and people.

Nothing here is undone by a transaction that fails. So each of these may be done again, and leaves nothing behind if it
was done halfway before.
"""

# ruff: noqa: S608 – statements are put together from constants of ours; values are parameters

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from lmssocial_reporting.store.clickhouse_run import Run
from lmssocial_reporting.store.clickhouse_sql import a_day
from lmssocial_reporting.store.port import LASTING
from lmssocial_reporting.store.promises import Promises

READ_FOR = timedelta(hours=1)
"""How long a generation is kept that does not count any more, or not yet: nothing reads or writes for that long."""

_THEIRS = "member = {member:Int64} OR other = {member:Int64}"
_AT_ONCE = "SETTINGS mutations_sync = 1"


class ClickHouseForgetting:
    """A part of :class:`~lmssocial_reporting.store.clickhouse.ClickHouseStore`."""

    _run: Run
    _promises: Promises | None

    def sweep(self, before: datetime, kept_back: Collection[int] = ()) -> None:
        """Delete generations from before a time that do not count: replaced ones, and what a crash left behind.

        :param kept_back: generations that have to count, and may not do so yet.
        """
        self._run.query(
            "ALTER TABLE reporting_evidence DELETE WHERE generation < {before:Int64}"
            " AND generation NOT IN {kept:Array(Int64)} AND (course_id, day, generation) NOT IN"
            f" (SELECT course_id, day, max(generation) FROM reporting_day GROUP BY course_id, day) {_AT_ONCE}",
            {"before": int(before.timestamp() * 1_000_000), "kept": list(kept_back)},
        )

    def forget_course(self, course_id: int) -> None:
        """Delete everything of a course, so that it can be told anew."""
        for table in ("reporting_day", "reporting_evidence", "reporting_act"):  # what nobody reads goes last
            self._delete(table, "course_id = {course:Int64}", {"course": course_id})
        if self._promises:
            self._promises.forget_course(course_id)

    def traces_of(self, member: int) -> list[tuple[int, date]]:
        """All days (course, day) of the courses in which there is any act or evidence of somebody, or for them."""
        rows = self._run.query(
            "SELECT DISTINCT course_id, toInt32(day) FROM"
            " (SELECT course_id, day FROM reporting_act UNION ALL SELECT course_id, day FROM reporting_evidence)"
            f" WHERE course_id IN (SELECT course_id FROM reporting_act WHERE {_THEIRS} UNION ALL"
            f" SELECT course_id FROM reporting_evidence WHERE {_THEIRS}) ORDER BY 1, 2",
            {"member": member},
        )
        return [(course_id, a_day(day)) for course_id, day in rows]

    def forget_member(self, member: int) -> list[tuple[int, date]]:
        """Delete the acts and evidence of somebody, and blank them where others' acts served them, or an act lasts.

        :returns: the days (course, day) that have to be derived again: all of the courses with any trace of them. After
            it failed halfway, these may be fewer than before.
        """
        params: dict[str, object] = {"member": member}
        again = self.traces_of(member)
        self._delete("reporting_evidence", _THEIRS, params)
        self._delete(
            "reporting_act",
            "member = {member:Int64} AND deed NOT IN {lasting:Array(String)}",
            params | {"lasting": sorted(LASTING)},
        )
        self._run.query(
            "ALTER TABLE reporting_act UPDATE member = if(member = {member:Int64}, 0, member),"
            f" other = if(other = {{member:Int64}}, 0, other) WHERE {_THEIRS} {_AT_ONCE}",
            params,
        )
        return again

    def _delete(self, table: str, where: str, params: Mapping[str, object]) -> None:
        self._run.query(f"ALTER TABLE {table} DELETE WHERE {where} {_AT_ONCE}", params)
