"""What is on its way out gets there, once, whatever happens to servers and workers."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Channel, ChannelMessage, TryLater, Undeliverable
from lmssocial.core.kernel.clock import now as clock_now
from lmssocial.core.mail import SmtpMailer
from lmssocial.social.notifications import deliveries
from lmssocial.social.notifications.channels import Email
from lmssocial.social.notifications.models import Condition, Delivery
from tests.conftest import TestClock
from tests.fakes.mail_server import MailServer, mail_server
from tests.support.people import make_person, make_place

SENDER = "no-reply@example.edu"
SENDS = Path(__file__).with_name("sends_once.py")


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def by_mail(server: MailServer, timeout: float = 15) -> dict[str, Channel]:
    [channel] = Email(SmtpMailer(server.url, SENDER, timeout=timeout)).lmssocial_register_channels()
    return {channel.name: channel}


def through(send: object, name: str = "email") -> dict[str, Channel]:
    return {name: Channel(name=name, title=name, send=send)}  # type: ignore[arg-type]


def put(sessions: sessionmaker[Session], *addresses: str, channel: str = "email") -> None:
    with sessions() as session, unit_of_work(session):
        ana = make_person(session, make_place(session), "Ana")
        for address in addresses:
            session.add(
                Delivery(
                    tenant_id=ana.tenant_id,
                    user_id=ana.user_id,
                    channel=channel,
                    key=f"test:{address}",
                    address=address,
                    title="News",
                    text="Hello\n",
                    html="<p>Hello</p>",
                    created_at=clock_now(),
                    next_at=clock_now(),
                )
            )


def rows(sessions: sessionmaker[Session]) -> list[Delivery]:
    with sessions() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def conditions(sessions: sessionmaker[Session]) -> list[Condition]:
    return [row.condition for row in rows(sessions)]


def test_what_is_due_goes_out_once(
    sessions: sessionmaker[Session], server: MailServer, clock: TestClock
) -> None:
    put(sessions, "ana@example.edu", "ben@example.edu")

    assert deliveries.send_due(sessions, by_mail(server)) == 2
    clock.tick(days=1)
    assert deliveries.send_due(sessions, by_mail(server)) == 0

    assert [mail.recipient for mail in server.taken] == ["ana@example.edu", "ben@example.edu"]
    assert conditions(sessions) == [Condition.SENT, Condition.SENT]


def test_a_mail_server_that_is_down_for_a_day_loses_nothing(
    sessions: sessionmaker[Session], server: MailServer, clock: TestClock
) -> None:
    everybody = [f"person{number}@example.edu" for number in range(20)]
    put(sessions, *everybody)
    server.answers = {"CONNECT": "421 down for maintenance"}
    end = clock.now + timedelta(days=1)

    while clock.now < end:
        before = server.talks
        assert deliveries.send_due(sessions, by_mail(server)) == 0
        assert server.talks - before <= 1, (
            "a server that is down is asked once in a round, not for each message"
        )
        clock.tick(minutes=30)
    assert conditions(sessions) == [Condition.WAITING] * 20
    assert all("421" in row.last_error for row in rows(sessions))

    server.answers = {}
    for _quarter in range(5 * 4):
        deliveries.send_due(sessions, by_mail(server))
        clock.tick(minutes=15)
    assert sorted(mail.recipient for mail in server.taken) == sorted(everybody)
    assert conditions(sessions) == [Condition.SENT] * 20


def test_pauses_grow_and_three_days_are_the_end(sessions: sessionmaker[Session], clock: TestClock) -> None:
    put(sessions, "ana@example.edu")
    began, asked = clock.now, list[timedelta]()

    def is_down(_message: ChannelMessage) -> NoReturn:
        asked.append(clock.now - began)
        raise ConnectionRefusedError("no")

    while conditions(sessions) == [Condition.WAITING]:
        deliveries.send_due(sessions, through(is_down))
        clock.move_to(rows(sessions)[0].next_at - timedelta(seconds=1))
        assert deliveries.send_due(sessions, through(is_down)) == 0
        clock.tick()

    minutes = [at.total_seconds() / 60 for at in asked]
    assert minutes[:6] == [0, 1, 6, 36, 156, 396]
    assert timedelta(days=3) <= asked[-1] <= timedelta(days=3, hours=4)
    [row] = rows(sessions)
    assert (row.condition, row.last_error, row.attempts) == (
        Condition.GIVEN_UP,
        "no",
        deliveries.MAX_ATTEMPTS,
    )


def test_a_refused_recipient_is_given_up_at_once_and_holds_up_nobody(
    sessions: sessionmaker[Session], server: MailServer
) -> None:
    put(sessions, "nobody@example.edu", "later@example.edu", "ana@example.edu")
    server.answers = {
        "RCPT TO:<nobody@": "550 no such user",
        "RCPT TO:<later@": "450 greylisted",
    }

    assert deliveries.send_due(sessions, by_mail(server)) == 1

    assert conditions(sessions) == [Condition.GIVEN_UP, Condition.WAITING, Condition.SENT]
    assert [row.last_error for row in rows(sessions)] == ["550 no such user", "450 greylisted", ""]


def test_what_is_no_address_is_given_up(sessions: sessionmaker[Session], server: MailServer) -> None:
    put(sessions, "ana@example.edu\r\nBcc: ben@example.edu")

    deliveries.send_due(sessions, by_mail(server))

    assert conditions(sessions) == [Condition.GIVEN_UP]
    assert server.talks == 0


def test_a_server_that_stalls_is_left_in_time(
    sessions: sessionmaker[Session], server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sessions, "ana@example.edu", "ben@example.edu")
    server.stall = 30
    monkeypatch.setattr(deliveries, "PATIENCE", 0.3)

    began = time.monotonic()
    assert deliveries.send_due(sessions, by_mail(server)) == 0

    assert time.monotonic() - began < 5
    assert [row.attempts for row in rows(sessions)] == [1, 0]
    assert "was stopped" in rows(sessions)[0].last_error


def test_two_workers_never_send_the_same(sessions: sessionmaker[Session], engine: Engine) -> None:
    put(sessions, *[f"person{number}@example.edu" for number in range(12)])
    sent: list[str] = []

    def slowly(message: ChannelMessage) -> None:
        time.sleep(0.01)
        sent.append(message.address)

    workers = [
        threading.Thread(target=deliveries.send_due, args=(sessionmaker(engine), through(slowly)))
        for _number in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(sent) == sorted(row.address for row in rows(sessions))
    assert set(conditions(sessions)) == {Condition.SENT}


def test_a_worker_that_is_killed_on_the_way_loses_nothing_and_sends_nothing_twice(
    sessions: sessionmaker[Session], server: MailServer, db_url: str
) -> None:
    put(sessions, "ana@example.edu")
    server.stall = 20

    worker = subprocess.Popen([sys.executable, str(SENDS), db_url, server.url])
    while not server.talks:
        assert worker.poll() is None
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    server.stall = 0

    assert conditions(sessions) == [Condition.WAITING]
    assert deliveries.send_due(sessions, by_mail(server)) == 0, "it may still be under way"
    with sessions() as session, unit_of_work(session):
        row = session.scalars(select(Delivery)).one()
        assert row.next_at <= clock_now() + deliveries.CLAIM
        row.next_at = clock_now()
    assert deliveries.send_due(sessions, by_mail(server)) == 1
    assert len(server.taken) == 1


def test_one_that_was_taken_and_not_noted_goes_out_again_under_the_same_name(
    sessions: sessionmaker[Session], server: MailServer, clock: TestClock
) -> None:
    put(sessions, "ana@example.edu")
    server.hang_up_after_data = True
    deliveries.send_due(sessions, by_mail(server))
    server.hang_up_after_data = False
    clock.tick(minutes=10)

    assert deliveries.send_due(sessions, by_mail(server)) == 1

    first, second = server.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_one_channel_in_trouble_holds_up_no_other(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sessions, "ana@example.edu", channel="chat")
    put(sessions, "ben@example.edu", channel="email")
    monkeypatch.setattr(deliveries, "PATIENCE", 0.2)
    sent: list[str] = []

    def hangs(_message: ChannelMessage) -> None:
        try:
            time.sleep(10)
        except Exception:  # noqa: BLE001 – as careless as somebody's plugin
            sent.append("swallowed")

    channels = through(hangs, "chat") | through(lambda message: sent.append(message.address))
    assert deliveries.send_due(sessions, channels) == 1

    assert sent == ["ben@example.edu"]
    assert conditions(sessions) == [Condition.WAITING, Condition.SENT]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Undeliverable("gone"), [Condition.GIVEN_UP, Condition.GIVEN_UP]),
        (TryLater("busy"), [Condition.WAITING, Condition.WAITING]),
    ],
)
def test_a_plugin_says_whether_there_is_hope(
    sessions: sessionmaker[Session], error: Exception, expected: list[Condition]
) -> None:
    put(sessions, "ana@example.edu", "ben@example.edu", channel="chat")

    def refuse(_message: ChannelMessage) -> NoReturn:
        raise error

    deliveries.send_due(sessions, through(refuse, "chat"))

    assert conditions(sessions) == expected
    assert [row.attempts for row in rows(sessions)] == [1, 1]


def test_what_was_given_up_can_be_tried_again(sessions: sessionmaker[Session], server: MailServer) -> None:
    put(sessions, "ana@example.edu", "ben@example.edu")
    server.answers = {"RCPT": "550 not today"}
    deliveries.send_due(sessions, by_mail(server))
    server.answers = {}

    first = rows(sessions)[0].id
    with sessions() as session, unit_of_work(session):
        assert deliveries.retry(session, first)
        assert not deliveries.retry(session, 4711)
    assert deliveries.send_due(sessions, by_mail(server)) == 1
    with sessions() as session, unit_of_work(session):
        assert not deliveries.retry(session, first), "it was sent"
        assert deliveries.retry_all(session) == 1
    deliveries.send_due(sessions, by_mail(server))

    assert conditions(sessions) == [Condition.SENT, Condition.SENT]
    with sessions() as session:
        assert deliveries.counts(session) == deliveries.Counts(sent=2)


def test_what_is_over_is_forgotten_after_a_while_and_what_waits_is_not(
    sessions: sessionmaker[Session], server: MailServer, clock: TestClock
) -> None:
    put(sessions, "ana@example.edu")
    deliveries.send_due(sessions, by_mail(server))
    put(sessions, "ben@example.edu")

    for days, left in ((29, 2), (2, 1)):
        clock.tick(days=days)
        with sessions() as session, unit_of_work(session):
            deliveries.sweep(session)
        assert len(rows(sessions)) == left
    assert conditions(sessions) == [Condition.WAITING]
