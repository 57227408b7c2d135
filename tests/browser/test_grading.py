"""Grading in a real browser: by keyboard, at every width, light and dark, from right to left."""

from collections.abc import Callable
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.gradebook.models import Condition, Score
from lmssocial.social.gradebook.rulings import Trouble
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.grading import service as grading
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft
from lmssocial.widgets.discussion.grading.rubric import starting_points
from lmssocial.widgets.discussion.grading.seen import seen
from tests.support.discussion import let_pass
from tests.support.entering import enter_tool
from tests.support.pages import accessibility_faults, assert_accessible, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place
from tests.support.servers import OwnTool


class Scene:
    """A graded discussion: one learner chose, one has a grade, one chose nothing."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place: Place = make_place(session)
        placement = self.place.placement.id
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        self.ana = make_person(session, self.place, "Ana Ruiz")
        self.ben = make_person(session, self.place, "Ben Steward-with-a-very-long-Hyphenated-Surname")
        self.cem = make_person(session, self.place, "Cem Kaya")
        opening = service.post_thread(
            session,
            let_pass,
            self.ben,
            ThreadDraft(placement_id=placement, title="How do you open? " * 4, source="I never *know*."),
        )
        answer = service.reply_to(
            session,
            let_pass,
            self.ana,
            ReplyDraft(parent_id=opening.post_id, source="| a | b |\n|-|-|\n| With a | question |\n" * 2),
        )
        rubric = starting_points()
        grading.set_up(session, self.tom, placement, SetupDraft(choose=2, rubric=rubric))
        session.flush()
        grading.choose(session, self.ana, placement, [answer.post_id])
        session.flush()
        draft = GradeDraft(
            user_id=self.ben.user_id,
            levels=(0, 1, 2),
            comment="You open well.\nNext time, say what came of it.",
            seen=seen(0, (), rubric),
            give_back=True,
        )
        grading.grade(session, self.tom, placement, draft)
        session.flush()
        score = session.scalars(select(Score)).one()
        score.condition, score.trouble = Condition.GIVEN_UP, Trouble.FORBIDDEN.value
        score.last_error = "The server answered with status 403. It said: " + "no-access-for-this-tool/" * 12
        self.base = f"/w/{placement}/discussion"

        self.people = {"tom": self.tom, "ana": self.ana, "ben": self.ben, "cem": self.cem}

    @property
    def pages(self) -> dict[str, tuple[str, ...]]:
        """What each of them looks at."""
        learners = tuple(f"/grading/{somebody.user_id}" for somebody in (self.ana, self.ben, self.cem))
        return {
            "tom": ("/grading", "/grading/setup", "/../gradebook", *learners),
            "ana": ("/best",),
            "ben": ("/best",),
        }


@pytest.fixture
def scene(session: Session) -> Scene:
    """A graded discussion."""
    return Scene(session)


Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the address of the discussion."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        enter_tool(app, session, scene.place, context, actor, tool.address)
        return f"{tool.address}{scene.base}"

    return sign


def test_every_page_of_grading_is_usable_at_every_width_in_light_and_dark(
    browser: Browser, scene: Scene, enter: Enter
) -> None:
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], str], ...] = (
        (320, "light", "en"),
        (700, "dark", "ar"),
        (1200, "light", "en"),
    )
    for width, scheme, locale in visits:
        for actor, paths in scene.pages.items():
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
            )
            address, page = enter(context, scene.people[actor]), context.new_page()
            for path in paths:
                answer = page.goto(address + path)
                assert answer is not None
                assert answer.status == 200, path
                page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
                faults += [f"{width} {scheme} {path}: {fault}" for fault in accessibility_faults(page)]
                no_horizontal_scroll(page)
            context.close()
    assert not faults, "\n".join(faults)


def test_a_grade_in_trouble_is_looked_at_and_tried_again_by_keyboard(
    page: Page, scene: Scene, enter: Enter
) -> None:
    page.goto(enter(page.context, scene.people["tom"]) + "/grading")
    page.get_by_role("link", name="Look at them").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Grades in your LMS")
    said = page.get_by_text("no-access-for-this-tool")
    expect(said).to_be_hidden()
    page.get_by_text("What your LMS said").focus()
    page.keyboard.press("Enter")
    expect(said).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_have_text("The grade is tried again now.")


def test_an_instructor_grades_by_keyboard_alone(page: Page, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.people["tom"])
    page.goto(f"{address}/grading")
    page.get_by_role("link", name="Grade the next one").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana Ruiz")
    first = page.get_by_role("radio").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # the second level: 2 points
    for _criterion in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")  # the best level: 3 points
    page.keyboard.press("Tab")
    page.keyboard.type("Read, and worth reading.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice.good")).to_contain_text("Ana Ruiz now sees their grade: 8 of 9")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cem Kaya")


def test_a_form_that_is_refused_takes_the_focus_to_what_is_missing(
    page: Page, scene: Scene, enter: Enter
) -> None:
    address = enter(page.context, scene.people["tom"])
    page.goto(f"{address}/grading/{scene.people['cem'].user_id}")
    page.get_by_label("What you want to tell them").fill("Words that must stay")
    page.get_by_role("button", name="Save and return").click()
    expect(page.get_by_text("3 things need your attention")).to_be_visible()
    expect(page.get_by_label("What you want to tell them")).to_have_value("Words that must stay")
    page.locator(".errors a").first.click()
    expect(page.locator("#level_0")).to_be_in_viewport()
    assert_accessible(page)


def test_a_learner_chooses_their_best_without_scripts(browser: Browser, scene: Scene, enter: Enter) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    address, page = enter(context, scene.people["ana"]), context.new_page()
    page.goto(f"{address}/best")
    chosen = page.get_by_role("checkbox").first
    expect(chosen).to_be_checked()
    chosen.uncheck()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.locator(".notice.good")).to_contain_text("Saved")
    expect(page.get_by_role("checkbox").first).not_to_be_checked()
    context.close()
