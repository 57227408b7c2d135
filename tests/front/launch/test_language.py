"""In which language somebody is met: the LMS's, their own, the browser's, the tenant's."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from lmssocial.lms.identity.models import Tenant
from lmssocial.lms.lti import claims
from tests.fakes.platform import INSTRUCTOR, LEFT_OUT
from tests.front.launch.conftest import House


def language(browser: FlaskClient, address: str, accepts: str) -> str:
    """Of the page there."""
    page = browser.get(address, headers={"Accept-Language": accepts} if accepts else {})
    assert page.status_code == 200, page.text
    found = re.search(r'<html[^>]*lang="([^"]+)"', page.text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("presented", "own", "accepts", "expected"),
    [
        ("de_AT", "ar", "en", "de-AT"),
        ("nl", "ar", "de", "ar"),
        ("nl", None, "de", "de"),
        (None, None, "nl", "ar"),
        (None, None, "", "ar"),
    ],
)
@pytest.mark.parametrize("opened", ["widget", "picker", "waiting"])
def test_the_chain_holds_on_every_page_a_launch_leads_to(
    house: House, presented: str | None, own: str | None, accepts: str, expected: str, opened: str
) -> None:
    with house.rows() as session:
        session.execute(update(Tenant).values(locale="ar"))
    browser = house.browser()
    changed: dict[str, Any] = {
        "sub": f"speaks {presented} {own} {opened}",
        "locale": own or LEFT_OUT,
        claims.LAUNCH_PRESENTATION: {"locale": presented} if presented else LEFT_OUT,
        claims.RESOURCE_LINK: {"id": f"{opened} link", "title": "Round one"},
        claims.CONTEXT: {"id": opened, "title": opened},
    }
    if opened == "widget":
        changed[claims.CUSTOM] = {"widget": "discussion"}
    if opened == "picker":
        changed[claims.ROLES] = [INSTRUCTOR]
    location = house.platform.launch(browser, **changed).location
    leads = {"widget": "/w/", "picker": "/lti/picker/", "waiting": "/lti/activity/"}
    assert location.startswith(leads[opened])
    assert language(browser, location, accepts) == expected
