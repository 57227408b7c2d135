"""Browsers signed in to courses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity.admission import admit
from lmssocial.lms.identity.models import WebSession
from lmssocial.lms.identity.sessions import open_session, sweep
from lmssocial.lms.lti.launch import Context, Launch, MessageType, Person, Presentation, ResourceLink
from tests.conftest import TestClock
from tests.fakes.platform import FakePlatform
from tests.fakes.registered import register

SignIn = Callable[..., WebSession]
HOURS = timedelta(hours=12)


@pytest.fixture
def sign_in(session: Session) -> SignIn:
    """Launch as ``sub`` in ``course`` with ``browser``; further arguments change the launch."""
    registration = register(session, FakePlatform(jwks_url="https://lms.example.edu/jwks"))
    usual = Launch(
        message_type=MessageType.RESOURCE_LINK,
        registration_id=registration.id,
        deployment_id="1",
        person=Person(sub=""),
        roles=frozenset(),
        context=None,
        resource_link=ResourceLink(id="link-1"),
        target_link_uri="",
    )

    def do(
        sub: str = "ada", course: str = "course-1", browser: str = "firefox", **changes: object
    ) -> WebSession:
        launch = replace(usual, person=Person(sub=sub), context=Context(id=course), **changes)  # type: ignore[arg-type]
        return open_session(session, admit(session, launch), launch, browser=browser, lasts=HOURS)

    return do


def test_the_browsers_token_is_stored_as_a_hash(sign_in: SignIn) -> None:
    assert sign_in().browser_hash == token_hash("firefox")


def test_another_launch_renews_the_sign_in_and_keeps_open_forms_good(
    sign_in: SignIn, clock: TestClock
) -> None:
    first = sign_in().id
    clock.tick(hours=3)
    again = sign_in(locale="de", presentation=Presentation(return_url="https://lms.example.edu/c/1"))
    assert again.id == first
    assert again.expires_at == clock.now + HOURS
    assert (again.locale, again.return_url) == ("de", "https://lms.example.edu/c/1")


def test_another_person_in_the_same_browser_and_course_takes_over_and_old_forms_are_void(
    sign_in: SignIn, session: Session
) -> None:
    ada = sign_in("ada")
    first, member = ada.id, ada.membership_id
    grace = sign_in("grace")
    assert grace.membership_id != member
    assert grace.id != first, "forms are bound to the id; SQLite must not hand it out again"
    assert session.scalar(select(func.count()).select_from(WebSession)) == 1


def test_courses_and_browsers_do_not_touch_each_other(sign_in: SignIn, session: Session) -> None:
    ids = {
        sign_in("ada", "course-1", "firefox").id,
        sign_in("grace", "course-2", "firefox").id,
        sign_in("ada", "course-1", "chrome").id,
    }
    assert len(ids) == 3
    assert session.scalar(select(func.count()).select_from(WebSession)) == 3


def test_a_return_address_that_is_too_long_is_left_out(sign_in: SignIn) -> None:
    long = "https://lms.example.edu/" + "x" * 2000
    assert sign_in(presentation=Presentation(return_url=long)).return_url == ""


def test_sign_ins_that_are_over_are_swept(sign_in: SignIn, session: Session, clock: TestClock) -> None:
    sign_in("ada")
    clock.tick(hours=11)
    sign_in("grace", "course-2")
    clock.tick(hours=1)
    assert sweep(session) == 1
    assert session.scalar(select(func.count()).select_from(WebSession)) == 1
    assert sweep(session) == 0
