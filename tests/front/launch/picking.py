"""The picker as tests use it: begun by a launch, filled in, and its answer read with our published keys."""

from typing import Any

import jwt
from flask.testing import FlaskClient
from jwt import PyJWK
from werkzeug.test import TestResponse

from lmssocial.lms.lti import claims
from tests.fakes.platform import INSTRUCTOR, LEFT_OUT
from tests.front.launch.conftest import House
from tests.support.visitor import Form, forms_of

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
BACK = "https://lms.example.edu/mod/lti/contentitem_return.php?course=2&id=1"


def deep_linking(sub: str = "teacher-1", role: str = INSTRUCTOR, **settings: Any) -> dict[str, Any]:
    """The claims of a deep-linking request, with changed settings."""
    asked = {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "deep_link_return_url": BACK,
        "title": "lmssocial",
        "text": "",
    }
    return {
        claims.MESSAGE_TYPE: "LtiDeepLinkingRequest",
        claims.ROLES: [role],
        claims.RESOURCE_LINK: LEFT_OUT,
        claims.DEEP_LINKING_SETTINGS: {**asked, **settings},
        "sub": sub,
    }


def link(link_id: str, role: str = INSTRUCTOR, sub: str = "teacher-1", **custom: str) -> dict[str, Any]:
    """The claims of somebody opening a link."""
    return {
        claims.ROLES: [role],
        claims.RESOURCE_LINK: {"id": link_id, "title": "Round one"},
        claims.CUSTOM: custom,
        "sub": sub,
    }


def begin(house: House, browser: FlaskClient, changes: dict[str, Any]) -> str:
    """Launch, and give the address of the picker."""
    response = house.platform.launch(browser, **changes)
    assert response.status_code == 303, response.text
    assert "/lti/picker/" in response.location, response.location
    return response.location


def picker(browser: FlaskClient, address: str) -> Form:
    """The form on the picker's page."""
    page = browser.get(address)
    assert page.status_code == 200, page.text
    return next(form for form in forms_of(page.text, address) if "title" in form.names())


def send(browser: FlaskClient, form: Form, **values: str) -> TestResponse:
    """Send a form as it stands, with changed values."""
    return browser.post(form.action, data=dict(form.fields) | values)


def answered(house: House, response: TestResponse) -> tuple[Form, dict[str, Any]]:
    """The form that goes to the LMS, and what the LMS reads in it with our published keys."""
    assert response.status_code == 200, response.text
    (form,) = [form for form in forms_of(response.text) if "JWT" in form.names()]
    token = dict(form.fields)["JWT"]
    keys = house.browser().get("/lti/jwks.json").get_json()["keys"]
    key = next(PyJWK(key) for key in keys if key["kid"] == jwt.get_unverified_header(token)["kid"])
    read = jwt.decode(token, key, algorithms=["RS256"], audience=house.platform.issuer)
    return form, read


def press(browser: FlaskClient, address: str, where: str, **values: str) -> TestResponse:
    """Press the button of the form on the picker's page that goes to ``where``."""
    page = browser.get(address)
    assert page.status_code == 200, page.text
    form = next(form for form in forms_of(page.text, address) if form.action.endswith(where))
    return browser.post(form.action, data=dict(form.fields) | values)


def items(house: House, response: TestResponse) -> list[dict[str, Any]]:
    """What the LMS is to add."""
    _form, read = answered(house, response)
    found: list[dict[str, Any]] = read[DL + "content_items"]
    return found
