"""The log and its readers: order, isolation, parking, replay, and commits that overtake each other."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core import activity
from lmssocial.core.activity import ActivityEvent, Happened, Parked, Subscriber, usage
from lmssocial.core.activity.relay import MAX_ATTEMPTS, lag, relay
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.clock import now as clock_now
from lmssocial.core.kernel.events import Event
from tests.conftest import TestClock


@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    """A bell rang."""

    name: ClassVar[str] = "test.bell_rang"

    times: int


def rang(times: int = 1) -> Rang:
    return Rang(
        tenant_id=1, course_id=None, community_id=None, actor_id=None, actor_role="learner", times=times
    )


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine)


def write(sessions: sessionmaker[Session], *times: int) -> None:
    for count in times:
        with sessions() as session, unit_of_work(session):
            activity.record(session, rang(count))


def test_each_subscriber_gets_every_event_once_and_in_order(sessions: sessionmaker[Session]) -> None:
    write(sessions, 1, 2, 3)
    seen: list[int] = []

    def listen(event: Happened, _session: Session) -> None:
        seen.append(event.payload["times"])

    assert relay(sessions, {"listener": listen}) == 3
    assert relay(sessions, {"listener": listen}) == 0
    assert seen == [1, 2, 3]


def test_what_is_rolled_back_never_happened(sessions: sessionmaker[Session]) -> None:
    def write_and_fail() -> None:
        with sessions() as session, unit_of_work(session):
            activity.record(session, rang())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with sessions() as session:
        assert session.scalar(select(func.count(ActivityEvent.id))) == 0


def test_a_failing_subscriber_holds_up_nobody_else_and_parks_the_event_after_five_failures(
    sessions: sessionmaker[Session], clock: TestClock
) -> None:
    write(sessions, 1, 2)
    heard: list[int] = []

    def broken(event: Happened, _session: Session) -> None:
        if event.payload["times"] == 1:
            raise ValueError("no ear for this")

    def well(event: Happened, _session: Session) -> None:
        heard.append(event.payload["times"])

    for _ in range(MAX_ATTEMPTS):
        relay(sessions, {"broken": broken, "well": well})
        clock.tick(3600)
    relay(sessions, {"broken": broken, "well": well})

    assert heard == [1, 2]
    with sessions() as session:
        parked = session.scalars(select(Parked)).one()
        assert "no ear for this" in parked.error
        assert lag(session) == {"broken": 0, "well": 0}


def test_a_failed_event_waits_longer_each_time(sessions: sessionmaker[Session], clock: TestClock) -> None:
    write(sessions, 1)
    attempts: list[int] = []

    def broken(_event: Happened, _session: Session) -> None:
        attempts.append(1)
        raise ValueError

    relay(sessions, {"broken": broken})
    relay(sessions, {"broken": broken})
    assert len(attempts) == 1
    clock.tick(2)
    relay(sessions, {"broken": broken})
    clock.tick(2)
    relay(sessions, {"broken": broken})
    assert len(attempts) == 2
    clock.tick(6)
    relay(sessions, {"broken": broken})
    assert len(attempts) == 3


def test_what_a_handler_wrote_before_it_failed_is_undone(sessions: sessionmaker[Session]) -> None:
    write(sessions, 1)

    def writes_then_fails(event: Happened, session: Session) -> None:
        usage.count(event, session)
        raise ValueError

    relay(sessions, {"half": writes_then_fails})
    with sessions() as session:
        assert session.scalars(select(usage.Usage)).all() == []


def test_a_cursor_set_back_replays_the_past(sessions: sessionmaker[Session]) -> None:
    write(sessions, 1, 2)
    relay(sessions, {"usage": usage.count})
    with sessions() as session, unit_of_work(session):
        session.get_one(Subscriber, "usage").cursor = 0
    relay(sessions, {"usage": usage.count})
    with sessions() as session:
        assert [row.count for row in session.scalars(select(usage.Usage))] == [4]


def test_a_later_number_waits_for_an_earlier_commit(sessions: sessionmaker[Session]) -> None:
    """PostgreSQL hands out ids before commit; the reader must not step over the one that commits later."""
    assert _overtaken(sessions) == [1, 2]


def test_without_the_turn_a_reader_does_lose_events(backend: str, sessions: sessionmaker[Session]) -> None:
    """The negative control: the same race without the advisory lock loses the slower event on PostgreSQL."""
    if backend == "sqlite":
        return  # a second writer cannot exist there, so nothing can overtake

    def without_the_turn(session: Session, add: Callable[[], None]) -> None:
        add()
        session.flush()

    slow, fast = sessions(), sessions()
    without_the_turn(slow, lambda: slow.add(_row(1)))
    without_the_turn(fast, lambda: fast.add(_row(2)))
    fast.commit()
    seen = _listen(sessions)
    slow.commit()
    seen += _listen(sessions)
    assert seen == [2]


def _row(times: int) -> ActivityEvent:
    event = rang(times)
    return ActivityEvent(
        name=event.name, version=1, tenant_id=1, actor_role="learner", payload=event.payload(), at=clock_now(),
    )  # fmt: skip


def _listen(sessions: sessionmaker[Session]) -> list[int]:
    seen: list[int] = []
    relay(sessions, {"listener": lambda event, _session: seen.append(event.payload["times"])})
    return seen


def _overtaken(sessions: sessionmaker[Session]) -> list[int]:
    """Number event 1 and hold its commit; let event 2 try; read; then let 1 commit and read again."""
    numbered, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with sessions() as session:
            commit = session.commit

            def held_commit() -> None:
                numbered.set()
                go_on.wait(5)
                commit()

            session.commit = held_commit  # type: ignore[method-assign]  # stretches the moment between number and commit
            with unit_of_work(session):
                activity.record(session, rang(1))

    def fast() -> None:
        numbered.wait(5)
        write(sessions, 2)

    threads = [threading.Thread(target=slow), threading.Thread(target=fast)]
    for thread in threads:
        thread.start()
    numbered.wait(5)
    threads[1].join(0.3)
    seen = _read_only(sessions)
    go_on.set()
    for thread in threads:
        thread.join(20)
    return seen + _listen(sessions)


def _read_only(sessions: sessionmaker[Session]) -> list[int]:
    """What a reader finds while a writer is at work; SQLite's reader would wait for the writer, so it only looks."""
    with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            return list(session.scalars(text("SELECT 9 FROM activity_event")))
    return _listen(sessions)
