"""The pages of the demo LMS."""

from collections.abc import Callable

import pytest
from flask import Flask

from lmssocial.front.demo.lms.campus import Campus, open_campus
from tests.front.demo.academy import ISSUER, Browser

PAGES = ("/", "/course", "/course/weeks/1", "/course/people", "/course/grades")


def test_three_people_are_one_click_away_and_everybody_else_in_a_list(lms: Flask, campus: Campus) -> None:
    page = Browser(lms.test_client()).get("/").text
    for name in ("Ana Ruiz", "Tom Berg", "Iris Vogel"):
        assert f"Be {name}</button>" in page
    for person in campus.cast.people:
        assert f'value="{person.key}"' in page


def test_choosing_a_person_leads_into_the_course_with_the_discussion_in_a_frame(
    browser_of: Callable[[str], Browser],
) -> None:
    browser = browser_of("ana.ruiz")
    page = browser.get("/course").text
    assert "You are <strong>Ana Ruiz</strong>, learner" in page
    assert 'src="/activities/link-1/open" allow="fullscreen"' in page
    assert "sandbox" not in page
    assert "in=window" in page


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_anything_inline_and_every_page_says_so(
    browser_of: Callable[[str], Browser], path: str
) -> None:
    answer = browser_of("tom.berg").get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http://localhost:8000" in policy
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    assert answer.text.count("<script") == answer.text.count('<script type="module" src=')


def test_every_week_is_there_to_read(campus: Campus, browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("grace.mwangi")
    assert [week.number for week in campus.weeks] == [1, 2, 3, 4, 5]
    for week in campus.weeks:
        page = browser.get(f"/course/weeks/{week.number}").text
        assert week.title in page.replace("&#39;", "'")
        assert len(week.reading.striptags().split()) > 250
    assert browser.get("/course/weeks/6").status_code == 404


@pytest.mark.parametrize("path", ["/course", "/course/people", "/activities/link-1/open", "/platform"])
def test_whoever_is_nobody_yet_chooses_first(lms: Flask, path: str) -> None:
    answer = Browser(lms.test_client()).get(path)
    assert answer.status_code == 303
    assert answer.location == "/"


def test_a_form_of_another_site_changes_nothing(lms: Flask) -> None:
    client = lms.test_client()
    assert client.post("/be", base_url=ISSUER, data={"person": "tom.berg"}).status_code == 400
    assert client.get("/course", base_url=ISSUER).status_code == 303


def test_a_form_opened_as_another_person_is_refused(browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("tom.berg")
    with browser.client.session_transaction(base_url=ISSUER) as session:
        session["form_token"] = "of Tom"
    browser.be("iris.vogel")
    answer = browser.client.post("/activities/link-1/remove", base_url=ISSUER, data={"form_token": "of Tom"})
    assert answer.status_code == 400
    assert "Week 2 discussion" in browser.get("/course").text


def test_nobody_can_be_invented(browser_of: Callable[[str], Browser]) -> None:
    assert browser_of("ana.ruiz").post("/be", person="mallory").status_code == 400


def test_a_teacher_renames_and_moves_an_activity(browser_of: Callable[[str], Browser]) -> None:
    teacher = browser_of("tom.berg")
    answer = teacher.post("/activities/link-1/edit", title="Bring your case", text="One sentence.", week="4")
    assert answer.location == "/course/weeks/4#link-1"
    page = teacher.get("/course/weeks/4").text
    assert "Bring your case" in page
    assert "One sentence." in page
    assert "There is no activity in this week" in teacher.get("/course/weeks/2").text


@pytest.mark.parametrize(
    "fields", [{"title": "", "week": "2"}, {"title": "x", "week": "9"}, {"title": "x" * 201, "week": "2"}]
)
def test_a_change_that_cannot_be_kept_is_said_with_the_words_still_there(
    browser_of: Callable[[str], Browser], fields: dict[str, str]
) -> None:
    teacher = browser_of("tom.berg")
    answer = teacher.post("/activities/link-1/edit", text="Kept words.", **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Kept words." in answer.text
    assert "Week 2 discussion" in teacher.get("/course").text


@pytest.mark.parametrize("person", ["ana.ruiz", "mei.ono", "sofia.lind"])
def test_only_those_who_teach_change_the_course(browser_of: Callable[[str], Browser], person: str) -> None:
    browser = browser_of(person)
    assert browser.get("/activities/link-1/edit").status_code == 403
    assert browser.post("/activities/link-1/edit", title="Mine", week="2").status_code == 403
    assert browser.post("/activities/link-1/remove").status_code == 403
    assert "Week 2 discussion" in browser.get("/course").text


def test_the_gradebook_says_honestly_that_it_is_empty(browser_of: Callable[[str], Browser]) -> None:
    assert "No activity in this course is graded" in browser_of("tom.berg").get("/course/grades").text


def test_a_browser_that_came_by_another_name_is_brought_to_the_issuer(lms: Flask) -> None:
    answer = lms.test_client().get("/course?x=1", base_url="http://127.0.0.1:8001")
    assert answer.status_code == 302
    assert answer.location == f"{ISSUER}/course?x=1"


def test_the_course_opens_at_the_same_place_after_a_restart(
    campus: Campus, browser_of: Callable[[str], Browser]
) -> None:
    key = campus.key.kid
    again = open_campus(ISSUER, campus.store.parent, outbound_allow=())
    assert again.key.kid == key
    assert "Week 2 discussion" in browser_of("ana.ruiz").get("/course").text


def test_the_private_key_is_for_its_owner_only(campus: Campus) -> None:
    assert (campus.store.parent / "northfield_key.pem").stat().st_mode & 0o077 == 0
