"""Bringing a database to the schema this version needs, and telling whether it is there.

A history is a folder of revisions and a version table of its own; the core has one, and so has every plugin that
stores anything. ``migrations/env.py`` serves them all.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect

CORE_TABLE = "alembic_version"


class LooseEnds(Exception):
    """A migration would leave rows that point at nothing."""


class ForeignTables(Exception):
    """A plugin's revision made, changed or dropped a table that is not its own."""


@dataclass(frozen=True)
class History:
    """One line of schema revisions."""

    owner: str
    """``core``, or the plugin's name."""
    env: Path
    """The folder with ``env.py``."""
    versions: Path
    """The folder with the revisions."""

    @property
    def table(self) -> str:
        """The table that says where this history stands in a database."""
        return CORE_TABLE if self.owner == "core" else f"{self.owner}__alembic_version"


@dataclass(frozen=True)
class Position:
    """Where a history stands in one database."""

    owner: str
    at: str | None
    head: str | None

    @property
    def pending(self) -> bool:
        """Whether revisions still have to be applied."""
        return self.at != self.head


def upgrade(engine: Engine, history: History, revision: str = "head") -> None:
    """Apply every pending revision of ``history``, in one transaction.

    :raises ForeignTables: if it is a plugin's and touched tables without its prefix; nothing is changed then.
    :raises LooseEnds: if rows would point at nothing afterwards; nothing is changed then.
    """
    with _changing(engine) as connection:
        before = _others(connection, history)
        command.upgrade(_config(history, connection), revision)
        after = _others(connection, history)
        if touched := sorted(
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        ):
            raise ForeignTables(
                f"It touches the table {touched[0]}; the tables of {history.owner} must be called {history.owner}__…"
            )


def downgrade(engine: Engine, history: History, revision: str) -> None:
    """Take revisions back down to ``revision``; ``base`` leaves nothing of this history.

    :raises LooseEnds: if rows would point at nothing afterwards; nothing is changed then.
    """
    with _changing(engine) as connection:
        command.downgrade(_config(history, connection), revision)


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """One transaction in which the schema may change.

    SQLite changes most things by making the table anew, and dropping the old one would take along, or trip over, the
    rows that point at it. So foreign keys are not enforced meanwhile, and looked at as a whole before the commit; the
    switch does nothing within a transaction, hence outside of SQLAlchemy.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                if loose := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise LooseEnds(
                        f"A row of {loose[0]} would point at a row of {loose[2]} that is not there."
                    )
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def drop_tables(connection: Connection, owner: str) -> list[str]:
    """Drop every table that carries the prefix of the plugin ``owner``, and say which; needs none of its revisions."""
    names = own_tables(connection, owner)
    tables = MetaData()
    tables.reflect(connection, only=names)
    for table in [table for table in reversed(tables.sorted_tables) if table.name in names]:
        table.drop(connection)
    return names


def own_tables(connection: Connection, owner: str) -> list[str]:
    """The tables in the database that carry the prefix of the plugin ``owner``."""
    return sorted(name for name in inspect(connection).get_table_names() if name.startswith(f"{owner}__"))


def position(connection: Connection, history: History) -> Position:
    """Where ``history`` stands; reads two things and changes nothing."""
    context = MigrationContext.configure(connection, opts={"version_table": history.table})
    script = ScriptDirectory.from_config(_config(history, connection))
    return Position(history.owner, context.get_current_revision(), script.get_current_head())


def _others(connection: Connection, history: History) -> dict[str, tuple[str, ...]]:
    """Table → its columns, of every table a plugin's history has no business with; the core may do what it likes."""
    if history.owner == "core":
        return {}
    prefix = f"{history.owner}__"
    inspector = inspect(connection)
    return {
        name: tuple(f"{column['name']} {column['type']}" for column in columns)
        for (_schema, name), columns in inspector.get_multi_columns().items()
        if not (name or "").startswith(prefix)
    }


def _config(history: History, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(history.env).replace("%", "%%"))
    config.set_main_option("version_locations", str(history.versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, owner=history.owner, version_table=history.table)
    return config
