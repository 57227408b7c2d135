"""Settings, groups and private threads in a real browser: at every width, light and dark, in both directions."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import groups
from lmssocial.widgets.discussion import configuring, private, service
from lmssocial.widgets.discussion.configuring import PlaceDraft
from lmssocial.widgets.discussion.drafts import AboutDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups
from tests.support.discussion import let_pass
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.servers import ROOT, OwnTool

Enter = Callable[[BrowserContext, Actor], str]


class Scene:
    """A course with groups, dates, private threads and a thread that asks for an answer first."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session)
        self.ana = make_person(session, self.place, "Ana Ruiz")
        self.ben = make_person(session, self.place, "Ben Okoro")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        group = groups.make(session, self.tom, "Red team with a rather long name")
        groups.put_in(session, self.tom, group.id, [self.ana.user_id])
        self.group_id, self.ana = group.id, replace(self.ana, groups=frozenset({group.id}))
        self._set(session, groups=Groups.VISIBLE, due_at=clock.now() + timedelta(days=2))
        grouped = ThreadDraft(placement_id=self.place.placement.id, title="Our plan", source="First steps.")
        self.grouped_id = service.post_thread(session, let_pass, self.ana, grouped).thread_id
        self._set(session, post_first=True)
        prompt = ThreadDraft(
            placement_id=self.place.placement.id, title="What would you do?", source="Say why."
        )
        opened = service.post_thread(session, let_pass, self.tom, prompt)
        self.prompt_id, self.opening_id = opened.thread_id, opened.post_id
        answer = ReplyDraft(parent_id=opened.post_id, source="I would wait.")
        self.answer_id = service.reply_to(session, let_pass, self.ana, answer).post_id
        word = AboutDraft(
            placement_id=self.place.placement.id, post_id=self.answer_id, source="Could you say more?"
        )
        self.private_id = private.say_about(session, let_pass, self.tom, word).thread_id
        asked = ThreadDraft(placement_id=self.place.placement.id, title="May I?", source="Between us.")
        self.asked_id = private.ask(session, let_pass, self.ana, asked).thread_id
        self.base = f"/w/{self.place.placement.id}/discussion"

    def _set(self, session: Session, **settings: object) -> None:
        before = DiscussionSettings.read(self.place.placement.settings)
        after = replace(before, **settings)  # type: ignore[arg-type]
        draft = PlaceDraft(title="Case 1", intro="Say what you would do.", settings=after)
        configuring.configure(session, self.tom, self.place.placement.id, draft)


@pytest.fixture
def scene(session: Session) -> Scene:
    """A course with some history."""
    return Scene(session)


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


def test_every_page_is_usable_at_every_width_in_light_and_dark_and_both_directions(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    everybody = ["/", f"/threads/{scene.prompt_id}", f"/threads/{scene.grouped_id}"]
    anas = ["/threads/ask", f"/threads/{scene.asked_id}", f"/threads/{scene.asked_id}/public"]
    toms = [
        *("/settings", f"/threads/{scene.prompt_id}/settings", f"/threads/{scene.private_id}"),
        *("/../settings/groups", f"/../settings/groups/{scene.group_id}"),
    ]
    visits: tuple[tuple[int, Literal["light", "dark"], Actor, list[str]], ...] = (
        (320, "light", scene.ana, [*everybody, *anas]),
        (320, "light", scene.tom, [*everybody, *toms]),
        (700, "dark", scene.tom, [*everybody, *toms]),
        (1200, "light", scene.ben, [*everybody, f"/posts/{scene.opening_id}/private"]),
    )
    faults: list[str] = []
    for width, scheme, actor, paths in visits:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        address, page = enter(context, actor), context.new_page()
        for path in paths:
            page.goto(address + path)
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                no_horizontal_scroll(page)
            faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
            if folder := os.environ.get("PICTURES"):
                name = f"{width}-{actor.name.split()[0]}-{path.strip('/').replace('/', '-') or 'list'}.png"
                page.screenshot(path=ROOT / folder / name, full_page=True)
        context.close()
    assert not faults, "\n".join(faults)


def test_moments_are_typed_in_the_time_of_the_browser(browser: Browser, scene: Scene, enter: Enter) -> None:
    context = browser.new_context(timezone_id="America/New_York", locale="en-GB")
    address, page = enter(context, scene.tom), context.new_page()
    page.goto(f"{address}/threads/{scene.prompt_id}/settings")
    expect(page.get_by_text("Times are those of your browser: America/New_York.")).to_be_visible()
    page.get_by_label("Closes").fill("2040-07-01T18:30")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices").get_by_text("Saved. It counts from now on.")).to_be_visible()
    page.goto(f"{address}/threads/{scene.prompt_id}/settings")
    expect(page.get_by_label("Closes")).to_have_value("2040-07-01T18:30")
    assert page.get_by_label("Closes").get_attribute("data-utc") == "2040-07-01T22:30:00+00:00"
    context.close()


def test_people_are_put_into_a_group_by_keyboard_alone(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.tom)
    page.goto(f"{address}/../settings/groups/{scene.group_id}")
    page.get_by_label("Ben Okoro").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Ben Okoro")).to_be_checked()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim() === 'Put into the group'"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#notices").get_by_text("1 person was added.")).to_be_visible()
    expect(page.get_by_role("region", name="Members of the group").get_by_label("Ben Okoro")).to_be_visible()


def test_an_own_answer_opens_those_of_the_others(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ben)
    page.goto(f"{address}/threads/{scene.prompt_id}")
    expect(page.get_by_role("heading", name="Write your own answer first")).to_be_visible()
    expect(page.get_by_text("I would wait.")).to_have_count(0)
    page.get_by_label("Reply to Tom Berg").fill("I would ask.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("I would wait.")).to_be_visible()
