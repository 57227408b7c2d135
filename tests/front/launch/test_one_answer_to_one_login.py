"""An answer of the LMS is good once, for one login, in the browser that began it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import partial

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lmssocial.core.db import make_engine
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.front.launch import routes
from lmssocial.lms.identity.directory import Registrations
from lmssocial.lms.lti import causes, pending
from lmssocial.lms.lti.models import PendingLogin
from lmssocial.lms.lti.pending import BegunLogin
from lmssocial.lms.lti.platforms import Platform
from tests.conftest import TestClock
from tests.fakes.platform import Begun
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_let_in, assert_refused, outcome

THREADS = 20


def test_two_frames_of_one_page_may_log_in_at_once(house: House) -> None:
    browser = house.browser()
    one, other = house.platform.begin(browser), house.platform.begin(browser)
    for begun in (one, other):
        token = house.platform.sign(house.platform.payload(begun.nonce))
        assert_let_in(outcome(partial(house.platform.finish, browser, begun.state, token)))


def test_a_login_is_good_for_ten_minutes(house: House, clock: TestClock) -> None:
    browser = house.browser()
    early, late = house.platform.begin(browser), house.platform.begin(browser)
    clock.tick(590)
    token = house.platform.sign(house.platform.payload(early.nonce))
    assert_let_in(outcome(lambda: house.platform.finish(browser, early.state, token)))
    clock.tick(11)
    token = house.platform.sign(house.platform.payload(late.nonce))
    assert_refused(outcome(lambda: house.platform.finish(browser, late.state, token)), causes.STATE_UNKNOWN)


def test_of_twenty_answers_at_once_one_gets_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """All twenty are about to take the login, and not one of them has."""
    all_are_there, take = threading.Barrier(THREADS), routes._take

    def take_together(state: str) -> tuple[BegunLogin, Platform]:
        all_are_there.wait(timeout=30)
        return take(state)

    monkeypatch.setattr(routes, "_take", take_together)
    answers = _race(house)
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * (THREADS - 1)
    refused = [answer.text for answer in answers if answer.status_code == 400]
    assert all(causes.STATE_UNKNOWN.words.title in page for page in refused)


def test_of_twenty_connections_at_once_one_takes_the_login(house: House) -> None:
    """As twenty processes would: each with a connection of its own that is open before any of them asks."""
    begun, all_are_there = house.platform.begin(house.browser()), threading.Barrier(THREADS)

    def take(_: int) -> bool:
        engine = make_engine(house.engine.url.render_as_string(hide_password=False))
        with engine.connect() as connection, Session(connection) as session:
            all_are_there.wait(timeout=30)
            taken = pending.take(session, begun.state)
            session.commit()
        engine.dispose()
        return taken is not None

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(take, range(THREADS))) == 1


def test_the_race_would_find_a_login_that_can_be_taken_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: looking first and deleting afterwards lets several in."""
    all_have_looked = threading.Barrier(THREADS)

    def look_then_delete(state: str) -> tuple[BegunLogin, Platform]:
        with house.rows() as session:
            row = session.scalars(select(PendingLogin)).one()
            begun = BegunLogin(**{one.name: getattr(row, one.name) for one in fields(BegunLogin)})
            platform = Registrations(session).by_id(row.registration_id)
        all_have_looked.wait(timeout=30)
        with house.rows() as session:
            session.execute(delete(PendingLogin).where(PendingLogin.state_hash == token_hash(state)))
        assert platform is not None
        return begun, platform

    with house.rows() as session:
        session.execute(delete(PendingLogin))
    monkeypatch.setattr(routes, "_take", look_then_delete)
    assert sum(answer.status_code == 303 for answer in _race(house)) > 1


def test_logins_nobody_came_back_from_are_swept(house: House, clock: TestClock) -> None:
    with house.rows() as session:
        session.execute(delete(PendingLogin))
    house.platform.begin(house.browser())
    clock.tick(minutes=9)
    house.platform.begin(house.browser())
    clock.tick(minutes=2)
    with house.rows() as session:
        assert pending.sweep(session) == 1
        assert session.scalar(select(func.count()).select_from(PendingLogin)) == 1
        assert pending.sweep(session) == 0


def _race(house: House) -> list[TestResponse]:
    begun = house.platform.begin(house.browser())
    token = house.platform.sign(house.platform.payload(begun.nonce))
    cookies = _cookies(begun)
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda _: _finish(house, cookies, begun.state, token), range(THREADS)))


def _cookies(begun: Begun) -> str:
    """The cookies of a login as a browser sends them back."""
    return "; ".join(value.partition(";")[0] for value in begun.response.headers.getlist("Set-Cookie"))


def _finish(house: House, cookies: str, state: str, token: str) -> TestResponse:
    client = house.app.test_client(use_cookies=False)
    return client.post(
        "/lti/launch",
        data={"state": state, "id_token": token},
        headers={"Cookie": cookies},
        base_url=house.platform.public_url,
    )
