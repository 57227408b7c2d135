"""Signing in and out, and everything that must not let anybody in."""

import re
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from lmssocial.front.admin import accounts, passwords
from lmssocial.front.admin.log import COMMAND_LINE
from lmssocial.front.admin.models import AdminAccount, AdminSession, LogEntry
from tests.conftest import TestClock
from tests.front.admin.conftest import ORIGIN, PASSWORD, Browser, House, fill_in

WRONG = "Name and password do not go together"


def is_in(browser: Browser) -> bool:
    """Whether the browser sees the overview."""
    return browser.open("/admin/").url == f"{ORIGIN}/admin/"


def test_before_there_is_an_administrator_the_page_says_how_to_add_one(house: House) -> None:
    page = house.browser().open("/admin/")

    assert page.url == f"{ORIGIN}/admin/sign-in"
    assert "lmssocial admins add" in page.text
    house.add()
    assert "lmssocial admins add" not in house.browser().open("/admin/").text


def test_name_and_password_open_the_overview_and_say_who_is_there(house: House) -> None:
    house.add()
    page = fill_in(house.browser(), " ADA ", PASSWORD)

    assert page.url == f"{ORIGIN}/admin/"
    assert "Ada Lovelace" in page.text


def test_a_sign_in_leads_to_the_page_that_was_asked_for(house: House) -> None:
    house.add()
    browser = house.browser()
    form = browser.open("/admin/platforms?q=moodle").form(field="password")

    assert browser.submit(form, login="ada", password=PASSWORD).url == f"{ORIGIN}/admin/platforms?q=moodle"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "/\\evil.example",
        "/admin\\@evil.example",
        "/lti/login",
        "/admin/../lti/login",
        "/administrator",
        "javascript:alert(1)",
        "/admin/\r\nX-Evil: 1",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(house: House, wanted: str) -> None:
    house.add()
    page = fill_in(house.browser(), "ada", PASSWORD, at=f"/admin/sign-in?next={quote(wanted)}")

    assert page.url == f"{ORIGIN}/admin/"


def test_a_wrong_password_and_an_unknown_name_read_the_same(house: House) -> None:
    house.add()
    wrong = fill_in(house.browser(), "ada", "seven geese a-laying")
    unknown = fill_in(house.browser(), "eve", "seven geese a-laying")

    assert wrong.status == unknown.status == 422
    assert WRONG in wrong.text
    assert wrong.text == unknown.text
    assert wrong.form(field="password").fields[-1] != ("password", "seven geese a-laying")
    assert ("login", "ada") in wrong.form(field="password").fields


def test_a_disabled_account_is_not_let_in_and_is_thrown_out(house: House) -> None:
    ada_id = house.add()
    browser = house.sign_in()
    with house.rows() as session:
        accounts.set_disabled(session, COMMAND_LINE, ada_id, disabled=True)

    assert not is_in(browser)
    assert WRONG in fill_in(house.browser(), "ada", PASSWORD).text


def test_a_hash_with_old_parameters_is_renewed_by_signing_in(house: House) -> None:
    ada_id = house.add()
    cheap = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with house.rows() as session:
        session.get_one(AdminAccount, ada_id).password_hash = cheap
    house.sign_in()

    with house.rows() as session:
        renewed = session.get_one(AdminAccount, ada_id).password_hash
    assert renewed != cheap
    assert not passwords.is_outdated(renewed)
    assert passwords.matches(renewed, PASSWORD)


def test_a_cookie_planted_before_signing_in_is_worth_nothing_afterwards(house: House) -> None:
    house.add()
    victim, thief = house.browser(), house.browser()
    thief.open("/admin/sign-in")
    victim.carry(thief.cookie())
    fill_in(victim, "ada", PASSWORD)

    assert is_in(victim)
    assert victim.cookie() != thief.cookie()
    assert not is_in(thief)


def test_signing_out_ends_even_a_copy_of_the_cookie(house: House, ada: Browser) -> None:
    copy = house.browser()
    copy.carry(ada.cookie())
    assert is_in(copy)

    page = ada.submit(ada.open("/admin/").form(action="/sign-out"))
    assert page.url == f"{ORIGIN}/admin/sign-in"
    assert "You are signed out." in page.text
    assert not is_in(ada)
    assert not is_in(copy)


def test_signing_out_needs_a_button_of_ours(ada: Browser) -> None:
    assert ada.http.get("/admin/sign-out").status_code == 405
    ada.http.post("/admin/sign-out", data={"csrf_token": "made up"})

    assert is_in(ada)


def test_a_sign_in_ends_after_eight_hours_without_use(house: House, clock: TestClock) -> None:
    ada = house.sign_in()
    clock.tick(hours=7, minutes=59)
    assert is_in(ada)
    clock.tick(hours=7, minutes=59)
    assert is_in(ada)
    clock.tick(hours=8, minutes=1)
    assert not is_in(ada)


def test_a_sign_in_ends_after_a_week_of_use(house: House, clock: TestClock) -> None:
    ada = house.sign_in()
    for _ in range(23):
        clock.tick(hours=7)
        assert is_in(ada)
    clock.tick(hours=7)
    clock.tick(seconds=1)
    assert not is_in(ada)


