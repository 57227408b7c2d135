"""Processes that are known to run, and that begin anew without dropping a request."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from lmssocial.front.health import running
from tests.support.plugins import Site, open_site
from tests.support.servers import LiveTool

HELLO = """
from flask import Blueprint
bp = Blueprint("hello", __name__)

@bp.get("/")
def first_page(placement_id):
    return "hello"

@hookimpl
def lmssocial_register_widgets():
    return [Widget(kind="hello", title="Hello", summary="S.", home_endpoint="hello.first_page", blueprint=bp)]
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where plugins are installed."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


def test_a_plugin_installed_while_the_server_runs_is_there_after_a_reload(
    live_tool: Callable[..., LiveTool], site: Site
) -> None:
    tool = live_tool()
    page = f"{tool.address}/w/1/hello/"
    assert httpx.get(page).status_code == 404
    site.install("hello", HELLO)
    assert tool.run("reload").strip() == f"Begins anew: server-{tool.port}."
    answered, deadline = [], time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = httpx.get(page)
        answered.append(answer.status_code)
        if "hello" in answer.text and answer.status_code != 404:
            break
        time.sleep(0.05)
    else:
        pytest.fail(f"it never came: {set(answered)}\n{tool.output()}")

    assert set(answered) <= {200, 401, 404}, "no request was dropped or failed"


def test_reloading_says_when_nothing_runs(tmp_path: Path) -> None:
    assert running.begin_anew(tmp_path) == []


def test_what_ended_is_not_asked_and_its_file_goes(tmp_path: Path) -> None:
    with running.held(tmp_path, "worker-1"):
        (left,) = (tmp_path / "run").iterdir()
        assert left.name == "worker-1.pid"
    assert running.begin_anew(tmp_path) == []
    assert not left.exists()


def test_what_runs_is_asked_once(tmp_path: Path) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _frame: heard.append(number))
    try:
        with running.held(tmp_path, "worker-1"):
            assert running.begin_anew(tmp_path) == ["worker-1"]
            time.sleep(0.01)
    finally:
        signal.signal(signal.SIGHUP, before)

    assert heard == [signal.SIGHUP]
