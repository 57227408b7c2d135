"""Marking posts in a real browser: the row changes in its place, the focus stays, and everything can be read."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Placement
from lmssocial.social.engagement import mentioning, sharing
from lmssocial.social.engagement import service as marks
from lmssocial.social.engagement.ports import Telling
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.models import Thread
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.support.discussion import let_pass
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.servers import OwnTool

PORT = EngagedPosts()
MORE = re.compile(r"^More ?: post 2$")


class Scene:
    """A thread whose posts were marked in every way, and another course that one of them was brought to."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session)
        placement = session.get_one(Placement, self.place.placement.id)
        placement.settings = DiscussionSettings(stars=True).as_json()
        self.ana = make_person(session, self.place, "Ana Ruiz")
        self.ben = make_person(session, self.place, "Ben Okoro")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        draft = ThreadDraft(placement_id=placement.id, title="Walk-away point", source="Know **yours**.")
        thread = service.post_thread(session, let_pass, self.ana, draft)
        self.thread_id, self.opening_id = thread.thread_id, thread.post_id
        answer = ReplyDraft(parent_id=self.opening_id, source="Write it down before.")
        self.answer_id = service.reply_to(session, let_pass, self.ana, answer).post_id
        for actor in (self.tom, make_person(session, self.place, "Priya Nair")):
            marks.mark_helpful(session, actor, PORT, self.opening_id)
        marks.endorse(session, self.tom, PORT, self.opening_id, "The order of the steps.")
        for stars in (4, 5, 5):
            marks.rate(session, make_person(session, self.place), PORT, self.opening_id, stars)
        mentioning.mention_specially(session, self.tom, PORT, self.opening_id, "It saves you an hour.")
        marks.save(session, self.ben, PORT, self.opening_id)
        self.other = make_place(session, beside=self.place)
        own = session.scalars(select(Membership).where(Membership.user_id == self.ben.user_id)).one()
        joined = {"joined_at": own.joined_at, "last_launch_at": own.joined_at}
        session.add(
            Membership(course_id=self.other.course.id, user_id=own.user_id, roles="learner", **joined)
        )
        session.flush()
        there = sharing.places_for(session, self.ben, PORT, "discussion", self.opening_id)[0]
        telling = Telling(title="From the other course", sentence="We lacked this.")
        sharing.share(session, let_pass, self.ben, PORT, self.opening_id, there, telling)
        self.brought_id = session.scalars(
            select(Thread.id).where(Thread.community_id == self.other.community.id)
        ).one()


@pytest.fixture
def scene(session: Session) -> Scene:
    """What was played."""
    return Scene(session)


Enter = Callable[..., str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool; answers the address of the placement."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor, place: Place | None = None) -> str:
        session.commit()
        place, token = place or scene.place, new_token()
        sign_in(session, place, actor, token)
        placement_id = place.placement.id
        session.commit()
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
        context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": tool.address}])
        return f"{tool.address}/w/{placement_id}"

    return sign


def test_a_press_changes_the_row_in_its_place_and_the_focus_stays(
    page: Page, scene: Scene, enter: Enter
) -> None:
    page.goto(f"{enter(page.context, scene.ben)}/discussion/threads/{scene.thread_id}")
    page.evaluate("window.stayed = true")
    button = page.locator(f"#acts-{scene.opening_id}").get_by_role("button", name="Helpful")
    expect(button).to_have_text(re.compile("Helpful 2"))
    button.focus()
    page.keyboard.press("Space")
    expect(button).to_have_text(re.compile("Helpful 3"))
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_have_text(re.compile("Helpful 2"))
    expect(button).to_be_focused()
    assert page.evaluate("window.stayed")


def test_more_opens_below_the_post_and_esc_leads_back(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ben)}/discussion/threads/{scene.thread_id}")
    more = page.get_by_role("link", name=MORE)
    more.focus()
    page.keyboard.press("Enter")
    panel = page.locator(f"#at-{scene.answer_id} .more-acts")
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "true")
    assert not accessibility_faults(page)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    expect(panel).to_be_visible()
    more.click()
    expect(panel).to_have_count(0)
    more.click()
    panel.get_by_role("link", name="Close").click()
    expect(more).to_be_focused()


def test_what_is_pressed_in_the_panel_shows_there_at_once(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ben)}/discussion/threads/{scene.thread_id}")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name=MORE).click()
    panel = page.locator(f"#at-{scene.answer_id} .more-acts")
    panel.get_by_role("button", name="Save").click()
    saved = panel.get_by_role("button", name="Saved")
    expect(saved).to_have_attribute("aria-pressed", "true")
    expect(saved).to_be_focused()
    panel.get_by_role("button", name="4 stars").click()
    expect(panel.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "true")
    panel.get_by_role("button", name="5 stars").click()
    expect(panel.get_by_role("button", name="5 stars")).to_have_attribute("aria-pressed", "true")
    expect(panel.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.stayed")
    panel.get_by_role("link", name="Mention specially…").click()
    page.get_by_label("Why should others read it?").fill("It is short.")
    page.get_by_role("button", name="Mention it").click()
    expect(page.locator("#post-2")).to_contain_text("Specially mentioned")


def test_a_press_that_fails_says_why(page: Page, scene: Scene, session: Session, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ben)}/discussion/threads/{scene.thread_id}")
    service.remove_post(session, scene.ana, scene.answer_id)
    session.commit()
    page.locator(f"#acts-{scene.answer_id}").get_by_role("button", name="Helpful").click()
    expect(page.locator("main")).to_contain_text("This post does not exist, or it is not open to you.")


def test_every_page_of_engagement_is_usable_at_every_width(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    marked = f"/engagement/posts/{scene.opening_id}"
    pages = [
        *(f"/discussion/threads/{scene.thread_id}", f"/discussion/posts/{scene.opening_id}/acts"),
        *("/engagement/saved", f"{marked}/people", f"{marked}/mention", f"{marked}/share"),
        f"/engagement/posts/{scene.answer_id}/share",
    ]
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], Actor], ...] = (
        (320, "light", scene.ben),
        (700, "dark", scene.tom),
        (1200, "light", scene.ben),
    )
    for width, scheme, actor in visits:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        address, page = enter(context, actor), context.new_page()
        more = [f"{marked}/endorse"] if actor is scene.tom else []
        for path in pages + more:
            page.goto(address + path)
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
                no_horizontal_scroll(page)
        context.close()
    assert not faults, "\n".join(faults)


def test_what_was_brought_stands_beside_the_sentence(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ben, scene.other)}/discussion/threads/{scene.brought_id}")
    original = page.get_by_role("article", name="Shared: the post by Ana Ruiz")
    expect(original.locator("strong")).to_have_text("yours")
    expect(original.get_by_role("link", name="Read it there")).to_be_visible()
    expect(page.locator("#post-1")).to_contain_text("We lacked this.")
    assert not accessibility_faults(page)
