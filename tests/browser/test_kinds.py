"""Questions, polls, the choices of the list and the search, in a real browser: at every width, in both directions."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.search import vocabulary
from lmssocial.widgets.discussion import popularity, questions, service
from lmssocial.widgets.discussion.drafts import PollDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Thread
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import let_pass
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import make_person, make_place, sign_in
from tests.support.servers import OwnTool

PICTURES = os.environ.get("KINDS_PICTURES", "")
"""A folder to put pictures of every page in; none are taken if it is empty."""


class Scene:
    """A course with a question, a solved one, an announcement and a poll."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.session, self.place = session, make_place(session)
        self.ana = make_person(session, self.place, "Ana Ruiz")
        self.ben = make_person(session, self.place, "Ben Okoro")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        self.asked = self.begin(self.ana, "How do I find the other side's walk-away point?", "question")
        self.first, self.second = (self.reply(self.ben, self.asked, f"Answer {n}.") for n in range(2))
        self.reply(self.tom, self.asked, "Another answer.")
        solved = self.begin(self.ben, "What is a package offer?", "question")
        questions.solve(session, self.ben, self.reply(self.tom, solved, "Several things at once.").post_id)
        self.begin(self.tom, "Office hours move to Thursday", "announcement", pinned=True)
        options = ("Monday morning", "Thursday, late in the afternoon, after the lectures are over", "Never")
        poll = PollDraft(
            question="When do we meet?",
            options=options,
            several=True,
            closes_at=clock.now() + timedelta(days=3),
        )
        self.poll = self.begin(self.ana, "A date for our meeting", "discussion", poll=poll)
        session.flush()
        popularity.recompute(session, [self.asked.thread_id, solved.thread_id, self.poll.thread_id])
        due = {"due_at": clock.now() + timedelta(days=2)}
        session.execute(update(Thread).where(Thread.id == self.asked.thread_id).values(**due))
        vocabulary.learn(session)
        self.base = f"/w/{self.place.placement.id}/discussion"

    def begin(
        self, actor: Actor, title: str, kind: str, *, pinned: bool = False, poll: PollDraft | None = None
    ) -> Posted:
        """Begin a thread."""
        draft = ThreadDraft(
            placement_id=self.place.placement.id,
            title=title,
            source="Some words about it.",
            kind=kind,
            pinned=pinned,
            poll=poll,
        )
        return service.post_thread(self.session, let_pass, actor, draft)

    def reply(self, actor: Actor, thread: Posted, source: str) -> Posted:
        """Answer a thread."""
        draft = ReplyDraft(parent_id=thread.post_id, source=source)
        return service.reply_to(self.session, let_pass, actor, draft)


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


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_every_page_of_a_kind_is_usable_at_every_width_in_light_and_dark_and_both_directions(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    pages = {
        "list": "/",
        "popular": "/?sort=popular",
        "empty": "/?view=unsolved&tag=nothing",
        "question": f"/threads/{scene.asked.thread_id}",
        "best": f"/threads/{scene.asked.thread_id}?order=best",
        "poll": f"/threads/{scene.poll.thread_id}",
        "new": "/threads/new",
        "search": "/search?q=package+author:tom&where=everywhere",
        "misspelt": "/search?q=packege",
    }
    visits: tuple[tuple[int, Literal["light", "dark"], str, Actor], ...] = (
        (320, "light", "en", scene.ana),
        (700, "dark", "ar", scene.ana),
        (1200, "light", "en", scene.tom),
    )
    faults: list[str] = []
    for width, scheme, language, actor in visits:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale=language
        )
        address, page = enter(context, actor), context.new_page()
        for name, path in pages.items():
            page.goto(address + path)
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
            if language == "ar":
                page.evaluate("document.documentElement.dir = 'rtl'")
            faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
            no_horizontal_scroll(page)
            picture(page, f"{name}-{width}")
        context.close()
    assert not faults, "\n".join(faults)


def test_the_asker_says_by_keyboard_what_solved_it(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ana)
    page.goto(f"{address}/threads/{scene.asked.thread_id}")
    button = page.get_by_role("button", name=re.compile("This solved it.*post 2"))
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Solved by Ben Okoro in post 2").click()
    expect(page.locator("#post-2")).to_be_focused()
    page.get_by_role("button", name="Not solved after all").click()
    expect(page.get_by_role("link", name="Solved by")).to_have_count(0)


def test_somebody_votes_and_changes_their_vote(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ben)
    page.goto(f"{address}/threads/{scene.poll.thread_id}")
    expect(page.locator("meter")).to_have_count(0)
    page.get_by_label("Monday morning").check()
    page.get_by_label("Never").check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.locator(".poll-results")).to_contain_text("Monday morning")
    expect(page.get_by_role("meter", name="Monday morning")).to_have_attribute("value", "1")
    page.get_by_text("Change your vote").click()
    page.get_by_role("checkbox", name="Never").uncheck()
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_role("meter", name="Never")).to_have_attribute("value", "0")
    expect(page.locator(".poll")).to_contain_text("1 person has voted")
    picture(page, "voted")


def test_similar_threads_appear_while_the_title_is_typed(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.tom)
    page.goto(f"{address}/threads/new")
    page.get_by_label("Title").press_sequentially("What is a package offer really")
    link = page.locator("#similar").get_by_role("link", name="What is a package offer?")
    expect(link).to_be_visible()
    expect(page.get_by_label("Title")).to_be_focused()
    expect(page.locator("#similar")).to_contain_text("Solved")
    picture(page, "similar")


@pytest.mark.parametrize("status", [0, 500])
def test_who_types_a_title_is_not_taken_away_when_nothing_can_be_looked_up(
    page: Page, scene: Scene, enter: Enter, status: int
) -> None:
    address = enter(page.context, scene.tom)
    page.goto(f"{address}/threads/new")
    page.route("**/similar*", lambda route: route.fulfill(status=status) if status else route.abort())
    with page.expect_event("requestfinished" if status else "requestfailed"):
        page.get_by_label("Title").press_sequentially("What is a package offer really")
    page.get_by_label("Title").press_sequentially(", said Tom")
    expect(page.get_by_label("Title")).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value("What is a package offer really, said Tom")
    expect(page.locator(".notice.bad")).to_have_count(0)


def test_order_and_filter_are_chosen_by_keyboard(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ana)
    page.goto(f"{address}/")
    page.get_by_text("Sort and filter").click()
    page.get_by_label("Order").select_option("popular")
    page.get_by_label("Show", exact=True).select_option("questions")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.locator(".thread")).to_have_count(2)
    expect(page.locator(".thread").first).to_contain_text("2 colleagues replied")
