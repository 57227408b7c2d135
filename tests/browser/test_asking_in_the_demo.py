"""A question on its whole way through the demo: the real command, the real launch, the real worker, a browser."""

import re

from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from lmssocial.front.demo.experts_script import LINK_ID
from tests.support.demo import Demo, be_another
from tests.support.pages import assert_accessible

TITLE = "Who begins when both sides wait for the other?"
EXPERTS = (
    "Mei Ono",
    "Emre Yıldız",
    "Lars Holm",
    "Ben Okoro",
    "Noah Goldberg",
    "Leila Haddad",
    "Hannah Weiss",
)
"""Everybody who may be invited in the demo."""


def enter(page: Page, demo: Demo, name: str) -> None:
    """Be somebody, and open expert connect in a window of its own."""
    be_another(page, demo, name)
    page.goto(f"{demo.course}/activities/{LINK_ID}/open?in=window")
    expect(page.get_by_role("heading", name="Ask somebody who knows")).to_be_visible()


def press(where: Locator) -> None:
    """Use the keyboard only."""
    where.focus()
    where.press("Enter")


def ask(page: Page) -> str:
    """Ask by keyboard; answers the address of the question."""
    press(page.get_by_role("link", name="Ask a question"))
    page.get_by_label("Your question in one sentence").press_sequentially(TITLE)
    page.get_by_label("What have you tried").press_sequentially(
        "Silence on both sides, and the lunch gets cold."
    )
    page.get_by_label("Topics").press_sequentially("Opening numbers")
    press(page.get_by_role("button", name="Send my question"))
    sent, similar = page.get_by_role("heading", name=TITLE), page.get_by_role("button", name="None of these")
    expect(sent.or_(similar)).to_be_visible()
    if similar.count():  # what is there already was not shown yet while the title was typed
        press(similar)
    expect(sent).to_be_visible()
    return page.url


def somebody_invited(page: Page, demo: Demo, *others: str) -> str:
    """Become somebody who was asked, and open the question as they find it."""
    for name in EXPERTS:
        if name in others:
            continue
        enter(page, demo, name)
        waiting = page.get_by_role("listitem").filter(has_text=TITLE)
        to_answer = waiting.get_by_role("link", name="See whether you can answer")
        if to_answer.count():
            to_answer.first.click()
            expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
            return name
    raise AssertionError("nobody was invited")


def test_a_question_is_asked_passed_on_answered_rated_published_and_found_again(
    page: Page, demo: Demo
) -> None:
    enter(page, demo, "Ana Ruiz")
    question = ask(page)
    for _look in range(90):  # the worker invites people within seconds
        page.goto(question)
        if page.get_by_role("heading", name="Who is asked, and why").count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_text("Opening numbers").last).to_be_visible()
    assert_accessible(page.main_frame)

    first = somebody_invited(page, demo)
    page.get_by_role("link", name="I cannot").click()
    page.get_by_role("button", name="I have no time").click()
    second = somebody_invited(page, demo, first)
    page.get_by_role("button", name="I answer it").click()
    page.get_by_role("link", name="Ask back first").click()
    page.get_by_label("Your question back").fill("Who invited whom to the table?")
    page.get_by_role("button", name="Send").click()

    enter(page, demo, "Ana Ruiz")
    page.goto(question)
    expect(page.get_by_text("Who invited whom to the table?")).to_be_visible()
    press(page.get_by_role("link", name=re.compile("Answer the question back|Add something")).first)
    page.get_by_label("Your message").press_sequentially("They invited us, and chose the restaurant.")
    press(page.get_by_role("button", name="Send"))

    enter(page, demo, second)
    page.goto(question)
    page.get_by_role("link", name="Write your answer").click()
    page.get_by_label("Your answer").fill("Whoever invited begins: ask them what they hoped for.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("ask them what they hoped for")).to_be_visible()

    enter(page, demo, "Ana Ruiz")
    page.goto(question)
    press(page.get_by_role("button", name="This resolved it"))
    expect(page.get_by_text("Resolved the question")).to_be_visible()
    press(page.get_by_role("link", name="Rate it in private"))
    page.get_by_label(re.compile("5")).last.press("Space")
    press(page.get_by_role("button", name="Save"))
    press(page.get_by_role("link", name="Publish it as knowledge"))
    page.get_by_label("Where").select_option(label="The open table")
    press(page.get_by_role("button", name="Publish"))
    expect(page.get_by_text("From Expert connect")).to_be_visible()
    press(page.get_by_role("link", name="Where it was asked"))
    press(page.get_by_role("link", name="Read question and answer there"))
    expect(page.get_by_text("From Expert connect")).to_be_visible()
    assert_accessible(page.main_frame)
    press(page.get_by_role("link", name="The open table").first)
    page.get_by_label("Search the discussion").fill("invited begins hoped")
    page.get_by_label("Search the discussion").press("Enter")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


def test_an_office_hour_is_booked_and_its_file_opens_in_a_calendar(page: Page, demo: Demo) -> None:
    enter(page, demo, "Ana Ruiz")
    page.get_by_role("link", name="Office hours", exact=True).click()
    press(page.get_by_role("link", name=re.compile("^Book")).first)
    page.get_by_label("What it is about").press_sequentially("The silence at the table.")
    press(page.get_by_role("button", name="Book it"))
    with page.expect_download() as download:
        press(page.get_by_role("link", name="Open in your calendar"))
    file = download.value.path().read_bytes()
    calendar = Calendar.from_ical(file)
    assert [str(event["STATUS"]) for event in calendar.walk("VEVENT")] == ["CONFIRMED"]
    assert calendar.walk("VTIMEZONE")
    assert b"DTSTART;TZID=" in file
