"""Cookies: which jar, under which name, with which attributes."""

import pytest
from flask import Flask, Response, request, session
from werkzeug.test import TestResponse

from lmssocial.web.cookies import TwoJars, framed_cookie, set_framed_cookie


def small_app(*, secure: bool) -> Flask:
    app = Flask("cookies")
    app.config.update(SECRET_KEY="a secret for tests, of forty characters.", SESSION_COOKIE_SECURE=secure)
    app.session_interface = TwoJars()

    @app.get("/w/set")
    @app.get("/admin/set")
    def put() -> str:
        session["who"] = request.path
        return "set"

    @app.get("/w/get")
    @app.get("/admin/get")
    def get() -> str:
        return str(session.get("who", "nobody"))

    @app.get("/w/clear")
    def clear() -> str:
        session.clear()
        return "cleared"

    @app.get("/bind")
    def bind() -> Response:
        response = Response()
        set_framed_cookie(response, "lti-1", "bound", secure=secure, max_age=60)
        return response

    @app.get("/bound")
    def bound() -> str:
        return framed_cookie(request, "lti-1", secure=secure)

    return app


def cookies(response: TestResponse) -> list[str]:
    return response.headers.getlist("Set-Cookie")


def test_over_https_the_framed_cookie_is_one_that_browsers_keep_inside_another_site() -> None:
    response = small_app(secure=True).test_client().get("/w/set", base_url="https://tool.test")
    (cookie,) = cookies(response)
    assert cookie.startswith("__Host-lmssocial=")
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_over_plain_http_it_goes_out_a_second_time_for_programs_and_same_site_frames() -> None:
    client = small_app(secure=False).test_client()
    partitioned, plain = cookies(client.get("/w/set", base_url="http://localhost:8000"))
    assert "Secure" in partitioned
    assert "Partitioned" in partitioned
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    assert client.get("/w/get", base_url="http://localhost:8000").text == "/w/set"


def test_the_administrators_jar_stays_at_home_and_the_two_never_mix() -> None:
    client = small_app(secure=True).test_client()
    (cookie,) = cookies(client.get("/admin/set", base_url="https://tool.test"))
    assert cookie.startswith("__Host-lmssocial-admin=")
    assert "SameSite=Strict" in cookie
    assert client.get("/w/get", base_url="https://tool.test").text == "nobody"
    client.get("/w/set", base_url="https://tool.test")
    assert client.get("/admin/get", base_url="https://tool.test").text == "/admin/set"


def test_a_cookie_that_somebody_changed_is_no_cookie() -> None:
    client = small_app(secure=True).test_client()
    client.set_cookie(
        "__Host-lmssocial", "eyJ3aG8iOiJtZSJ9.forged.signature", domain="tool.test", secure=True
    )
    assert client.get("/w/get", base_url="https://tool.test").text == "nobody"


def test_an_emptied_session_is_forgotten_by_the_browser() -> None:
    client = small_app(secure=False).test_client()
    client.get("/w/set", base_url="http://localhost")
    client.get("/w/clear", base_url="http://localhost")
    assert client.get("/w/get", base_url="http://localhost").text == "nobody"


@pytest.mark.parametrize(("secure", "base"), [(True, "https://tool.test"), (False, "http://localhost")])
def test_a_framed_cookie_comes_back(*, secure: bool, base: str) -> None:
    client = small_app(secure=secure).test_client()
    client.get("/bind", base_url=base)
    assert client.get("/bound", base_url=base).text == "bound"
