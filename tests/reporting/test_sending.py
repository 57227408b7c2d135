"""Statements on their way to a learning record store and a Caliper endpoint: none is lost, none is sent twice."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from lmssocial.app import load_plugins
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.settings import Settings as SiteSettings
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.work import PluginWork
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.sending import delivering, outbox
from lmssocial_reporting.sending.models import Outgoing
from lmssocial_reporting.sending.models import Receiver as ReceiverRow
from lmssocial_reporting.sending.profile import profile
from lmssocial_reporting.sending.vocabulary import CALIPER, VERBS
from lmssocial_reporting.settings import Settings, SettingsForm
from lmssocial_reporting.store.port import Changed, Evidence
from tests.conftest import TestClock
from tests.support.people import Place, make_place
from tests.support.receiver import Receiver
from tests.support.reporting import a_piece

HOME = "https://social.example.edu"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A learning record store, or a Caliper endpoint, as the test likes it."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def place(session: Session) -> Place:
    """A course in which the report is on."""
    place = make_place(session)
    plugin_settings.switch(session, "reporting", on=True, level=Level.TENANT, place_id=place.tenant.id)
    session.commit()
    return place


@pytest.fixture
def course(session: Session, place: Place) -> FollowedCourse:
    """The same, as the report follows it."""
    course = FollowedCourse(
        course_id=place.course.id,
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        zone="UTC",
        definition="roles/1",
        read_up_to=0,
        has_news=False,
    )
    session.add(course)
    session.commit()
    return course


@pytest.fixture
def work(engine: Engine, settings: SiteSettings) -> PluginWork:
    """What the timer has at hand."""
    host = load_plugins(settings)
    outbound = Outbound("lmssocial tests", AllowList.parse(("127.0.0.1",)), total_seconds=2.0)
    return PluginWork("reporting", sessionmaker(engine), host, outbound)


def pieces(course: FollowedCourse, count: int = 3) -> tuple[Evidence, ...]:
    """Some evidence of that course."""
    return tuple(a_piece(course_id=course.course_id, member=11, other=12 + number) for number in range(count))


@dataclass
class Sending:
    """A tenant with a learning record store, a course whose evidence comes and goes, and the timer that sends."""

    session: Session
    place: Place
    course: FollowedCourse
    work: PluginWork
    clock: TestClock
    settings: Settings = field(default_factory=Settings)

    def to(self, **addresses: str) -> None:
        """Let the tenant have these receivers."""
        values = {"lrs_key": "key", "lrs_secret": "", **addresses}
        with unit_of_work(self.session):
            plugin_settings.configure(
                self.session, "reporting", values, level=Level.TENANT, place_id=self.place.tenant.id
            )
        self.settings = Settings(**values)  # type: ignore[arg-type]  # all of these are text

    def tell(self, come: tuple[Evidence, ...] = (), gone: tuple[Evidence, ...] = ()) -> None:
        """Let evidence come and go."""
        with unit_of_work(self.session):
            outbox.told(
                self.session, self.settings, HOME, self.session.merge(self.course), Changed(come, gone)
            )

    def later(self) -> None:
        """A quarter of an hour passes, and the timer comes round."""
        self.clock.tick(minutes=16)
        delivering.send(self.work)

    def rows(self, state: str) -> list[Outgoing]:
        """What is in that state."""
        self.session.rollback()
        return list(self.session.scalars(select(Outgoing).where(Outgoing.state == state)))

    def trouble(self) -> str:
        """What administrators read of the store."""
        self.session.rollback()
        return self.session.get_one(ReceiverRow, (self.place.tenant.id, "xapi")).last_error


@pytest.fixture
def nowhere(
    session: Session, place: Place, course: FollowedCourse, work: PluginWork, clock: TestClock
) -> Sending:
    """Nobody receives anything yet."""
    return Sending(session, place, course, work, clock)


@pytest.fixture
def sending(nowhere: Sending, receiver: Receiver) -> Sending:
    """It goes to the receiver."""
    nowhere.to(lrs_url=f"{receiver.url}/xapi")
    return nowhere


def test_nothing_waits_where_no_receiver_is_set(nowhere: Sending) -> None:
    nowhere.tell(pieces(nowhere.course))
    assert not nowhere.rows(outbox.WAITING)


def test_statements_arrive_after_a_quarter_of_an_hour_under_pseudonyms_and_once(
    sending: Sending, receiver: Receiver
) -> None:
    some = pieces(sending.course)
    sending.tell(some)
    assert delivering.send(sending.work) is False
    assert not receiver.requests  # what is undone at once never leaves
    sending.later()
    sending.tell(some)
    sending.later()
    (path, headers, body), *others = receiver.requests
    assert path == "/xapi/statements"
    assert headers["X-Experience-API-Version"] == "1.0.3"
    assert len(body) == 3
    assert not others
    names = {statement["actor"]["account"]["name"] for statement in body}
    assert len(names) == 1
    assert "11" not in names
    assert not any("mbox" in statement["actor"] or "name" in statement["actor"] for statement in body)
    assert len({statement["id"] for statement in body}) == 3


def test_the_same_evidence_derived_again_is_the_same_statement(sending: Sending) -> None:
    some = pieces(sending.course)
    sending.tell(some)
    sending.tell(some)
    assert len(sending.rows(outbox.WAITING)) == 3


def test_evidence_that_goes_before_it_was_sent_is_never_sent_and_voided_if_it_was(
    sending: Sending, receiver: Receiver
) -> None:
    some = pieces(sending.course)
    sending.tell(some)
    sending.tell(gone=some[:1])
    sending.later()
    assert len(receiver.kept) == 2
    sending.tell(gone=some[1:2])
    sending.later()
    voiding = receiver.kept[-1]
    assert voiding["verb"]["id"] == "http://adlnet.gov/expapi/verbs/voided"
    assert voiding["object"]["id"] in {statement["id"] for statement in receiver.kept[:2]}
    sending.tell(some[1:2])  # and back again
    sending.later()
    assert len({statement["id"] for statement in receiver.kept}) == 4


def test_a_receiver_that_is_down_for_a_week_gets_everything_when_it_is_back(
    sending: Sending, receiver: Receiver
) -> None:
    sending.tell(pieces(sending.course))
    receiver.answer = lambda _body: 503
    for _ in range(7 * 24):
        sending.clock.tick(hours=1)
        delivering.send(sending.work)
    assert 20 < len(receiver.requests) < 60  # a few times a day, not every half minute
    assert len(sending.rows(outbox.WAITING)) == 3
    assert sending.trouble() == "The receiver answered 503."
    sending.session.rollback()
    receiver.answer = lambda _body: 200
    sending.clock.tick(hours=7)
    delivering.send(sending.work)
    assert not sending.rows(outbox.WAITING)
    assert len(receiver.kept) == 3
    assert not sending.trouble()


def test_an_answer_that_was_lost_on_its_way_doubles_nothing(sending: Sending, receiver: Receiver) -> None:
    sending.tell(pieces(sending.course))
    there: set[str] = set()

    def store(body: list[dict[str, str]]) -> int:
        known = there & {one["id"] for one in body}
        there.update(one["id"] for one in body)
        return 409 if known else 200

    receiver.answer = store
    store([{"id": row.statement_id} for row in sending.rows(outbox.WAITING)[:2]])
    sending.session.rollback()
    sending.later()
    assert not sending.rows(outbox.WAITING)
    assert not sending.rows(outbox.REFUSED)
    assert len(there) == 3


def test_one_statement_that_is_refused_holds_up_no_other(sending: Sending, receiver: Receiver) -> None:
    sending.tell(pieces(sending.course, 40))
    bad = sending.rows(outbox.WAITING)[17].statement_id
    sending.session.rollback()
    receiver.answer = lambda body: 400 if any(one["id"] == bad for one in body) else 200
    sending.later()
    assert len(receiver.kept) == 39
    (row,) = sending.rows(outbox.REFUSED)
    assert (row.statement_id, row.why) == (bad, "The receiver answered 400.")


def test_two_receivers_do_not_wait_for_each_other(sending: Sending, receiver: Receiver) -> None:
    other = Receiver()
    sending.to(lrs_url=f"{receiver.url}/xapi", caliper_url=f"{other.url}/caliper", caliper_key="")
    sending.tell(pieces(sending.course))
    receiver.stop()
    sending.later()
    (path, _headers, envelope) = other.requests[0]
    other.stop()
    assert path == "/caliper"
    assert envelope["dataVersion"] == "http://purl.imsglobal.org/ctx/caliper/v1p2"
    assert {event["type"] for event in envelope["data"]} == {"MessageEvent"}
    assert all(event["membership"]["roles"] == ["Learner"] for event in envelope["data"])
    assert len(sending.rows(outbox.WAITING)) == 3


def test_whoever_is_erased_is_taken_back(sending: Sending, receiver: Receiver) -> None:
    some = pieces(sending.course)
    sending.tell(some[:2])
    sending.later()
    sending.tell(some[2:])
    with unit_of_work(sending.session):
        outbox.forget(sending.session, HOME, 11)
    sending.later()
    verbs = [statement["verb"]["display"]["en"] for statement in receiver.kept]
    assert verbs == ["commented", "commented", "voided", "voided"]
    sending.session.rollback()
    assert not sending.session.scalars(select(Outgoing).where(Outgoing.member == 11)).all()


@pytest.mark.one_database
def test_every_kind_has_its_verb_and_its_event_and_none_is_about_grades() -> None:
    assert set(VERBS) == set(CALIPER) == set(Kind)
    said = {part for one in CALIPER.values() for part in (one.event, one.profile)}
    assert not any(word in part for part in said for word in ("Assess", "Grad", "Assign", "Score"))


@pytest.mark.one_database
def test_the_published_profile_is_what_is_sent() -> None:
    published = json.loads((ROOT / "docs" / "xapi-profile.jsonld").read_text("utf-8"))
    assert published == profile()
    own = {verb.id for verb in VERBS.values() if verb.own}
    assert own == {one["id"] for one in published["concepts"] if one["type"] == "Verb"}


@pytest.mark.parametrize(
    "address", ["store", "ftp://store.example", "https://store.example/xapi/statements", "https://[store"]
)
def test_an_address_to_which_nothing_could_be_sent_is_refused(app: Flask, address: str) -> None:
    with app.test_request_context():
        form = SettingsForm(MultiDict({"lrs_url": address, "caliper_url": "https://caliper.example/events"}))
        form.validate()
        assert form.lrs_url.errors
        assert not form.caliper_url.errors
