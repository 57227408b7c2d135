"""The second step: set up with a phone, asked for at sign-in, replaced by codes on paper, switched off."""

import dataclasses

import pyotp
import pytest
from sqlalchemy import func, select

from lmssocial.front.admin.models import AdminAccount, RecoveryCode
from lmssocial.settings import Settings
from tests.conftest import TestClock
from tests.front.admin.conftest import ORIGIN, PASSWORD, Browser, House, fill_in
from tests.support.visitor import Page


def seed_on(page: Page) -> str:
    """The key that stands on the set-up page for typing it in."""
    return page.html.split('<code id="totp-key">')[1].split("</code>")[0].replace(" ", "")


def codes_on(page: Page) -> list[str]:
    """The recovery codes on the page that shows them once."""
    return page.html.split('<pre id="recovery-codes"')[1].split(">", 1)[1].split("</pre>")[0].split()


@dataclasses.dataclass
class Phone:
    """What Ada has in her hand after setting up: the app, and the sheet of paper."""

    seed: str
    paper: list[str]
    clock: TestClock

    def code(self) -> str:
        """What the app shows now."""
        return pyotp.TOTP(self.seed).at(self.clock.now)


@pytest.fixture
def ada(clock: TestClock, house: House) -> Browser:  # noqa: ARG001
    """Ada, signed in at the time where the test's clock stands."""
    return house.sign_in()


@pytest.fixture
def phone(ada: Browser, clock: TestClock) -> Phone:
    """Ada sets a second step up."""
    page = ada.open("/admin/me/second-step")
    seed = seed_on(page)
    assert "data:image/svg+xml" in page.html
    done = ada.submit(page.form(field="code"), code=pyotp.TOTP(seed).at(clock.now))
    assert done.url == f"{ORIGIN}/admin/me/recovery-codes", done.text
    clock.tick(30)
    return Phone(seed, codes_on(done), clock)


def half_way(house: House) -> tuple[Browser, Page]:
    """A browser that gave the right password and is asked for a code."""
    browser = house.browser()
    page = fill_in(browser, "ada", PASSWORD, at="/admin/sign-in?next=/admin/log")
    assert page.url == f"{ORIGIN}/admin/sign-in/code", page.text
    return browser, page


def test_the_code_is_asked_for_and_lets_in(house: House, phone: Phone) -> None:
    browser, page = half_way(house)

    assert browser.submit(page.form(field="code"), code=phone.code()).url == f"{ORIGIN}/admin/log"


def test_the_password_alone_opens_no_page(house: House, phone: Phone) -> None:  # noqa: ARG001
    browser, _ = half_way(house)

    assert browser.open("/admin/").url == f"{ORIGIN}/admin/sign-in"


@pytest.mark.parametrize("code", ["000000", "", "abc", "zzzz-zzzz-zzzz-zzzz"])
def test_a_wrong_code_does_not_let_in(house: House, phone: Phone, code: str) -> None:
    assert code != phone.code()
    browser, page = half_way(house)
    refused = browser.submit(page.form(field="code"), code=code)

    assert refused.status == 422
    assert browser.open("/admin/").url == f"{ORIGIN}/admin/sign-in"


def test_a_code_is_good_once(house: House, phone: Phone) -> None:
    first, page = half_way(house)
    second, other = half_way(house)
    code = phone.code()
    first.submit(page.form(field="code"), code=code)
    refused = second.submit(other.form(field="code"), code=code)

    assert refused.status == 422
    assert "used before" in refused.text
    phone.clock.tick(30)
    assert second.submit(refused.form(field="code"), code=phone.code()).url == f"{ORIGIN}/admin/log"


def test_the_code_that_proved_the_set_up_is_used_up(house: House, ada: Browser, clock: TestClock) -> None:
    page = ada.open("/admin/me/second-step")
    code = pyotp.TOTP(seed_on(page)).at(clock.now)
    ada.submit(page.form(field="code"), code=code)
    browser, asked = half_way(house)

    assert browser.submit(asked.form(field="code"), code=code).status == 422


def test_a_code_from_paper_replaces_the_phone_once(house: House, phone: Phone) -> None:
    assert len(phone.paper) == 10
    browser, page = half_way(house)
    done = browser.submit(page.form(field="code"), code=phone.paper[3].upper())
    assert done.url == f"{ORIGIN}/admin/log"
    assert "used a recovery code" in done.text

    again, page = half_way(house)
    assert again.submit(page.form(field="code"), code=phone.paper[3]).status == 422
    with house.rows() as session:
        assert session.scalar(select(func.count(RecoveryCode.code_hash))) == 9


