"""What the report sends arrives in a learning record store that nobody of us wrote, and is found there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.app import load_plugins
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.settings import Settings as SiteSettings
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.work import PluginWork
from lmssocial_reporting.definition import ROLE_OF, Kind
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.sending import delivering, outbox
from lmssocial_reporting.sending.models import Outgoing
from lmssocial_reporting.sending.vocabulary import VERBS
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.port import Changed, Evidence
from tests.conftest import TestClock
from tests.platforms.lrs import KEY, SECRET, Ralph, strictly
from tests.support.people import make_place

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def ralph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ralph]:
    """The store."""
    ralph = Ralph(tmp_path_factory.mktemp("ralph"))
    yield ralph
    ralph.stop()


def one_of_each(course_id: int) -> tuple[Evidence, ...]:
    """A piece of evidence of every kind."""
    return tuple(
        Evidence(
            course_id=course_id,
            day=date(2026, 2, 16),
            member=7,
            role=ROLE_OF[kind],
            kind=kind,
            other=8,
            item=f"c{number}",
            thread="t1",
        )
        for number, kind in enumerate(Kind)
    )


def test_every_kind_arrives_is_well_formed_is_found_by_its_verb_and_can_be_taken_back(
    ralph: Ralph, session: Session, engine: Engine, settings: SiteSettings, tmp_path: Path, clock: TestClock
) -> None:
    place = make_place(session)
    plugin_settings.switch(session, "reporting", on=True, level=Level.TENANT, place_id=place.tenant.id)
    own = {"lrs_url": ralph.url, "lrs_key": KEY, "lrs_secret": SECRET}
    as_set = Settings(lrs_url=ralph.url, lrs_key=KEY, lrs_secret=SECRET)
    course = FollowedCourse(
        course_id=place.course.id,
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        zone="UTC",
        definition="roles/1",
    )
    session.add(course)
    session.commit()
    host = load_plugins(settings)
    outbound = Outbound("lmssocial tests", AllowList.parse(("127.0.0.1",)))
    work = PluginWork("reporting", sessionmaker(engine), host, outbound)
    with unit_of_work(session):
        plugin_settings.configure(session, "reporting", own, level=Level.TENANT, place_id=place.tenant.id)
    some = one_of_each(place.course.id)
    with unit_of_work(session):
        outbox.told(session, as_set, "https://social.example.edu", session.merge(course), Changed(some))
    session.rollback()
    bodies = list(session.scalars(select(Outgoing.body)))
    session.rollback()
    assert strictly(bodies, tmp_path) == ""
    broken = bodies[0] | {"verb": {"id": "no iri", "display": {"en": "x"}}}
    assert "no iri" in strictly([broken], tmp_path) or "verb" in strictly([broken], tmp_path)
    clock.tick(minutes=16)
    delivering.send(work)
    session.rollback()
    assert not session.execute(
        select(Outgoing.body, Outgoing.why).where(Outgoing.state == outbox.REFUSED)
    ).all()
    session.rollback()
    assert {one["id"] for one in ralph.statements()} == {body["id"] for body in bodies}
    for verb in {verb.id for verb in VERBS.values()}:
        assert len(ralph.statements(verb=verb)) == sum(1 for one in VERBS.values() if one.id == verb)
    # an acknowledgement that was lost: all of it is sent again, and nothing is there twice
    with unit_of_work(session):
        session.execute(update(Outgoing).values(state=outbox.WAITING))
        for row, body in zip(session.scalars(select(Outgoing).order_by(Outgoing.id)), bodies, strict=True):
            row.body = body
    clock.tick(minutes=16)
    delivering.send(work)
    assert len(ralph.statements()) == len(Kind)
    with unit_of_work(session):
        outbox.told(
            session,
            as_set,
            "https://social.example.edu",
            session.merge(course),
            Changed(gone=some[:1]),
        )
    clock.tick(minutes=16)
    delivering.send(work)
    (voiding,) = ralph.statements(verb="http://adlnet.gov/expapi/verbs/voided")
    assert voiding["object"]["id"] == bodies[0]["id"]
