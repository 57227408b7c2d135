"""Plugins hear of what happened where they are on, once for each event, and harm nobody when they fail."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from sqlalchemy import Engine, Integer, String, column, func, insert, select, table, text
from sqlalchemy.orm import Session, sessionmaker

from lmssocial import timers
from lmssocial.core.activity import Parked, Subscriber, record
from lmssocial.core.activity.relay import MAX_ATTEMPTS, lag, relay
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level, Manifest, PluginHost
from lmssocial.core.kernel.events import Event, Happened
from lmssocial.plugin import hookimpl
from lmssocial.social.plugin_settings import service, telling
from lmssocial.social.plugin_settings.remains import subscriber
from tests.conftest import TestClock
from tests.support.queries import Queries

HEARD = table("diary__heard", column("event_id", Integer), column("words", String))


@dataclass(frozen=True)
class Words:
    """Settings of the plugin of these tests."""

    words: str = "once"


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    """Something to hear of."""

    name: ClassVar[str] = "tests.something_said"


@dataclass
class Diary:
    """A plugin that writes every event down, until it is told to fail."""

    fails: bool = False

    def module(self) -> Any:
        """What its entry point would name."""

        @hookimpl
        def lmssocial_on_event(event: Happened, session: Session, settings: Words) -> None:
            session.execute(insert(HEARD).values(event_id=event.id, words=settings.words))
            if self.fails:
                raise RuntimeError("out of paper")

        manifest = Manifest(name="diary", title="Diary", summary="", settings=Words)
        return SimpleNamespace(manifest=manifest, lmssocial_on_event=lmssocial_on_event)


@pytest.fixture
def diary() -> Diary:
    """The plugin."""
    return Diary()


@pytest.fixture
def host(diary: Diary) -> PluginHost:
    """A host with it."""
    host = PluginHost()
    host.register(diary.module(), "diary")
    return host


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions on a database that has the plugin's table."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE diary__heard (event_id INTEGER, words VARCHAR(20))"))
    return sessionmaker(engine)


def happen(sessions: sessionmaker[Session], *places: tuple[int, int | None]) -> None:
    """Let something happen in each tenant and course."""
    with sessions() as session, unit_of_work(session):
        for tenant, course in places:
            record(
                session,
                Said(
                    tenant_id=tenant, course_id=course, community_id=None, actor_id=None, actor_role="learner"
                ),
            )


def decide(sessions: sessionmaker[Session], *, on: bool, level: Level, place_id: int = 0) -> None:
    """Switch the plugin."""
    with sessions() as session, unit_of_work(session):
        service.switch(session, "diary", on=on, level=level, place_id=place_id)


def heard(sessions: sessionmaker[Session]) -> list[tuple[int, str]]:
    """What it wrote down."""
    with sessions() as session:
        return [tuple(row) for row in session.execute(select(HEARD).order_by(HEARD.c.event_id))]


def test_it_hears_of_what_happens_where_it_is_on_with_the_settings_there(
    sessions: sessionmaker[Session], host: PluginHost
) -> None:
    decide(sessions, on=True, level=Level.TENANT, place_id=1)
    decide(sessions, on=False, level=Level.COURSE, place_id=12)
    with sessions() as session, unit_of_work(session):
        service.configure(session, "diary", {"words": "loud"}, level=Level.COURSE, place_id=11)
    happen(sessions, (1, 11), (2, 21), (1, 12), (1, None))
    timers.tell_plugins(sessions, host)
    timers.tell_plugins(sessions, host)

    assert heard(sessions) == [(1, "loud"), (4, "once")]
    with sessions() as session:
        assert lag(session)[subscriber("diary")] == 0


def test_one_that_is_on_nowhere_keeps_its_place_and_counts_the_past_once_it_is_on(
    sessions: sessionmaker[Session], host: PluginHost
) -> None:
    happen(sessions, (1, 11), (1, 12))
    timers.tell_plugins(sessions, host)
    with sessions() as session:
        assert session.get(Subscriber, subscriber("diary")) is None

    decide(sessions, on=True, level=Level.INSTALLATION)
    timers.tell_plugins(sessions, host)
    assert [event for event, _ in heard(sessions)] == [1, 2]


def test_one_that_fails_is_tried_again_and_parked_with_nothing_written_and_holds_up_nobody(
    sessions: sessionmaker[Session], host: PluginHost, diary: Diary, clock: TestClock
) -> None:
    decide(sessions, on=True, level=Level.INSTALLATION)
    happen(sessions, (1, 11))
    diary.fails = True
    for _ in range(MAX_ATTEMPTS):
        timers.tell_plugins(sessions, host)
        clock.tick(minutes=5)
    diary.fails = False
    happen(sessions, (1, 11))
    timers.tell_plugins(sessions, host)
    relay(sessions, timers.SUBSCRIBERS)

    assert [event for event, _ in heard(sessions)] == [2]
    with sessions() as session:
        parked = session.scalars(select(Parked)).one()
        assert (parked.subscriber, parked.event_id) == ("plugin:diary", 1)
        assert "out of paper" in parked.error
        assert lag(session)["usage"] == 0


def test_what_is_on_where_is_asked_once_for_each_course_of_a_round(
    sessions: sessionmaker[Session],
    host: PluginHost,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    decide(sessions, on=True, level=Level.INSTALLATION)
    happen(sessions, *[(1, 11)] * 10)
    with sessions() as session:
        readers = telling.readers(session, host)
    with count_queries() as queries:
        relay(sessions, readers)

    assert sum("FROM plugin_settings_setting" in statement for statement in queries.statements) == 1
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(HEARD)) == 10


def test_nobody_is_asked_where_no_plugin_wants_events(
    sessions: sessionmaker[Session], count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    with sessions() as session, count_queries() as queries:
        assert telling.readers(session, PluginHost()) == {}

    assert len(queries) == 0


def test_one_that_hangs_is_interrupted_and_its_event_parked(
    sessions: sessionmaker[Session], clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    @hookimpl
    def lmssocial_on_event(event: Happened) -> None:
        del event
        while True:
            with suppress(Exception):  # it will not be told
                time.sleep(0.01)

    host = PluginHost()
    manifest = Manifest(name="diary", title="Diary", summary="")
    host.register(SimpleNamespace(manifest=manifest, lmssocial_on_event=lmssocial_on_event), "diary")
    monkeypatch.setattr(telling, "SECONDS", 0.2)
    decide(sessions, on=True, level=Level.INSTALLATION)
    happen(sessions, (1, 11))
    for _ in range(MAX_ATTEMPTS):
        assert timers.tell_plugins(sessions, host) == 0
        clock.tick(minutes=10)
    with sessions() as session:
        parked = session.scalars(select(Parked)).one()

    assert "TimeoutError: diary took longer than 0.2 seconds for one event." in parked.error
