"""Parked events: tried again when somebody asks, one attempt each, or let go."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core import activity
from lmssocial.core.activity import Happened, Parked, parked
from lmssocial.core.activity.relay import MAX_ATTEMPTS, lag, relay
from lmssocial.core.activity.usage import Usage
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.events import Event
from tests.conftest import TestClock

Sessions = sessionmaker[Session]


@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    """A bell rang."""

    name: ClassVar[str] = "test.bell_rang"


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return sessionmaker(engine)


class Ear:
    """A subscriber that cannot hear certain events, until it can."""

    def __init__(self, deaf: bool = True) -> None:  # noqa: FBT001, FBT002 – read as Ear(deaf=True)
        """Begin deaf."""
        self.deaf = deaf
        self.heard: list[int] = []

    def __call__(self, event: Happened, session: Session) -> None:
        """Write down that the event was heard, and fail after it while deaf."""
        session.add(Usage(tenant_id=event.id, day=date(2026, 3, 2), name="heard", count=1))
        session.flush()
        if self.deaf:
            raise ValueError("no ear for this")
        self.heard.append(event.id)


@pytest.fixture
def ear(sessions: Sessions, clock: TestClock) -> Ear:
    """An ear for which three events were parked, and which could hear now."""
    ear = Ear()
    for _ in range(3):
        with sessions() as session, unit_of_work(session):
            activity.record(
                session,
                Rang(tenant_id=1, course_id=None, community_id=None, actor_id=None, actor_role="learner"),
            )
        for _attempt in range(MAX_ATTEMPTS):
            relay(sessions, {"ear": ear})
            clock.tick(3600)
    ear.deaf = False
    return ear


def rows(sessions: Sessions) -> list[Parked]:
    """What is parked, in the order of events."""
    with sessions() as session:
        return list(session.scalars(select(Parked).order_by(Parked.event_id)))


def ask(sessions: Sessions, what: Callable[[Session, int], str], *which: Parked) -> list[str]:
    """Do ``what`` to parked events."""
    with sessions() as session, unit_of_work(session):
        return [what(session, one.id) for one in which]


def heard_of(sessions: Sessions) -> int:
    """How many events left something in the database."""
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Usage)) or 0


def test_nothing_is_tried_again_before_somebody_asks(sessions: Sessions, ear: Ear) -> None:
    assert relay(sessions, {"ear": ear}) == 0
    assert len(rows(sessions)) == 3


def test_what_is_asked_for_is_heard_oldest_first_and_the_rest_stays(sessions: Sessions, ear: Ear) -> None:
    first, second, third = rows(sessions)
    assert ask(sessions, parked.retry, third, first) == ["ear", "ear"]
    assert relay(sessions, {"ear": ear}) == 2

    assert ear.heard == [first.event_id, third.event_id]
    assert [one.event_id for one in rows(sessions)] == [second.event_id]
    assert heard_of(sessions) == 2


def test_what_fails_again_leaves_nothing_behind_and_holds_up_nobody(
    sessions: Sessions, ear: Ear, clock: TestClock
) -> None:
    ask(sessions, parked.retry, *rows(sessions))
    ear.deaf = True
    with sessions() as session, unit_of_work(session):
        activity.record(
            session, Rang(tenant_id=1, course_id=None, community_id=None, actor_id=None, actor_role="learner")
        )
    other = Ear(deaf=False)
    relay(sessions, {"ear": ear, "other": other})

    assert len(other.heard) == 4
    assert [(one.retry_wanted, one.parked_at) for one in rows(sessions)] == [(False, clock.now)] * 3
    assert heard_of(sessions) == 4
    with sessions() as session:
        assert lag(session) == {"ear": 1, "other": 0}


def test_another_subscriber_is_not_given_what_was_parked_for_this_one(sessions: Sessions, ear: Ear) -> None:
    other = Ear(deaf=False)
    relay(sessions, {"other": other})
    ask(sessions, parked.retry, *rows(sessions))
    relay(sessions, {"other": other})

    assert len(other.heard) == 3
    assert len(rows(sessions)) == 3
    assert ear.heard == []


def test_two_workers_at_once_hear_it_once(sessions: Sessions, ear: Ear) -> None:
    ask(sessions, parked.retry, *rows(sessions))
    workers = [threading.Thread(target=relay, args=(sessions, {"ear": ear})) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    relay(sessions, {"ear": ear})

    assert len(ear.heard) == 3
    assert heard_of(sessions) == 3


def test_what_is_dismissed_is_never_heard(sessions: Sessions, ear: Ear) -> None:
    first, *_ = rows(sessions)
    assert ask(sessions, parked.dismiss, first) == ["ear"]
    ask(sessions, parked.retry, *rows(sessions))
    relay(sessions, {"ear": ear})

    assert first.event_id not in ear.heard
    assert len(ear.heard) == 2


def test_what_is_gone_can_be_neither_retried_nor_dismissed(sessions: Sessions, ear: Ear) -> None:
    del ear
    first, *_ = rows(sessions)
    ask(sessions, parked.dismiss, first)

    assert ask(sessions, parked.dismiss, first) == [""]
    assert ask(sessions, parked.retry, first) == [""]


def test_they_are_listed_newest_first_with_what_they_are_about(sessions: Sessions, ear: Ear) -> None:
    del ear
    with sessions() as session:
        listed = parked.parked_events(session, at_most=2)
        assert parked.parked_count(session) == 3

    assert [event.name for _, event in listed] == ["test.bell_rang"] * 2
    assert listed[0][0].id > listed[1][0].id
    assert "no ear for this" in listed[0][0].error
