"""Databases for tests: migrated once a run, copied for every test that commits."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from lmssocial.app import histories
from lmssocial.core.db import make_engine
from lmssocial.core.db.migrate import upgrade
from lmssocial.core.hooks import PluginHost

_numbers = itertools.count(1)

TEMPLATE_TURN = 1_870_044
"""The advisory lock under which one of the parallel test processes makes the migrated template."""


SHAPE = """
    SELECT (SELECT string_agg(concat_ws('.', relname, relkind), ' ' ORDER BY relname) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace),
           (SELECT string_agg(concat_ws('.', attrelid::regclass, attname, atttypid, attnotnull), ' '
                              ORDER BY attrelid::regclass::text, attname)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped),
           (SELECT string_agg(concat_ws('.', tgname, tgenabled), ' ' ORDER BY tgname)
            FROM pg_trigger WHERE NOT tgisinternal),
           (SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace),
           (SELECT version_num FROM alembic_version)
"""
"""What a test may have changed beside rows."""
TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%alembic_version'"
)
END_THE_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
IS_FILLED = """SELECT '{0}' WHERE EXISTS (SELECT 1 FROM "{0}")"""


LARGE = 40_000_000
"""Bytes of a database that so much was written to that a new one is better; an empty one has twelve million."""


class Databases(Protocol):
    """Where the databases of one kind come from."""

    def empty(self) -> str:
        """The address of a new database without tables."""
        ...

    def migrated(self) -> str:
        """The address of a new database with every table."""
        ...

    def drop(self, url: str) -> None:
        """Throw the database at ``url`` away, whoever is still connected."""
        ...


class SqliteDatabases:
    """SQLite files in one folder."""

    def __init__(self, folder: Path) -> None:
        """Keep the files in ``folder``."""
        self._folder = folder
        self._template: Path | None = None

    def empty(self) -> str:
        """The address of a file that does not exist yet."""
        return f"sqlite:///{self._fresh_path()}"

    def migrated(self) -> str:
        """The address of a copy of the template."""
        if self._template is None:
            template = self._fresh_path()
            migrate(f"sqlite:///{template}")
            self._template = template
        copy = self._fresh_path()
        shutil.copyfile(self._template, copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        """Delete the file and what SQLite keeps beside it."""
        path = make_url(url).database
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)

    def _fresh_path(self) -> Path:
        return self._folder / f"{next(_numbers)}.sqlite3"


class PostgresDatabases:
    """Databases on one server, shared by the parallel processes of a test run."""

    def __init__(self, server_url: Callable[[str], str], process: str) -> None:
        """:param server_url: address of the database of a given name; :param process: a name no other process has."""
        self._url = server_url
        self._process = process
        self._has_template = False
        self._shape: object = None
        self._clean: list[str] = []
        """Migrated databases that were used and emptied: to copy the template takes ten times as long."""

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._create("template0")

    def migrated(self) -> str:
        """The address of a copy of the migrated template, which the first process to ask makes."""
        self._ensure_template()
        if self._clean:
            return self._clean.pop()
        url = self._create("lmssocial_template")
        if self._shape is None:
            with self._on(url) as run:
                self._shape = run(SHAPE)
        return url

    def drop(self, url: str) -> None:
        """Empty it for the next test if it is as it was migrated, else drop it; end its connections."""
        if self._emptied(url):
            self._clean.append(url)
            return
        with self._on(self._url("postgres")) as run:
            run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _emptied(self, url: str) -> bool:
        """Whether the database has the schema of the template, and no row any more but those of the template."""
        if self._shape is None:
            return False
        try:
            with self._on(url) as run:
                run(END_THE_OTHERS)
                if run(SHAPE) != self._shape or run("SELECT pg_database_size(current_database())") > [
                    (LARGE,)
                ]:
                    return False
                names = [name for (name,) in run(TABLES)]
                filled = [
                    name for (name,) in run(" UNION ALL ".join(IS_FILLED.format(name) for name in names))
                ]
                run("SET session_replication_role = replica")  # no trigger and no foreign key minds what goes
                for name in filled:
                    run(f'DELETE FROM "{name}"')  # noqa: S608
                run("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")
        except SQLAlchemyError:
            return False
        return True

    def _create(self, template: str) -> str:
        name = f"test_{self._process}_{next(_numbers)}"
        with self._on(self._url("postgres")) as run:
            run(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        return self._url(name)

    def _ensure_template(self) -> None:
        if self._has_template:
            return
        with self._on(self._url("postgres")) as run:
            run(f"SELECT pg_advisory_lock({TEMPLATE_TURN})")  # released with the connection
            if not run("SELECT 1 FROM pg_database WHERE datname = 'lmssocial_template'"):
                run("DROP DATABASE IF EXISTS lmssocial_making")
                run("CREATE DATABASE lmssocial_making TEMPLATE template0")
                migrate(self._url("lmssocial_making"))
                run("ALTER DATABASE lmssocial_making RENAME TO lmssocial_template")
        self._has_template = True

    @contextmanager
    def _on(self, url: str) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")

        def run(statement: str) -> list[tuple[Any, ...]]:
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []

        try:
            with engine.connect() as connection:
                yield run
        finally:
            engine.dispose()


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the present schema, as ``lmssocial db upgrade`` does: plugins' tables, too."""
    engine = make_engine(url)
    try:
        for history in histories(PluginHost.load()):
            upgrade(engine, history)
    finally:
        engine.dispose()
