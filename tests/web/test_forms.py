"""Forms that another site, another person or an earlier sign-in cannot send."""

from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length

from lmssocial.web import forms
from lmssocial.web.forms import LinesField, SafeForm, bind_forms_to


class NameForm(SafeForm):
    """A form with one field."""

    name = StringField("Name", [Length(max=20)])


class HostsForm(SafeForm):
    """A form with a list."""

    hosts = LinesField("Hosts", most=3, longest=12)


@pytest.fixture
def as_whom() -> dict[str, str]:
    return {"whom": "session:1"}


@pytest.fixture
def browser(as_whom: dict[str, str]) -> Iterator[FlaskClient]:
    app = Flask("forms")
    app.config["SECRET_KEY"] = "a secret for tests, of forty characters."
    Babel(app)
    forms.init_app(app)

    @app.before_request
    def bind() -> None:
        bind_forms_to(as_whom["whom"])

    @app.get("/token")
    def token() -> str:
        return forms.csrf_token()

    @app.get("/page")
    def page() -> str:
        return str(NameForm().name())

    @app.post("/send")
    def send() -> tuple[str, int]:
        form = NameForm(request.form)
        if form.validate():
            return "taken", 200
        errors = [error for errors in form.errors.values() for error in errors]
        return f"{form.name.data}: {' '.join(errors)}", 422

    with app.test_client() as client:
        yield client


def test_a_form_made_for_this_sign_in_is_taken(browser: FlaskClient) -> None:
    token = browser.get("/token").text
    assert browser.post("/send", data={"name": "Ana", "csrf_token": token}).text == "taken"


@pytest.mark.parametrize("token", ["", "made-up", "eyJhIjoxfQ.x.y"])
def test_a_form_from_elsewhere_is_refused_and_keeps_what_was_typed(browser: FlaskClient, token: str) -> None:
    response = browser.post("/send", data={"name": "Ana", "csrf_token": token})
    assert response.status_code == 422
    assert response.text.startswith("Ana: This page was opened before your present sign-in")


def test_a_form_of_an_earlier_sign_in_is_refused(browser: FlaskClient, as_whom: dict[str, str]) -> None:
    token = browser.get("/token").text
    as_whom["whom"] = "session:2"
    assert browser.post("/send", data={"name": "Ana", "csrf_token": token}).status_code == 422


def test_no_browser_cuts_what_is_pasted_into_a_field(browser: FlaskClient) -> None:
    assert "maxlength" not in browser.get("/page").text
    token = browser.get("/token").text
    response = browser.post("/send", data={"name": "A" * 30, "csrf_token": token})
    assert response.status_code == 422
    assert "A" * 30 in response.text


def hosts(*values: str) -> HostsForm:
    """The form with a list, as it was sent."""
    return HostsForm(MultiDict([("hosts", value) for value in values]), meta={"csrf": False})


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (["a.example\r\n  b.example \n\na.example\n"], ["a.example", "b.example"]),
        (["a.example", "b.example"], ["a.example", "b.example"]),
        ([""], []),
        ([], []),
    ],
)
def test_a_list_is_read_line_by_line(sent: list[str], read: list[str]) -> None:
    form = hosts(*sent)

    assert form.validate()
    assert form.hosts.data == read


@pytest.mark.parametrize(
    ("sent", "said"),
    [("a\nb\nc\nd", "At most 3 lines fit in here."), ("a" * 13, "A line may have at most 12 characters.")],
)
def test_a_list_beyond_its_bounds_is_refused_and_given_back(sent: str, said: str) -> None:
    form = hosts(sent)

    assert not form.validate()
    assert form.errors == {"hosts": [said]}
    assert form.hosts.data == sent.split("\n")


def test_a_list_is_shown_a_line_for_each() -> None:
    assert ">\r\na\nb</textarea>" in str(HostsForm(data={"hosts": ("a", "b")}, meta={"csrf": False}).hosts())