def test_use_is_written_down_at_most_once_a_minute(house: House, clock: TestClock) -> None:
    ada = house.sign_in()

    def seen() -> object:
        with house.rows() as session:
            return session.scalars(select(AdminSession.seen_at)).one()

    began = seen()
    clock.tick(59)
    ada.open("/admin/log")
    assert seen() == began
    clock.tick(2)
    ada.open("/admin/log")
    assert seen() == clock.now


def test_sign_ins_that_are_over_are_swept_by_the_next(house: House, clock: TestClock) -> None:
    house.sign_in()
    clock.tick(hours=9)
    house.sign_in()

    with house.rows() as session:
        assert session.scalar(select(func.count(AdminSession.token_hash))) == 1


def test_a_form_opened_before_signing_in_is_not_taken_afterwards(house: House) -> None:
    house.add()
    browser = house.browser()
    before = browser.open("/admin/sign-in").form(field="password")
    fill_in(browser, "ada", PASSWORD)
    old_token = dict(before.fields)["csrf_token"]
    page = browser.http.post("/admin/tenants", data={"name": "Planted", "csrf_token": old_token})

    assert page.status_code == 422
    assert "present sign-in" in page.text
    assert "Planted" in page.text


def test_another_administrators_form_is_not_taken(house: House, ada: Browser) -> None:
    grace = house.sign_in("grace", "nanoseconds of wire")
    hers = dict(grace.open("/admin/tenants").form(field="name").fields)["csrf_token"]

    assert ada.http.post("/admin/tenants", data={"name": "X", "csrf_token": hers}).status_code == 422


def test_when_the_sign_in_is_over_a_form_changes_nothing_and_says_so(house: House, clock: TestClock) -> None:
    ada = house.sign_in()
    form = ada.open("/admin/tenants").form(field="name")
    clock.tick(hours=9)
    page = ada.submit(form, name="Northern College")

    assert page.url == f"{ORIGIN}/admin/sign-in"
    assert "nothing was changed" in page.text
    assert not [deed for deed in house.deeds() if deed[1] == "tenant.added"]


def test_no_page_opens_without_a_sign_in(house: House) -> None:
    house.add()
    browser = house.browser()
    pages = [
        re.sub(r"<(int:)?\w+>", "1", rule.rule)
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and "GET" in (rule.methods or ())
    ]

    assert len(pages) > 15
    for path in pages:
        assert browser.open(path).url.startswith(f"{ORIGIN}/admin/sign-in"), path


def test_no_form_is_taken_without_a_token(house: House, ada: Browser) -> None:
    rules = [
        rule
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith("/admin") and "POST" in (rule.methods or ())
    ]
    deeds = house.deeds()

    assert len(rules) > 20
    for rule in rules:
        if rule.endpoint not in {"admin.sign_in", "admin.sign_in_code"}:
            path = re.sub(r"<int:\w+>", "1", rule.rule).replace("<name>", "linklimit")
            answer = ada.http.post(path, data={"to": "on", "typed": "x"}, follow_redirects=False)
            assert answer.status_code in {303, 404, 422, 429}, (path, answer.status_code)
    assert house.deeds() == deeds
    assert is_in(ada)


def test_nobody_may_frame_or_keep_a_page(ada: Browser, house: House) -> None:
    for page in (ada.open("/admin/"), ada.open("/admin/me"), house.browser().open("/admin/sign-in")):
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["cache-control"] == "no-store"


def test_the_cookie_stays_at_home(house: House) -> None:
    house.add()
    browser = house.browser()
    form = browser.open("/admin/sign-in").form(field="password")
    values = dict(form.fields) | {"login": "ada", "password": PASSWORD}
    answer = browser.http.post(form.action, data=values, follow_redirects=False)
    [cookie] = answer.headers.get_list("set-cookie")

    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie


def test_the_framed_cookie_is_never_believed(house: House, ada: Browser) -> None:
    browser = house.browser()
    browser.http.cookies.set("lmssocial", ada.cookie(), domain="localhost.local", path="/")
    browser.http.cookies.set("lmssocial-local", ada.cookie(), domain="localhost.local", path="/")

    assert not is_in(browser)


def test_who_follows_a_link_from_another_site_stays_signed_in(ada: Browser) -> None:
    mine = ada.cookie()
    ada.http.cookies.clear()  # so a browser withholds a strict cookie from a click elsewhere
    page = ada.http.get("/admin/", headers={"Sec-Fetch-Site": "cross-site"})

    assert "Opening the administration" in page.text
    assert "set-cookie" not in page.headers
    ada.carry(mine)  # and so it sends it when the page opens itself again
    assert is_in(ada)


def test_signing_in_and_out_is_in_the_log(house: House, ada: Browser) -> None:
    ada.submit(ada.open("/admin/").form(action="/sign-out"))

    with house.rows() as session:
        actions = list(session.scalars(select(LogEntry.action).order_by(LogEntry.id)))
    assert actions == ["account.added", "account.signed_in", "account.signed_out"]
