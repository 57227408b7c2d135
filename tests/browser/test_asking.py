"""Asking with a real browser: by keyboard alone, at every width, light and dark, in both directions of writing."""

from collections.abc import Callable
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.models import Level, State
from tests.support.entering import enter_tool
from tests.support.experts import make_answer, make_expert, make_invitation, make_question, make_topic
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place
from tests.support.servers import OwnTool

Enter = Callable[[BrowserContext, Actor], str]


class Scene:
    """Ana asks, Ben was asked, Cleo once asked something that has an answer, Tom looks after it all."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session, widget="experts")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        self.ana = make_person(session, self.place, "Ana Ruiz-with-a-very-long-Hyphenated-Surname")
        self.ben = make_person(session, self.place, "Ben Okoro")
        self.cleo = make_person(session, self.place, "Cleo Maas")
        topic = make_topic(session, self.place, "Capability of processes in very long Words")
        make_expert(session, self.place, self.ben, topic)
        earlier = make_question(session, self.place, self.cleo, topic, state=State.ANSWERED)
        make_answer(session, self.place, earlier, self.ben)
        own = make_question(session, self.place, self.ana, topic, title="What is a run of " + "long" * 20)
        make_invitation(session, self.place, own, self.ben)
        make_question(session, self.place, self.cleo, title="Nobody knows this one", level=Level.STEWARDS)
        session.flush()
        finding.refresh(session, earlier.id)
        self.own, self.base = f"/questions/{own.id}", f"/w/{self.place.placement.id}/experts"


@pytest.fixture
def scene(session: Session) -> Scene:
    """Questions in every state that these pages tell apart."""
    return Scene(session)


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the address of the activity."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        enter_tool(app, session, scene.place, context, actor, tool.address)
        return f"{tool.address}{scene.base}"

    return sign


def test_every_page_of_asking_is_usable_at_every_width_in_light_and_dark(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], str], ...] = (
        (320, "light", "en"),
        (1200, "dark", "ar"),
    )
    for width, scheme, locale in visits:
        for actor, paths in (
            (scene.ana, ("/", "/ask", "/questions", scene.own, f"{scene.own}/edit", f"{scene.own}/withdraw")),
            (scene.ben, ("/", scene.own)),
            (scene.tom, ("/", scene.own)),
        ):
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
            )
            address, page = enter(context, actor), context.new_page()
            for path in paths:
                answer = page.goto(address + path)
                assert answer is not None
                assert answer.status == 200, path
                page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
                faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
                no_horizontal_scroll(page)
            context.close()
    assert not faults, "\n".join(faults)


def test_a_question_is_asked_by_keyboard_after_what_is_like_it_was_looked_at(
    page: Page, scene: Scene, enter: Enter
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(enter(page.context, scene.ana) + "/ask")
    title = page.get_by_role("textbox", name="Your question in one sentence")
    title.focus()
    page.keyboard.type("How is a capability study read?")
    expect(page.locator("#similar")).to_contain_text("How do I read a capability study?")
    page.get_by_role("textbox", name="What have you tried").focus()
    page.keyboard.type("I have one before me.")
    expect(page.locator("[data-saved]")).to_contain_text("aved")
    title.focus()
    page.keyboard.press("Enter")  # sends the question; it never says that something solved it
    expect(page.locator("#notices")).to_contain_text("Your question is sent.")
    expect(page.get_by_role("heading", level=1)).to_have_text("How is a capability study read?")
    page.get_by_role("link", name="Withdraw it").press("Enter")
    page.get_by_role("button", name="Withdraw it").press("Enter")
    expect(page.locator("#notices")).to_contain_text("Your question is withdrawn.")
