"""Fixtures for every test: real databases of both kinds, the application, the clock, the border of the network.

``backend`` runs a test once on SQLite and once on PostgreSQL; everything that touches a database depends on it.
``--db sqlite`` (or ``postgres``) runs one kind only. Within a test, ``session`` alone lives in a transaction that is
rolled back; together with ``app``, ``client`` or ``db_url`` it works on a database of the test's own and may commit.
"""

import dataclasses
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import make_engine
from lmssocial.core.hooks.runner import Runner
from lmssocial.core.kernel import clock as the_clock
from lmssocial.settings import Settings
from lmssocial.web import program as the_program
from lmssocial.web import scope
from lmssocial.web.program import program
from tests.support import network
from tests.support.browser import ARGUMENTS, find_chromium
from tests.support.compiled import Compiled, share_statements
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.postgres import Postgres
from tests.support.queries import Queries, counted_queries
from tests.support.servers import LiveTool, address_on
from tests.support.together import Together
from tests.support.watchdog import Watchdog

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

BROWSER = Path(__file__).parent / "browser"
SECRET = "a secret for tests, of forty characters."

_postgres = pytest.StashKey[Postgres]()
_guard = pytest.StashKey[AbstractContextManager[None]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--db``: which databases to run on."""
    parser.addoption(
        "--db", choices=["sqlite", "postgres", "both"], default="both", help="databases to test on"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Close the network, keep our own settings out, watch for what hangs, compile less, collect rubbish less often."""
    gc.set_threshold(20_000, 20, 50)
    share_statements()
    config.pluginmanager.register(Watchdog())
    config.addinivalue_line(
        "markers", "one_database: what the test tells does not hang on the kind of database; it runs on one"
    )
    for name in [name for name in os.environ if name.startswith("LMSSOCIAL_")]:
        del os.environ[name]
    config.stash[_guard] = network.loopback_only()
    config.stash[_guard].__enter__()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL server that this process started."""
    if server := config.stash.get(_postgres, None):
        server.stop()
    config.stash[_guard].__exit__(None, None, None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "WorkerController") -> None:
    """Give every parallel process the address of one and the same PostgreSQL server."""
    if node.config.getoption("--db") != "sqlite":
        node.workerinput["postgres"] = _server(node.config).url("DATABASE")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> Together:
    """Keep together what shares something that takes long to make."""
    return Together(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever needs a database on each kind.

    What a browser does with a page has nothing to do with where its rows come from, and all pages are tested on both;
    so browsers look at the one that starts faster, unless the other is asked for.
    """
    if "backend" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        one = BROWSER in metafunc.definition.path.parents or metafunc.definition.get_closest_marker(
            "one_database"
        )
        both = ["sqlite"] if one else ["sqlite", "postgres"]
        kinds = both if chosen == "both" else [chosen]
        metafunc.parametrize("backend", kinds, scope="session")


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """The name of this test process: gw0, gw1, … or main."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The address of the database of a given name on the run's PostgreSQL server."""
    shared = getattr(request.config, "workerinput", {}).get("postgres")
    if shared is not None:
        return lambda name: shared.replace("/DATABASE?", f"/{name}?")
    return _server(request.config).url


@pytest.fixture(scope="session")
def databases(
    backend: str, worker_name: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Databases:
    """Where databases of the kind under test come from."""
    if backend == "sqlite":
        return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    return PostgresDatabases(request.getfixturevalue("postgres_url"), worker_name)


@pytest.fixture
def empty_db_url(databases: Databases) -> Iterator[str]:
    """The address of a database without tables, for tests of migrations."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture
def db_url(databases: Databases) -> Iterator[str]:
    """The address of a migrated, empty database of this test's own: commit as you like."""
    url = databases.migrated()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def shared_engine(databases: Databases) -> Iterator[Engine]:
    """An engine on the database in which every transaction is rolled back; see ``session``."""
    url = databases.migrated()
    engine = make_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def engine(db_url: str) -> Iterator[Engine]:
    """An engine on the test's own database."""
    engine = make_engine(db_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(request: pytest.FixtureRequest, backend: str) -> Iterator[Session]:  # noqa: ARG001
    """A session on the database under test.

    Beside ``db_url`` (so also beside ``app`` and ``client``) it is an ordinary session on that database. Alone it lives
    inside an outer transaction that is rolled back: commits are savepoints, and nothing remains.
    """
    if "db_url" in request.fixturenames:
        with Session(request.getfixturevalue("engine")) as session:
            yield session
        return
    with request.getfixturevalue("shared_engine").connect() as connection:
        outer = connection.begin()
        session = Session(
            connection, join_transaction_mode="create_savepoint", info={"outer_transaction": True}
        )
        yield session
        session.close()
        outer.rollback()


@pytest.fixture
def settings(db_url: str, tmp_path: Path) -> Settings:
    """Settings of a small installation on the test's own database; policies get the time of a busy machine."""
    return Settings(
        data_dir=tmp_path / "data",
        secret_key=SECRET,
        database_url=db_url,
        outbound_allow=("127.0.0.1",),
        policy_budget_ms=3000,
    )


@pytest.fixture(scope="session")
def runners() -> Iterator[dict[str, Runner]]:
    """Who asks the installed policies, for all applications of this process: importing them takes a second."""
    kept: dict[str, Runner] = {}
    yield kept
    for runner in kept.values():
        runner.close()


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    """The templates of all applications of this process: compiling them for each would take a third of the run."""
    return Compiled()


@pytest.fixture
def make_app(runners: dict[str, Runner], compiled: Compiled) -> Iterator[Callable[[Settings], Flask]]:
    """Makes web applications with the plugins that are installed, which end with the test."""
    made: list[tuple[Flask, Runner]] = []

    def make(settings: Settings) -> Flask:
        app = create_app(settings, load_plugins(settings))
        app.jinja_env.bytecode_cache = compiled
        with app.app_context():
            own = program()
        the_program.init_app(
            app, dataclasses.replace(own, policies=runners.setdefault("posts", own.policies))
        )
        made.append((app, own.file_policies))
        return app

    yield make
    for app, file_policies in made:
        file_policies.close()
        with app.app_context():
            scope.db.engine.dispose()


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    """The web application on the test's own database, with the plugins that are installed."""
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of ``app`` with a cookie jar of its own."""
    return app.test_client()


@pytest.fixture
def live_tool(settings: Settings) -> Iterator[Callable[..., LiveTool]]:
    """Start real servers, which end with the test; for a browser give ``host="tool.localhost"``."""
    started: list[LiveTool] = []

    def start(*, host: str = "127.0.0.1", workers: int = 1, **env: str) -> LiveTool:
        own = dataclasses.replace(settings, public_url=address_on(host))
        started.append(LiveTool(own, workers, env))
        return started[-1].start()

    yield start
    for tool in started:
        tool.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of this process: two cannot be driven from one thread."""
    path = find_chromium()
    if path is None:
        pytest.fail("There is no Chromium. `make test` finds or installs one; CHROMIUM names another.")
    expect.set_options(timeout=15_000)  # a launch is eight pages, and the machine may have more to do
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class TestClock:
    """The clock as the test set it."""

    __test__ = False
    now: datetime

    def __post_init__(self) -> None:
        """Stop the clock."""
        self._enter()

    def move_to(self, moment: datetime) -> None:
        """Set the clock to ``moment``, an aware time."""
        self.release()
        self.now = moment
        self._enter()

    def tick(self, seconds: float | None = None, **more: float) -> datetime:
        """Move the clock on: ``tick(5)``, ``tick(days=2)``, ``tick(minutes=9, seconds=50)``; answers the new time."""
        if seconds is None and not more:
            seconds = 1
        self.move_to(self.now + timedelta(seconds=seconds or 0, **more))
        return self.now

    def release(self) -> None:
        """Let the clock run again."""
        self._stopped.__exit__(None, None, None)

    def _enter(self) -> None:
        self._stopped = the_clock.at(self.now)
        self._stopped.__enter__()


@pytest.fixture
def clock() -> Iterator[TestClock]:
    """The clock, stopped at Monday 2 March 2026, 09:00 UTC; ``clock.tick(days=1)`` moves it."""
    clock = TestClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    yield clock
    clock.release()


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[Queries]]:
    """Record the statements that a ``with`` block sends: its value has a length and ``statements``."""
    return counted_queries


@pytest.fixture
def free_port() -> int:
    """A port on the loopback address that nobody listens on."""
    return network.free_port()


def _server(config: pytest.Config) -> Postgres:
    if _postgres not in config.stash:
        config.stash[_postgres] = Postgres()
    return config.stash[_postgres]
