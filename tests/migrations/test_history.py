"""The schema's history leads from nothing to the models, and back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from lmssocial import paths
from lmssocial.app import histories, load_plugins
from lmssocial.core.db import Base, make_engine
from lmssocial.core.db.migrate import History, downgrade, position, upgrade
from lmssocial.settings import Settings

REVISIONS = sorted((paths.resource("migrations") / "versions").glob("*.py"))


@pytest.fixture(scope="module")
def history() -> History:
    """The core's history. Built-in widgets come as plugins, and their tables with them."""
    load_plugins(Settings(safe_mode=True))
    return next(found for found in histories() if found.owner == "core")


@pytest.fixture
def empty(empty_db_url: str) -> Iterator[Engine]:
    """An engine on a database without tables."""
    engine = make_engine(empty_db_url)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    """What autogenerate would still change so that the core's tables are like the models."""

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or (
            name is not None and "__" not in name and not name.startswith("search_words")
        )

    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def test_an_empty_database_comes_to_the_models(empty: Engine, history: History) -> None:
    upgrade(empty, history)

    assert differences(empty) == []


def test_a_difference_to_the_models_would_be_noticed(empty: Engine, history: History) -> None:
    upgrade(empty, history)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE identity_tenant ADD COLUMN stray INTEGER"))

    assert "stray" in str(differences(empty))


def test_it_can_go_down_to_nothing_and_up_again(empty: Engine, history: History) -> None:
    upgrade(empty, history)
    downgrade(empty, history, "base")
    assert set(inspect(empty).get_table_names()) <= {history.table, "sqlite_sequence"}

    upgrade(empty, history)
    assert differences(empty) == []


def test_every_step_can_be_taken_back(empty: Engine, history: History) -> None:
    for _ in REVISIONS:
        upgrade(empty, history, "+1")
        downgrade(empty, history, "-1")
        upgrade(empty, history, "+1")

    assert differences(empty) == []


def test_pending_revisions_are_told_from_none(empty: Engine, history: History) -> None:
    with empty.connect() as connection:
        assert position(connection, history).pending
    upgrade(empty, history)
    with empty.connect() as connection:
        assert not position(connection, history).pending


def test_a_plugins_tables_are_none_of_the_cores_business(empty: Engine, history: History) -> None:
    upgrade(empty, history)
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE reporting__day (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE reporting__alembic_version (version_num VARCHAR(32))"))

    downgrade(empty, history, "base")
    upgrade(empty, history)

    assert {"reporting__day", "reporting__alembic_version"} <= set(inspect(empty).get_table_names())
    assert differences(empty) == []


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_a_revision_stands_on_its_own(path: Path) -> None:
    """An old revision must run beside any later program: it imports none of ours, and is numbered in order."""
    imported = [
        name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    ]
    assert not [name for name in imported if name.startswith("lmssocial")]
    assert re.fullmatch(rf"{REVISIONS.index(path) + 1:04}_[a-z_0-9]+", path.stem)


def test_there_is_a_revision() -> None:
    assert REVISIONS
