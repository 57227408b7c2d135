"""Several sign-ins in one browser: nobody acts as somebody else, and nothing lands in another course."""

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from lmssocial.lms.lti import claims
from tests.fakes.platform import INSTRUCTOR
from tests.support.two_sites import Sites, activity


def course(name: str) -> dict[str, Any]:
    """The claims of a course."""
    return {claims.CONTEXT: {"id": name, "title": f"Course {name}"}}


def teacher() -> dict[str, Any]:
    """The claims of another person than usual."""
    return {"sub": "person-9", "name": "Grace Hopper", claims.ROLES: [INSTRUCTOR]}


def write(frame: FrameLocator, title: str) -> None:
    """Begin a thread; whoever goes on at once may click where a button was before its frame grew."""
    frame.get_by_role("link", name="Start a thread").click()
    frame.get_by_label("Title").fill(title)
    frame.locator("textarea.composer-text").fill(f"Words of {title}")
    expect(frame.locator("[data-saved]").first).to_contain_text("Saved")


def post(frame: FrameLocator) -> None:
    """Send what was written."""
    frame.get_by_role("button", name="Post thread").click()


@pytest.mark.parametrize("kind", ["partitioning", "strict"])
def test_two_courses_side_by_side_are_two(kind: str, sites: Sites, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(kind)
    lms = sites.storing("answers")
    a, b = f"a-{kind}", f"b-{kind}"
    lms.claims_of = {a: {**course(a), **teacher()}, b: course(b)}
    sites.visit(page, a, b)
    in_a, in_b = activity(page, a), activity(page, b)
    expect(in_a.get_by_text("Grace Hopper").first).to_be_visible()
    expect(in_b.get_by_text("Ada Lovelace").first).to_be_visible()
    write(in_a, "In the first")
    write(in_b, "In the second")
    for frame, own, other in ((in_a, a, "second"), (in_b, b, "first")):
        post(frame)
        expect(frame.locator("#notices")).to_have_text("Posted.")
        frame.get_by_role("link", name=f"Activity {own}").first.click()
        expect(frame.get_by_role("link", name="Start a thread")).to_be_visible()
        expect(frame.get_by_role("link", name=f"In the {other}")).to_have_count(0)


def test_a_form_of_somebody_who_was_here_before_is_refused_in_words(partitioning: Page, sites: Sites) -> None:
    sites.lms.claims_of = {"shared": teacher()}
    sites.visit(partitioning, "shared")
    older = activity(partitioning)
    write(older, "From the teacher")
    sites.lms.claims_of = {}
    tab = partitioning.context.new_page()
    sites.visit(tab, "shared")
    expect(activity(tab).get_by_text("Ada Lovelace").first).to_be_visible()
    post(older)
    expect(
        older.get_by_text("This page was opened before your present sign-in, so nothing was sent.").first
    ).to_be_visible()
    expect(older.locator("textarea.composer-text")).to_have_value("Words of From the teacher")
    tab.reload()
    expect(activity(tab).get_by_role("heading", name="Activity shared")).to_be_visible()
    expect(activity(tab).get_by_role("link", name="From the teacher")).to_have_count(0)


def test_without_cookies_two_people_in_two_tabs_stay_two(strict: Page, sites: Sites) -> None:
    lms = sites.storing("answers")
    lms.claims_of = {"both": teacher()}
    sites.visit(strict, "both")
    write(activity(strict), "By the teacher")
    lms.claims_of = {}
    tab = strict.context.new_page()
    sites.visit(tab, "both")
    expect(activity(tab).get_by_text("Ada Lovelace").first).to_be_visible()
    post(activity(strict))
    expect(activity(strict).locator("#notices")).to_have_text("Posted.")
    expect(activity(strict).locator("article").get_by_text("Grace Hopper").first).to_be_visible()
    activity(tab).get_by_role("link", name="Start a thread").click()
    expect(activity(tab).locator(".bar-name")).to_contain_text("Ada Lovelace")
    tab.close()
