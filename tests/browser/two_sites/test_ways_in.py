"""Launches between two sites, in browsers that block third-party cookies: each way in, and none of them."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from lmssocial.lms.identity.models import WebSession
from tests.support.pages import assert_accessible, no_horizontal_scroll
from tests.support.two_sites import TABS_ONLY, TOOL, Sites, activity

NO_COOKIE = "Your browser did not keep our cookie"


def test_a_partitioned_cookie_is_kept_and_nothing_else_is_needed(partitioning: Page, sites: Sites) -> None:
    sites.visit(partitioning, "one")
    expect(activity(partitioning).get_by_role("heading", name="Activity one")).to_be_visible()
    kept = {cookie["name"] for cookie in partitioning.context.cookies() if cookie["domain"] == TOOL}
    assert "__Host-lmssocial" in kept
    partitioning.reload()
    expect(activity(partitioning).get_by_role("heading", name="Activity one")).to_be_visible()


def test_without_any_rung_the_launch_ends_before_the_lms_is_asked(strict: Page, sites: Sites) -> None:
    sites.visit(strict, "one", until="cookie=asked")
    expect(activity(strict).get_by_role("heading", name=NO_COOKIE)).to_be_visible()
    assert len(sites.lms.hints) == 1, "the hint of the LMS is still good in a tab"


@pytest.mark.parametrize(
    ("how", "target"),
    [("answers", "_parent"), ("old_names", "_parent"), ("elsewhere", "post_message_forwarding")],
)
def test_the_storage_of_the_lms_lets_in_who_keeps_no_cookie(
    strict: Page, sites: Sites, how: str, target: str
) -> None:
    lms = sites.storing(how, target)
    sites.visit(strict, "one")
    expect(activity(strict).get_by_role("heading", name="Activity one")).to_be_visible()
    expect(activity(strict).get_by_text("Ada Lovelace").first).to_be_visible()
    assert not [cookie for cookie in strict.context.cookies() if TOOL in cookie["domain"]]
    assert not lms.refused


@pytest.mark.parametrize("how", ["silent", "error", "stranger"])
def test_a_storage_that_does_not_keep_the_secret_ends_in_a_tab_that_is_offered(
    strict: Page, sites: Sites, how: str
) -> None:
    lms = sites.storing(how)
    sites.visit(strict, "one", until="&storage=")
    expect(activity(strict).get_by_role("heading", name=NO_COOKIE)).to_be_visible()
    assert len(lms.hints) == 1, "the LMS was not asked yet"
    assert_accessible(strict.frames[-1])
    no_horizontal_scroll(strict.frames[-1])


def test_a_wrong_value_lets_nobody_in(strict: Page, sites: Sites) -> None:
    sites.storing("wrong_value")
    with sites.rows() as session:
        before = session.scalar(select(func.count()).select_from(WebSession))
    sites.visit(strict, "one", until="/lti/launch?", times=2)
    expect(activity(strict).get_by_role("heading", name=NO_COOKIE)).to_be_visible()
    expect(activity(strict).get_by_role("link", name="Open in a new tab")).to_be_visible()
    with sites.rows() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == before


def test_a_tab_is_opened_where_the_lms_keeps_nothing(partitioning: Page, sites: Sites) -> None:
    sites.kept_in = TABS_ONLY
    sites.visit(partitioning, "one", until="cookie=asked")
    with partitioning.context.expect_page() as opened:
        activity(partitioning).get_by_role("link", name="Open in a new tab").click()
    expect(opened.value.get_by_role("heading", name="Activity one")).to_be_visible()
    assert not sites.lms.refused
