"""The report in the demo: read in the LMS, a target set with the class, a report published and taken along as PDF."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from lmssocial.front.demo.registrar import WEEK_TWO
from tests.support.demo import Demo, be_another
from tests.support.pages import assert_accessible

PAGES = (
    "",
    "target",
    "mine",
    "roles",
    "definition",
    "skills",
    "monitors/widgets",
    "monitors/network",
    "monitors/sharing",
    "monitors/threads",
    "reports",
)
FINDING = "More people than last month answer before they ask. Two of them had never written before."


def enter(page: Page, demo: Demo, name: str) -> str:
    """Be somebody, open the discussion in a window of its own and the report from there; its address."""
    be_another(page, demo, name)
    page.goto(f"{demo.course}/activities/{WEEK_TWO}/open?in=window")
    page.get_by_role("navigation", name="Community").get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.url.rstrip("/")


def everything_read(demo: Demo, page: Page) -> None:
    """Wait until the worker has read the whole log and derived every day."""
    database = demo.house.settings().data_dir / "lmssocial.sqlite3"
    for _look in range(240):
        with sqlite3.connect(database) as there:
            (behind,) = there.execute(
                "SELECT (SELECT count(*) FROM reporting__dirty) + (SELECT count(*) FROM reporting__course"
                " WHERE has_news OR looked_at IS NULL) + ((SELECT count(*) FROM reporting__course) = 0)"
            ).fetchone()
        if not behind:
            return
        page.wait_for_timeout(500)
    raise AssertionError("the report was not ready within two minutes")


def let_the_members_time_be_over(demo: Demo) -> None:
    """Nobody waits for days in a test: the last day to vote was yesterday."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    with sqlite3.connect(demo.house.settings().data_dir / "lmssocial.sqlite3") as there:
        there.execute("UPDATE reporting__target SET ends_on = ? WHERE stage = 'consulted'", (yesterday,))


def test_an_instructor_reads_the_report_sets_a_target_with_the_class_and_takes_the_report_along(
    page: Page, demo: Demo, tmp_path: Path
) -> None:
    base = enter(page, demo, "Tom Berg")
    everything_read(demo, page)
    page.reload()
    expect(page.get_by_text("Nobody here negotiates alone").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ of \d+ learners acted as Consumer"))).to_be_visible()
    for address in PAGES:
        page.goto(f"{base}/{address}")
        assert_accessible(page.main_frame)

    # a learner votes, by keyboard, and says why
    enter(page, demo, "Yuki Tanaka")
    page.get_by_role("link", name="Target", exact=True).press("Enter")
    page.get_by_role("radio", name="Yes").press("Space")
    page.get_by_role("button", name=re.compile("Vote|Change my vote")).press("Enter")
    expect(page.get_by_text("You voted.").first).to_be_visible()
    page.get_by_label("What you want to say of it").fill("Passing things on is how I found this course.")
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("how I found this course")).to_be_visible()
    assert page.get_by_role("link", name="Ratify it").count() == 0
    page.goto(f"{base}/monitors/network")
    expect(page.get_by_text("Only stewards and staff")).to_be_visible()

    # it is over, and the instructor puts it in force
    let_the_members_time_be_over(demo)
    enter(page, demo, "Tom Berg")
    page.get_by_role("link", name="Target", exact=True).click()
    page.get_by_role("link", name="Ratify it").click()
    page.get_by_role("button", name="Ratify it").click()
    page.get_by_role("link", name="Profile", exact=True).click()
    expect(page.get_by_text("is found by those who come next").first).to_be_visible()

    # words, publication, paper
    page.get_by_role("link", name="Written report").click()
    findings = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Findings"))
    findings.get_by_role("link", name="Write").click()
    page.get_by_role("textbox").fill(FINDING)
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(FINDING)).to_be_visible()
    expect(page.get_by_text("Social learning is an intermediate indicator").first).to_be_visible()
    assert_accessible(page.main_frame)
    with page.expect_download() as loading:
        page.get_by_role("link", name="PDF").click()
    loading.value.save_as(tmp_path / "report.pdf")
    paper = (tmp_path / "report.pdf").read_bytes()
    assert paper.startswith(b"%PDF-")
    assert len(paper) > 20_000
    published = page.url

    # what was published, members read; what they did themselves, only they see
    own = enter(page, demo, "Yuki Tanaka")
    page.goto(published)
    expect(page.get_by_text(FINDING)).to_be_visible()
    page.goto(f"{own}/mine")
    expect(page.get_by_role("heading", name="My part")).to_be_visible()
    assert_accessible(page.main_frame)
