"""What the statements of the ClickHouse store have in common."""

# ruff: noqa: S608 – statements are put together from constants of ours; values are parameters

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lmssocial_reporting.store.port import READING, Act, Evidence
from lmssocial_reporting.store.rows import ACT_COLUMNS, DEED, EVIDENCE_COLUMNS, KIND, ROLE

ACTS = "course_id IN {courses:Array(Int64)} AND day BETWEEN {since:Date} AND {until:Date}"
"""In some courses on some days; see :func:`within`."""
EVIDENCE = (
    f"{ACTS} AND (course_id, day, generation) IN"
    f" (SELECT course_id, day, max(generation) FROM reporting_day WHERE {ACTS} GROUP BY course_id, day)"
)
"""Likewise, of the generation that counts."""

COUNTED = "NOT (deed IN {reading:Array(String)} AND member IN {unread:Array(Int64)})"
"""That an act is not reading or searching of some members; see :func:`without`."""

_EPOCH = date(1970, 1, 1)
_START = datetime(1970, 1, 1, tzinfo=UTC)
_AS = {"at": "toUnixTimestamp64Micro(at)", "day": "toInt32(day)", "third": "toInt32(third)"}
_DAY, _AT, _DEED = (ACT_COLUMNS.index(name) for name in ("day", "at", "deed"))
_E_DAY, _E_ROLE, _E_KIND, _E_THIRD = (
    EVIDENCE_COLUMNS.index(name) for name in ("day", "role", "kind", "third")
)


def within(course_ids: Collection[int], since: date, until: date) -> dict[str, object]:
    """The parameters of :data:`ACTS` and :data:`EVIDENCE`."""
    return {"courses": sorted(course_ids), "since": since, "until": until}


def without(unread: Collection[int]) -> dict[str, object]:
    """The parameters of :data:`COUNTED`."""
    return {"reading": sorted(READING), "unread": sorted(unread)}


def a_day(number: int) -> date:
    """A day from days since 1970."""
    return _EPOCH + timedelta(days=number)


def a_moment(number: int) -> datetime:
    """A time from microseconds since 1970."""
    return _START + timedelta(microseconds=number)


def select_acts(where: str) -> str:
    """The statement that reads acts, in order of (at, event_id, part)."""
    columns = ", ".join(_AS.get(name, name) for name in ACT_COLUMNS)
    return (
        f"SELECT {columns} FROM reporting_act FINAL WHERE {where}"
        " ORDER BY reporting_act.at, event_id, part"
        " SETTINGS do_not_merge_across_partitions_select_final = 1"
    )


def select_evidence(where: str) -> str:
    """The statement that reads evidence."""
    columns = ", ".join(_AS.get(name, name) for name in EVIDENCE_COLUMNS)
    return f"SELECT {columns} FROM reporting_evidence WHERE {where}"


def acts_from(rows: Iterable[Sequence[Any]]) -> list[Act]:
    """Acts from what :func:`select_acts` gives."""
    found = []
    for row in rows:
        values = list(row)
        values[_AT], values[_DAY], values[_DEED] = a_moment(row[_AT]), a_day(row[_DAY]), DEED[row[_DEED]]
        found.append(Act(*values))
    return found


def evidence_from(rows: Iterable[Sequence[Any]]) -> list[Evidence]:
    """Evidence from what :func:`select_evidence` gives."""
    found = []
    for row in rows:
        values = dict(zip(EVIDENCE_COLUMNS, row, strict=True))
        values |= {
            "day": a_day(row[_E_DAY]),
            "role": ROLE[row[_E_ROLE]],
            "kind": KIND[row[_E_KIND]],
            "third": bool(row[_E_THIRD]),
        }
        found.append(Evidence(**values))
    return found
