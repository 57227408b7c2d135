"""Timers of plugins have their turns where the plugin is on, are interrupted, and harm nobody when they fail."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, Integer, column, func, insert, select, table, text
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level, Manifest, PluginHost, Timer, Work, patience
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.plugin import hookimpl
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginFailure, PluginTimer
from lmssocial.social.plugin_settings.timing import Turns, timers_of
from lmssocial.social.plugin_settings.work import PluginWork
from tests.conftest import TestClock
from tests.support.loopback import listening, says
from tests.support.people import Place, make_place

TICKS = table("metronome__tick", column("n", Integer))


@dataclass
class Metronome:
    """A plugin with one timer, that does what a test tells it."""

    does: Callable[[Work], bool] = lambda _work: False
    every: timedelta = timedelta(seconds=5)
    calls: int = field(default=0, init=False)

    def run(self, work: Work) -> bool:
        """Count the call, and do it."""
        self.calls += 1
        return self.does(work)

    @property
    def timer(self) -> Timer:
        """As it offers it."""
        return Timer(name="tick", every=self.every, run=self.run)


@dataclass(frozen=True)
class Tempo:
    """Settings of the plugin of these tests."""

    tempo: str = "andante"


def host_with(*timers: Timer) -> PluginHost:
    """A host with a plugin that offers these timers."""

    @hookimpl
    def lmssocial_register_timers() -> list[Timer]:
        return list(timers)

    host = PluginHost()
    manifest = Manifest(name="metronome", title="Metronome", summary="", settings=Tempo)
    module = SimpleNamespace(manifest=manifest, lmssocial_register_timers=lmssocial_register_timers)
    host.register(module, "metronome")
    return host


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions on a database that has the plugin's table."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE metronome__tick (n INTEGER)"))
    return sessionmaker(engine)


@pytest.fixture
def place(sessions: sessionmaker[Session]) -> Place:
    """A course in which the plugin is on."""
    with sessions(expire_on_commit=False) as session, unit_of_work(session):
        made = make_place(session)
        service.switch(session, "metronome", on=True, level=Level.COURSE, place_id=made.course.id)
    return made


@pytest.fixture
def metronome() -> Metronome:
    """The plugin."""
    return Metronome()


@pytest.fixture
def turns(sessions: sessionmaker[Session], metronome: Metronome) -> Turns:
    """Who gives it turns."""
    host = host_with(metronome.timer)
    outbound = Outbound("tests", AllowList.parse(("127.0.0.1",)))
    return Turns(sessions=sessions, host=host, outbound=outbound, stopping=lambda: False)


def standing(sessions: sessionmaker[Session]) -> PluginTimer:
    """What is kept about the timer."""
    with sessions() as session:
        return session.scalars(select(PluginTimer)).one()


@pytest.mark.usefixtures("place")
def test_a_timer_is_called_when_its_time_has_come_and_not_before(
    turns: Turns, metronome: Metronome, clock: TestClock
) -> None:
    calls = []
    for seconds in (0, 4, 1, 1):
        clock.tick(seconds)
        turns.take("metronome", metronome.timer)
        calls.append(metronome.calls)
    assert calls == [1, 1, 2, 2]


def test_a_plugin_that_is_on_nowhere_is_not_called(
    turns: Turns, metronome: Metronome, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session, unit_of_work(session):
        place = make_place(session)
        service.switch(session, "metronome", on=True, level=Level.COURSE, place_id=place.course.id)
        service.switch(session, "metronome", on=False, level=Level.INSTALLATION)
        service.lock(session, "metronome", [service.ENABLED], level=Level.INSTALLATION)
    turns.take("metronome", metronome.timer)
    assert not metronome.calls


@pytest.mark.usefixtures("place")
def test_it_is_called_again_at_once_as_long_as_there_is_more_to_do(
    turns: Turns, metronome: Metronome
) -> None:
    metronome.does = lambda _work: metronome.calls < 4
    assert turns.take("metronome", metronome.timer) == 4


@pytest.mark.usefixtures("place")
def test_a_round_ends_although_there_is_more_to_do_and_the_next_begins_at_once(
    turns: Turns, metronome: Metronome
) -> None:
    def take_long(_work: Work) -> bool:
        time.sleep(0.02)
        return True

    metronome.does = take_long
    short = replace(turns, round=0.05)
    first = short.take("metronome", metronome.timer)
    assert 2 <= first <= 3
    assert short.take("metronome", metronome.timer) > 0


@pytest.mark.usefixtures("place")
def test_one_that_hangs_is_interrupted_and_what_it_wrote_is_undone(
    turns: Turns, metronome: Metronome, sessions: sessionmaker[Session]
) -> None:
    def hang(work: Work) -> bool:
        with work.unit_of_work() as session:
            session.execute(insert(TICKS).values(n=1))
            time.sleep(60)
        return False

    metronome.does = hang
    began = time.monotonic()
    replace(turns, call=0.2).take("metronome", metronome.timer)
    assert time.monotonic() - began < 10
    assert "interrupted" in standing(sessions).error.splitlines()[0]
    with sessions() as session:
        assert not session.scalar(select(func.count()).select_from(TICKS))


@pytest.mark.usefixtures("place")
def test_one_that_fails_is_left_alone_for_longer_and_longer_until_it_works_again(
    turns: Turns, metronome: Metronome, sessions: sessionmaker[Session], clock: TestClock
) -> None:
    def fail(_work: Work) -> bool:
        raise RuntimeError("out of step")

    metronome.does = fail
    turns.take("metronome", metronome.timer)
    waited = []
    for _ in range(6):
        before, seconds = metronome.calls, 0
        while metronome.calls == before:
            clock.tick(2)
            seconds += 2
            turns.take("metronome", metronome.timer)
        waited.append(seconds)
    assert waited == [2, 8, 32, 128, 600, 600]
    row = standing(sessions)
    assert (row.failures, row.error.splitlines()[0]) == (7, "out of step")
    assert "in fail" in row.error
    metronome.does = lambda _work: False
    clock.tick(600)
    turns.take("metronome", metronome.timer)
    assert (standing(sessions).failures, standing(sessions).error) == (0, "")


@pytest.mark.usefixtures("place")
def test_its_failures_do_not_switch_the_plugin_off(
    turns: Turns, metronome: Metronome, sessions: sessionmaker[Session], clock: TestClock
) -> None:
    def fail(_work: Work) -> bool:
        raise RuntimeError

    metronome.does = fail
    for _ in range(12):
        turns.take("metronome", metronome.timer)
        clock.tick(600)
    assert standing(sessions).failures == 12
    with sessions() as session:
        assert not session.scalar(select(func.count(PluginFailure.id)))


@pytest.mark.usefixtures("place")
def test_while_one_worker_is_at_it_another_is_not(
    turns: Turns, metronome: Metronome, clock: TestClock
) -> None:
    def meanwhile(_work: Work) -> bool:
        if metronome.calls == 1:
            assert turns.take("metronome", metronome.timer) == 0
            clock.tick(60)
            assert turns.take("metronome", metronome.timer) == 0
        return False

    metronome.does = meanwhile
    assert turns.take("metronome", metronome.timer) == 1
    assert metronome.calls == 1


@pytest.mark.usefixtures("place")
def test_a_worker_that_died_over_it_holds_nobody_up_for_ever(
    turns: Turns, metronome: Metronome, clock: TestClock
) -> None:
    def die(_work: Work) -> bool:
        raise SystemExit

    metronome.does = die
    with pytest.raises(SystemExit):
        turns.take("metronome", metronome.timer)
    metronome.does = lambda _work: False
    assert turns.take("metronome", metronome.timer) == 0
    clock.tick(minutes=2)
    assert turns.take("metronome", metronome.timer) == 1


@pytest.mark.usefixtures("place")
def test_a_worker_that_is_asked_to_stop_waits_seconds_and_blames_nobody(
    turns: Turns, metronome: Metronome, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmssocial.social.plugin_settings.timing.LAST_MOMENTS", 0.1)
    stop = threading.Event()

    def asked_to_stop(_work: Work) -> bool:
        stop.set()
        patience.hurry()
        time.sleep(60)
        return False

    metronome.does = asked_to_stop
    began = time.monotonic()
    replace(turns, stopping=stop.is_set).take("metronome", metronome.timer)
    assert time.monotonic() - began < 10
    assert (standing(sessions).failures, standing(sessions).held_until) == (0, None)
    metronome.does = lambda _work: False
    assert turns.take("metronome", metronome.timer) == 1


def test_it_is_told_the_courses_in_which_it_is_on(
    turns: Turns, sessions: sessionmaker[Session], metronome: Metronome
) -> None:
    with sessions() as session, unit_of_work(session):
        first = make_place(session)
        second, off, third = make_place(session, beside=first), make_place(session), make_place(session)
        service.switch(session, "metronome", on=True, level=Level.TENANT, place_id=first.tenant.id)
        service.switch(session, "metronome", on=False, level=Level.COURSE, place_id=second.course.id)
        service.switch(session, "metronome", on=True, level=Level.COURSE, place_id=third.course.id)
        on, elsewhere = [first.course.id, third.course.id], off.course.id
        service.configure(
            session, "metronome", {"tempo": "presto"}, level=Level.COURSE, place_id=third.course.id
        )
        tenant_id = third.tenant.id
    heard: list[object] = []

    def look(work: Work) -> bool:
        heard.append(work.courses_on())
        heard.append(work.settings(tenant_id=tenant_id, course_id=on[1]))
        heard.append(work.settings(tenant_id=tenant_id, course_id=elsewhere))
        return False

    metronome.does = look
    turns.take("metronome", metronome.timer)
    assert heard == [on, Tempo("presto"), None]


@pytest.mark.parametrize(
    ("answer", "status"),
    [(says(b"{}"), 200), (says(b"no", "text/plain", 503), 503), (says(b"", status=302, Location="/x"), 302)],
)
@pytest.mark.usefixtures("place")
def test_whatever_status_another_server_answers_with_is_given(
    turns: Turns, answer: Callable[..., None], status: int
) -> None:
    work = PluginWork("metronome", turns.sessions, turns.host, turns.outbound)
    with listening(answer) as server:
        assert work.post_json(server.url(), {"a": 1}, headers={"X-Key": "k"}) == status
        assert (server.seen[0].body, server.seen[0].headers["X-Key"]) == (b'{"a": 1}', "k")


def test_a_page_of_html_and_no_answer_are_errors_of_the_connection(turns: Turns) -> None:
    work = PluginWork("metronome", turns.sessions, turns.host, turns.outbound)
    page = says(b"<p>Sign in", "text/html")
    with listening(page) as server, pytest.raises(ConnectionError, match="instead of JSON"):
        work.post_json(server.url(), {}, headers={})
    with pytest.raises(ConnectionError):
        work.post_json(server.url(), {}, headers={})


def test_nobody_calls_another_server_while_holding_the_database(turns: Turns) -> None:
    work = PluginWork("metronome", turns.sessions, turns.host, turns.outbound)
    with work.unit_of_work(), pytest.raises(RuntimeError, match="outside of a unit_of_work"):
        work.post_json("https://lrs.example/", {}, headers={})


def never(_work: Work) -> bool:
    """Do nothing."""
    return False


@pytest.mark.parametrize(
    ("timers", "why"),
    [
        ([Timer(name="a", every=timedelta(1), run=never)] * 2, "two timers called a"),
        ([Timer(name="A b", every=timedelta(1), run=never)], "no name of a timer"),
        ([Timer(name="a", every=timedelta(0), run=never)], "no time between"),
    ],
)
def test_a_plugin_whose_timers_cannot_be_told_apart_or_run_is_not_loaded(
    timers: list[Timer], why: str
) -> None:
    host = host_with(*timers)
    assert timers_of(host) == {}
    assert why in host.broken["metronome"].reason
