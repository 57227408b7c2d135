"""Databases for tests: migrated once a run, copied for every test that commits."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, make_url, text

from lmssocial.app import histories
from lmssocial.core.db import make_engine
from lmssocial.core.db.migrate import upgrade
from lmssocial.core.hooks import PluginHost

_numbers = itertools.count(1)

TEMPLATE_TURN = 1_870_044
"""The advisory lock under which one of the parallel test processes makes the migrated template."""


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

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._create("template0")

    def migrated(self) -> str:
        """The address of a copy of the migrated template, which the first process to ask makes."""
        self._ensure_template()
        return self._create("lmssocial_template")

    def drop(self, url: str) -> None:
        """Drop it and end its connections."""
        with self._server() as run:
            run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _create(self, template: str) -> str:
        name = f"test_{self._process}_{next(_numbers)}"
        with self._server() as run:
            run(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        return self._url(name)

    def _ensure_template(self) -> None:
        if self._has_template:
            return
        with self._server() as run:
            run(f"SELECT pg_advisory_lock({TEMPLATE_TURN})")  # released with the connection
            if not run("SELECT 1 FROM pg_database WHERE datname = 'lmssocial_template'"):
                run("DROP DATABASE IF EXISTS lmssocial_making")
                run("CREATE DATABASE lmssocial_making TEMPLATE template0")
                migrate(self._url("lmssocial_making"))
                run("ALTER DATABASE lmssocial_making RENAME TO lmssocial_template")
        self._has_template = True

    @contextmanager
    def _server(self) -> Iterator[Callable[[str], list[object]]]:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")

        def run(statement: str) -> list[object]:
            result = connection.execute(text(statement))
            return list(result) if result.returns_rows else []

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
