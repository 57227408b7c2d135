"""Engines for both databases, with the pragmas and time-outs they need to behave."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

READS_ALONE = "lmssocial_reads_alone"
"""The execution option of engines whose connections read without a transaction; see :func:`reading_options`."""

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",  # readers and the one writer do not wait for each other
    "PRAGMA synchronous=FULL",  # an acknowledged write survives power loss, not only kill -9
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
)


def engine_options(url: str) -> dict[str, Any]:
    """Keyword arguments of ``create_engine`` for ``url``; Flask-SQLAlchemy takes the same ones."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": 15, "check_same_thread": False}}
    return {
        "hide_parameters": True,  # what people wrote does not belong into logs
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 5,
        "pool_recycle": 1800,
        "connect_args": {"connect_timeout": 5, "application_name": "lmssocial"},
    }


def reading_options(url: str) -> dict[str, Any]:
    """:func:`engine_options` for a web process, which reads far more than it writes.

    On PostgreSQL a page reads without a transaction around it. Each statement saw its own moment before, too (READ
    COMMITTED); what falls away is the ROLLBACK at the end, on which psycopg forgets every statement it has prepared, so
    that each page was planned anew. Writing outside a unit of work is refused by the database: :func:`prepare`.
    """
    options = engine_options(url)
    if make_url(url).get_backend_name() == "postgresql":
        options |= {"isolation_level": "AUTOCOMMIT", "execution_options": {READS_ALONE: True}}
    return options


def normal_url(url: str) -> str:
    """``postgres://`` and ``postgresql://`` mean psycopg 3 here; anything else is left as it is."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def make_engine(url: str) -> Engine:
    """An engine for ``url`` that behaves the same in the web process, the worker, the command line and tests."""
    url = normal_url(url)
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Give every new connection of ``engine`` what it needs.

    On SQLite these are pragmas and real transactions; on PostgreSQL, where pages read without a transaction, the
    refusal to write without one.
    """
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    elif engine.get_execution_options().get(READS_ALONE):
        _refuse_to_write_alone(engine)


def _refuse_to_write_alone(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.execute("SET default_transaction_read_only = on")


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        # pysqlite's own transaction handling starts late and lets DDL slip out; we begin ourselves.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A unit of work takes the write lock at its start (see unit_of_work): two read-then-write
        # transactions would otherwise deadlock into "database is locked" without waiting.
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
