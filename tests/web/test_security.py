"""Headers on every answer."""

from flask import Flask

from lmssocial.web import security
from lmssocial.web.security import frame_by, origin_of, post_only_to


def small_app() -> Flask:
    app = Flask("headers")
    security.init_app(app, secure=True)

    @app.get("/framed")
    def framed() -> str:
        frame_by("https://lms.test", "https://lms.test", "https://other.test")
        post_only_to("https://lms.test")
        return "framed"

    @app.get("/alone")
    def alone() -> str:
        return "alone"

    return app


def test_nobody_frames_a_page_that_did_not_ask_for_it() -> None:
    headers = small_app().test_client().get("/alone").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert headers["Cache-Control"] == "no-store"


def test_a_framed_page_names_its_lms_and_no_other() -> None:
    headers = small_app().test_client().get("/framed").headers
    csp = headers["Content-Security-Policy"]
    assert "frame-ancestors https://lms.test https://other.test;" in csp + ";"
    assert "form-action https://lms.test;" in csp
    assert "X-Frame-Options" not in headers


def test_an_address_adds_no_rules_of_its_own() -> None:
    assert origin_of("https://lms.test;script-src:8443/back") == ""
    assert origin_of("https://lms.test,*/back") == ""


def test_no_page_runs_inline_scripts_or_styles() -> None:
    csp = small_app().test_client().get("/alone").headers["Content-Security-Policy"]
    assert "unsafe" not in csp
    assert "default-src 'none'" in csp


def test_only_web_addresses_have_an_origin() -> None:
    assert origin_of("https://lms.test:8443/mod/lti?x=1") == "https://lms.test:8443"
    assert origin_of("javascript:alert(1)") == ""
    assert origin_of("urn:platform") == ""
