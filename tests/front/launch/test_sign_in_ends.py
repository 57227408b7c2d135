"""A sign-in that ends, or changes hands, while somebody writes: plain words, and the text is not lost."""

from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lmssocial.lms.identity import sessions
from lmssocial.lms.identity.models import Deployment, Registration, Standing
from lmssocial.lms.lti import claims
from lmssocial.widgets.discussion.models import Thread
from tests.conftest import TestClock
from tests.fakes.platform import INSTRUCTOR
from tests.front.launch.conftest import House
from tests.support.visitor import forms_of

TEXT = "Three paragraphs about anchoring, and a question.\n\nWritten over an hour."
WHERE = {claims.CUSTOM: {"widget": "discussion"}}
TEACHER = {claims.ROLES: [INSTRUCTOR], "sub": "teacher-1", "name": "Grace Hopper"}


@pytest.fixture
def own(build: Callable[..., House]) -> House:
    """A house of this test's own."""
    return build()


def begin_to_write(house: House, browser: FlaskClient) -> tuple[str, Mapping[str, str]]:
    """Launch, open the form for a new thread and fill it in; give its address and what it would send."""
    home = house.platform.launch(browser, **WHERE).location
    page = browser.get(f"{home}threads/new")
    assert page.status_code == 200
    (form,) = [form for form in forms_of(page.text) if "title" in form.names()]
    return f"{home}threads/new", {**dict(form.fields), "title": "Anchoring", "source": TEXT}


def threads(house: House) -> int:
    """How many there are."""
    with house.rows() as session:
        return session.scalar(select(func.count(Thread.id))) or 0


def test_while_the_sign_in_lasts_the_text_is_posted(own: House) -> None:
    browser = own.browser()
    address, filled = begin_to_write(own, browser)
    assert browser.post(address, data=filled).status_code == 303
    assert threads(own) == 1


def test_when_it_ended_meanwhile_the_text_is_handed_back_with_what_to_do(
    own: House, clock: TestClock
) -> None:
    browser = own.browser()
    address, filled = begin_to_write(own, browser)
    clock.tick(hours=13)
    answer = browser.post(address, data=filled)
    assert answer.status_code == 401
    assert "Your sign-in here is over. Go back to your course and open this activity again." in answer.text
    assert TEXT in answer.text
    assert "Anchoring\n\n" in answer.text
    assert "frame-ancestors https://lms.example.edu" in answer.headers["Content-Security-Policy"]
    assert threads(own) == 0


def test_an_answer_to_a_script_is_a_notice_and_leaves_the_page_alone(own: House, clock: TestClock) -> None:
    browser = own.browser()
    address, filled = begin_to_write(own, browser)
    clock.tick(hours=13)
    answer = browser.post(address, data=filled, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "Your sign-in here is over." in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("swept", [False, True])
def test_after_opening_the_activity_again_nothing_has_to_be_written_twice(
    own: House, clock: TestClock, *, swept: bool
) -> None:
    browser = own.browser()
    address, filled = begin_to_write(own, browser)
    clock.tick(hours=13)
    if swept:
        with own.rows() as session:
            assert sessions.sweep(session) == 1
    own.platform.launch(browser, **WHERE)
    answer = browser.post(address, data=filled)
    if answer.status_code == 422:
        (form,) = [form for form in forms_of(answer.text) if "title" in form.names()]
        kept = dict(form.fields)
        assert kept["source"].replace("\r\n", "\n").strip() == TEXT
        answer = browser.post(address, data=kept)
    assert answer.status_code == 303
    assert threads(own) == 1


def test_a_form_made_for_one_person_is_not_sent_as_another(own: House) -> None:
    browser = own.browser()
    address, filled = begin_to_write(own, browser)
    own.platform.launch(browser, **TEACHER, **WHERE)
    answer = browser.post(address, data=filled)
    assert answer.status_code == 422
    assert "This page was opened before your present sign-in, so nothing was sent." in answer.text
    assert TEXT in answer.text.replace("\r\n", "\n")
    assert threads(own) == 0


def test_when_the_platform_is_switched_off_people_read_that_and_keep_their_text(own: House) -> None:
    browser = own.browser()
    address, filled = begin_to_write(own, browser)
    with own.rows() as session:
        session.execute(update(Registration).values(enabled=False))
    answer = browser.post(address, data=filled)
    assert answer.status_code == 403
    assert "This activity is switched off for your LMS." in answer.text
    assert TEXT in answer.text
    assert threads(own) == 0


def test_when_its_deployment_is_switched_off_everybody_is_told_at_the_next_page(own: House) -> None:
    browser = own.browser()
    home = own.platform.launch(browser, **WHERE).location
    assert browser.get(home).status_code == 200
    with own.rows() as session:
        session.execute(update(Deployment).values(standing=Standing.DISABLED))
        session.commit()
    answer = browser.get(home)
    assert answer.status_code == 403
    assert "switched off for your LMS" in answer.text


def test_a_request_too_large_to_read_is_refused_in_words(own: House) -> None:
    browser = own.browser()
    address, filled = begin_to_write(own, browser)
    answer = browser.post(address, data={**filled, "source": "x" * 2_100_000})
    assert answer.status_code == 413
    assert "<h1" in answer.text
