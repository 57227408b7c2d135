"""Administrators among themselves, and one's own account."""

import pytest

from lmssocial.front.admin import accounts
from lmssocial.front.admin.log import By
from tests.front.admin.conftest import ORIGIN, PASSWORD, Browser, House, fill_in, said
from tests.support.visitor import Page

GRACE = {
    "login": "Grace@Example.edu",
    "name": "Grace Hopper",
    "password": "nanoseconds of wire",
    "again": "nanoseconds of wire",
}


def add(ada: Browser, **changes: str) -> Page:
    """Add Grace by form, with changed values."""
    return ada.submit(ada.open("/admin/administrators").form(field="again"), **(GRACE | changes))


def test_a_new_administrator_can_sign_in(house: House, ada: Browser) -> None:
    assert "grace@example.edu can sign in now." in add(ada).text
    page = fill_in(house.browser(), "grace@example.edu", GRACE["password"])

    assert page.url == f"{ORIGIN}/admin/"
    assert "Grace Hopper" in page.text
    assert ("ada", "account.added", "grace@example.edu") in house.deeds()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"login": ""}, "What will they sign in with"),
        ({"login": "two words"}, "without spaces"),
        ({"login": "ADA"}, "already an administrator called ada"),
        ({"password": "too short", "again": "too short"}, "At least 12 characters"),
        ({"password": "password1234", "again": "password1234"}, "first passwords that somebody would guess"),
        ({"password": "grace.example.2026", "again": "grace.example.2026"}, "somebody would guess"),
        ({"again": "nanoseconds of rope"}, "The two are not the same"),
    ],
)
def test_what_is_wrong_is_said_and_no_password_is_echoed(
    house: House, ada: Browser, changes: dict[str, str], said: str
) -> None:
    page = add(ada, **changes)

    assert page.status == 422
    assert said in page.text
    assert dict(page.form(field="again").fields)["name"] == "Grace Hopper"
    assert (GRACE | changes)["password"] not in page.html
    assert [deed for deed in house.deeds() if deed[0] == "ada"] == []


def test_somebody_shut_out_is_out_at_once_and_can_be_let_in_again(house: House, ada: Browser) -> None:
    grace = house.sign_in("grace", "nanoseconds of wire")
    form = ada.open("/admin/administrators").form(action="/switch")
    assert "cannot sign in any more" in ada.submit(form).text
    assert grace.open("/admin/").url.startswith(f"{ORIGIN}/admin/sign-in")
    ada.submit(ada.open("/admin/administrators").form(action="/switch"))

    assert fill_in(house.browser(), "grace", "nanoseconds of wire").url == f"{ORIGIN}/admin/"


def test_a_removed_administrator_is_out_and_stays_in_the_log(house: House, ada: Browser) -> None:
    grace = house.sign_in("grace", "nanoseconds of wire")
    grace.submit(grace.open("/admin/tenants").form(field="name"), name="Navy")
    form = ada.open("/admin/administrators").form(action="/remove")
    [field] = [name for name, _ in form.fields if name.endswith("-typed")]
    assert ada.submit(form, **{field: "somebody"}).status == 422
    assert "What they did stays" in ada.submit(form, **{field: "grace"}).text

    assert grace.open("/admin/").url.startswith(f"{ORIGIN}/admin/sign-in")
    assert fill_in(house.browser(), "grace", "nanoseconds of wire").status == 422
    log = said(ada.open("/admin/log"))
    assert "grace added a tenant Navy" in log
    assert "ada removed an administrator grace" in log


def test_nobody_shuts_themselves_out(house: House, ada: Browser) -> None:
    add(ada)
    page = ada.open("/admin/administrators")
    with house.rows() as session:
        me = accounts.by_login(session, "ada")
    assert me is not None
    assert not [form for form in page.forms if form.action.endswith((f"/{me.id}/switch", f"/{me.id}/remove"))]
    token = dict(page.form(field="again").fields)["csrf_token"]
    off = ada.http.post(f"/admin/administrators/{me.id}/switch", data={"csrf_token": token, "to": "off"})
    sent = {f"remove{me.id}-csrf_token": token, f"remove{me.id}-typed": "ada"}
    gone = ada.http.post(f"/admin/administrators/{me.id}/remove", data=sent)

    assert "This is your own account" in off.text
    assert "This is your own account" in gone.text
    with house.rows() as session, pytest.raises(accounts.Yourself):
        accounts.remove(session, By("ada", me.id), me.id)


def test_a_new_password_signs_every_other_browser_out(house: House, ada: Browser) -> None:
    elsewhere = house.sign_in()
    form = ada.open("/admin/me").form(field="present")
    page = ada.submit(form, present=PASSWORD, password="eight maids a-milking", again="eight maids a-milking")

    assert "Your password is changed." in page.text
    assert ada.open("/admin/").url == f"{ORIGIN}/admin/"
    assert elsewhere.open("/admin/").url.startswith(f"{ORIGIN}/admin/sign-in")
    assert fill_in(house.browser(), "ada", PASSWORD).status == 422
    assert fill_in(house.browser(), "ada", "eight maids a-milking").url == f"{ORIGIN}/admin/"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"present": "not mine"}, "not your present password"),
        ({"password": "adaadaadaada", "again": "adaadaadaada"}, "somebody would guess"),
        ({"again": "something else entirely"}, "not the same"),
        ({"present": ""}, "present password is missing"),
    ],
)
def test_a_password_is_not_changed_by_halves(
    house: House, ada: Browser, changes: dict[str, str], said: str
) -> None:
    values = {"present": PASSWORD, "password": "eight maids a-milking", "again": "eight maids a-milking"}
    page = ada.submit(ada.open("/admin/me").form(field="present"), **(values | changes))

    assert page.status == 422
    assert said in page.text
    assert fill_in(house.browser(), "ada", PASSWORD).url == f"{ORIGIN}/admin/"
