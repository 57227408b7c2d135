"""Launches of the demo LMS: from a click to the id_token."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lmssocial.front.demo.lms.campus import Campus
from lmssocial.front.demo.lms.messages import LTI
from tests.front.demo.academy import ISSUER, Browser

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def fields(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(FIELD.findall(page.text))


def begun(browser: Browser, path: str = "/activities/link-1/open") -> dict[str, str]:
    """Click an activity: the login fields that the tool is sent."""
    page = browser.get(path)
    assert page.status_code == 200
    assert 'action="http://localhost:8000/lti/login"' in page.text
    return fields(page)


def asked(login: dict[str, str], **changed: Any) -> str:
    """The tool's authorization request in answer to ``login``, except for what is ``changed``."""
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": login["client_id"],
        "redirect_uri": "http://localhost:8000/lti/launch",
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "state": "state-1",
        "nonce": "nonce-1",
    } | changed
    return "/lti/authorize?" + urlencode({name: value for name, value in query.items() if value is not ...})


def claims_of(campus: Campus, answer: dict[str, str]) -> dict[str, Any]:
    """What the id_token says, verified with the platform's published key."""
    key = jwt.PyJWK(campus.key.jwks()["keys"][0])
    claims: dict[str, Any] = jwt.decode(
        answer["id_token"], key, algorithms=["RS256"], audience="client-1", issuer=ISSUER
    )
    return claims


