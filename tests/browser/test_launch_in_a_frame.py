"""A launch inside a course page on another site, in a browser that blocks third-party cookies."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from lmssocial.core.db import make_engine
from lmssocial.lms.lti import claims
from lmssocial.settings import Settings
from tests.fakes.framing_lms import FramingLms, framing_lms
from tests.fakes.registered import register
from tests.support.loopback import listening
from tests.support.pages import assert_accessible, no_horizontal_scroll
from tests.support.servers import LiveTool, address_on


@pytest.fixture
def tool(settings: Settings) -> Iterator[LiveTool]:
    """The tool as an administrator runs it, with two processes."""
    settings = dataclasses.replace(settings, public_url=address_on("tool.localhost"))
    tool = LiveTool(settings, workers=2).start()
    yield tool
    tool.stop()


@pytest.fixture
def lms(tool: LiveTool) -> Iterator[FramingLms]:
    """An LMS that frames the tool."""
    with running_lms(tool.settings, tool.url) as lms:
        yield lms


@contextmanager
def running_lms(settings: Settings, tool_url: str) -> Iterator[FramingLms]:
    """An LMS that is registered and approved; its links name the discussion."""
    said: dict[str, Any] = {claims.CUSTOM: {"widget": "discussion"}}
    with framing_lms(tool_url, **said) as lms:
        engine = make_engine(settings.database_url)
        with Session(engine) as session:
            register(session, lms.platform)
            session.commit()
        engine.dispose()
        yield lms


@contextmanager
def without_cookies_in_frames(settings: Settings) -> Iterator[FramingLms]:
    """The tool and the LMS, and between them and the browser somebody who lets no frame keep a cookie.

    So do strict browsers and some schools' policies, partitioned or not.
    """
    seen_as, real = address_on("tool.localhost"), address_on("tool.localhost")
    settings = dataclasses.replace(settings, public_url=real)
    tool = LiveTool(settings, env={"LMSSOCIAL_PUBLIC_URL": seen_as}).start()

    def pass_on(handler: BaseHTTPRequestHandler) -> None:
        answer = httpx.request(
            handler.command,
            f"{tool.address}{handler.path}",
            headers={name: value for name, value in handler.headers.items() if name.lower() != "host"}
            | {"Accept-Encoding": "identity"},
            content=handler.sent,  # type: ignore[attr-defined]  # the body, read by Loopback
        )
        framed = handler.headers.get("Sec-Fetch-Dest") == "iframe"
        dropped = {"content-length", "transfer-encoding", "connection"}
        dropped |= {"set-cookie"} if framed else set()
        handler.send_response(answer.status_code)
        for name, value in answer.headers.multi_items():
            if name.lower() not in dropped:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer.content)))
        handler.end_headers()
        handler.wfile.write(answer.content)

    with listening(pass_on, port=int(seen_as.rpartition(":")[2])), running_lms(settings, seen_as) as lms:
        yield lms
    tool.stop()


def test_the_activity_opens_under_the_persons_name(page: Page, lms: FramingLms) -> None:
    page.goto(lms.course("one"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Activity one")).to_be_visible()
    expect(frame.get_by_text("Ada Lovelace").first).to_be_visible()
    page.reload()
    expect(frame.get_by_role("heading", name="Activity one")).to_be_visible()
    assert not lms.refused


def test_several_activities_on_one_page_all_open_at_a_first_visit(page: Page, lms: FramingLms) -> None:
    links = ("one", "two", "three", "four")
    page.goto(lms.course(*links), wait_until="commit")
    for link in links:
        frame = page.frame_locator(f'iframe[title="{link}"]')
        expect(frame.get_by_role("heading", name=f"Activity {link}")).to_be_visible()
    assert not lms.refused


def test_a_browser_that_refuses_cookies_in_frames_gets_a_tab(
    page: Page, context: BrowserContext, settings: Settings
) -> None:
    with without_cookies_in_frames(settings) as lms:
        page.goto(lms.course("one"))
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", name="Your browser did not keep our cookie")).to_be_visible()
        assert_accessible(page.frames[1])
        no_horizontal_scroll(page.frames[1])
        with context.expect_page() as opened:
            frame.get_by_role("link", name="Open in a new tab").click()
        tab = opened.value
        expect(tab.get_by_role("heading", name="Activity one")).to_be_visible()
        expect(tab.get_by_text("Ada Lovelace").first).to_be_visible()
        assert not lms.refused, "the LMS's hint of one use was not spent in the frame"


def test_a_refusal_is_read_inside_the_course_page(page: Page, lms: FramingLms) -> None:
    lms.claims["iat"], lms.claims["exp"] = 1_700_000_000, 1_700_003_600
    page.goto(lms.course("one"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="The clocks do not agree")).to_be_visible()
    expect(frame.get_by_text("Reference for your administrator:")).to_be_visible()
    assert_accessible(page.frames[1])
    page.set_viewport_size({"width": 360, "height": 640})
    no_horizontal_scroll(page.frames[1])


def test_who_comes_too_early_reads_so_inside_the_course_page(page: Page, lms: FramingLms) -> None:
    lms.claims[claims.CUSTOM] = {}
    page.goto(lms.course("one"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Your instructor has not set this activity up yet.")).to_be_visible()
    assert_accessible(page.frames[1])
    frame.get_by_role("link", name="Look again").click()
    expect(frame.get_by_text("Your instructor has not set this activity up yet.")).to_be_visible()
