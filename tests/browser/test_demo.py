"""``lmssocial demo`` as somebody meets it: the real command, the real launch, a browser."""

import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.support.demo import Demo, be_another, opened
from tests.support.network import free_port
from tests.support.pages import assert_accessible, no_horizontal_scroll
from tests.support.servers import CLI, ROOT


@pytest.fixture
def visit(demo: Demo, page: Page) -> Callable[[str], FrameLocator]:
    """Choose a person and give the discussion in the frame of the course page."""

    def be(name: str) -> FrameLocator:
        page.goto(demo.course)
        page.get_by_role("button", name=f"Be {name}").click()
        expect(page.get_by_text(f"You are {name}")).to_be_visible()
        return opened(page)

    return be


@pytest.mark.parametrize(
    ("name", "role"), [("Ana Ruiz", "learner"), ("Tom Berg", "instructor"), ("Iris Vogel", "administrator")]
)
def test_one_click_opens_the_discussion_inside_the_course_page(
    page: Page, visit: Callable[[str], FrameLocator], name: str, role: str
) -> None:
    frame = visit(name)
    expect(frame.get_by_role("heading", name="Week 2 discussion")).to_be_visible()
    expect(frame.get_by_text(f"{name} · {role}")).to_be_visible()
    for title in ("Who says the first number", "Silence: how long", "walk-away point", "I am listening"):
        expect(frame.locator("li.thread", has_text=title)).to_be_visible()
    expect(frame.locator("li.thread").first).to_contain_text("Pinned")
    assert_accessible(page.main_frame)


