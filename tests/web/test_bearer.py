"""Requests that carry their sign-in in a header."""

import pytest
from flask import Flask, flash, get_flashed_messages, redirect, request
from flask import session as cookie
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from lmssocial.web.bearer import BROWSER, browser_token
from lmssocial.web.cookies import TwoJars

BEARER = {"Authorization": "Bearer abc"}


@pytest.fixture
def client() -> FlaskClient:
    """A small application with our jars."""
    app = Flask(__name__)
    app.secret_key = "for this test"
    app.session_interface = TwoJars()

    @app.get("/who")
    @app.get("/admin/who")
    def who() -> str:
        return f"{browser_token(request)} {get_flashed_messages()}"

    @app.post("/note")
    def note() -> Response:
        flash("Saved.")
        return redirect("/who")

    @app.get("/begin")
    def begin() -> str:
        cookie[BROWSER] = "from the cookie"
        return ""

    return app.test_client()


def test_a_header_goes_before_a_cookie_and_sets_none(client: FlaskClient) -> None:
    client.get("/begin")
    assert client.get("/who").text == "from the cookie []"
    answer = client.get("/who", headers=BEARER)
    assert answer.text == "bearer:abc []"
    assert "Authorization" in answer.headers["Vary"]
    posted = client.post("/note", headers=BEARER)
    assert "Set-Cookie" not in posted.headers
    assert client.get("/who").text == "from the cookie []"


def test_what_a_cookie_would_keep_goes_along_in_a_header(client: FlaskClient) -> None:
    posted = client.post("/note", headers={**BEARER, "X-Frame-Walk": "1"})
    assert (posted.status_code, posted.headers["X-Frame-Onward"]) == (204, "/who")
    assert "Location" not in posted.headers
    kept = posted.headers["X-Frame-State"]
    assert client.get("/who", headers={**BEARER, "X-Frame-State": kept}).text == "bearer:abc ['Saved.']"
    for forged in (kept + "x", "nonsense", "e30.x.y"):
        assert client.get("/who", headers={**BEARER, "X-Frame-State": forged}).text == "bearer:abc []"


def test_a_redirect_is_one_for_everything_but_a_walk(client: FlaskClient) -> None:
    assert client.post("/note", headers=BEARER).status_code == 302
    assert client.post("/note", headers={"X-Frame-Walk": "1"}).status_code == 302


@pytest.mark.parametrize("sent", ["Basic abc", "Bearer", "Bearer " + "x" * 200, "bearerabc", ""])
def test_other_headers_are_no_sign_in(client: FlaskClient, sent: str) -> None:
    assert client.get("/who", headers={"Authorization": sent}).text == " []"


def test_the_administration_knows_no_header(client: FlaskClient) -> None:
    client.get("/begin")
    assert "Cookie" in client.get("/admin/who", headers=BEARER).headers["Vary"]
