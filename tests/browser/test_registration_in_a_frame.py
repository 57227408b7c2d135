"""Connecting an LMS inside its own administration page, on another site, with cookies blocked."""

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from lmssocial.settings import Settings
from tests.fakes.registering_lms import RegisteringLms, registering_lms
from tests.support.pages import assert_accessible, no_horizontal_scroll
from tests.support.servers import LiveTool, address_on


@pytest.fixture
def tool(settings: Settings) -> Iterator[LiveTool]:
    """The tool as an administrator runs it."""
    tool = LiveTool(dataclasses.replace(settings, public_url=address_on("tool.localhost"))).start()
    yield tool
    tool.stop()


@pytest.fixture
def lms() -> Iterator[RegisteringLms]:
    """An LMS that registers tools."""
    with registering_lms() as lms:
        yield lms


def open_registration(page: Page, tool: LiveTool, lms: RegisteringLms, *options: str) -> FrameLocator:
    """Let the LMS's administrator open the link they were given."""
    link = tool.run("platforms", "invite", "--name", "Moodle of Northern College", *options).splitlines()[0]
    lms.show(tool.url, link.partition("?invite=")[2])
    page.goto(f"{lms.origin}/")
    return page.frame_locator("iframe")


def test_an_administrator_reads_presses_once_and_is_back(
    page: Page, tool: LiveTool, lms: RegisteringLms
) -> None:
    frame = open_registration(page, tool, lms)
    expect(frame.get_by_role("heading", name="Connect Moodle of Northern College")).to_be_visible()
    assert_accessible(page.frames[1])
    no_horizontal_scroll(page.frames[1])
    frame.get_by_role("button", name="Connect").click()
    expect(frame.get_by_text("lmssocial platforms approve 1")).to_be_visible()
    assert_accessible(page.frames[1])
    frame.get_by_role("button", name="Go back to your LMS").click()
    expect(page.locator("#state")).to_have_text("closed")
    assert "waits for approval" in tool.run("platforms", "list")
    assert "deployment 1" in tool.run("platforms", "approve", "1")


def test_with_nothing_left_to_do_the_page_closes_itself(
    page: Page, tool: LiveTool, lms: RegisteringLms
) -> None:
    frame = open_registration(page, tool, lms, "--approve")
    frame.get_by_role("button", name="Connect").press("Enter")
    expect(page.locator("#state")).to_have_text("closed", timeout=10_000)
    assert "1 (approved)" in tool.run("platforms", "list")
