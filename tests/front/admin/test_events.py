"""Events: how far subscribers are, and what happens to events they failed on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core import activity
from lmssocial.core.activity import Happened, Parked
from lmssocial.core.activity.relay import MAX_ATTEMPTS, relay
from lmssocial.core.kernel.events import Event
from tests.conftest import TestClock
from tests.front.admin.conftest import Browser, House, said
from tests.support.visitor import Page


@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    """A bell rang."""

    name: ClassVar[str] = "tests.bell_rang"


def ring(house: House, times: int = 1) -> None:
    """Write events into the log."""
    with house.rows() as session:
        for _ in range(times):
            activity.record(
                session,
                Rang(tenant_id=1, course_id=None, community_id=None, actor_id=None, actor_role="learner"),
            )


class Counter:
    """A subscriber that fails until it is mended."""

    def __init__(self, house: House) -> None:
        """Begin stuck."""
        self.sessions = sessionmaker(house.engine)
        self.mended = False
        self.heard: list[int] = []

    def __call__(self, event: Happened, session: Session) -> None:
        """Hear of an event."""
        del session
        if not self.mended:
            raise ValueError("the counter is stuck")
        self.heard.append(event.id)

    def work(self) -> int:
        """One round of the worker."""
        return relay(self.sessions, {"counter": self})


@pytest.fixture
def counter(house: House, clock: TestClock) -> Counter:
    """A subscriber that has failed on one event until it was parked, and gone on to the next."""
    counter = Counter(house)
    ring(house)
    for _ in range(MAX_ATTEMPTS):
        counter.work()
        clock.tick(minutes=10)
    return counter


@pytest.fixture
def ada(house: House, counter: Counter) -> Browser:  # noqa: ARG001
    """Ada, after something was parked."""
    return house.sign_in()


def parked(house: House) -> list[Parked]:
    """What is parked."""
    with house.rows() as session:
        return list(session.scalars(select(Parked)))


def test_before_a_worker_ran_the_page_says_how_to_start_one(house: House) -> None:
    assert "lmssocial worker" in house.sign_in().open("/admin/events").text


def test_a_parked_event_is_shown_with_what_went_wrong(ada: Browser) -> None:
    page = ada.open("/admin/events")

    assert "Tests: bell rang" in page.text
    assert "the counter is stuck" in page.text
    assert "parked after five failures" in ada.open("/admin/").text


def test_the_lag_and_the_next_attempt_are_shown(house: House, ada: Browser, counter: Counter) -> None:
    ring(house, 3)
    counter.work()
    page = ada.open("/admin/events")

    assert "counter 3 Failed 1 of 5 times" in said(page)


def test_a_retried_event_reaches_its_subscriber_and_is_gone(
    house: House, ada: Browser, counter: Counter, press: Callable[..., Page]
) -> None:
    event_id = parked(house)[0].event_id
    assert "gets the event again" in press("/admin/events", "/retry").text
    assert "waits for the worker" in ada.open("/admin/events").text
    counter.mended = True
    assert counter.work() == 1

    assert counter.heard == [event_id]
    assert not parked(house)
    assert ("ada", "event.retried") in [deed[:2] for deed in house.deeds()]


def test_a_retried_event_that_fails_again_stays_parked_with_the_new_reason(
    house: House, counter: Counter, press: Callable[..., Page], clock: TestClock
) -> None:
    press("/admin/events", "/retry")
    clock.tick(hours=1)
    counter.work()

    [still] = parked(house)
    assert not still.retry_wanted
    assert still.parked_at == clock.now
    assert counter.work() == 0


def test_a_retried_event_is_handled_once(
    house: House, ada: Browser, counter: Counter, press: Callable[..., Page]
) -> None:
    form = ada.open("/admin/events").form(action="/retry")
    ada.submit(form)
    ada.submit(form)
    counter.mended = True
    counter.work()
    counter.work()

    assert len(counter.heard) == 1
    assert "not parked any more" in ada.submit(form).text
    del press, house


def test_a_dismissed_event_is_never_heard_of(
    house: House, counter: Counter, press: Callable[..., Page]
) -> None:
    press("/admin/events", "/dismiss")
    counter.mended = True
    counter.work()

    assert not parked(house)
    assert not counter.heard
    assert ("ada", "event.dismissed") in [deed[:2] for deed in house.deeds()]
