"""What LTI 1.1 called people, courses and links, kept by launches that prove it."""

import hmac
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from lmssocial.lms.identity import legacy
from lmssocial.lms.identity.launch_models import LaunchRecord, LegacyConsumer
from lmssocial.lms.identity.models import Course, Registration, ResourceLink, User
from lmssocial.lms.lti import claims
from tests.front.launch.conftest import House

KEY, SECRET = "old-key", "the secret of LTI 1.1"


@pytest.fixture(autouse=True)
def known_key(house: House) -> Iterator[None]:
    """The platform had one key."""
    with house.rows() as session:
        registration = session.scalars(select(Registration)).first()
        assert registration is not None
        legacy.add_consumer(
            session, house.app.extensions["lmssocial"].secret_box, registration.id, KEY, SECRET
        )
    yield
    with house.rows() as session:
        session.execute(delete(LegacyConsumer))
        session.execute(delete(LaunchRecord))


def launch(
    house: House, sub: str, *, key: str = KEY, secret: str = SECRET, says: dict[str, Any], course: str = "old"
) -> TestResponse:
    """A launch with a claim that is signed with ``secret``."""
    browser = house.browser()
    begun = house.platform.begin(browser)
    usual = house.platform.payload(begun.nonce, sub=sub)
    signed = "&".join(
        map(
            str,
            (
                key,
                house.platform.deployment_id,
                house.platform.issuer,
                house.platform.client_id,
                usual["exp"],
                begun.nonce,
            ),
        )
    )
    sign = b64encode(hmac.digest(secret.encode(), signed.encode(), "sha256")).decode()
    claim = {"oauth_consumer_key": key, "oauth_consumer_key_sign": sign, **says}
    changed = {
        claims.LTI1P1: claim,
        claims.CONTEXT: {"id": course, "title": course},
        claims.CUSTOM: {"widget": "discussion"},
    }
    response = house.platform.finish(browser, begun.state, house.platform.sign(usual | changed))
    assert response.status_code == 303, response.text
    assert response.location.startswith("/w/"), "whatever the claim is worth, the launch goes on"
    return response


def names(house: House, sub: str) -> str:
    with house.rows() as session:
        return session.scalars(select(User.legacy_id).where(User.sub == sub)).one()


def remark(house: House) -> str:
    """What the list of launches says of the last one."""
    with house.rows() as session:
        return session.scalars(select(LaunchRecord.detail).order_by(LaunchRecord.id.desc())).first() or ""


def test_names_that_are_proved_are_kept(house: House) -> None:
    launch(
        house,
        "kept",
        says={"user_id": "u-1", "context_id": "c-1", "resource_link_id": "l-1"},
        course="kept",
    )
    assert names(house, "kept") == "u-1"
    assert remark(house) == ""
    with house.rows() as session:
        course = session.scalars(select(Course).where(Course.context_id == "kept")).one()
        link = session.scalars(select(ResourceLink).where(ResourceLink.course_id == course.id)).one()
    assert (course.legacy_id, link.legacy_id) == ("c-1", "l-1")


@pytest.mark.parametrize(
    ("forged", "why"), [({"secret": "guessed"}, "not signed"), ({"key": "nobody's"}, "no secret is known")]
)
def test_what_is_not_proved_is_not_believed_and_an_administrator_reads_why(
    house: House, forged: dict[str, str], why: str
) -> None:
    sub = f"forged {why}"
    launch(house, sub, says={"user_id": "u-forged"}, **forged)
    assert names(house, sub) == ""
    assert why in remark(house)
    assert remark(house).startswith("lti1p1 ignored")


def test_nobody_gets_the_name_of_somebody_else_and_nobody_a_second_one(house: House) -> None:
    launch(house, "first", says={"user_id": "u-7"})
    launch(house, "second", says={"user_id": "u-7"})
    assert (names(house, "first"), names(house, "second")) == ("u-7", "")
    assert "user_id belongs to another" in remark(house)
    launch(house, "first", says={"user_id": "u-8"})
    assert names(house, "first") == "u-7"


def test_a_claim_that_makes_no_sense_stops_nobody(house: House) -> None:
    for claim in ("text", [1], {"oauth_consumer_key": 1}, None):
        response = house.platform.launch(
            house.browser(), **{claims.LTI1P1: claim, claims.CUSTOM: {"widget": "discussion"}}
        )
        assert response.status_code == 303
