"""Pages read without a transaction on PostgreSQL: statements stay prepared, and nothing is written by accident."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.db.engine import normal_url, prepare, reading_options
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Tenant


@pytest.fixture
def pages_engine(db_url: str) -> Iterator[Engine]:
    """An engine as the web process has it."""
    url = normal_url(db_url)
    engine = create_engine(url, **reading_options(url))
    prepare(engine)
    yield engine
    engine.dispose()


def _add(session: Session, name: str) -> None:
    session.add(Tenant(name=name, created_at=clock.now()))


def _names(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(Tenant.name)))


def test_a_unit_of_work_writes_also_after_something_was_read(pages_engine: Engine) -> None:
    with Session(pages_engine) as session:
        assert session.scalars(select(Tenant)).all() == []
        with unit_of_work(session):
            _add(session, "first")
        assert session.scalars(select(Tenant.name)).all() == ["first"]
        with unit_of_work(session):
            _add(session, "second")
    assert _names(pages_engine) == {"first", "second"}


def test_a_unit_of_work_that_fails_writes_nothing(pages_engine: Engine) -> None:
    def fail() -> None:
        with Session(pages_engine) as session, unit_of_work(session):
            _add(session, "lost")
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert _names(pages_engine) == set()


def test_what_is_changed_outside_a_unit_of_work_is_not_kept(pages_engine: Engine, backend: str) -> None:
    with Session(pages_engine) as session:
        _add(session, "by accident")
        if backend == "postgres":
            with pytest.raises(SQLAlchemyError, match="read-only transaction"):
                session.flush()
        else:
            session.flush()
    assert _names(pages_engine) == set()


def test_postgresql_plans_a_page_once(pages_engine: Engine, backend: str) -> None:
    if backend == "sqlite":
        pytest.skip("SQLite keeps its statements by itself")
    for _ in range(8):
        _names(pages_engine)
    with pages_engine.connect() as connection:
        prepared = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("FROM identity_tenant" in statement for statement in prepared)


def test_no_transaction_stays_open_after_reading(pages_engine: Engine, backend: str) -> None:
    if backend == "sqlite":
        pytest.skip("only a server can tell")
    with Session(pages_engine) as session:
        session.scalars(select(Tenant.name)).all()
        with pages_engine.connect() as watcher:
            states = watcher.scalars(
                text("SELECT state FROM pg_stat_activity WHERE datname = current_database()")
            ).all()
    assert "idle in transaction" not in states
