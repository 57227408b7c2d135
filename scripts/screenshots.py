"""Take the pictures of docs/images anew, from a demo that is running.

In one terminal ``make demo`` on a fresh ``var/demo``, in another
``.venv/bin/python -m scripts.screenshots --password …`` with the administrator's password that the demo printed.
``--course`` and ``--tool`` name other addresses than those of the demo. Needs the tests' packages and browser.
It writes a post that is held, so start from a fresh demo.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect, sync_playwright

from tests.support.browser import ARGUMENTS, ROOT, find_chromium

IMAGES = ROOT / "docs" / "images"
WIDTHS = (320, 700, 1200)
THREAD = "How do you find the other side’s walk-away point without asking for it?"
REPORT = {
    "profile": "",
    "target": "target",
    "roles": "roles",
    "role": "roles/connector",
    "definition": "definition",
    "fulfilment": "skills",
    "widgets": "monitors/widgets",
    "network": "monitors/network",
    "sharing": "monitors/sharing",
    "threads": "monitors/threads",
    "written": "reports",
    "draft": "reports/now",
}
"""The pages of the report by the name of their picture, and where they stand; ``mine`` is a learner's."""
QUESTION = "Who says the first number when you know less than they do?"


def main() -> int:
    """Visit the demo as a learner and as the instructor."""
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    parser.add_argument("--course", default="http://localhost:8001", help="address of the demo LMS")
    parser.add_argument("--tool", default="http://localhost:8000", help="address of the tool")
    parser.add_argument("--password", required=True, help="of the demo's administrator, as it was printed")
    given = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        sys.exit("There is no Chromium. `make test` finds or installs one.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)  # the first launch comes while the demo still reads its own log
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1120, "height": 840}, locale="en-GB", timezone_id="UTC")
        _learner(page, given.course)
        _instructor(page, given.course)
        _discussion(browser, page, given.course)
        _at_every_width(page, _desk_of(page, given.course), "moderation-queue", height=1210)
        _at_every_width(page, _held_post_of(page, given.course), "moderation-author")
        _at_every_width(page, _policy_page(page, given.tool, given.password), "admin-policy", height=1400)
        _at_every_width(page, f"{given.tool}/admin/plugins", "admin-plugins", height=1210)
        _report(page, given.course)
        browser.close()
    for path in sorted(IMAGES.glob("*.png")):
        print(f"{path.relative_to(Path.cwd())}  {path.stat().st_size // 1000} kB")
    return 0


def _learner(page: Page, course: str) -> None:
    activity = _be(page, course, "Ana Ruiz")
    expect(activity.locator("li.thread")).to_have_count(5)
    _take(page, page.locator("iframe.frame").first, "course")
    activity.get_by_role("link", name=THREAD).click()
    expect(activity.get_by_role("heading", name=THREAD)).to_be_visible()
    _take(page, page.locator("iframe.frame").first, "thread", height=720)


def _instructor(page: Page, course: str) -> None:
    activity = _be(page, course, "Tom Berg")
    activity.get_by_role("link", name=re.compile(r"waits? for you")).click()
    expect(activity.get_by_role("button", name="Publish").first).to_be_visible()
    _take(page, page.locator("iframe.frame").first, "moderation", height=1020)
    page.goto(f"{course}/course/weeks/3")
    page.get_by_role("link", name="Add social activity").click()
    expect(page.frame_locator("iframe.frame").get_by_role("button", name="Add to the course")).to_be_visible()
    page.wait_for_timeout(1000)
    page.screenshot(path=IMAGES / "picker.png")


def _discussion(browser: Browser, page: Page, course: str) -> None:
    """The list of threads and a thread, at the widths and in the light of an LMS's frames."""
    address = _address_of(page, course, "Ana Ruiz")
    page.set_viewport_size({"width": 900, "height": 840})
    page.goto(f"{address}/discussion/?sort=popular")
    page.screenshot(path=IMAGES / "discussion-list-900.png")
    page.get_by_role("link", name=QUESTION).first.click()
    thread = page.url
    schemes: list[tuple[int, Literal["light", "dark"]]] = [(640, "light"), (320, "dark")]
    for width, scheme in schemes:
        dark = browser.new_context(
            viewport={"width": width, "height": 1100},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="UTC",
            storage_state=page.context.storage_state(),
        )
        seen = dark.new_page()
        seen.goto(thread)
        seen.screenshot(path=IMAGES / f"discussion-thread-{width}.png")
        dark.close()
    page.set_viewport_size({"width": 1120, "height": 840})


