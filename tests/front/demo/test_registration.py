"""Tools that register themselves with the demo LMS."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lmssocial.front.demo.lms.campus import Campus
from lmssocial.front.demo.lms.registration import TOOL
from lmssocial.front.demo.lms.store import connect
from lmssocial.front.demo.lms.tools import NRPS_SCOPE, all_tools
from tests.front.demo.academy import ISSUER, Browser

LINK = "http://localhost:7000/register?invitation=abc"


def wish(**changed: Any) -> dict[str, Any]:
    """A good registration request, except for what is ``changed``."""
    good = {
        "application_type": "web",
        "client_name": "Second tool",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": "http://localhost:7000/login",
        "redirect_uris": ["http://localhost:7000/launch"],
        "jwks_uri": "http://localhost:7000/jwks.json",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"openid {NRPS_SCOPE} https://example.org/everything",
        TOOL: {"domain": "localhost:7000", "target_link_uri": "http://localhost:7000/launch", "messages": []},
    }
    return {name: value for name, value in (good | changed).items() if value is not ...}


@pytest.fixture
def invited(browser_of: Callable[[str], Browser]) -> dict[str, str]:
    """What the tool's registration page is opened with by the administrator."""
    page = browser_of("iris.vogel").post("/platform/tools", link=LINK)
    assert page.status_code == 200
    assert "frame-src 'self' http://localhost:7000" in page.headers["Content-Security-Policy"]
    source = re.search(r'<iframe[^>]* src="([^"]+)"', page.text)
    assert source
    query = parse_qs(urlsplit(unescape(source[1])).query)
    return {name: values[0] for name, values in query.items()}


def register(lms: Flask, token: str, body: object) -> TestResponse:
    """Send a registration request, from server to server."""
    return lms.test_client().post(
        "/lti/registrations", base_url=ISSUER, json=body, headers={"Authorization": f"Bearer {token}"}
    )


def test_the_configuration_names_this_platforms_addresses(lms: Flask, invited: dict[str, str]) -> None:
    assert invited["invitation"] == "abc"
    path = invited["openid_configuration"].removeprefix(ISSUER)
    configuration = json.loads(lms.test_client().get(path, base_url=ISSUER).text)
    assert configuration["issuer"] == ISSUER
    assert configuration["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"):
        assert configuration[name].startswith(f"{ISSUER}/lti/")


def test_a_tool_registers_itself_once(lms: Flask, campus: Campus, invited: dict[str, str]) -> None:
    answer = register(lms, invited["registration_token"], wish())
    assert answer.status_code == 201
    given = json.loads(answer.text)
    assert given["scope"] == NRPS_SCOPE
    assert given[TOOL]["deployment_id"]
    db = connect(campus.store)
    tool = all_tools(db)[-1]
    db.close()
    assert (tool.name, tool.client_id) == ("Second tool", given["client_id"])
    assert tool.redirect_uris == ("http://localhost:7000/launch",)
    assert register(lms, invited["registration_token"], wish()).status_code == 401


def test_a_registered_tool_can_be_added_to_a_week_and_removed(
    lms: Flask, invited: dict[str, str], browser_of: Callable[[str], Browser]
) -> None:
    client_id = json.loads(register(lms, invited["registration_token"], wish()).text)["client_id"]
    assert "Add social activity from Second tool" in browser_of("tom.berg").get("/course/weeks/1").text
    administrator = browser_of("iris.vogel")
    assert "Second tool" in administrator.get("/platform").text
    assert administrator.post(f"/platform/tools/{client_id}/remove").status_code == 303
    assert "Second tool" not in administrator.get("/platform").text


@pytest.mark.parametrize(
    "changed",
    [
        {TOOL: ...},
        {TOOL: {"domain": "localhost:7000"}},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"redirect_uris": []},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"initiate_login_uri": ...},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_request_that_breaks_a_rule_leaves_the_token_good(
    lms: Flask, invited: dict[str, str], changed: dict[str, Any]
) -> None:
    answer = register(lms, invited["registration_token"], wish(**changed))
    assert answer.status_code == 400
    assert json.loads(answer.text)["error"] == "invalid_client_metadata"
    assert register(lms, invited["registration_token"], wish()).status_code == 201


def test_nobody_registers_without_a_token(lms: Flask, invited: dict[str, str]) -> None:
    assert invited
    assert register(lms, "", wish()).status_code == 401
    assert register(lms, "guessed", wish()).status_code == 401


def test_only_the_administrator_sees_the_platform_page(browser_of: Callable[[str], Browser]) -> None:
    for person in ("ana.ruiz", "tom.berg", "sofia.lind"):
        assert browser_of(person).get("/platform").status_code == 403
        assert browser_of(person).post("/platform/tools", link=LINK).status_code == 403
    assert "client-1" in browser_of("iris.vogel").get("/platform").text


def test_the_tool_the_course_is_built_on_cannot_be_removed(browser_of: Callable[[str], Browser]) -> None:
    administrator = browser_of("iris.vogel")
    answer = administrator.post("/platform/tools/client-1/remove")
    assert answer.status_code == 409
    assert "client-1" in administrator.get("/platform").text


def test_a_link_that_is_no_address_is_refused(browser_of: Callable[[str], Browser]) -> None:
    assert browser_of("iris.vogel").post("/platform/tools", link="javascript:alert(1)").status_code == 422
