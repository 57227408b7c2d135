"""Asking platforms for notices: once where they agree, again where they are away, never where they refuse."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.identity import notices, subscribing
from lmssocial.lms.identity.admission import admit
from lmssocial.lms.identity.models import Deployment, Registration, Standing
from lmssocial.lms.identity.subscribing import subscribe_due
from lmssocial.lms.lti.launch import Context, Launch, MessageType, NoticeService, Person, ResourceLink
from lmssocial.lms.lti.models import Asking, NoticeSubscription
from lmssocial.lms.lti.notices import COPY, HELLO
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.lms.lti.services.scopes import NOTICE_HANDLERS
from tests.conftest import TestClock
from tests.fakes.platform import FakePlatform
from tests.fakes.registered import register
from tests.support.loopback import Loopback, listening, says

US = "https://social.example.edu"


@dataclass
class NoticingLms:
    """An LMS with a token address and a notice service; counts what it was asked."""

    server: Loopback = field(default_factory=Loopback)
    refusal: Callable[[BaseHTTPRequestHandler], None] | None = None
    handlers: list[dict[str, str]] = field(default_factory=list)

    @property
    def service_url(self) -> str:
        """What its launches name."""
        return self.server.url(path="/api/lti/notice-handlers/106")

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        if handler.path == "/token":
            assert NOTICE_HANDLERS.rpartition("/")[2].encode() in handler.sent  # type: ignore[attr-defined]
            says(b'{"access_token": "let-me-in", "token_type": "Bearer", "expires_in": 3600}')(handler)
        elif self.refusal is not None:
            self.refusal(handler)
        else:
            assert handler.command == "PUT"
            assert handler.headers["Authorization"] == "Bearer let-me-in"
            self.handlers.append(json.loads(handler.sent))  # type: ignore[attr-defined]
            says(handler.sent)(handler)  # type: ignore[attr-defined]


@pytest.fixture
def lms() -> Iterator[NoticingLms]:
    """A running one."""
    lms = NoticingLms()
    with listening(lms.answer) as server:
        lms.server = server
        yield lms


@dataclass
class Desk:
    """A registered platform, launches of it, and the worker's job."""

    session: Session
    registration: Registration
    lms: NoticingLms
    ask: Callable[[], int]

    def launch(self, *kinds: str) -> None:
        """Somebody launches; the LMS offers notices of ``kinds``."""
        service = NoticeService(url=self.lms.service_url, kinds=frozenset(kinds))
        launch = Launch(
            message_type=MessageType.RESOURCE_LINK,
            registration_id=self.registration.id,
            deployment_id="1",
            person=Person(sub="person-7"),
            roles=frozenset(),
            context=Context(id="course-1"),
            resource_link=ResourceLink(id="link-1"),
            target_link_uri="https://social.example.edu/lti/launch",
            notices=service,
        )
        admit(self.session, launch)
        self.session.commit()

    def rows(self) -> dict[str, NoticeSubscription]:
        """What is wanted, by type."""
        self.session.rollback()  # what others wrote is seen by a new transaction only
        return {row.kind: row for row in self.session.scalars(select(NoticeSubscription))}


@pytest.fixture
def desk(session: Session, engine: Engine, lms: NoticingLms) -> Desk:
    """One platform whose token address is ``lms``."""
    platform = FakePlatform(jwks_url="https://lms.example.edu/jwks", token_url=lms.server.url(path="/token"))
    registration = register(session, platform)
    session.commit()
    make_session = sessionmaker(engine)
    outbound = Outbound("tests", AllowList.parse(["127.0.0.1"]))
    caller = Caller(outbound, SecretBox("a secret for tests, of forty characters."), make_session)
    return Desk(session, registration, lms, lambda: subscribe_due(make_session, caller, US))


def test_what_a_launch_offers_is_asked_for_once(desk: Desk) -> None:
    for _ in range(3):
        desk.launch(COPY, HELLO, "LtiAssetProcessorSubmissionNotice")
    assert desk.ask() == 2
    handler = f"{US}/lti/notices/{desk.registration.public_key}"
    assert desk.lms.handlers == [
        {"notice_type": COPY, "handler": handler},
        {"notice_type": HELLO, "handler": handler},
    ]
    assert {row.standing for row in desk.rows().values()} == {Asking.HELD}
    desk.launch(COPY, HELLO)
    assert desk.ask() == 0