def _address_of(page: Page, course: str, name: str) -> str:
    """Where somebody's activity lives, without the course page around it: ``http://localhost:8000/w/1``."""
    activity = _be(page, course, name)
    expect(activity.locator("li.thread").first).to_be_visible()
    frame = next(frame for frame in page.frames if "/w/" in frame.url)
    return str(re.findall(r".*/w/\d+", frame.url)[0])


def _desk_of(page: Page, course: str) -> str:
    return f"{_address_of(page, course, 'Tom Berg')}/moderation/"


def _held_post_of(page: Page, course: str) -> str:
    """Write a post with too many links as a learner; gives the page that says why it waits."""
    page.goto(f"{_address_of(page, course, 'Ana Ruiz')}/discussion/threads/new")
    page.get_by_label("Title").fill("Where I look up prices")
    page.get_by_label("What do you want to say?").fill(
        "Three pages I trust: https://prices.example/steel, https://prices.example/wood and https://bit.ly/grain."
    )
    page.get_by_role("button", name="Post thread").click()
    link = page.get_by_role("link", name="Why, and what you can do").first
    return f"{page.url.split('/w/')[0]}{link.get_attribute('href')}"


def _policy_page(page: Page, tool: str, password: str) -> str:
    """Sign in as the administrator, and look at a policy that was tried out."""
    page.goto(f"{tool}/admin/sign-in")
    page.locator("input[name=login]").fill("iris")
    page.locator("input[type=password]").fill(password)
    page.locator("main button").first.click()
    return f"{tool}/admin/plugins/linklimit"


def _report(page: Page, course: str) -> None:
    """Every page of the report, when the worker has read everything (a minute after the demo began)."""
    base = f"{_address_of(page, course, 'Tom Berg')}/x/reporting"
    for name, where in REPORT.items():
        _at_every_width(page, f"{base}/{where}", f"report-{name}", height=1500, widths=WIDTHS[1:])
    page.set_viewport_size({"width": 1120, "height": 840})
    _address_of(page, course, "Ana Ruiz")
    _at_every_width(page, f"{base}/mine", "report-mine", height=1500, widths=WIDTHS[1:])


def _at_every_width(
    page: Page, address: str, name: str, *, height: int = 0, widths: Sequence[int] = WIDTHS
) -> None:
    """A page by itself, in every width that people use; at most ``height`` pixels high."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        full = int(page.evaluate("document.documentElement.scrollHeight"))
        shown = min(height or full, full)
        page.screenshot(
            path=IMAGES / f"{name}-{width}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": shown},
        )


def _be(page: Page, course: str, name: str) -> FrameLocator:
    page.goto(course)
    page.get_by_role("button", name=f"Be {name}").click()
    page.locator("iframe.frame").first.scroll_into_view_if_needed()
    return page.frame_locator("iframe.frame").first


def _take(page: Page, frame: Locator, name: str, *, height: int = 0) -> None:
    """The frame with a little of the page around it, at most ``height`` pixels high."""
    page.wait_for_timeout(1000)  # the frame takes the height of what is in it
    box = frame.bounding_box()
    if box is None:
        sys.exit(f"The activity is not on the page, so there is no picture of {name}.")
    top = box["y"] + page.evaluate("scrollY")
    around = 72
    page.screenshot(
        path=IMAGES / f"{name}.png",
        full_page=True,
        clip={
            "x": max(0, box["x"] - 24),
            "y": max(0, top - around),
            "width": box["width"] + 48,
            "height": min(height or box["height"] + around + 24, box["height"] + around + 24),
        },
    )


if __name__ == "__main__":
    sys.exit(main())
