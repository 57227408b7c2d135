"""Moderation in a real browser: at every width, by keyboard, from right to left, in light and dark."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from tests.support.moderation import Affairs, make_affairs
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import sign_in
from tests.support.servers import OwnTool

Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def affairs(session: Session) -> Affairs:
    """A community with some history."""
    return make_affairs(session)


@pytest.fixture
def enter(app: Flask, session: Session, affairs: Affairs, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the address of moderation."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        token = new_token()
        sign_in(session, affairs.place, actor, token)
        session.commit()
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
        context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": tool.address}])
        return f"{tool.address}{affairs.base}/moderation"

    return sign


def pages_of(affairs: Affairs) -> list[tuple[Actor, str]]:
    """Every page of moderation, and who looks at it."""
    desk = [
        "/",
        "/?view=decided",
        "/?view=appeals",
        "/?why=flag:unkind",
        "/?view=mine",
        "/log",
        "/1",
        "/1/redact",
    ]
    own = [affairs.waits, affairs.declined, affairs.redacted, affairs.hidden]
    return [
        *((affairs.iris, path) for path in desk),
        *((affairs.ben, f"/posts/{post_id}") for post_id in own),
        (affairs.ana, f"/posts/{affairs.redacted}/flag"),
    ]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (700, "dark"), (1200, "light")])
def test_every_page_is_usable_at_every_width(
    browser: Browser, affairs: Affairs, enter: Enter, width: int, scheme: str
) -> None:
    faults: list[str] = []
    for actor in (affairs.iris, affairs.ben, affairs.ana):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        address, page = enter(context, actor), context.new_page()
        for path in (path for who, path in pages_of(affairs) if who is actor):
            answer = page.goto(address + path)
            assert answer
            assert answer.ok, f"{path} was answered {answer.status}"
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
            faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
            no_horizontal_scroll(page)
        context.close()
    assert not faults, "\n".join(faults)


def test_from_right_to_left_nothing_sticks_out(browser: Browser, affairs: Affairs, enter: Enter) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800}, locale="ar")
    address, page = enter(context, affairs.iris), context.new_page()
    for path in ("/", "/1", "/1/redact", "/log"):
        page.goto(address + path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        no_horizontal_scroll(page)
    context.close()


def test_single_keys_work_when_switched_on_and_never_in_a_field(
    context: BrowserContext, page: Page, affairs: Affairs, enter: Enter
) -> None:
    page.goto(enter(context, affairs.iris) + "/")
    page.keyboard.press("j")
    expect(page.locator("#case-1")).not_to_be_focused()
    page.get_by_role("button", name="Single keys").click()
    page.get_by_role("button", name="Single keys").blur()
    page.keyboard.press("j")
    expect(page.locator("#case-1")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#case-1")).not_to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#case-1")).to_be_focused()
    page.keyboard.press("r")
    message = page.locator("#case-1 textarea")
    expect(message).to_be_focused()
    page.keyboard.type("jar: a task")
    expect(message).to_have_value("jar: a task")
    expect(page.locator("#case-1")).to_be_visible()
    message.blur()
    page.keyboard.press("Control+a")
    page.reload()
    expect(page.get_by_role("button", name="Single keys")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#notices")).to_contain_text("Published.")
    expect(page.locator("#case-1")).to_have_count(0)


def test_a_case_is_decided_with_the_tab_key_alone(
    context: BrowserContext, page: Page, affairs: Affairs, enter: Enter
) -> None:
    page.goto(enter(context, affairs.iris) + "/")
    page.locator("#case-1 .case-head a").focus()
    for _times in range(3):
        page.keyboard.press("Tab")
    expect(page.locator("#case-1 summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Please leave the number out.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Your wish is with its author")


def test_words_are_chosen_with_the_keyboard_and_taken_out(
    context: BrowserContext, page: Page, affairs: Affairs, enter: Enter
) -> None:
    page.goto(enter(context, affairs.iris) + "/1/redact")
    text = page.get_by_label("The text as it was written")
    begin = text.input_value().index("Mrs Miller")
    text.focus()
    text.evaluate("(area, begin) => area.setSelectionRange(begin, begin)", begin)
    for _letter in "Mrs Miller":
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Mrs Miller")).to_be_checked()
    expect(page.get_by_role("checkbox")).to_have_count(3)
    page.get_by_role("checkbox", name="miller@buyer.example").uncheck()
    page.get_by_label("What the author should know").fill("Nothing private about others.")
    page.get_by_role("button", name="Take them out").click()
    expect(page.locator("#notices")).to_contain_text("The words are taken out")
    page.goto(page.url.partition("/moderation")[0] + f"/discussion/posts/{affairs.waits}")
    expect(page.locator("main")).to_contain_text(
        "hear how […] does it, call her: […], or write to miller@buyer"
    )


def test_a_post_is_reported_in_its_place(
    context: BrowserContext, page: Page, affairs: Affairs, enter: Enter
) -> None:
    address = enter(context, affairs.ana)
    page.goto(f"{address.removesuffix('moderation')}discussion/posts/{affairs.redacted}")
    post = page.locator("article.post", has_text="about the terms")
    post.get_by_role("link", name="More").click()
    page.get_by_role("link", name="Report…").click()
    form = page.locator("form.dialog-body")
    expect(form.locator("[data-focus]")).to_be_focused()
    form.get_by_role("button", name="Report it").click()
    expect(form.get_by_text("Choose what comes closest.").first).to_be_visible()
    form.get_by_label("Something else, which I describe below").check()
    form.get_by_role("button", name="Report it").click()
    expect(form.get_by_text("Write in a sentence what is wrong.").first).to_be_visible()
    form.get_by_label("What should the moderators know?").fill("The company can still be guessed.")
    form.get_by_role("button", name="Report it").click()
    thanks = page.locator("p.notice.good", has_text="Thank you. The moderators have your report")
    expect(thanks).to_be_focused()
    assert "/threads/" in page.url


def test_advice_stands_above_the_preview_and_stops_nothing(
    context: BrowserContext, page: Page, affairs: Affairs, enter: Enter
) -> None:
    address = enter(context, affairs.ben)
    page.goto(f"{address.removesuffix('moderation')}discussion/threads/new")
    page.get_by_label("Title").fill("Where to look")
    page.get_by_label("What do you want to say?").fill(
        "https://a.example/1 https://a.example/2 https://a.example/3"
    )
    page.get_by_role("button", name="Preview").click()
    advice = page.locator(".composer-advice")
    expect(advice).to_contain_text("This post has 3 links.")
    expect(advice.locator("mark").first).to_have_text("https://a.example/1")
