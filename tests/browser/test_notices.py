"""Bell, notices and their settings in a real browser."""

from collections.abc import Callable
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Level
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.queries.threads import THREAD
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, let_pass
from tests.support.notices import tell
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.servers import OwnTool

LONG = (
    "How do you answer somebody who opens with a number that is far below what either of you could live with"
)


class Scene:
    """A course in which something happened for everybody."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.session = session
        self.place: Place = make_place(session)
        self.ana = make_person(session, self.place, "Ana Ruiz")
        self.ben = make_person(session, self.place, "Ben Okoro")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        self.thread = self.open(self.ana, LONG)
        self.watched = self.open(self.tom, "Silence")
        following.follow(session, self.ana, THREAD, self.watched.thread_id, Level.WATCH)
        self.answer = self.reply(self.ben, self.thread, "I say nothing at all, and **count** to ten.")
        self.reply(self.tom, self.thread, "averyveryverylongwordwithoutanyplacetobreakit" * 4)
        self.reply(self.ben, self.watched, "أقول لا شيء على الإطلاق، وأعد حتى العشرة.")
        held = ReplyDraft(parent_id=self.thread.post_id, source="Held words.")
        service.reply_to(session, HOLD, self.ben, held)
        tell(session)
        self.base = f"/w/{self.place.placement.id}"

    def open(self, actor: Actor, title: str) -> Posted:
        """Open a thread."""
        draft = ThreadDraft(placement_id=self.place.placement.id, title=title, source="How?")
        return service.post_thread(self.session, let_pass, actor, draft)

    def reply(self, actor: Actor, to: Posted, source: str) -> Posted:
        """Answer its opening."""
        return service.reply_to(
            self.session, let_pass, actor, ReplyDraft(parent_id=to.post_id, source=source)
        )


@pytest.fixture
def scene(session: Session) -> Scene:
    """A course with some history."""
    return Scene(session)


Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the placement's address."""
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


def test_from_the_bell_to_the_post_by_keyboard(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ana)
    page.goto(f"{address}/discussion/")
    bell = page.get_by_role("link", name="Notices, 2 unread")
    bell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Notices", exact=True)).to_be_visible()
    notice = page.get_by_role("link", name="Unread: 2 new replies to you from Tom Berg and Ben Okoro")
    notice.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#post-2")).to_be_focused()
    expect(page.locator("#post-2")).to_contain_text("I say nothing at all")
    expect(page.get_by_role("link", name="Notices, 1 unread")).to_be_visible()


def test_a_notice_that_arrives_while_a_page_is_open_rings_the_bell(
    page: Page, scene: Scene, enter: Enter
) -> None:
    address = enter(page.context, scene.ana)
    page.clock.install()
    for path in ("/notices/settings", f"/discussion/threads/{scene.watched.thread_id}"):
        page.goto(f"{address}{path}")
        before = int(page.locator(".bell").get_attribute("data-count") or 0)
        scene.reply(scene.ben, scene.open(scene.ana, f"Beside {path}"), "An answer.")
        tell(scene.session)
        scene.session.commit()
        page.clock.fast_forward(23_000)
        expect(page.get_by_role("link", name=f"Notices, {before + 1} unread")).to_be_visible()
        page.clock.fast_forward(1_000)
        expect(page.locator("#live")).to_contain_text(f"Notices, {before + 1} unread")


def test_following_is_chosen_by_keyboard(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ben)
    page.goto(f"{address}/discussion/threads/{scene.thread.thread_id}")
    summary = page.locator(".follow-it > summary")
    expect(summary).to_have_text("You follow this")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You follow this because you replied.")).to_be_visible()
    page.get_by_role("button", name="Mute").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("You muted this thread: you are told of nothing here.")
    expect(page.locator(".follow-it > summary")).to_have_text("You muted this")


def test_every_page_is_usable_at_every_width_in_light_and_dark_and_both_directions(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    pages = ("/notices/", "/notices/settings", f"/discussion/threads/{scene.watched.thread_id}")
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], Actor, str], ...] = (
        (320, "light", scene.ana, "en"),
        (700, "dark", scene.tom, "en"),
        (1200, "light", scene.ana, "ar"),
        (320, "dark", scene.tom, "ar"),
    )
    for width, scheme, actor, locale in visits:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
        )
        address, page = enter(context, actor), context.new_page()
        for path in pages:
            page.goto(address + path)
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
            faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
            no_horizontal_scroll(page)
        assert page.evaluate("document.documentElement.dir") == ("rtl" if locale == "ar" else "ltr")
        context.close()
    assert not faults, "\n".join(faults)
