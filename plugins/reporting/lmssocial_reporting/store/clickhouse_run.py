"""What a store needs of ClickHouse, and how a server is spoken to. Nothing of it is imported before it is used."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol
from uuid import uuid4

from lmssocial.plugin import Problem
from lmssocial_reporting.store.rows import ACT_COLUMNS, EVIDENCE_COLUMNS

Value = int | str | bool
"""What comes back: days as days since 1970, times as microseconds since then (UTC)."""

PARTS = (*EVIDENCE_COLUMNS, "generation")
MARKS = ("course_id", "day", "generation")
COLUMNS: Mapping[str, Sequence[str]] = {
    "reporting_act": ACT_COLUMNS,
    "reporting_evidence": PARTS,
    "reporting_day": MARKS,
}
"""The columns of each table, in the order in which rows are handed in."""

TABLES = (
    """CREATE TABLE IF NOT EXISTS reporting_act (
        event_id Int64, part Int32, tenant_id Int32, course_id Int32, at DateTime64(6, 'UTC'), day Date,
        member Int32, lms_role LowCardinality(String), deed LowCardinality(String), item String, other Int32,
        thread String, target String, placement_id Int32, widget LowCardinality(String), number Int32, whole Int32,
        via LowCardinality(String),
        INDEX by_item item TYPE bloom_filter GRANULARITY 4,
        INDEX by_thread thread TYPE bloom_filter GRANULARITY 4,
        INDEX by_target target TYPE bloom_filter GRANULARITY 4,
        INDEX by_member member TYPE bloom_filter GRANULARITY 4,
        INDEX by_other other TYPE bloom_filter GRANULARITY 4
    ) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (course_id, day, event_id, part)
    SETTINGS non_replicated_deduplication_window = 1000""",
    """CREATE TABLE IF NOT EXISTS reporting_evidence (
        course_id Int32, day Date, member Int32, role LowCardinality(String), kind LowCardinality(String),
        other Int32, item String, third Bool, placement_id Int32, widget LowCardinality(String), thread String,
        generation Int64,
        INDEX by_member member TYPE bloom_filter GRANULARITY 4,
        INDEX by_other other TYPE bloom_filter GRANULARITY 4
    ) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(day)
    ORDER BY (course_id, day, generation, member, role, kind, other, item)
    SETTINGS non_replicated_deduplication_window = 1000""",
    """CREATE TABLE IF NOT EXISTS reporting_day (course_id Int32, day Date, generation Int64)
    ENGINE = ReplacingMergeTree(generation) PARTITION BY toYYYYMM(day) ORDER BY (course_id, day)""",
)
"""``reporting_day`` says which generation of each day's evidence counts. It stands in the key of the evidence, so that
no merge mixes one that was written halfway with the one that counts. Evidence is counted as it stands, without
waiting for a merge, so the window is what lets the server know an insert that its client sends again."""


class Run(Protocol):
    """A ClickHouse database, as far as the store needs one."""

    def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[Sequence[Any]]:
        """Run one statement and give its rows.

        :param params: values for its ``{name:Type}``: numbers, strings, days and lists of numbers or strings.
        """

    def insert(self, table: str, rows: Collection[Sequence[Any]]) -> None:
        """Insert rows with all columns of a table in the order of :data:`COLUMNS`, in one block if they fit.

        Each call is an insert of its own, also of rows that were there once and were deleted.
        """


class ClickHouseMissing(Problem):
    """An address is set, and the client that speaks to it is not installed."""

    status = 503


class Server:
    """A ClickHouse server, spoken to over HTTP by ``clickhouse-connect``."""

    def __init__(self, url: str) -> None:
        """:param url: ``https://user:password@host:8443/database``; chosen by whoever runs the site.

        :raises ClickHouseMissing: if ``clickhouse-connect`` is not installed.
        """
        try:
            connect = import_module("clickhouse_connect")
        except ImportError as error:
            raise ClickHouseMissing(
                reason="clickhouse_url is set: install lmssocial-reporting[clickhouse]"
            ) from error
        self._client = connect.get_client(
            dsn=url,
            autogenerate_session_id=False,  # requests of several threads may run side by side
            connect_timeout=5,
            send_receive_timeout=25,  # less than one call of a timer may take
            compress=False,  # what comes back is mostly sums
        )

    def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[Sequence[Any]]:
        """Run one statement and give its rows."""
        if not sql.lstrip().startswith(("SELECT", "WITH")):
            self._client.command(sql, parameters=params)
            return []
        rows: list[Sequence[Any]] = self._client.query(sql, parameters=params).result_rows
        return rows

    def insert(self, table: str, rows: Collection[Sequence[Any]]) -> None:
        """Insert rows, once, also if the client sends them again because a connection broke.

        The token says what is the same insert. Without one the server would go by the rows, and leave out those that
        come back after they were deleted: replicated tables do so unless told otherwise.
        """
        once = {"insert_deduplication_token": uuid4().hex}
        self._client.insert(table, list(rows), column_names=COLUMNS[table], settings=once)


@lru_cache(maxsize=4)
def server(url: str) -> Server:
    """The server at an address, with its tables, connected once in a process."""
    run = Server(url)
    create_tables(run)
    return run


def create_tables(run: Run) -> None:
    """Create what is not there."""
    for table in TABLES:
        run.query(table)
