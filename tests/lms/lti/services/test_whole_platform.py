"""One hostile platform and the whole tool: a launch names the services, they are asked for notices, notices arrive."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.subscribing import subscribe_due
from lmssocial.lms.lti.services.roster import fetch_page
from lmssocial.web.program import program
from tests.fakes.hostile_lms import HostileLms, canvas, hostile_lms

pytestmark = pytest.mark.one_database

COPIED = "LtiContextCopyNotice"


def arrive(lms: HostileLms, client: FlaskClient, engine: Engine) -> int:
    """Connect and launch; the registration's id."""
    lms.add_link("link-1")
    lms.open_column("link-1")
    with Session(engine) as session, unit_of_work(session):
        registration_id = lms.connect(session).id
    launched = lms.platform().launch(client, sub=lms.learners[0], **lms.claims("link-1"))
    assert launched.status_code == 303, launched.text
    return registration_id


@pytest.fixture
def outcome_of(client: FlaskClient) -> Callable[[str, str], tuple[int, str]]:
    """What becomes of a notice: status and outcome."""

    def post(handler: str, token: str) -> tuple[int, str]:
        answer = client.post(urlsplit(handler).path, json={"notices": [{"jwt": token}]})
        assert answer.json is not None, answer.text
        return answer.status_code, str(answer.json["notices"][0]["outcome"])

    return post


def test_a_launch_a_roster_and_notices_true_repeated_and_forged(
    app: Flask,
    client: FlaskClient,
    db_url: str,
    tmp_path: Path,
    outcome_of: Callable[[str, str], tuple[int, str]],
) -> None:
    engine = make_engine(db_url)
    with hostile_lms(tmp_path, canvas()) as lms, app.app_context():
        registration_id = arrive(lms, client, engine)
        with Session(engine) as session:
            services = session.scalars(select(CourseServices)).one()
            endpoint = endpoint_of(session, registration_id)
        assert len(fetch_page(program().caller, endpoint, services.memberships_url).members) == 10
        assert services.line_items_url == lms.line_items_url
        subscribe_due(sessionmaker(engine), program().caller, "http://localhost:8000")
        handler = lms.subscriptions()[COPIED]
        notice = lms.notice(COPIED, origins=["an older course"], course="a new course")
        assert outcome_of(handler, notice) == (200, "taken")
        assert outcome_of(handler, notice) == (200, "seen")
        assert outcome_of(handler, lms.notice(COPIED, origins=["theirs"], forged=True)) == (401, "refused")
    engine.dispose()
