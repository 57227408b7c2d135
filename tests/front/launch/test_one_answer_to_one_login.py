"""An answer of the LMS is good once, for one login, in the browser that began it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import partial

import pytest
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from lmssocial.core.kernel.secrets import token_hash
from lmssocial.front.launch import routes
from lmssocial.lms.identity.directory import Registrations
from lmssocial.lms.lti import causes, claims, pending
from lmssocial.lms.lti.models import PendingLogin
from lmssocial.lms.lti.pending import BegunLogin
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import Cause
from tests.conftest import TestClock
from tests.fakes.platform import Begun
from tests.fakes.registered import register
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_let_in, assert_refused, outcome

THREADS = 20


def test_a_replayed_launch_is_refused_in_the_same_browser(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    token = house.platform.sign(house.platform.payload(begun.nonce))
    assert_let_in(outcome(lambda: house.platform.finish(browser, begun.state, token)))
    assert_refused(outcome(lambda: house.platform.finish(browser, begun.state, token)), causes.STATE_UNKNOWN)


def test_a_replayed_launch_is_refused_in_another_browser(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    token = house.platform.sign(house.platform.payload(begun.nonce))
    assert_let_in(outcome(lambda: house.platform.finish(browser, begun.state, token)))
    assert_refused(
        outcome(lambda: house.platform.finish(house.browser(), begun.state, token)), causes.STATE_UNKNOWN
    )


def test_a_second_token_for_one_login_is_refused(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    first = house.platform.sign(house.platform.payload(begun.nonce))
    second = house.platform.sign(house.platform.payload(begun.nonce, sub="person-8"))
    assert_let_in(outcome(lambda: house.platform.finish(browser, begun.state, first)))
    assert_refused(outcome(lambda: house.platform.finish(browser, begun.state, second)), causes.STATE_UNKNOWN)


def test_a_login_is_used_up_by_a_refused_answer_too(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    good = house.platform.sign(house.platform.payload(begun.nonce))
    bad = house.platform.sign(house.platform.payload(begun.nonce, aud="client-2"))
    assert_refused(outcome(lambda: house.platform.finish(browser, begun.state, bad)), causes.AUDIENCE_WRONG)
    assert_refused(outcome(lambda: house.platform.finish(browser, begun.state, good)), causes.STATE_UNKNOWN)


def test_the_nonce_of_one_login_does_not_go_with_the_state_of_another(house: House) -> None:
    browser = house.browser()
    one, other = house.platform.begin(browser), house.platform.begin(browser)
    token = house.platform.sign(house.platform.payload(one.nonce))
    assert_refused(outcome(lambda: house.platform.finish(browser, other.state, token)), causes.NONCE_WRONG)


def test_two_frames_of_one_page_may_log_in_at_once(house: House) -> None:
    browser = house.browser()
    one, other = house.platform.begin(browser), house.platform.begin(browser)
    for begun in (one, other):
        token = house.platform.sign(house.platform.payload(begun.nonce))
        assert_let_in(outcome(partial(house.platform.finish, browser, begun.state, token)))


def test_an_answer_to_a_login_that_began_in_another_browser_is_refused(house: House) -> None:
    """Otherwise an attacker signs a victim in as himself and reads what the victim writes (login CSRF)."""
    attacker, victim = house.browser(), house.browser()
    begun = house.platform.begin(attacker)
    house.platform.begin(victim)
    token = house.platform.sign(house.platform.payload(begun.nonce))
    found = outcome(lambda: house.platform.finish(victim, begun.state, token))
    assert_refused(found, causes.COOKIE_MISSING)


def test_a_cookie_of_the_right_name_and_another_login_is_refused(house: House) -> None:
    browser = house.browser()
    one, other = house.platform.begin(browser), house.platform.begin(browser)
    secret_of_other = _cookies(other)
    names = [pair.partition("=")[0] for pair in _cookies(one).split("; ")]
    values = [pair.partition("=")[2] for pair in secret_of_other.split("; ")]
    stolen = "; ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))
    token = house.platform.sign(house.platform.payload(one.nonce))
    found = outcome(lambda: _finish(house, stolen, one.state, token))
    assert_refused(found, causes.OTHER_BROWSER)


def test_the_login_of_one_registration_is_not_answered_by_another(build: Callable[..., House]) -> None:
    house = build()
    second = house.another(client_id="client-2", deployment_id="2")
    with house.rows() as session:
        register(session, second)
    browser = house.browser()
    begun = house.platform.begin(browser)
    token = second.sign(second.payload(begun.nonce))
    assert_refused(outcome(lambda: second.finish(browser, begun.state, token)), causes.AUDIENCE_WRONG)


def test_an_answer_without_state_is_refused(house: House) -> None:
    found = outcome(lambda: house.browser().post("/lti/launch", data={"id_token": "a.b.c"}))
    assert_refused(found, causes.STATE_MISSING)


def test_a_state_we_never_sent_is_refused(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    token = house.platform.sign(house.platform.payload(begun.nonce))
    assert_refused(outcome(lambda: house.platform.finish(browser, "x" * 43, token)), causes.STATE_UNKNOWN)


def test_a_form_field_sent_twice_is_refused(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    token = house.platform.sign(house.platform.payload(begun.nonce))
    for twice in (
        {"state": [begun.state] * 2, "id_token": token},
        {"state": begun.state, "id_token": [token] * 2},
    ):
        found = outcome(partial(browser.post, "/lti/launch", data=twice))
        assert_refused(found, causes.PARAMETER_REPEATED)
        begun = house.platform.begin(browser)
        token = house.platform.sign(house.platform.payload(begun.nonce))


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("login_required", causes.LMS_SIGNED_OUT),
        ("interaction_required", causes.LMS_SIGNED_OUT),
        ("access_denied", causes.LMS_ERROR),
        ("<script>", causes.LMS_ERROR),
    ],
)
def test_an_error_of_the_lms_is_said_in_words(house: House, error: str, cause: Cause) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    found = outcome(
        lambda: browser.post(
            "/lti/launch", data={"state": begun.state, "error": error, "error_description": "<b>no</b>"}
        )
    )
    assert_refused(found, cause)
    assert error in found.logged["detail"]
    assert "<b>" not in found.response.text


def test_a_login_is_good_for_ten_minutes(house: House, clock: TestClock) -> None:
    browser = house.browser()
    early, late = house.platform.begin(browser), house.platform.begin(browser)
    clock.tick(590)
    token = house.platform.sign(house.platform.payload(early.nonce))
    assert_let_in(outcome(lambda: house.platform.finish(browser, early.state, token)))
    clock.tick(11)
    token = house.platform.sign(house.platform.payload(late.nonce))
    assert_refused(outcome(lambda: house.platform.finish(browser, late.state, token)), causes.STATE_UNKNOWN)


def test_a_token_is_good_for_ten_minutes_however_long_it_says(house: House, clock: TestClock) -> None:
    browser = house.browser()
    began = house.platform.begin(browser)
    issued = int(clock.now.timestamp()) - 30
    clock.tick(590)
    old = house.platform.payload(began.nonce, iat=issued, exp=issued + 3600)
    found = outcome(lambda: house.platform.finish(browser, began.state, house.platform.sign(old)))
    assert_refused(found, causes.TOKEN_TOO_OLD)


def test_of_twenty_answers_at_once_one_gets_in(house: House) -> None:
    answers = _race(house)
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * (THREADS - 1)


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


def test_logins_nobody_came_back_from_are_swept(build: Callable[..., House], clock: TestClock) -> None:
    house = build()
    house.platform.begin(house.browser())
    clock.tick(minutes=9)
    house.platform.begin(house.browser())
    clock.tick(minutes=2)
    with house.rows() as session:
        assert pending.sweep(session) == 1
        assert session.scalar(select(func.count()).select_from(PendingLogin)) == 1
        assert pending.sweep(session) == 0


def test_the_claims_of_the_login_row_cannot_be_chosen_by_the_answer(house: House) -> None:
    """What the login said of deployment and target stands in our row; the form cannot say it again."""
    browser = house.browser()
    begun = house.platform.begin(browser)
    token = house.platform.sign(house.platform.payload(begun.nonce, **{claims.DEPLOYMENT_ID: "2"}))
    found = outcome(
        lambda: house.platform.finish(browser, begun.state, token, lti_deployment_id="2", deployment_id="2")
    )
    assert_refused(found, causes.DEPLOYMENT_OTHER)


def _race(house: House) -> list[TestResponse]:
    begun = house.platform.begin(house.browser())
    token = house.platform.sign(house.platform.payload(begun.nonce))
    cookies, together = _cookies(begun), threading.Barrier(THREADS)

    def answer(_: int) -> TestResponse:
        together.wait(timeout=30)
        return _finish(house, cookies, begun.state, token)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(answer, range(THREADS)))


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
