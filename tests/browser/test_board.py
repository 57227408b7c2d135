"""The first page, the board and the scores in a real browser: at every width, light and dark, from right to left."""

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
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import Phase, ReviewState, Source
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.working_out import work_out
from tests.support.entering import enter_tool
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person, make_place
from tests.support.servers import OwnTool

NAMES = ("Dagmar Oberhuber-Schleiermacher-von-Hohenfels", "Eli Tan", "Fatima Zahra", "Goran Petrović")


class Scene:
    """Reviewing is over: some works have reviews that disagree, others too few."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session, widget="peer_rating")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        self.ana = make_person(session, self.place, "Ana Ruiz")
        due = clock.now() + timedelta(days=3)
        self.activity = set_up(session, self.place, Phase.REVIEW, review_due_at=due, late_percent=5.0)
        people = [self.ana, *(make_person(session, self.place, name) for name in NAMES)]
        works = [make_work(session, self.place, one, is_late=one is people[2]) for one in people]
        for index, work in enumerate(works[:4]):
            for step in (1, 2):
                other = people[(index + step) % len(people)]
                make_review(session, self.place, work, other, levels=((index + step) % 3, step - 1))
        make_review(session, self.place, works[4], self.ana, levels=None, state=ReviewState.STARTED)
        make_review(session, self.place, works[1], self.tom, source=Source.STAFF)
        session.flush()
        work_out(session, {one.name: one for one in SCORINGS}, locked(session, self.place.placement.id))
        self.work = works[0]
        self.base = f"/w/{self.place.placement.id}/peer_rating"


@pytest.fixture
def scene(session: Session) -> Scene:
    """A course in the middle of reviewing."""
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


def test_the_pages_of_learners_and_staff_are_usable_at_every_width_in_light_and_dark(
    browser: Browser, session: Session, scene: Scene, enter: Enter
) -> None:
    faults: list[str] = []
    person = f"/board/people/{scene.ana.user_id}"
    staff = ("/board", "/board/works", person, f"{person}/extend", "/board/conflicts")
    scores = ("/scores", "/scores/reviewers", f"/works/{scene.work.id}/score")
    visits: tuple[tuple[int, Literal["light", "dark"], str], ...] = (
        (320, "light", "en"),
        (700, "dark", "ar"),
        (1200, "light", "en"),
    )
    for phase, seats in (
        (Phase.REVIEW, ((scene.ana, ("/",)), (scene.tom, staff))),
        (Phase.EVALUATE, ((scene.tom, scores),)),
    ):
        locked(session, scene.place.placement.id).activity.phase = phase
        session.commit()
        for width, scheme, locale in visits:
            for actor, paths in seats:
                context = browser.new_context(
                    viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
                )
                address, page = enter(context, actor), context.new_page()
                for path in paths:
                    answer = page.goto(address + path)
                    assert answer is not None
                    assert answer.status == 200, path
                    page.evaluate(
                        "document.querySelectorAll('details').forEach((one) => { one.open = true })"
                    )
                    faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
                    no_horizontal_scroll(page)
                context.close()
    assert not faults, "\n".join(faults)


def test_the_board_follows_what_happens_without_being_loaded_again(
    page: Page, session: Session, scene: Scene, enter: Enter
) -> None:
    page.goto(enter(page.context, scene.tom) + "/board")
    numbers = page.locator('[data-pulse="board-numbers"]')
    expect(numbers).to_contain_text("5 of 5")
    make_person(session, scene.place, "Hana Kim")
    session.commit()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(numbers).to_contain_text("5 of 6")
    page.get_by_role("link", name="Something has changed").click()
    expect(page.get_by_role("row", name="Hana Kim")).to_be_visible()
