"""What doctor and monitors are told of clocks, rosters, grades, notices and what may be called."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.clock import now
from lmssocial.front.health import lti_checks
from lmssocial.front.health.checks import examine
from lmssocial.front.health.finding import Finding
from lmssocial.front.health.routes import EXTENSION
from lmssocial.lms.identity import launches
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.launches import What
from lmssocial.lms.lti.models import Asking, NoticeSubscription
from lmssocial.lms.lti.services import scopes
from lmssocial.lms.roster.models import RosterSource
from lmssocial.settings import Settings
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.gradebook.models import Condition, Score
from tests.support.people import Place, make_person, make_place


@pytest.fixture
def place(session: Session) -> Place:
    """A course whose LMS takes grades."""
    place = make_place(session)
    session.add(
        CourseServices(
            course_id=place.course.id,
            line_items_url="https://lms.example/items",
            grade_scopes=scopes.SCORE,
            noted_at=now(),
        )
    )
    session.commit()
    return place


def score(session: Session, place: Place) -> Score:
    """A grade that is to go out."""
    column = gradebook.column(session, place.placement.id)
    gradebook.put(
        session, column.id, make_person(session, place).user_id, gradebook.Mark(given=5, maximum=10)
    )
    return session.scalars(select(Score)).one()


def break_everything(session: Session, place: Place) -> None:
    """One trouble of each kind."""
    row = score(session, place)
    row.condition, row.last_error = Condition.GIVEN_UP, "403"
    session.add(RosterSource(course_id=place.course.id, failures=2, last_error="503"))
    session.add(
        NoticeSubscription(
            deployment_id=place.course.deployment_id,
            kind="LtiContextCopyNotice",
            service_url="https://lms.example/pns",
            standing=Asking.REFUSED,
            next_at=now(),
            changed_at=now(),
        )
    )
    launches.record(session, What(registration_id=place.registration.id, skew_ms=47_000))
    session.commit()


def told(app: Flask) -> dict[str, Finding]:
    """What doctor finds, by the name of the check."""
    return {finding.check: finding for finding in examine(app.extensions[EXTENSION], outward=False)}


def test_an_installation_in_order_has_nothing_to_say_about_lmss(app: Flask, place: Place) -> None:
    del place
    found = told(app)
    for check in ("keys", "grades", "rosters", "clocks", "notices", "outbound"):
        assert found[check].ok, found[check].says


def test_each_trouble_is_a_finding_that_keeps_nobody_out(app: Flask, session: Session, place: Place) -> None:
    break_everything(session, place)
    found = told(app)
    for check in ("grades", "rosters", "clocks", "notices"):
        assert not found[check].ok
        assert not found[check].grave
    assert "1 grade(s) were given up" in found["grades"].says
    assert f"{place.registration.name} is 47 s ahead" in found["clocks"].says


def test_a_grade_that_waits_for_hours_is_told_and_one_without_a_service_is_not(
    app: Flask, session: Session, place: Place
) -> None:
    row = score(session, place)
    row.changed_at = now() - timedelta(hours=3)
    session.commit()
    assert "the oldest grade waits since" in told(app)["grades"].says
    services = session.get_one(CourseServices, place.course.id)
    services.line_items_url = ""
    session.commit()
    assert told(app)["grades"].ok


def test_monitors_read_the_same_as_numbers(
    app: Flask, client: FlaskClient, session: Session, place: Place
) -> None:
    del app
    break_everything(session, place)
    page = client.get("/metrics").text
    for line in (
        "lmssocial_signing_keys 0.0",
        "lmssocial_grades_given_up 1.0",
        "lmssocial_grades_waiting 0.0",
        "lmssocial_rosters_failing 1.0",
        "lmssocial_clocks_off 1.0",
        "lmssocial_subscriptions_refused 1.0",
    ):
        assert line in page.splitlines()
    assert "lmssocial_request_seconds" in page


@pytest.mark.parametrize(
    ("url", "allowed", "ok"),
    [
        ("https://social.example.edu", (), True),
        ("https://social.example.edu", ("lms.intern", "10.20.0.0/16"), True),
        ("https://social.example.edu", ("localhost:8001",), False),
        ("https://social.example.edu", ("127.0.0.1",), False),
        ("https://social.example.edu", ("169.254.0.0/16",), False),
        ("https://social.example.edu", ("0.0.0.0/0",), False),
        ("http://localhost:8000", ("localhost",), True),
    ],
)
def test_a_server_of_the_internet_must_not_call_its_own_machine(
    url: str, allowed: tuple[str, ...], *, ok: bool
) -> None:
    settings = dataclasses.replace(Settings(), public_url=url, outbound_allow=allowed)
    found = lti_checks.calls_stay_outside(settings)
    assert found.ok == ok
    assert all(entry in found.says for entry in allowed)