def test_half_way_is_over_after_five_minutes(house: House, phone: Phone) -> None:
    browser, page = half_way(house)
    phone.clock.tick(301)
    late = browser.submit(page.form(field="code"), code=phone.code())

    assert late.url == f"{ORIGIN}/admin/sign-in"
    assert "Please begin again" in late.text


def test_half_way_is_over_when_the_password_is_changed(house: House, phone: Phone, ada: Browser) -> None:
    browser, page = half_way(house)
    phone.clock.tick(1)
    form = ada.open("/admin/me").form(field="present")
    ada.submit(form, present=PASSWORD, password="eight maids a-milking", again="eight maids a-milking")

    assert browser.submit(page.form(field="code"), code=phone.code()).url == f"{ORIGIN}/admin/sign-in"


def test_the_code_page_is_nothing_for_somebody_who_gave_no_password(house: House) -> None:
    assert house.browser().open("/admin/sign-in/code").url == f"{ORIGIN}/admin/sign-in"


def test_neither_seed_nor_codes_stand_readable_in_the_database(house: House, phone: Phone) -> None:
    with house.rows() as session:
        sealed = session.scalars(select(AdminAccount.sealed_totp_secret)).one()
        hashes = set(session.scalars(select(RecoveryCode.code_hash)))

    assert sealed is not None
    assert phone.seed not in sealed
    assert not hashes & set(phone.paper)


def test_recovery_codes_are_shown_once(ada: Browser, phone: Phone) -> None:
    page = ada.open("/admin/me/recovery-codes")

    assert page.url == f"{ORIGIN}/admin/me"
    assert "shown once" in page.text
    assert not [code for code in phone.paper if code in page.html]


def test_a_wrong_first_code_keeps_the_seed_and_switches_nothing_on(house: House, ada: Browser) -> None:
    page = ada.open("/admin/me/second-step")
    refused = ada.submit(page.form(field="code"), code="000000")

    assert refused.status == 422
    assert seed_on(refused) == seed_on(page)
    with house.rows() as session:
        assert session.scalars(select(AdminAccount.sealed_totp_secret)).one() is None


def test_new_recovery_codes_need_the_password_and_end_the_former_ones(
    house: House, ada: Browser, phone: Phone
) -> None:
    form = ada.open("/admin/me").form(action="/me/recovery-codes")
    refused = ada.submit(form, **{"codes-proof": "not it, sorry"})
    assert refused.status == 422
    assert "not your present password" in refused.text
    fresh = codes_on(ada.submit(form, **{"codes-proof": PASSWORD}))

    assert not set(fresh) & set(phone.paper)
    browser, page = half_way(house)
    assert browser.submit(page.form(field="code"), code=phone.paper[0]).status == 422
    assert browser.submit(page.form(field="code"), code=fresh[0]).url == f"{ORIGIN}/admin/log"


@pytest.mark.usefixtures("phone")
def test_switching_it_off_needs_the_password(house: House, ada: Browser) -> None:
    form = ada.open("/admin/me").form(action="/second-step/off")
    assert ada.submit(form, **{"off-proof": "wrong password"}).status == 422
    assert fill_in(house.browser(), "ada", PASSWORD).url == f"{ORIGIN}/admin/sign-in/code"
    ada.submit(form, **{"off-proof": PASSWORD})

    assert fill_in(house.browser(), "ada", PASSWORD).url == f"{ORIGIN}/admin/"
    with house.rows() as session:
        assert session.scalar(select(func.count(RecoveryCode.code_hash))) == 0


def test_a_changed_installation_secret_is_said_and_paper_still_works(
    house: House, phone: Phone, settings: Settings
) -> None:
    changed = dataclasses.replace(settings, secret_key="another secret, of forty characters too.")
    other = house.another(changed)
    browser, page = half_way(other)
    refused = browser.submit(page.form(field="code"), code=phone.code())

    assert refused.status == 422
    assert "LMSSOCIAL_SECRET_KEY" in refused.text
    assert browser.submit(page.form(field="code"), code=phone.paper[0]).url == f"{ORIGIN}/admin/log"
