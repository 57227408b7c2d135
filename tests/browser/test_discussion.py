"""The discussion in a real browser: at every width, by keyboard, in light and dark, with nothing written lost."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, edit, let_pass
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.servers import OwnTool

RICH = """Two packages, **equal** to us:

| | price | terms | volume | delivery |
|-|-:|-:|-:|-|
| A | 100 | 30 days | 1,000 | 2 weeks, with a penalty |

- [x] asked for leave to share
- [ ] second case

```python
packages = [Package(price=100, terms=30, volume=1000), Package(price=96, terms=14, volume=1200)]
```

$u_1(p_1) = u_1(p_2)$ and https://example.org/an-address/that-is-rather-long/and-has-to-wrap-somewhere/in-a-narrow-frame"""


class Scene:
    """A course with a thread in which everything that can happen to a post has happened."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session)
        self.ana = make_person(session, self.place, "Ana Ruiz")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        draft = ThreadDraft(placement_id=self.place.placement.id, title="Walk-away point", source="How?")
        thread = service.post_thread(session, let_pass, self.ana, draft)
        self.thread_id, self.opening_id = thread.thread_id, thread.post_id

        def reply(actor: Actor, parent_id: int, source: str = "An answer.", *, held: bool = False) -> Posted:
            answer = ReplyDraft(parent_id=parent_id, source=source)
            return service.reply_to(session, HOLD if held else let_pass, actor, answer)

        rich = reply(self.tom, self.opening_id, RICH)
        self.rich_id = rich.post_id
        deep = reply(self.ana, reply(self.tom, self.rich_id).post_id)
        edit(session, self.ana, deep, "An answer, edited.")
        service.remove_post(session, self.tom, reply(self.tom, deep.post_id).post_id)
        self.held_id = reply(self.ana, self.opening_id, "Held words.", held=True).post_id
        service.pin(session, self.tom, self.thread_id)
        for number in range(3):
            more = ThreadDraft(placement_id=self.place.placement.id, title=f"Thread {number}", source="s")
            service.post_thread(session, let_pass, self.tom, more)
        self.base = f"/w/{self.place.placement.id}/discussion"


@pytest.fixture
def scene(session: Session) -> Scene:
    """A course with some history."""
    return Scene(session)


Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the discussion's address."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        token = new_token()
        sign_in(session, scene.place, actor, token)
        session.commit()
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
        context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": tool.address}])
        return f"{tool.address}{scene.base}"

    return sign


def test_every_page_is_usable_at_every_width_in_light_and_dark(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    pages = [
        *("/", "/threads/new", "/search?q=package", "/search?q=nothing", "/?view=mine"),
        *(
            f"/threads/{scene.thread_id}",
            f"/posts/{scene.rich_id}/reply?quote=1",
            f"/posts/{scene.held_id}/edit",
            f"/posts/{scene.rich_id}/acts",
        ),
        *(f"/posts/{scene.opening_id}/edit", f"/posts/{scene.opening_id}/remove"),
    ]
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], Actor], ...] = (
        (320, "light", scene.ana),
        (640, "dark", scene.tom),
        (900, "light", scene.ana),
    )
    for width, scheme, actor in visits:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        address, page = enter(context, actor), context.new_page()
        for path in pages:
            page.goto(address + path)
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
            faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
            no_horizontal_scroll(page)
        context.close()
    assert not faults, "\n".join(faults)


def test_an_answer_is_written_under_its_post_by_keyboard_alone(
    page: Page, scene: Scene, enter: Enter
) -> None:
    address = enter(page.context, scene.ana)
    page.goto(f"{address}/posts/{scene.rich_id}")
    expect(page.locator("#post-2")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#post-2 a[href$=\"/reply\"]')"):
            break
    page.keyboard.press("Enter")
    area = page.locator(f"#at-{scene.rich_id} textarea")
    expect(area).to_be_focused()
    expect(page.get_by_label("Reply to Tom Berg, post 2")).to_be_focused()
    page.keyboard.type("I **tried** it.")
    expect(page.locator(f"#at-{scene.rich_id} [data-saved]")).to_have_text(re.compile("Saved"))
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"#post-6$"))
    expect(page.locator("#post-6")).to_be_focused()
    expect(page.locator("#post-6 strong")).to_have_text("tried")
    expect(page.locator("#post-6")).to_contain_text("in reply to Tom Berg")
    expect(page.locator("#live")).to_have_text("Posted.")


def test_what_was_being_written_is_there_again_after_a_reload(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ana)
    page.goto(f"{address}/threads/new")
    page.get_by_label("Title").fill("My question")
    page.get_by_label("What do you want to say?").fill("Half a thought")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Saved"))
    page.goto(f"{address}/")
    page.get_by_role("link", name="Go on with My question").click()
    expect(page.get_by_label("Title")).to_have_value("My question")
    expect(page.get_by_label("What do you want to say?")).to_have_value("Half a thought")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".composer-preview p[dir]")).to_have_text("Half a thought")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_label("Title")).to_have_value("")


def test_the_question_before_removing_opens_in_its_place(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ana)
    page.goto(f"{address}/threads/{scene.thread_id}")
    do_more(page, 1, "Remove…")
    question = page.locator(f"#remove-{scene.opening_id}")
    expect(question).to_have_text("Remove this post?")
    expect(question).to_be_focused()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("#post-1")).to_contain_text("Ana Ruiz removed this post.")
    page.get_by_role("link", name="Restore… post 1").click()
    page.get_by_role("button", name="Restore it").click()
    expect(page.locator("#post-1")).to_contain_text("How?")


def do_more(page: Page, number: int, act: str) -> None:
    """Open what can be done with a post, and do one thing of it."""
    page.get_by_role("link", name=re.compile(rf"^More ?: post {number}$")).click()
    page.locator(".more-acts").get_by_role("link", name=act).click()


def composer_of(page: Page, post_id: int) -> Locator:
    """The place to write in that opened under a post."""
    return page.locator(f"#at-{post_id} textarea")


def test_reply_pressed_again_leads_into_the_composer_that_is_open(
    page: Page, scene: Scene, enter: Enter
) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    reply = page.get_by_role("link", name="Reply to post 2", exact=True)
    reply.click()
    composer_of(page, scene.rich_id).press_sequentially("Half a")
    reply.click()
    expect(composer_of(page, scene.rich_id)).to_be_focused()
    expect(composer_of(page, scene.rich_id)).to_have_value("Half a")


def test_quote_joins_what_is_being_written(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    page.get_by_role("link", name="Reply to post 2", exact=True).click()
    composer_of(page, scene.rich_id).fill("I agree.")
    do_more(page, 2, "Quote in a reply")
    expect(composer_of(page, scene.rich_id)).to_have_value(re.compile(r"^I agree\.\n\n> Two packages"))
    do_more(page, 1, "Quote in a reply")
    expect(page.locator("#answer textarea")).to_have_value("> How?\n\n")


def test_the_opening_is_answered_in_the_one_composer_at_the_end(
    page: Page, scene: Scene, enter: Enter
) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    page.get_by_role("link", name="Reply to post 1", exact=True).click()
    expect(page.locator("#answer textarea")).to_be_focused()
    expect(page.locator("form.composer")).to_have_count(1)


def test_removing_a_post_loses_no_answer_to_it_that_is_being_written(
    page: Page, scene: Scene, enter: Enter
) -> None:
    address = enter(page.context, scene.tom)
    page.goto(f"{address}/threads/{scene.thread_id}")
    page.get_by_role("link", name="Reply to post 2", exact=True).click()
    composer_of(page, scene.rich_id).fill("Half a thought")
    do_more(page, 2, "Remove…")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Reply to post 2", exact=True).click()
    expect(composer_of(page, scene.rich_id)).to_have_value("Half a thought")


def test_a_discarded_draft_does_not_come_back_from_the_device(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    area = page.locator("#answer textarea")
    area.fill("Half a thought")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Saved"))
    page.route("**/drafts/*", lambda route: route.abort())
    area.fill("Half a thought, and more")
    expect(page.locator("[data-saved]")).to_contain_text("this device only")
    page.reload()
    expect(area).to_have_value("Half a thought, and more")
    page.unroute("**/drafts/*")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.locator("#notices")).to_have_text("The draft is discarded.")
    expect(area).to_have_value("")


def test_a_text_too_long_to_post_is_given_back_whole(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    page.locator("#answer textarea").fill("a" * (MAX_SOURCE + 500))
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator(".errors")).to_contain_text("longer than 20000 characters")
    assert len(page.locator("textarea.composer-text").input_value()) == MAX_SOURCE + 500


def test_another_answer_can_be_written_after_going_back(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    for words in ("A first answer.", "A second one."):
        page.locator("#answer textarea").fill(words)
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator("article:focus")).to_contain_text(words)
        page.go_back()
    page.reload()
    expect(page.get_by_text("A first answer.", exact=True)).to_have_count(1)
    expect(page.get_by_text("A second one.", exact=True)).to_have_count(1)


def test_what_somebody_signed_out_tried_to_post_is_there_when_they_come_back(
    page: Page, scene: Scene, enter: Enter
) -> None:
    address = enter(page.context, scene.ana)
    page.goto(f"{address}/threads/new")
    page.get_by_label("Title").fill("My question")
    page.get_by_label("What do you want to say?").fill("A long thought")
    page.context.clear_cookies()
    expect(page.locator("[data-saved]")).to_contain_text("your sign-in here is over")
    page.get_by_role("button", name="Post thread").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please open this from your course")
    expect(page.locator("#kept")).to_have_value("My question\n\nA long thought")
    page.goto(f"{enter(page.context, scene.ana)}/threads/new")
    expect(page.get_by_label("Title")).to_have_value("My question")
    expect(page.get_by_label("What do you want to say?")).to_have_value("A long thought")
    page.get_by_role("button", name="Post thread").click()
    expect(page.locator("#notices")).to_have_text("Posted.")
    page.goto(f"{address}/threads/new")
    expect(page.get_by_label("Title")).to_have_value("")


def test_what_was_posted_does_not_come_back_from_the_device(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    page.route("**/drafts/*", lambda route: route.abort())
    page.locator("#answer textarea").fill("The server was away for a moment.")
    expect(page.locator("[data-saved]")).to_contain_text("this device only")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("article:focus")).to_contain_text("The server was away for a moment.")
    expect(page.locator("#answer textarea")).to_have_value("")
