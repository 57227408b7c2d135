"""What logins and launches leave for administrators: one row each, without a name in it."""

import dataclasses
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity import launches
from lmssocial.lms.identity.launch_models import LaunchRecord
from lmssocial.lms.identity.models import Course, Registration
from lmssocial.lms.lti import claims
from tests.front.launch.conftest import House
from tests.support.queries import Queries

DISCUSSION = {claims.CUSTOM: {"widget": "discussion"}}


@pytest.fixture(autouse=True)
def nothing_yet(house: House) -> None:
    with house.rows() as session:
        session.execute(delete(LaunchRecord))


def left(house: House) -> list[LaunchRecord]:
    """The rows, oldest first."""
    with house.rows() as session:
        return list(session.scalars(select(LaunchRecord).order_by(LaunchRecord.id)))


def test_a_launch_that_is_let_in_leaves_one_row_without_a_name(house: House) -> None:
    house.platform.launch(house.browser(), name="Ada Lovelace", sub="ada-1", **DISCUSSION)

    [row] = left(house)
    with house.rows() as session:
        registration = session.scalars(select(Registration)).one()
        course = session.get_one(Course, row.course_id)
    assert (row.registration_id, row.tenant_id) == (registration.id, registration.tenant_id)
    assert course.tenant_id == registration.tenant_id
    assert (row.message_type, row.cause, row.reference) == ("LtiResourceLinkRequest", "", "")
    assert (row.way, row.deployment_id) == ("cookie", house.platform.deployment_id)
    assert row.skew_ms is not None
    assert -5000 < row.skew_ms <= 0
    assert row.took_ms >= 0
    kept = " ".join(str(getattr(row, column.key)) for column in LaunchRecord.__table__.columns)
    assert "Ada" not in kept
    assert "ada-1" not in kept


def test_the_clock_of_a_platform_shows_in_its_launches(house: House) -> None:
    ahead = int(the_clock.now().timestamp()) + 45
    house.platform.launch(house.browser(), iat=ahead, exp=ahead + 300, **DISCUSSION)
    [row] = left(house)
    assert row.skew_ms is not None
    assert 40_000 < row.skew_ms <= 45_000


def test_a_refused_launch_leaves_cause_detail_and_the_reference_that_was_shown(house: House) -> None:
    hour = int(the_clock.now().timestamp()) + 3600
    page = house.platform.launch(house.browser(), iat=hour, exp=hour + 300)
    [row] = left(house)
    assert (row.cause, row.course_id) == ("clock_off", None)
    assert re.fullmatch(r"issued 3[56]\d\d s in the future", row.detail)
    assert row.reference
    assert row.reference in page.text
    assert row.skew_ms is not None
    assert 3_590_000 < row.skew_ms <= 3_600_000
    assert row.registration_id is not None


def test_what_the_lms_calls_somebody_is_in_no_row(house: House) -> None:
    house.platform.launch(house.browser(), sub="x" * 300)
    [row] = left(house)
    assert (row.cause, row.detail) == ("person_unusable", "")


def test_a_deployment_that_waits_is_named(house: House) -> None:
    house.another(deployment_id="new-one").launch(house.browser())
    [row] = left(house)
    assert (row.cause, row.deployment_id) == ("deployment_unknown", "new-one")
    assert row.message_type == "LtiResourceLinkRequest"
    assert row.skew_ms is not None


def test_text_no_database_holds_is_written_down_all_the_same(house: House) -> None:
    browser = house.browser()
    begun = house.platform.begin(browser)
    browser.post(
        "/lti/launch", data={"state": begun.state, "error": "broken\r\n\x01", "error_description": "é"}
    )
    [row] = left(house)
    assert row.cause == "lms_error"
    assert (
        row.detail == "broken\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}: é"
    )


def test_who_scans_the_addresses_fills_no_disk(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launches, "UNNAMED_AT_MOST", 3)
    browser = house.browser()
    for _ in range(6):
        assert browser.get(
            "/lti/login?iss=https://nobody.example&login_hint=1&target_link_uri=x"
        ).status_code in {400, 403}
    assert len(left(house)) == 3
    house.platform.launch(house.browser(), sub="")
    assert left(house)[-1].cause == "person_unusable", "a refusal that names a platform is counted by itself"
    with house.rows() as session:
        for row in session.scalars(select(LaunchRecord)):
            row.at -= timedelta(minutes=2)
    browser.post("/lti/launch", data={"state": "never"})
    assert left(house)[-1].cause == "state_unknown"


def test_one_platform_that_fails_fills_no_disk_either(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launches, "NAMED_AT_MOST", 2)
    for _ in range(4):
        house.platform.launch(house.browser(), sub="")
    assert len(left(house)) == 2
    house.platform.launch(house.browser(), **DISCUSSION)
    assert len(left(house)) == 3, "who is let in is always written down"


def test_a_launch_that_has_nothing_to_show_is_one_row(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    where = {claims.RESOURCE_LINK: {"id": "gone-widget"}, **DISCUSSION}
    house.platform.launch(house.browser(), **where)
    bare = dataclasses.replace(house.app.extensions["lmssocial"], widgets={})
    monkeypatch.setitem(house.app.extensions, "lmssocial", bare)
    page = house.platform.launch(house.browser(), **where)
    assert page.status_code == 404
    first, second = left(house)
    assert (first.cause, second.cause) == ("", "widget_missing")
    assert second.reference in page.text
    assert second.course_id == first.course_id


def test_writing_a_refusal_down_costs_a_few_statements(
    house: House, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    with count_queries() as asked:
        house.browser().get("/lti/login?iss=https://nobody.example&login_hint=1&target_link_uri=x")
    assert len(asked) <= 4
