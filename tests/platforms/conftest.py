"""A served tool, and a platform that nobody of us wrote."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.platforms.openedx import OpenEdx
from tests.support.servers import LiveTool
from tests.support.visitor import Visitor


@pytest.fixture
def tool(live_tool: Callable[..., LiveTool]) -> LiveTool:
    """The tool, served as an administrator serves it."""
    return live_tool()


@pytest.fixture
def openedx(tool: LiveTool, tmp_path: Path) -> Iterator[OpenEdx]:
    """The platform of Open edX, registered with ``tool``."""
    folder = tmp_path / "openedx"
    folder.mkdir()
    platform = OpenEdx(tool, folder)
    yield platform
    platform.stop()


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
