"""Handing in with a real browser: kept while it is written, by keyboard, at every width, light and dark."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.peer_rating.models import Phase, ReviewState, WorkState
from lmssocial.widgets.peer_rating.settings import Identity
from tests.support.entering import enter_tool
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person, make_place
from tests.support.servers import OwnTool

TASK = (
    "Write about **one walk**: where you went, what you saw.\n\n"
    "| what | how long |\n|-|-|\n| text | a page |\n"
)
LONG = "A word that isvery" + "long" * 30 + " stands in it.\n\n" + "More words. " * 80
Enter = Callable[[BrowserContext, Actor], str]


class Scene:
    """Ana has handed in, Ben writes, Cem's work was taken out, Tom looks after it."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session, widget="peer_rating")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        self.ana = make_person(session, self.place, "Ana Ruiz-with-a-very-long-Hyphenated-Surname")
        self.ben = make_person(session, self.place, "Ben Okoro")
        self.cem = make_person(session, self.place, "Cem Kaya")
        set_up(
            session,
            self.place,
            Phase.SUBMIT,
            task=TASK,
            submit_due_at=clock.now() + timedelta(days=4),
            identity=Identity.DOUBLE_BLIND,
            identity_reason="So that friends are no help.",
            rolling=True,
        )
        work = make_work(session, self.place, self.ana, source=LONG)
        make_review(session, self.place, work, self.cem, state=ReviewState.STARTED)
        make_work(
            session,
            self.place,
            self.cem,
            state=WorkState.CANCELLED,
            note="This is the work of another course.",
        )
        self.work = f"/works/{work.id}"
        self.base = f"/w/{self.place.placement.id}/peer_rating"


@pytest.fixture
def scene(session: Session) -> Scene:
    """Work that is being handed in."""
    return Scene(session)


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the address of the activity."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        enter_tool(app, session, scene.place, context, actor, tool.address)
        return f"{tool.address}{scene.base}"

    return sign


def test_every_page_of_a_work_is_usable_at_every_width_in_light_and_dark(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], str], ...] = (
        (320, "light", "en"),
        (1200, "dark", "ar"),
    )
    for width, scheme, locale in visits:
        for actor, paths in (
            (scene.ana, ("/work", scene.work, "/work/withdraw")),
            (scene.cem, ("/work", scene.work)),
            (scene.tom, ("/work", scene.work, f"{scene.work}/take-out")),
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


def test_a_work_is_written_kept_found_again_and_handed_in_by_keyboard(
    page: Page, scene: Scene, enter: Enter
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(enter(page.context, scene.ben) + "/work")
    page.get_by_role("textbox", name="Your work").focus()
    page.keyboard.type("I went up the hill.")
    expect(page.locator("[data-saved]")).to_contain_text("aved")
    page.reload()
    expect(page.get_by_role("textbox", name="Your work")).to_have_value("I went up the hill.")
    page.get_by_role("button", name="Preview").press("Enter")
    expect(page.locator(".composer-preview")).to_contain_text("I went up the hill.")
    page.get_by_role("button", name="Hand in").press("Enter")
    expect(page.locator("#notices")).to_contain_text("Handed in.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
