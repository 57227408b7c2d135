"""A served tool, and a platform that nobody of us wrote; both are started once for all tests of this folder."""

from collections.abc import Callable, Iterator

import pytest

from lmssocial.settings import Settings
from tests.platforms.openedx import OpenEdx
from tests.support.databases import Databases
from tests.support.servers import CLI, LiveTool, Server, address_on, settings_env
from tests.support.visitor import Visitor


@pytest.fixture(scope="package")
def tool(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveTool]:
    """The tool, served as an administrator serves it."""
    url = databases.migrated()
    tool = LiveTool(
        Settings(
            data_dir=tmp_path_factory.mktemp("tool"),
            secret_key="a secret for tests, of forty characters.",
            database_url=url,
            public_url=address_on("127.0.0.1"),
            outbound_allow=("127.0.0.1",),
        )
    )
    yield tool.start()
    tool.kill()
    databases.drop(url)


@pytest.fixture(scope="package")
def openedx(tool: LiveTool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenEdx]:
    """The platform of Open edX, registered with ``tool``."""
    platform = OpenEdx(tool, tmp_path_factory.mktemp("openedx"))
    yield platform
    platform.stop()


@pytest.fixture(scope="package")
def worker(tool: LiveTool) -> Iterator[Server]:
    """The worker beside ``tool``, as a process of its own."""
    log = tool.settings.data_dir / "worker.log"
    worker = Server([*CLI, "worker"], env=settings_env(tool.settings), log=log)
    worker.start(lambda: "is running" in worker.output())
    yield worker
    worker.kill()


@pytest.fixture
def visit() -> Iterator[Callable[[], Visitor]]:
    """``visit()`` is a new browser without JavaScript."""
    visitors: list[Visitor] = []

    def new() -> Visitor:
        visitors.append(Visitor())
        return visitors[-1]

    yield new
    for visitor in visitors:
        visitor.http.close()
