"""The circuit breaker: what keeps failing at a tenant is switched off there, and nowhere else."""

import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Answer, Level, Manifest, PluginHost, Reach, Stance
from lmssocial.core.hooks.turn import NotAsked, PolicyError
from lmssocial.social.plugin_settings import breaker, service
from lmssocial.social.plugin_settings.models import PluginFailure
from tests.conftest import TestClock

TENANT, COURSE = 7, 31
HOOK = "lmssocial_screen_submission"


def fail(session: Session, *plugins: str, times: int = 1, tenant: int = TENANT) -> frozenset[str]:
    """Let plugins fail; gives those whose breaker tripped with the last failure."""
    tripped: frozenset[str] = frozenset()
    for _ in range(times):
        answers = [Answer(plugin, error=PolicyError("It hung.", "the traceback")) for plugin in plugins]
        tripped = breaker.note_failures(session, tenant, HOOK, answers)
    return tripped


def row(session: Session, plugin: str = "hasty") -> PluginFailure:
    """What is known of the failures of a plugin."""
    session.expire_all()
    return session.scalars(select(PluginFailure).where(PluginFailure.plugin == plugin)).one()


def undecided() -> None:
    """What a policy may do."""
    raise ValueError("cannot\0 make up its mind")


@pytest.fixture
def host() -> PluginHost:
    """A host with two policies and a built-in widget."""
    host = PluginHost()
    for name, builtin in (("hasty", False), ("calm", False), ("widget", True)):
        plugin = SimpleNamespace(manifest=Manifest(name=name, title="", summary=""))
        host.register(plugin, name, builtin=builtin)
    return host


def here(session: Session, host: PluginHost, tenant: int = TENANT) -> Reach:
    """What is on in a course."""
    session.flush()
    return service.reach(session, host, tenant_id=tenant, course_id=COURSE)


def test_ten_failures_within_an_hour_trip_the_breaker_once(session: Session, clock: TestClock) -> None:
    with capture_logs() as logs:
        assert fail(session, "hasty", times=9) == frozenset()
        assert breaker.tripped(session, TENANT) == frozenset()
        assert logs == []
        assert fail(session, "hasty") == {"hasty"}
        tripped_at = clock.now
        clock.tick(60)
        assert fail(session, "hasty") == frozenset()

    assert breaker.tripped(session, TENANT) == {"hasty"}
    assert row(session).tripped_at == tripped_at
    assert [(entry["plugin"], entry["tenant"], entry["hook"]) for entry in logs] == [("hasty", TENANT, HOOK)]


def test_failures_far_apart_never_trip_it(session: Session, clock: TestClock) -> None:
    for _ in range(3):
        fail(session, "hasty", times=9)
        clock.tick(hours=1)

    assert breaker.tripped(session, TENANT) == frozenset()
    assert row(session).count == 9
    fail(session, "hasty")
    assert row(session).count == 1
    assert row(session).since == clock.now


def test_it_stays_tripped_until_it_is_cleared_however_long_that_takes(
    session: Session, clock: TestClock
) -> None:
    fail(session, "hasty", times=10)
    clock.tick(days=9)
    fail(session, "hasty")
    assert breaker.tripped(session, TENANT) == {"hasty"}
    breaker.clear(session, "hasty", TENANT)

    assert breaker.tripped(session, TENANT) == frozenset()
    assert fail(session, "hasty", times=9) == frozenset()
    assert fail(session, "hasty") == {"hasty"}


def test_plugins_and_tenants_are_counted_apart(session: Session) -> None:
    fail(session, "hasty", "calm", times=5)
    fail(session, "hasty", times=5)
    fail(session, "hasty", times=9, tenant=TENANT + 1)

    assert breaker.tripped(session, TENANT) == {"hasty"}
    assert breaker.tripped(session, TENANT + 1) == frozenset()
    breaker.clear(session, "hasty", TENANT + 1)
    assert breaker.tripped(session, TENANT) == {"hasty"}


def test_answers_and_what_nobody_is_to_blame_for_are_not_counted(session: Session) -> None:
    innocent = [Answer("calm", "a verdict"), Answer("hasty", error=NotAsked("There was no time left."))]
    for _ in range(20):
        breaker.note_failures(session, TENANT, HOOK, innocent)

    assert session.scalar(select(PluginFailure)) is None


def test_the_administrator_reads_hook_error_and_traceback_of_the_last_failure(
    session: Session, clock: TestClock
) -> None:
    fail(session, "hasty")
    clock.tick(5)
    with pytest.raises(ValueError, match="cannot") as caught:
        undecided()
    breaker.note_failures(
        session, TENANT, "lmssocial_screen_attachment", [Answer("hasty", error=caught.value)]
    )

    found = row(session)
    assert found.error.splitlines()[0] == "cannot? make up its mind"
    assert "Traceback" in found.error
    assert __file__ in found.error
    assert (found.hook, found.last_at) == ("lmssocial_screen_attachment", clock.now)
    fail(session, "hasty")
    assert row(session).error == "It hung.\nthe traceback"


def test_what_it_switched_off_is_absent_and_keeps_its_stance(session: Session, host: PluginHost) -> None:
    for name in ("hasty", "calm"):
        service.switch(session, name, on=True, level=Level.INSTALLATION)
        service.take_stance(session, name, Stance.ENFORCE, level=Level.COURSE, place_id=COURSE)
    fail(session, "hasty", times=10)

    reach = here(session, host)
    assert reach.enabled == {"calm", "widget"}
    assert reach.absent == {"hasty"}
    assert reach.stance("hasty") is Stance.ENFORCE
    assert here(session, host, tenant=TENANT + 1).absent == frozenset()
    service.switch(session, "hasty", on=False, level=Level.COURSE, place_id=COURSE)
    assert here(session, host).absent == frozenset()


def _at_once(engine: Engine, deed: str) -> None:
    """Let a plugin fail twice at once: each in a unit of work of its own, the second before the first commits."""
    first_counted, let_go = threading.Event(), threading.Event()

    def late() -> None:
        first_counted.wait(10)
        with Session(engine) as session, unit_of_work(session):
            DEEDS[deed](session)

    def early() -> None:
        with Session(engine) as session, unit_of_work(session):
            DEEDS[deed](session)
            first_counted.set()
            let_go.wait(0.3)

    threads = [threading.Thread(target=early), threading.Thread(target=late)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _read_then_write(session: Session) -> None:
    """How it must not be counted."""
    count = session.scalar(select(PluginFailure.count)) or 0
    session.execute(update(PluginFailure).values(count=count + 1))


DEEDS = {"note": lambda session: fail(session, "hasty"), "read, then write": _read_then_write}


def test_of_two_failures_at_once_none_is_lost(engine: Engine) -> None:
    _at_once(engine, "note")
    with Session(engine) as session:
        assert row(session).count == 2
        with unit_of_work(session):
            fail(session, "hasty", times=7)
    _at_once(engine, "note")

    with Session(engine) as session:
        assert row(session).count == 11
        assert breaker.tripped(session, TENANT) == {"hasty"}


def test_counting_by_reading_and_writing_would_lose_one_where_two_may_write(
    engine: Engine, backend: str
) -> None:
    with Session(engine) as session, unit_of_work(session):
        fail(session, "hasty")
    _at_once(engine, "read, then write")

    with Session(engine) as session:
        assert row(session).count == (2 if backend == "postgres" else 3)