def test_a_learner_is_launched_under_their_own_name(
    campus: Campus, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("ana.ruiz")
    login = begun(browser)
    assert login["iss"] == ISSUER
    assert login["lti_deployment_id"] == "deployment-1"
    answer = fields(browser.get(asked(login)))
    assert answer["state"] == "state-1"
    claims = claims_of(campus, answer)
    assert claims["nonce"] == "nonce-1"
    assert claims["name"] == "Ana Ruiz"
    assert claims["sub"] == campus.cast.person("ana.ruiz").sub
    assert claims[f"{LTI}roles"][0].endswith("membership#Learner")
    assert claims[f"{LTI}resource_link"]["id"] == "link-1"
    assert claims[f"{LTI}custom"] == {"widget": "discussion"}
    assert claims[f"{LTI}deployment_id"] == "deployment-1"
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "iframe"
    assert jwt.get_unverified_header(answer["id_token"])["kid"] == campus.key.kid


def test_somebody_with_a_single_name_has_no_family_name(
    campus: Campus, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("sukarni")
    claims = claims_of(campus, fields(browser.get(asked(begun(browser)))))
    assert claims["name"] == "Sukarni"
    assert "family_name" not in claims


@pytest.mark.parametrize(
    ("person", "role"),
    [("tom.berg", "#Instructor"), ("mei.ono", "#Mentor"), ("iris.vogel", "#Administrator")],
)
def test_everybody_has_the_role_of_their_part(
    campus: Campus, browser_of: Callable[[str], Browser], person: str, role: str
) -> None:
    browser = browser_of(person)
    claims = claims_of(campus, fields(browser.get(asked(begun(browser)))))
    assert claims[f"{LTI}roles"][0].endswith(role)


def test_an_assistant_brings_the_principal_role_along(
    campus: Campus, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("sofia.lind")
    roles = claims_of(campus, fields(browser.get(asked(begun(browser)))))[f"{LTI}roles"]
    assert [role.rpartition("membership")[2] for role in roles] == [
        "#Instructor",
        "/Instructor#TeachingAssistant",
    ]


def test_a_window_of_its_own_is_told_to_the_tool(
    campus: Campus, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("ana.ruiz")
    login = begun(browser, "/activities/link-1/open?in=window")
    claims = claims_of(campus, fields(browser.get(asked(login))))
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "window"


@pytest.mark.parametrize(
    ("accepts", "told"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de-AT"),
        ("nl,ar;q=0.7,en;q=0.5", "ar"),
        ("nl", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_tool_is_told_the_best_of_its_languages_for_the_browser(
    campus: Campus, browser_of: Callable[[str], Browser], accepts: str, told: str
) -> None:
    browser = browser_of("ana.ruiz")
    claims = claims_of(campus, fields(browser.get(asked(begun(browser)), accepts)))
    assert claims["locale"] == told
    assert claims[f"{LTI}launch_presentation"]["locale"] == told


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://localhost:8000/lti/launch/",
        "http://localhost:8000/lti/launch?a=b",
        "http://localhost:8000/lti/Launch",
        "http://localhost:8000/lti/launch#x",
        "https://localhost:8000/lti/launch",
        "http://evil.example/lti/launch",
        "",
    ],
)
def test_a_redirect_uri_that_is_not_exactly_registered_is_sent_nothing(
    browser_of: Callable[[str], Browser], redirect_uri: str
) -> None:
    browser = browser_of("ana.ruiz")
    answer = browser.get(asked(begun(browser), redirect_uri=redirect_uri))
    assert answer.status_code == 400
    assert "id_token" not in answer.text
    assert "<form" not in answer.text


def test_an_unknown_client_is_stopped_on_a_page_of_the_platform(browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("ana.ruiz")
    answer = browser.get(asked(begun(browser), client_id="client-9"))
    assert answer.status_code == 400
    assert "No tool with this client_id" in answer.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"nonce": ...}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"prompt": ...}, "invalid_request"),
        ({"response_type": "code"}, "invalid_request"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_request"),
        ({"login_hint": "somebody"}, "login_required"),
        ({"lti_message_hint": "made up"}, "invalid_request"),
        ({"lti_message_hint": ...}, "invalid_request"),
        ({"client_id": "client-2"}, "invalid_request"),
    ],
)
def test_a_request_that_breaks_a_rule_is_answered_with_an_error(
    browser_of: Callable[[str], Browser], changed: dict[str, Any], error: str
) -> None:
    browser = browser_of("ana.ruiz")
    answer = fields(browser.get(asked(begun(browser), **changed)))
    assert answer["error"] == error
    assert answer["state"] == "state-1"
    assert "id_token" not in answer


def test_a_click_launches_once(browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("ana.ruiz")
    request = asked(begun(browser))
    assert "id_token" in fields(browser.get(request))
    assert fields(browser.get(request))["error"] == "invalid_request"


def test_somebody_elses_click_cannot_be_completed(browser_of: Callable[[str], Browser]) -> None:
    ana, ben = browser_of("ana.ruiz"), browser_of("ben.okoro")
    theirs, own = begun(ana), begun(ben)
    stolen = own | {"lti_message_hint": theirs["lti_message_hint"]}
    assert fields(ben.get(asked(stolen)))["error"] == "invalid_request"
    assert "id_token" in fields(ana.get(asked(theirs)))


def test_a_browser_that_became_somebody_else_has_to_click_again(browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("ana.ruiz")
    request = asked(begun(browser))
    browser.be("ben.okoro")
    assert fields(browser.get(request))["error"] == "login_required"


def test_a_browser_nobody_is_in_is_told_to_sign_in(lms: Flask, browser_of: Callable[[str], Browser]) -> None:
    request = asked(begun(browser_of("ana.ruiz")))
    stranger = Browser(lms.test_client())
    assert fields(stranger.get(request))["error"] == "login_required"


def test_an_activity_removed_in_between_says_so(browser_of: Callable[[str], Browser]) -> None:
    learner, teacher = browser_of("ana.ruiz"), browser_of("tom.berg")
    request = asked(begun(learner))
    assert teacher.post("/activities/link-1/remove").status_code == 303
    assert "removed" in fields(learner.get(request))["error_description"]


def test_values_from_the_request_are_escaped_in_the_form(browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("ana.ruiz")
    page = browser.get(asked(begun(browser), state='"><script>alert(1)</script>'))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
