"""Bringing a database to the schema this version needs, and telling whether it is there.

A history is a folder of revisions and a version table of its own; the core has one, and so has every plugin that
stores anything. ``migrations/env.py`` serves them all.
"""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

CORE_TABLE = "alembic_version"


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
    """Apply every pending revision of ``history``, in one transaction where the database can."""
    with engine.begin() as connection:
        command.upgrade(_config(history, connection), revision)


def downgrade(engine: Engine, history: History, revision: str) -> None:
    """Take revisions back down to ``revision``; ``base`` leaves nothing of this history."""
    with engine.begin() as connection:
        command.downgrade(_config(history, connection), revision)


def position(connection: Connection, history: History) -> Position:
    """Where ``history`` stands; reads two things and changes nothing."""
    context = MigrationContext.configure(connection, opts={"version_table": history.table})
    script = ScriptDirectory.from_config(_config(history, connection))
    return Position(history.owner, context.get_current_revision(), script.get_current_head())


def _config(history: History, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(history.env).replace("%", "%%"))
    config.set_main_option("version_locations", str(history.versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, owner=history.owner, version_table=history.table)
    return config
