"""What somebody can do in a frame whose browser keeps nothing: all that others can, and by nobody else."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from sqlalchemy import select

from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity.models import WebSession
from lmssocial.web.bearer import as_browser
from tests.support import files
from tests.support.two_sites import TABS_ONLY, TOOL, Sites, activity

PNG = files.picture("PNG", (80, 50))


def write(frame: FrameLocator, title: str) -> None:
    """Write a thread with a picture, and post it."""
    frame.get_by_role("link", name="Start a thread").click()
    frame.get_by_label("Title").fill(title)
    frame.locator("textarea.composer-text").fill("As I said:")
    frame.locator("[data-attach] summary").click()
    frame.get_by_label("File").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": PNG})
    frame.get_by_label("What the picture shows").fill("Two arrows")
    frame.get_by_role("button", name="Attach").click()
    expect(frame.locator("[data-attach]")).to_contain_text("p.png is attached")
    frame.get_by_role("button", name="Post thread").click()
    expect(frame.locator("#notices")).to_have_text("Posted.")


def test_without_cookies_and_storage_of_its_own_the_frame_is_all_there(strict: Page, sites: Sites) -> None:
    sites.storing("answers")
    sites.visit(strict, "work")
    frame = activity(strict)
    write(frame, "By hand")
    loaded = "(image) => image.decode().then(() => image.naturalWidth)"
    picture = frame.locator(".prose img[src]")
    expect(picture).to_have_count(1)
    assert picture.evaluate(loaded) == 80
    frame.locator("#answer textarea").fill("An answer.")
    expect(frame.locator("[data-saved]")).to_contain_text("Saved")
    frame.locator("#answer textarea").press("Control+Enter")
    expect(frame.locator("article:focus")).to_contain_text("An answer.")
    frame.get_by_role("link", name="Activity work").first.click()
    expect(frame.get_by_role("link", name="By hand")).to_be_visible()
    frame.get_by_label("Search the discussion").fill("answer")
    frame.get_by_role("button", name="Search").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Search")
    strict.evaluate("history.back()")
    expect(frame.get_by_role("link", name="By hand")).to_be_visible()
    assert not [cookie for cookie in strict.context.cookies() if TOOL in cookie["domain"]]
    sites.kept_in = TABS_ONLY
    with strict.context.expect_page() as opened:
        frame.get_by_role("button", name="Open in a new tab").click()
    expect(opened.value.get_by_role("heading", name="Activity work")).to_be_visible()


def test_the_token_is_in_no_address_and_dies_with_its_sign_in(
    strict: Page, sites: Sites, capfd: pytest.CaptureFixture[str]
) -> None:
    tokens: list[str] = []
    strict.on("request", lambda asked: tokens.append(asked.headers.get("authorization", "")))
    sites.storing("answers")
    sites.visit(strict, "work")
    frame = activity(strict)
    expect(frame.get_by_role("heading", name="Activity work")).to_be_visible()
    frame.get_by_role("link", name="Start a thread").click()
    expect(frame.get_by_label("Title")).to_be_visible()
    (token,) = {sent.removeprefix("Bearer ") for sent in tokens if sent}
    assert len(token) >= 43
    assert not [address for address in sites.addresses if token in address]
    written = capfd.readouterr()
    assert token not in written.out + written.err
    with sites.rows() as session:
        row = session.scalars(
            select(WebSession).where(WebSession.browser_hash == token_hash(as_browser(token)))
        ).one()
        session.delete(row)
        session.commit()
    frame.get_by_label("Title").fill("Too late")
    frame.locator("textarea.composer-text").fill("Words that are not lost")
    frame.get_by_role("button", name="Post thread").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Please open this from your course")
    expect(frame.locator("#kept")).to_have_value("Too late\n\nWords that are not lost")


def test_a_frame_that_is_loaded_anew_goes_on_by_what_the_tab_remembers(
    remembering: Page, sites: Sites
) -> None:
    sites.storing("answers")
    sites.visit(remembering, "one")
    frame = activity(remembering)
    frame.get_by_role("link", name="Start a thread").click()
    expect(frame.get_by_label("Title")).to_be_visible()
    inside = next(one for one in remembering.frames if one.name == "activity")
    with remembering.expect_event("framenavigated"):
        inside.evaluate("location.reload()")
    expect(frame.get_by_label("Title")).to_be_visible()
    with remembering.expect_event("framenavigated"):
        inside.evaluate("sessionStorage.clear(); location.reload()")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Please open this from your course")
