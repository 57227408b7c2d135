"""A real browser. It blocks third-party cookies, as the LMS's learners' browsers do.

``*.localhost`` names lead to this machine in every browser, and ``tool.localhost`` and ``lms.localhost`` are two
different sites to it. A page that raises a script error or breaks its Content-Security-Policy fails its test, and
whatever fails leaves a picture in ``.cache/screenshots``.
"""

import dataclasses
import re
from collections.abc import Callable, Generator, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from lmssocial.front.demo.house import House
from lmssocial.settings import Settings
from tests.support.demo import Demo, command
from tests.support.network import free_port
from tests.support.servers import ROOT, OwnTool, address_on, settings_env

SCREENSHOTS = ROOT / ".cache" / "screenshots"

_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, for the picture."""
    report = yield
    if report.failed and call.when == "call":
        item.stash[_failed] = True
    return report


@pytest.fixture(scope="session")
def browser(chromium: Browser) -> Browser:
    """The browser in which every person has a context of their own."""
    return chromium


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all tests that go through it, as making it takes a while; see ``tests/support/together.py``."""
    house = House(tmp_path_factory.mktemp("demo") / "var", free_port(), free_port())
    demo = Demo(house, command(house)).start()
    yield demo
    assert demo.server.stop() == 0


@pytest.fixture
def live_tool(settings: Settings, make_app: Callable[[Settings], Flask]) -> Iterator[Callable[..., OwnTool]]:
    """Serve the application to the browser; variables of the environment change its settings."""
    started: list[OwnTool] = []

    def start(**env: str) -> OwnTool:
        own = dataclasses.replace(settings, public_url=address_on("127.0.0.1"))
        changed = Settings.from_env({**settings_env(own), **env}) if env else own
        started.append(OwnTool(make_app(changed), changed).start())
        return started[-1]

    yield start
    for tool in started:
        tool.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A person's browser: cookies of their own, a window of 1200 × 800."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(15_000)
    context.on("page", block_third_party_cookies)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that must not raise errors."""
    errors: list[str] = []
    context.on("weberror", lambda problem: errors.append(f"script error: {problem.error}"))
    context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page = context.new_page()
    block_third_party_cookies(page)
    yield page
    if request.node.stash.get(_failed, False):
        take_picture(page, request.node.nodeid)
    # A refused form answers 422, and the browser notes every such answer; that is no fault of the page.
    faults = [error for error in errors if not error.startswith("Failed to load resource")]
    assert not faults, "\n".join(faults)


def block_third_party_cookies(page: Page) -> None:
    """Only partitioned cookies reach a frame on another site."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("Network.enable")
    debugger.send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )


def take_picture(page: Page, name: str) -> None:
    """Save what the page looks like."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9]+', '-', name)}.png", full_page=True)
