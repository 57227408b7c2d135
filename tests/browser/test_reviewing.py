"""Reviewing in a real browser: by keyboard, saved by itself, at every width, light and dark, from right to left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.examples import service as examples
from lmssocial.widgets.peer_rating.examples.drafts import ExampleDraft
from lmssocial.widgets.peer_rating.models import Phase, Review, ReviewState
from tests.support.discussion import let_pass
from tests.support.entering import enter_tool
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.peer_rating import freeze_rubric, make_review, make_work, set_up
from tests.support.people import Place, make_person, make_place
from tests.support.servers import OwnTool

RUBRIC = (
    Criterion(
        title="The argument",
        levels=(
            ("Every step follows from the one before, and the other side is heard.", 4.0),
            ("Most steps follow; one is taken for granted.", 2.0),
            ("It claims, and does not argue.", 0.0),
        ),
    ),
    Criterion(
        title="The evidence",
        levels=(("Sources are named and can be followed.", 6.0), ("Some are.", 3.0), ("None are.", 0.0)),
    ),
)
WORK = (
    "# Why tides come twice a day\n\n"
    + (
        "The moon pulls at the water on the near side more than at the earth, and at the earth more than at the "
        "water on the far side. So there are two bulges, and the earth turns below them.\n\n" * 12
    )
    + "| day | high water |\n|-|-|\n| Monday | 06:10 |\n\n`https://a.very.long.address.example/"
    + "tides/" * 20
    + "`"
)


class Scene:
    """Ben reviews the work of Ana; another one waits; an example can be tried."""

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
            Phase.REVIEW,
            rubric=RUBRIC,
            review_due_at=clock.now() + timedelta(days=4),
            asked=2,
        )
        freeze_rubric(session, self.place, RUBRIC)
        work = make_work(session, self.place, self.ana, source=WORK)
        make_work(session, self.place, self.ben)
        make_work(session, self.place, self.cem)
        held = make_review(
            session, self.place, work, self.ben, levels=None, overall="", state=ReviewState.OFFERED
        )
        held.leased_until = clock.now() + timedelta(hours=24)
        sent = make_review(session, self.place, work, self.cem, overall="It reads *well*. " * 20)
        draft = ExampleDraft(
            source=WORK, levels=(1, 1), explanation="It names no source that can be followed."
        )
        example = examples.make(session, let_pass, self.tom, self.place.placement.id, draft)
        session.flush()
        self.base = f"/w/{self.place.placement.id}/peer_rating"
        self.review = f"/reviews/{held.id}"
        self.example = f"/examples/{example.id}"
        self.read = f"/reviews/{sent.id}/read"


@pytest.fixture
def scene(session: Session) -> Scene:
    """A review that is under way."""
    return Scene(session)


Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the address of the activity."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        enter_tool(app, session, scene.place, context, actor, tool.address)
        return f"{tool.address}{scene.base}"

    return sign


def test_every_page_of_reviewing_is_usable_at_every_width_in_light_and_dark(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], str], ...] = (
        (320, "light", "en"),
        (700, "dark", "ar"),
        (1200, "light", "en"),
    )
    for width, scheme, locale in visits:
        for actor, paths in (
            (scene.ben, (scene.review, f"{scene.review}/decline", "/examples", scene.example)),
            (scene.tom, (scene.read, scene.example)),
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


@pytest.mark.parametrize("width", [320, 1200])
def test_a_review_is_written_saved_by_itself_found_again_and_sent_by_keyboard(
    page: Page, scene: Scene, enter: Enter, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(enter(page.context, scene.ben) + scene.review)
    if width == 320:
        page.get_by_role("link", name="Your review").press("Enter")
        expect(page.get_by_role("heading", name="Your review")).to_be_in_viewport()
    else:
        expect(page.get_by_role("heading", name="Your review")).to_be_in_viewport()
        assert page.evaluate("document.querySelector('.pr-work').scrollHeight") > 900, "it scrolls by itself"
    argument = page.get_by_role("group", name="The argument")
    argument.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(argument.get_by_role("radio").nth(1)).to_be_checked()
    expect(page.locator("[data-missing]")).to_have_text(
        "Levels still to choose: 1. Characters still to write: 20."
    )
    page.keyboard.press("Tab")
    page.keyboard.type("The second step is taken for granted.")
    expect(page.locator("[data-missing]")).to_have_text("Levels still to choose: 1.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.reload()
    expect(argument.get_by_role("radio").nth(1)).to_be_checked()
    expect(argument.get_by_role("textbox")).to_have_value("The second step is taken for granted.")
    page.get_by_role("group", name="The evidence").get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-missing]")).to_have_text("Nothing is missing.")
    page.get_by_role("textbox", name="About the whole").focus()
    page.keyboard.type("Say first what it is good for.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send the review")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Your review is in.")
    page.get_by_role("button", name="Review the next one").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Review of Cem Kaya")


def test_what_the_server_did_not_get_is_said_kept_and_sent_when_it_is_back(
    page: Page, session: Session, scene: Scene, enter: Enter
) -> None:
    page.goto(enter(page.context, scene.ben) + scene.review)

    def away(route: Route) -> None:
        route.abort()

    page.route("**/save", away)
    page.get_by_role("group", name="The argument").get_by_role("radio").first.check()
    page.get_by_role("textbox", name="About the whole").fill("Written on a train.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved on this device only")
    page.reload()
    expect(page.get_by_role("textbox", name="About the whole")).to_have_value("Written on a train.")
    expect(page.get_by_role("group", name="The argument").get_by_role("radio").first).to_be_checked()
    page.get_by_role("textbox", name="About the whole").press("End")
    page.keyboard.type(" And after the tunnel.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved on this device only")
    page.unroute("**/save", away)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-saved]")).not_to_contain_text("device")
    session.rollback()
    review = session.scalars(select(Review).where(Review.reviewer_id == scene.ben.user_id)).one()
    assert review.answers["levels"] == {"0": 0}
    assert review.answers["overall"] == "Written on a train. And after the tunnel."