def test_unread_posts_differ_from_person_to_person(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    unread = visit("Ana Ruiz").locator(".unread-count")
    expect(unread.first).to_be_visible()
    ana = unread.all_inner_texts()
    others = be_another(page, demo, "Marta Kowalczyk").locator(".unread-count")
    expect(others.first).to_be_visible()
    assert others.all_inner_texts() != ana


def test_a_learner_posts_and_another_answers(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    frame = visit("Ana Ruiz")
    frame.get_by_role("link", name="Start a thread").click()
    frame.get_by_label("Title").fill("Does a deadline help you or them?")
    frame.get_by_label("What do you want to say?").fill("Ours is **Friday**. I have not told them.")
    frame.get_by_role("button", name="Post thread").click()
    expect(frame.get_by_role("heading", name="Does a deadline help you or them?")).to_be_visible()

    frame = be_another(page, demo, "Ben Okoro")
    frame.get_by_role("link", name="Does a deadline help you or them?").click()
    frame.get_by_label("Reply to Ana Ruiz").fill("Whoever hides it has to carry it alone.")
    frame.get_by_role("button", name="Post reply").click()
    expect(frame.get_by_role("article").filter(has_text="carry it alone")).to_contain_text("Ben Okoro")

    frame = visit("Ana Ruiz")
    thread = frame.locator("li.thread", has_text="Does a deadline help you or them?")
    expect(thread).to_contain_text("1 unread")


def test_an_instructor_adds_a_second_discussion_and_a_learner_opens_it(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    visit("Tom Berg")
    page.get_by_role("link", name="Week 3").click()
    page.get_by_role("link", name="Add social activity").click()
    picker = page.frame_locator("iframe.frame")
    picker.get_by_label("Title").fill("Who speaks first?")
    picker.get_by_role("button", name="Add to the course").click()
    expect(page).to_have_url(f"{demo.course}/course/weeks/3")
    expect(page.get_by_role("heading", name="Who speaks first?")).to_be_visible()
    expect(opened(page, last=True).get_by_role("link", name="Start the first thread")).to_be_visible()

    be_another(page, demo, "Grace Mwangi")
    page.get_by_role("link", name="Week 3").click()
    expect(opened(page, last=True).get_by_role("heading", name="Who speaks first?")).to_be_visible()
    expect(opened(page, last=True).get_by_text("Grace Mwangi · learner")).to_be_visible()


def test_an_instructor_adds_two_at_once_one_of_them_graded(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    visit("Tom Berg")
    page.get_by_role("link", name="Week 4").click()
    page.get_by_role("link", name="Add social activity").click()
    picker = page.frame_locator("iframe.frame")
    picker.get_by_label("Title").fill("First of two")
    picker.get_by_role("button", name="Add and choose another").click()
    expect(picker.get_by_role("heading", name="Your list")).to_be_visible()
    expect(picker.get_by_role("button", name="Remove First of two")).to_be_visible()
    picker.get_by_label("Title").fill("Second of two")
    picker.get_by_label("Graded out of how many points?").fill("12")
    picker.get_by_role("button", name="Add this and your list").click()
    expect(page).to_have_url(f"{demo.course}/course/weeks/4")
    for title in ("First of two", "Second of two"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.goto(f"{demo.course}/course/grades")
    expect(page.get_by_role("columnheader", name="Second of two")).to_be_visible()
    expect(page.get_by_role("columnheader", name="First of two")).not_to_be_visible()


def test_grades_that_were_given_back_are_in_the_gradebook_of_the_course(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    visit("Tom Berg")
    graded = page.get_by_role("link", name="9: the work of Ana Ruiz")
    for _look in range(60):  # the worker sends them within seconds of its start
        page.goto(f"{demo.course}/course/grades")
        if graded.count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_role("columnheader", name="Week 2 discussion")).to_be_visible()
    graded.click()
    expect(page).to_have_url(re.compile(rf"{demo.house.tool_url}/w/\d+/discussion/grading/\d+"))
    expect(page.get_by_role("heading", name="Ana Ruiz")).to_be_visible()


def test_an_instructor_who_cancels_the_picker_is_back_with_nothing_added(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    visit("Tom Berg")
    page.get_by_role("link", name="Week 5").click()
    expect(page.get_by_role("link", name="Add social activity")).to_be_visible()
    before = page.locator("iframe.frame").count()
    page.get_by_role("link", name="Add social activity").click()
    page.frame_locator("iframe.frame").get_by_role("button", name="Cancel").click()
    expect(page).to_have_url(f"{demo.course}/course/weeks/5")
    expect(page.locator("iframe.frame")).to_have_count(before)


def test_a_held_post_is_published_by_the_instructor(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    def as_ben() -> FrameLocator:
        frame = be_another(page, demo, "Ben Okoro")
        frame.get_by_role("link", name="Who says the first number").click()
        expect(frame.get_by_role("article").first).to_be_visible()
        return frame

    held = "how buyers read a price page"
    expect(as_ben().get_by_text(held)).to_have_count(0)
    frame = visit("Tom Berg")
    frame.get_by_role("link", name=re.compile(r"waits? for you")).click()
    expect(frame.get_by_text("4 links")).to_be_visible()
    publish = frame.get_by_role("button", name="Publish the post by Rahul Deshmukh")
    publish.click()
    expect(publish).to_have_count(0)
    expect(as_ben().get_by_text(held)).to_be_visible()


def test_the_activity_opens_in_a_tab_of_its_own(page: Page, visit: Callable[[str], FrameLocator]) -> None:
    visit("Ana Ruiz")
    with page.context.expect_page() as new:
        page.get_by_role("link", name="Open in a new tab").first.click()
    tab = new.value
    expect(tab.get_by_role("heading", name="Week 2 discussion")).to_be_visible()
    tab.close()


def test_the_frame_is_as_tall_as_what_is_in_it(page: Page, visit: Callable[[str], FrameLocator]) -> None:
    frame = visit("Ana Ruiz")
    frame.get_by_role("link", name="walk-away point").click()
    expect(frame.get_by_role("article").nth(15)).to_be_visible()
    page.wait_for_function("document.querySelector('iframe.frame').offsetHeight > 2000")


def test_everything_works_without_javascript(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo.course)
    page.get_by_role("button", name="Be Ana Ruiz").click()
    frame = page.frame_locator("iframe.frame").first
    for step in ("/lti/login", "/lti/launch"):
        frame.locator(f"form[action='{demo.house.tool_url}{step}']").get_by_role("button").click()
    expect(frame.get_by_role("heading", name="Week 2 discussion")).to_be_visible()
    frame.get_by_role("link", name="Silence: how long is too long?").click()
    frame.get_by_label("Reply to Jonas Lindqvist").fill("Three breaths, and count them.")
    frame.get_by_role("button", name="Post reply").click()
    expect(frame.get_by_text("Three breaths, and count them.")).to_be_visible()
    context.close()


def test_the_tool_is_registered_again_from_the_platform_page_without_typing_a_key(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    link = demo.run("platforms", "invite", "--name", "A second Northfield", "--tenant", "Second", "--approve")
    visit("Iris Vogel")
    page.get_by_role("link", name="Platform").click()
    page.get_by_label("Registration link of the tool").fill(link.splitlines()[0])
    page.get_by_role("button", name="Register").click()
    page.frame_locator("iframe.frame").get_by_role("button", name="Connect").click()
    expect(page).to_have_url(f"{demo.course}/platform", timeout=15_000)
    expect(page.get_by_role("button", name="Remove this tool and its activities")).to_be_visible()
    page.get_by_role("button", name="Remove this tool and its activities").click()
    expect(page.get_by_role("button", name="Remove this tool and its activities")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360, 760, 1200])
def test_no_page_of_the_course_scrolls_sideways(page: Page, demo: Demo, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(demo.course)
    no_horizontal_scroll(page.main_frame)
    page.get_by_role("button", name="Be Iris Vogel").click()
    for path in ("/course", "/course/weeks/4", "/course/people", "/course/grades", "/platform"):
        page.goto(demo.course + path)
        no_horizontal_scroll(page.main_frame)


def test_every_page_of_the_course_can_be_used_by_everybody(page: Page, demo: Demo) -> None:
    page.goto(demo.course)
    assert_accessible(page.main_frame)
    page.get_by_role("button", name="Be Tom Berg").click()
    for path in ("/course/weeks/1", "/course/people", "/course/grades"):
        page.goto(demo.course + path)
        assert_accessible(page.main_frame)
    page.goto(demo.course + "/course")
    page.get_by_role("link", name="Edit").first.click()
    assert_accessible(page.main_frame)


def test_the_administrators_account_opens_the_administration(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.house.tool_url}/admin/")
    page.get_by_label("Name").fill("iris")
    page.get_by_label("Password", exact=True).fill(demo.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Tenants").first.click()
    expect(page.get_by_text("Northfield Academy").first).to_be_visible()


def test_ctrl_c_stops_it_at_once_and_it_starts_again_soon_and_keeps_everything(
    demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    frame = visit("Ana Ruiz")
    frame.get_by_role("link", name="Start a thread").click()
    frame.get_by_label("Title").fill("Written before the stop")
    frame.get_by_label("What do you want to say?").fill("It is still there.")
    frame.get_by_role("button", name="Post thread").click()
    expect(frame.get_by_role("heading", name="Written before the stop")).to_be_visible()

    assert demo.server.interrupt() == 0
    assert "Stopped." in demo.server.output()
    assert "Traceback" not in demo.server.output()
    for port in (demo.house.port, demo.house.lms_port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))

    began = time.monotonic()
    demo.run("--version")
    floor = time.monotonic() - began
    began = time.monotonic()
    demo.start()
    assert time.monotonic() - began < max(20.0, 8 * floor)  # on a quiet machine the floor is a second
    assert "Filling the course" not in demo.server.output()
    assert "password:" not in demo.server.output()
    expect(visit("Ana Ruiz").get_by_role("link", name="Written before the stop")).to_be_visible()


def test_a_second_demo_is_told_which_port_is_taken(demo: Demo, tmp_path: Path) -> None:
    again = subprocess.run(
        [
            *CLI,
            "demo",
            "--quick",
            "--port",
            str(demo.house.port),
            "--lms-port",
            str(free_port()),
            "--data-dir",
            str(tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert again.returncode == 1
    assert f"Port {demo.house.port} is taken" in again.stderr
    assert "make demo PORT=" in again.stderr
    assert "Traceback" not in again.stderr
    assert list(tmp_path.iterdir()) == []


def test_three_learners_rate_each_other_and_the_scores_arrive_in_the_gradebook(
    page: Page, demo: Demo, visit: Callable[[str], FrameLocator]
) -> None:
    visit("Tom Berg")
    page.get_by_role("link", name="Week 5").click()
    page.get_by_role("link", name="Add social activity").click()
    picker = page.frame_locator("iframe.frame")
    picker.get_by_label("Peer rating", exact=False).check()
    picker.get_by_label("Title").fill("One page, three pairs of eyes")
    picker.get_by_role("button", name="Add to the course").click()
    expect(page.get_by_role("heading", name="One page, three pairs of eyes").last).to_be_visible()
    set_up = opened(page, last=True)
    set_up.get_by_label("What people hand in").fill("Your opening, on **one page**.")
    set_up.get_by_label("Reviews each work gets").fill("2")
    set_up.get_by_label("Reviews each person is asked for").fill("2")
    set_up.get_by_role("button", name="Save and open it").click()

    three = ("Grace Mwangi", "Emre Yıldız", "Hannah Weiss")
    for name in three:
        mine = in_week_five(page, demo, name)
        mine.get_by_role("link", name="Hand in").first.click()
        mine.get_by_label("Your work").fill(f"I begin with a question, says {name}.")
        mine.get_by_role("button", name="Hand in").click()
        expect(mine.locator("#notices")).to_contain_text("Handed in")

    go_on(in_week_five(page, demo, "Tom Berg"), "Begin reviewing now")
    for name in three:
        for _turn in range(2):
            review(in_week_five(page, demo, name))

    board = in_week_five(page, demo, "Tom Berg")
    go_on(board, "Go on to the scores now")
    board.get_by_role("link", name="Look at the scores").click()
    board.get_by_role("button", name="Release").click()
    expect(board.locator("main").get_by_text("Scores are released").first).to_be_visible()

    theirs = in_week_five(page, demo, "Grace Mwangi")
    theirs.get_by_role("link", name="See how it came about").click()
    expect(theirs.get_by_role("heading", name="Your score")).to_be_visible()

    be_another(page, demo, "Tom Berg")
    reviewing = page.get_by_role("columnheader", name="One page, three pairs of eyes: reviewing")
    for _look in range(60):  # the worker sends them within seconds
        page.goto(f"{demo.course}/course/grades")
        if reviewing.count() and page.get_by_role("link", name="80: the work of Grace Mwangi").count():
            break
        page.wait_for_timeout(500)
    expect(reviewing).to_be_visible()
    page.get_by_role("link", name="80: the work of Grace Mwangi").click()
    expect(page).to_have_url(re.compile(r"/peer_rating/board/people/\d+"))


def in_week_five(page: Page, demo: Demo, name: str) -> FrameLocator:
    """The activity of Week 5 as somebody finds it."""
    be_another(page, demo, name)
    page.get_by_role("link", name="Week 5").click()
    return opened(page, last=True)


def go_on(board: FrameLocator, step: str) -> None:
    """Let the instructor move the activity on."""
    board.get_by_role("link", name="Move it").first.click()
    board.locator("summary", has_text=step).click()
    board.get_by_role("button", name=step).click()
    expect(board.locator("#notices")).not_to_be_empty()


def review(home: FrameLocator) -> None:
    """Let somebody review the work they are given: the best level of each criterion, and a sentence."""
    home.get_by_role("button", name="Review the").click()
    expect(home.get_by_role("heading", name="Your review")).to_be_visible()
    for criterion in home.locator("fieldset.pr-criterion").all():
        criterion.get_by_role("radio").first.check()
    home.get_by_label("About the whole").fill("It is plain and short. Try next: read it aloud to somebody.")
    home.get_by_role("button", name="Send the review").click()
    expect(home.locator("#notices")).to_contain_text("Your review is in")
