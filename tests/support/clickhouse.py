"""A real ClickHouse without a server: ``chdb`` in this process, of which there can be one."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import uuid4

from chdb.session import Session as _Session

from lmssocial_reporting.store.clickhouse_run import COLUMNS, TABLES, create_tables

Session: Any = _Session  # it ships no types
_SETTINGS = "date_time_input_format = 'best_effort'"


class Chdb:
    """What the store of the report needs of a ClickHouse database."""

    def __init__(self, folder: str | None = None) -> None:
        """:param folder: where it keeps its data; in one that goes away with it, if there is none given."""
        self._session = Session(folder)
        self.query("SET output_format_json_quote_64bit_integers = 0")
        create_tables(self)

    def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[Sequence[Any]]:
        """Run one statement and give its rows."""
        given = {name: _literal(value) for name, value in (params or {}).items()}
        answer = self._session.query(sql, "JSONCompactEachRow", params=given)
        return [json.loads(line) for line in str(answer).splitlines() if line]

    def insert(self, table: str, rows: Collection[Sequence[Any]]) -> None:
        """Insert rows with all columns of a table."""
        lines = "\n".join(json.dumps(list(row), default=str) for row in rows)
        names = ", ".join(COLUMNS[table])
        once = f"insert_deduplication_token = '{uuid4().hex}'"
        self._session.query(
            f"INSERT INTO {table} ({names}) SETTINGS {_SETTINGS}, {once} FORMAT JSONCompactEachRow\n{lines}"
        )

    def empty(self) -> None:
        """Delete everything."""
        for statement in TABLES:
            self.query(f"TRUNCATE TABLE {statement.split()[5]}")

    def close(self) -> None:
        """End it, so that another may begin."""
        self._session.close()


def _literal(value: object) -> object:
    """A value as a parameter of a statement is written; lists are not understood otherwise."""
    if isinstance(value, list):
        quoted = (
            "'" + one.replace("\\", "\\\\").replace("'", "\\'") + "'" if isinstance(one, str) else str(one)
            for one in value
        )
        return f"[{','.join(quoted)}]"
    return str(value)