def test_an_lms_without_notices_is_asked_for_nothing(desk: Desk) -> None:
    desk.launch()
    desk.launch("LtiAssetProcessorSubmissionNotice")
    assert (desk.rows(), desk.ask()) == ({}, 0)
    assert desk.lms.server.seen == []


def test_an_lms_that_is_away_is_asked_again_later(desk: Desk, clock: TestClock) -> None:
    desk.launch(COPY)
    desk.lms.refusal = says(b"<h1>Maintenance</h1>", "text/html", 503)
    assert desk.ask() == 0
    row = desk.rows()[COPY]
    assert (row.standing, row.attempts) == (Asking.WANTED, 1)
    assert "Maintenance" in row.last_error
    desk.lms.refusal = None
    assert desk.ask() == 0, "not before its time"
    clock.tick(minutes=1, seconds=1)
    assert desk.ask() == 1
    assert (desk.rows()[COPY].standing, desk.rows()[COPY].last_error) == (Asking.HELD, "")


def test_an_lms_that_asks_for_a_pause_gets_it(desk: Desk, clock: TestClock) -> None:
    desk.launch(COPY)
    desk.lms.refusal = says(b"{}", status=429, Retry_After="3600")
    desk.ask()
    desk.lms.refusal = None
    clock.tick(minutes=59)
    assert desk.ask() == 0
    clock.tick(minutes=2)
    assert desk.ask() == 1


def test_an_lms_that_refuses_is_left_alone_until_somebody_may_have_helped(
    desk: Desk, clock: TestClock
) -> None:
    desk.launch(COPY)
    desk.lms.refusal = says(b'{"errors": "domain does not match"}', status=422)
    desk.ask()
    row = desk.rows()[COPY]
    assert row.standing is Asking.REFUSED
    assert "domain does not match" in row.last_error
    desk.lms.refusal = None
    desk.launch(COPY)
    assert desk.ask() == 0
    clock.tick(days=8)
    desk.launch(COPY)
    assert desk.ask() == 1


def test_an_lms_that_never_answers_counts_as_one_that_refuses(desk: Desk, clock: TestClock) -> None:
    desk.launch(COPY)
    desk.lms.refusal = says(b"", status=500)
    began, rounds = clock.now, 0
    while desk.rows()[COPY].standing is Asking.WANTED:
        desk.ask()
        clock.tick(minutes=10)
        rounds += 1
        assert rounds < 1000
    assert desk.rows()[COPY].attempts == subscribing.MAX_ATTEMPTS
    assert 1.5 < (clock.now - began).total_seconds() / 86_400 < 2.5, "two days"


def test_a_worker_that_dies_while_asking_loses_nothing(
    desk: Desk, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.launch(COPY)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(subscribing, "subscribe", die)
        with pytest.raises(KeyboardInterrupt):
            desk.ask()
    assert desk.ask() == 0, "the claim still holds"
    clock.tick(minutes=6)
    assert desk.ask() == 1


def test_nobody_is_asked_for_a_deployment_that_is_not_approved(desk: Desk) -> None:
    desk.launch(COPY)
    desk.session.execute(update(Deployment).values(standing=Standing.DISABLED))
    desk.session.commit()
    assert desk.ask() == 0
    desk.session.execute(update(Deployment).values(standing=Standing.APPROVED))
    desk.session.execute(update(Registration).values(enabled=False))
    desk.session.commit()
    assert desk.ask() == 0
    assert desk.rows()[COPY].attempts == 0


def test_whoever_moved_or_was_registered_anew_is_asked_anew(desk: Desk, clock: TestClock) -> None:
    desk.launch(COPY)
    desk.ask()
    assert notices.want_again(desk.session, desk.registration.id) == 1
    desk.session.commit()
    assert desk.ask() == 1
    desk.session.execute(update(NoticeSubscription).values(service_url="https://old.example.edu/"))
    desk.session.commit()
    desk.launch(COPY)
    assert desk.ask() == 1
    clock.tick(days=31)
    desk.launch(COPY)
    assert desk.ask() == 1, "and reminded after a month"
