"""Attaching files in a real browser: chosen, dropped and pasted, with scripts and without, and nothing written lost."""

import base64
import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from tests.support import files
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import make_person, make_place, sign_in
from tests.support.servers import OwnTool

Enter = Callable[[BrowserContext], str]
PNG = files.picture("PNG", (80, 50))


@pytest.fixture
def enter(app: Flask, session: Session, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to a discussion in a browser; answers its address."""
    tool = live_tool(LMSSOCIAL_ATTACHMENT_MEGABYTES="1")
    place = make_place(session)
    ana: Actor = make_person(session, place, "Ana Ruiz")

    def sign(context: BrowserContext) -> str:
        token = new_token()
        sign_in(session, place, ana, token)
        session.commit()
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
        context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": tool.address}])
        return f"{tool.address}/w/{place.placement.id}/discussion"

    return sign


def drop(page: Page, name: str, media_type: str, data: bytes) -> None:
    """Drop a file onto the text, as from another window."""
    transfer = page.evaluate_handle(
        """([name, type, data]) => {
            const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, { type }));
            return transfer;
        }""",
        [name, media_type, base64.b64encode(data).decode()],
    )
    page.dispatch_event("textarea[name=source]", "drop", {"dataTransfer": transfer})


def panel(page: Page) -> Locator:
    return page.locator("[data-attach]")


def post(page: Page) -> None:
    page.get_by_role("button", name="Post thread").click()
    expect(page.locator("#notices").get_by_text("Posted.")).to_be_visible()


def shown_picture(page: Page) -> Locator:
    """The one picture in the post, which the browser could load."""
    picture = page.locator(".prose img")
    expect(picture).to_have_count(1)
    loaded = "(image) => image.decode().then(() => image.naturalWidth)"
    assert picture.evaluate(loaded) == 80
    return picture


def test_without_scripts_a_file_is_attached_by_a_button_and_the_text_is_kept(
    browser: Browser, enter: Enter
) -> None:
    context = browser.new_context(java_script_enabled=False)
    address, page = enter(context), context.new_page()
    page.goto(f"{address}/threads/new")
    page.get_by_label("Title").fill("Diagrams")
    page.locator("textarea.composer-text").fill("As I said:")
    panel(page).locator("summary").click()
    panel(page).get_by_label("File").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": PNG}
    )
    panel(page).get_by_role("button", name="Attach").click()
    expect(page.locator("[data-attach] .error")).to_contain_text("Describe the picture")
    expect(page.locator("textarea.composer-text")).to_have_value("As I said:")

    panel(page).get_by_label("File").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": PNG}
    )
    panel(page).get_by_label("What the picture shows").fill("Two arrows")
    panel(page).get_by_role("button", name="Attach").click()
    expect(panel(page)).to_contain_text("photo.png is attached.")
    expect(page.locator("textarea.composer-text")).to_have_value(
        re.compile(r"As I said:\n\n!\[Two arrows\]\(attachment:\d+\)")
    )
    expect(page.get_by_label("Title")).to_have_value("Diagrams")

    post(page)
    expect(page.locator(".prose img")).to_have_attribute("alt", "Two arrows")
    source = page.locator(".prose img").get_attribute("src")
    assert source is not None
    answer = context.request.get(address.split("/w/")[0] + source)
    assert answer.headers["content-type"] == "image/png"
    context.close()


def test_a_dropped_picture_is_asked_about_and_shown(
    page: Page, context: BrowserContext, enter: Enter
) -> None:
    page.goto(enter(context) + "/threads/new")
    page.get_by_label("Title").fill("Diagrams")
    page.locator("textarea.composer-text").fill("Before\n\nAfter")
    page.locator("textarea.composer-text").evaluate("(area) => area.setSelectionRange(6, 6)")
    drop(page, "photo.png", "image/png", PNG)
    expect(panel(page)).to_contain_text("photo.png is not attached yet: say what it shows")
    words = panel(page).get_by_label("What the picture shows")
    expect(words).to_be_focused()
    page.keyboard.type("Two arrows")
    page.keyboard.press("Enter")

    expect(panel(page)).to_contain_text("photo.png is attached")
    expect(page.locator("textarea.composer-text")).to_have_value(
        re.compile(r"^Before\n\n!\[Two arrows\]\(attachment:\d+\)\n\nAfter$")
    )
    expect(words).to_have_value("")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    post(page)
    expect(shown_picture(page)).to_have_attribute("alt", "Two arrows")


def test_a_picture_can_be_left_out_again_before_it_is_described(
    page: Page, context: BrowserContext, enter: Enter
) -> None:
    page.goto(enter(context) + "/threads/new")
    page.get_by_label("Title").fill("Without a picture")
    page.locator("textarea.composer-text").fill("Only words")
    drop(page, "wrong.png", "image/png", PNG)
    panel(page).get_by_role("button", name="Leave out wrong.png").click()
    expect(panel(page)).to_contain_text("wrong.png is left out")
    expect(page.locator("textarea.composer-text")).to_be_focused()
    post(page)
    expect(page.locator(".post .prose")).to_have_text("Only words")


def test_a_pasted_picture_and_chosen_files_go_one_after_the_other(
    page: Page, context: BrowserContext, enter: Enter
) -> None:
    page.goto(enter(context) + "/threads/new")
    page.get_by_label("Title").fill("Files")
    page.evaluate(
        """(data) => {
            const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            document.querySelector("textarea[name=source]").dispatchEvent(event);
        }""",
        base64.b64encode(PNG).decode(),
    )
    panel(page).get_by_label("The picture only decorates").check()
    panel(page).get_by_role("button", name="Attach").click()
    expect(page.locator("textarea.composer-text")).to_have_value(re.compile(r"!\[\]\(attachment:\d+\)\n$"))

    panel(page).get_by_label("File").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": files.PDF}
    )
    expect(page.locator("textarea.composer-text")).to_have_value(
        re.compile(r"\[plan\.pdf\]\(attachment:\d+\)\n$")
    )
    post(page)
    shown_picture(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="plan.pdf").click()
    assert download.value.suggested_filename == "plan.pdf"
    expect(page.locator(".post .prose")).to_contain_text("(PDF, 1 kB)")


def test_refusals_are_said_beside_the_field_and_take_nothing_away(
    page: Page, context: BrowserContext, enter: Enter
) -> None:
    page.goto(enter(context) + "/threads/new")
    page.locator("textarea.composer-text").fill("My words")
    drop(page, "huge.txt", "text/plain", b"x" * 1_000_001)
    expect(panel(page)).to_contain_text("huge.txt is larger than 1 MB")
    drop(page, "setup.exe", "application/x-msdownload", files.EXECUTABLE)
    expect(panel(page)).to_contain_text("Files of this kind cannot be attached")
    panel(page).get_by_label("What the picture shows").fill("A trap")
    drop(page, "photo.png", "image/png", files.SVG)
    expect(panel(page)).to_contain_text("is not what its name says")
    expect(page.locator("#live")).to_contain_text("is not what its name says")

    page.context.set_offline(True)
    drop(page, "notes.txt", "text/plain", b"words")
    expect(panel(page)).to_contain_text("the server could not be reached")
    page.context.set_offline(False)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    panel(page).get_by_role("button", name="Attach").click()
    expect(panel(page)).to_contain_text("your sign-in here is over")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # they are what it takes
    panel(page).get_by_role("button", name="Attach").click()
    expect(panel(page)).to_contain_text("notes.txt is attached")
    expect(page.locator("textarea.composer-text")).to_have_value(
        re.compile(r"^My words\n\n\[notes\.txt\]\(attachment:\d+\)\n$")
    )


def test_a_picture_that_waits_for_its_words_is_not_left_behind(
    page: Page, context: BrowserContext, enter: Enter
) -> None:
    page.goto(enter(context) + "/threads/new")
    page.get_by_label("Title").fill("Diagrams")
    page.locator("textarea.composer-text").fill("Look:")
    drop(page, "photo.png", "image/png", PNG)
    page.get_by_role("button", name="Post thread").click()
    expect(panel(page).get_by_label("What the picture shows")).to_be_focused()
    expect(page).to_have_url(re.compile("/threads/new$"))

    page.keyboard.type("Two arrows")
    panel(page).get_by_role("button", name="Attach").click()
    expect(panel(page)).to_contain_text("is attached")
    post(page)
    shown_picture(page)


@pytest.mark.parametrize("width", [320, 700])
def test_the_panel_and_pictures_fit_into_every_frame(
    page: Page, context: BrowserContext, enter: Enter, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(enter(context) + "/threads/new")
    page.get_by_label("Title").fill("Wide")
    panel(page).locator("summary").click()
    assert accessibility_faults(page) == []
    no_horizontal_scroll(page)
    panel(page).get_by_label("What the picture shows").fill("A wide picture")
    drop(page, "wide.png", "image/png", files.picture("PNG", (2000, 300)))
    expect(panel(page)).to_contain_text("wide.png is attached")
    post(page)
    box = page.locator(".prose img").bounding_box()
    assert box is not None
    assert box["width"] <= width
    assert box["width"] / box["height"] == pytest.approx(2000 / 300, rel=0.05)
    no_horizontal_scroll(page)
