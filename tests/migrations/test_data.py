"""What people left in a database is there after its schema went on, and means the same."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, DateTime, Engine, Integer, MetaData, String, Table, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from lmssocial.app import histories, load_plugins
from lmssocial.core.db import make_engine
from lmssocial.core.db.migrate import History, LooseEnds, downgrade, position, upgrade
from lmssocial.settings import Settings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def history() -> History:
    """The core's history."""
    load_plugins(Settings(safe_mode=True))
    return next(found for found in histories() if found.owner == "core")


@pytest.fixture
def engine(empty_db_url: str) -> Iterator[Engine]:
    """An engine on a database without tables."""
    engine = make_engine(empty_db_url)
    yield engine
    engine.dispose()


def add(connection: Connection, table: str, **values: Any) -> int:
    """Insert a row as the schema is now; what is needed and not given is filled in. Gives its id."""
    found = Table(table, MetaData(), autoload_with=connection)
    filled = {
        column.name: _something(column.type)
        for column in found.columns
        if not column.nullable and not column.primary_key and column.server_default is None
    }
    given = insert(found).values({**filled, **values}).returning(found.c.id)
    return int(connection.execute(given).scalar_one())


def _something(kind: Any) -> Any:
    if isinstance(kind, DateTime):
        return NOW
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, Integer):
        return 0
    return "" if isinstance(kind, String) else None


def held_before(connection: Connection) -> dict[str, int]:
    """A course of the first release, with a post that was held and one that was declined."""
    tenant = add(connection, "identity_tenant", name="Northern College")
    platform = add(connection, "identity_registration", tenant_id=tenant, name="Moodle")
    user = add(connection, "identity_user", tenant_id=tenant, registration_id=platform, sub="1", name="Ana")
    community = add(
        connection, "communities_community", tenant_id=tenant, kind="course", title="NEG 201", tier="open"
    )
    placement = add(connection, "communities_placement", tenant_id=tenant, community_id=community)
    common = {
        "tenant_id": tenant,
        "community_id": community,
        "placement_id": placement,
        "author_id": user,
        "kind": "discussion.thread",
        "verdicts": {"verdicts": []},
    }
    for state in ("open", "published", "declined"):
        add(connection, "moderation_case", **common, state=state)
    for enabled in (True, False):
        add(
            connection,
            "plugin_settings_setting",
            level="tenant",
            place_id=tenant if enabled else tenant + 1,
            plugin="linklimit",
            enabled=enabled,
        )
    return {"tenant": tenant, "community": community, "user": user}


def column(connection: Connection, table: str, name: str) -> list[Any]:
    """One column of a table, in the order of its ids."""
    found = Table(table, MetaData(), autoload_with=connection)
    return list(connection.scalars(select(found.c[name]).order_by(found.c.id)))


def test_what_was_held_and_decided_keeps_its_meaning(engine: Engine, history: History) -> None:
    upgrade(engine, history, "0002")
    with engine.begin() as connection:
        held_before(connection)
    upgrade(engine, history)
    with engine.connect() as connection:
        assert column(connection, "moderation_case", "state") == ["open", "approved", "rejected"]
        opened = column(connection, "moderation_case", "opened_at")
        assert column(connection, "moderation_case", "due_at") == opened
        assert column(connection, "plugin_settings_setting", "stance") == ["enforce", None]
        assert column(connection, "communities_community", "answer_hours") == [48]
    downgrade(engine, history, "0002")
    with engine.connect() as connection:
        assert column(connection, "moderation_case", "state") == ["open", "published", "declined"]


def test_the_log_of_moderation_is_guarded_in_a_migrated_database(engine: Engine, history: History) -> None:
    upgrade(engine, history)
    with engine.begin() as connection:
        ids = held_before(connection)
        row = {"tenant_id": ids["tenant"], "community_id": ids["community"], "deed": "claimed", "at": NOW}
        add(connection, "moderation_entry", **row)
    for deed in ("UPDATE moderation_entry SET note = 'x'", "DELETE FROM moderation_entry"):
        with pytest.raises(DatabaseError, match="cannot be changed"), engine.begin() as connection:
            connection.execute(text(deed))


def test_a_step_that_leaves_rows_pointing_at_nothing_is_taken_back(
    engine: Engine, history: History, tmp_path: Path, backend: str
) -> None:
    upgrade(engine, history)
    with engine.begin() as connection:
        held_before(connection)
    shutil.copytree(history.versions, tmp_path / "versions")
    (tmp_path / "versions" / "9999_careless.py").write_text(CARELESS.format(head=head_of(history)), "utf-8")
    careless = History(history.owner, history.env, tmp_path / "versions")
    with pytest.raises(LooseEnds if backend == "sqlite" else DatabaseError):
        upgrade(engine, careless)
    with engine.connect() as connection:
        assert column(connection, "identity_tenant", "name") == ["Northern College"]
        assert not position(connection, history).pending
    if backend == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


CARELESS = """
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DELETE FROM identity_tenant")
"""


def head_of(history: History) -> str:
    """The newest revision."""
    return max(path.name[:4] for path in history.versions.glob("[0-9]*.py"))


def test_nobody_is_told_of_what_happened_before_there_were_notices(engine: Engine, history: History) -> None:
    upgrade(engine, history, "0004")
    with engine.begin() as connection:
        newest = [
            add(connection, "activity_event", name="discussion.reply_posted", at=NOW) for _ in range(3)
        ][-1]
    upgrade(engine, history)
    with engine.begin() as connection:
        read = connection.execute(text("SELECT name, cursor FROM activity_subscriber")).all()
    assert [tuple(row) for row in read] == [("notifications", newest)]
