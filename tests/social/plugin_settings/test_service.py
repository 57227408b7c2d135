"""Which plugin is on where and how it is set there: installation, tenant, course; the nearest decision wins."""

import itertools
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level, Manifest, PluginHost, Reach, Stance
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginSetting
from tests.conftest import TestClock
from tests.support.queries import Queries

TENANT, COURSE = 7, 31


@dataclass(frozen=True)
class Limits:
    """Settings of the plugin of these tests."""

    links: int = 2
    roles: tuple[str, ...] = ("instructor",)


@pytest.fixture
def host() -> PluginHost:
    """A host with one plugin that has settings, one that has none, and one that is built in."""
    host = PluginHost()
    host.register(
        SimpleNamespace(manifest=Manifest(name="limits", title="", summary="", settings=Limits)), "limits"
    )
    host.register(SimpleNamespace(manifest=Manifest(name="plain", title="", summary="")), "plain")
    host.register(
        SimpleNamespace(manifest=Manifest(name="widget", title="", summary="")), "widget", builtin=True
    )
    return host


def here(session: Session, host: PluginHost, tenant: int = TENANT, course: int | None = COURSE) -> Reach:
    """What is on in a course."""
    session.flush()
    return service.reach(session, host, tenant_id=tenant, course_id=course)


def test_nothing_is_on_until_somebody_says_so_but_what_is_built_in(
    session: Session, host: PluginHost
) -> None:
    assert here(session, host).enabled == {"widget"}


@pytest.mark.parametrize(
    ("everywhere", "tenant", "course"), list(itertools.product([None, True, False], repeat=3))
)
def test_the_nearest_decision_wins(
    session: Session, host: PluginHost, *, everywhere: bool | None, tenant: bool | None, course: bool | None
) -> None:
    places = (
        (Level.INSTALLATION, 0, everywhere),
        (Level.TENANT, TENANT, tenant),
        (Level.COURSE, COURSE, course),
    )
    for level, place_id, decision in reversed(places):
        if decision is not None:
            service.switch(session, "limits", on=decision, level=level, place_id=place_id)
    decided = [decision for *_, decision in places if decision is not None]

    assert ("limits" in here(session, host).enabled) is (decided[-1] if decided else False)


def test_a_decision_counts_where_it_was_made_and_nowhere_else(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.TENANT, place_id=TENANT)
    service.switch(session, "plain", on=True, level=Level.COURSE, place_id=COURSE)

    assert here(session, host).enabled == {"widget", "limits", "plain"}
    assert here(session, host, course=COURSE + 1).enabled == {"widget", "limits"}
    assert here(session, host, tenant=TENANT + 1, course=COURSE + 1).enabled == {"widget"}
    assert here(session, host, course=None).enabled == {"widget", "limits"}


def test_a_tenant_and_a_course_of_the_same_number_are_two_places(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.TENANT, place_id=5)

    assert "limits" not in here(session, host, tenant=6, course=5).enabled
    assert "limits" in here(session, host, tenant=5, course=6).enabled


def test_a_place_may_follow_again_and_keeps_its_settings(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    service.switch(session, "limits", on=False, level=Level.TENANT, place_id=TENANT)
    service.configure(session, "limits", {"links": 9}, level=Level.TENANT, place_id=TENANT)
    session.flush()
    service.inherit(session, "limits", level=Level.TENANT, place_id=TENANT)

    reach = here(session, host)
    assert "limits" in reach.enabled
    assert reach.settings("limits") == Limits(links=9)


def test_settings_are_made_of_every_level_and_the_defaults(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    assert here(session, host).settings("limits") == Limits()
    service.configure(session, "limits", {"links": 5, "roles": ["mentor"]}, level=Level.INSTALLATION)
    service.configure(session, "limits", {"links": 0}, level=Level.COURSE, place_id=COURSE)

    assert here(session, host).settings("limits") == Limits(links=0, roles=("mentor",))
    assert here(session, host, course=COURSE + 1).settings("limits") == Limits(links=5, roles=("mentor",))


def test_settings_are_replaced_and_not_piled_up(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    service.configure(session, "limits", {"links": 5}, level=Level.INSTALLATION)
    session.flush()
    service.configure(session, "limits", {"roles": []}, level=Level.INSTALLATION)

    assert here(session, host).settings("limits") == Limits(roles=())


def test_a_setting_the_plugin_no_longer_knows_is_left_out(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    service.configure(session, "limits", {"links": 5, "colour": "green"}, level=Level.INSTALLATION)

    assert here(session, host).settings("limits") == Limits(links=5)


@pytest.mark.parametrize(
    "old", [{"links": "many"}, {"links": True}, {"roles": "mentor"}, {"roles": [7]}, {"links": None}]
)
def test_what_was_set_for_another_version_and_does_not_fit_gives_way_to_the_default(
    session: Session, host: PluginHost, old: dict[str, object]
) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    service.configure(session, "limits", old, level=Level.INSTALLATION)

    assert here(session, host).settings("limits") == Limits()


def test_settings_that_the_dataclass_refuses_give_way_to_the_defaults(
    session: Session, host: PluginHost
) -> None:
    @dataclass(frozen=True)
    class Picky:
        share: float = 0.5

        def __post_init__(self) -> None:
            if not 0 <= self.share <= 1:
                raise ValueError("a share is from 0 to 1")

    host.register(
        SimpleNamespace(manifest=Manifest(name="picky", title="", summary="", settings=Picky)), "picky"
    )
    service.switch(session, "picky", on=True, level=Level.INSTALLATION)
    service.configure(session, "picky", {"share": 7}, level=Level.INSTALLATION)

    assert here(session, host).settings("picky") == Picky()


def test_a_plugin_without_settings_has_none(session: Session, host: PluginHost) -> None:
    service.switch(session, "plain", on=True, level=Level.INSTALLATION)

    assert here(session, host).settings("plain") is None


def test_what_is_not_loaded_is_never_within_reach(session: Session, host: PluginHost) -> None:
    service.switch(session, "uninstalled", on=True, level=Level.INSTALLATION)

    assert here(session, host).enabled == {"widget"}
    assert here(session, host).absent == {"uninstalled"}
    service.switch(session, "uninstalled", on=False, level=Level.TENANT, place_id=TENANT)
    assert here(session, host).absent == frozenset()


def test_a_policy_is_only_listened_to_in_silence_until_somebody_took_a_stance(
    session: Session, host: PluginHost
) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    assert here(session, host).stance("limits") is Stance.SHADOW
    service.take_stance(session, "limits", Stance.ADVISE, level=Level.INSTALLATION)
    service.take_stance(session, "limits", Stance.ENFORCE, level=Level.COURSE, place_id=COURSE)

    assert here(session, host).stance("limits") is Stance.ENFORCE
    assert here(session, host, course=COURSE + 1).stance("limits") is Stance.ADVISE
    service.take_stance(session, "limits", None, level=Level.COURSE, place_id=COURSE)
    assert here(session, host).stance("limits") is Stance.ADVISE


def test_what_is_locked_is_decided_for_everybody_below(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    service.configure(session, "limits", {"links": 5}, level=Level.INSTALLATION)
    for level, place_id in ((Level.TENANT, TENANT), (Level.COURSE, COURSE)):
        service.switch(session, "limits", on=False, level=level, place_id=place_id)
        service.take_stance(session, "limits", Stance.OFF, level=level, place_id=place_id)
        service.configure(session, "limits", {"links": 0, "roles": []}, level=level, place_id=place_id)
    assert "limits" not in here(session, host).enabled
    service.lock(session, "limits", ["links", service.ENABLED, service.STANCE], level=Level.INSTALLATION)

    reach = here(session, host)
    assert "limits" in reach.enabled
    assert reach.stance("limits") is Stance.SHADOW
    assert reach.settings("limits") == Limits(links=5, roles=())


def test_a_tenants_lock_binds_its_courses_and_no_other_tenants(session: Session, host: PluginHost) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    service.lock(session, "limits", ["links"], level=Level.TENANT, place_id=TENANT)
    service.configure(session, "limits", {"links": 9}, level=Level.COURSE, place_id=COURSE)

    assert here(session, host).settings("limits") == Limits()
    assert here(session, host, tenant=TENANT + 1).settings("limits") == Limits(links=9)
    assert service.locked_above(session, "limits", level=Level.COURSE, tenant_id=TENANT) == {"links"}
    assert service.locked_above(session, "limits", level=Level.COURSE, tenant_id=TENANT + 1) == frozenset()
    assert service.locked_above(session, "limits", level=Level.TENANT) == frozenset()
    service.lock(session, "limits", [], level=Level.TENANT, place_id=TENANT)
    assert here(session, host).settings("limits") == Limits(links=9)


def test_a_decision_made_twice_is_one_row_with_its_last_time(session: Session, clock: TestClock) -> None:
    service.switch(session, "limits", on=True, level=Level.INSTALLATION)
    session.flush()
    clock.tick(60)
    service.switch(session, "limits", on=False, level=Level.INSTALLATION)
    session.flush()

    row = session.scalars(select(PluginSetting)).one()
    assert (row.enabled, row.changed_at) == (False, clock.now)


def test_forgetting_drops_every_decision_about_one_plugin(session: Session) -> None:
    for level, place_id in ((Level.INSTALLATION, 0), (Level.TENANT, TENANT), (Level.COURSE, COURSE)):
        service.switch(session, "limits", on=True, level=level, place_id=place_id)
        service.switch(session, "plain", on=True, level=level, place_id=place_id)
    session.flush()
    service.forget(session, "limits")

    assert set(session.scalars(select(PluginSetting.plugin))) == {"plain"}
    assert session.scalar(select(func.count(PluginSetting.id))) == 3


def test_one_statement_tells_what_is_on(
    session: Session, host: PluginHost, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    for name in ("limits", "plain", "widget"):
        for level, place_id in ((Level.INSTALLATION, 0), (Level.TENANT, TENANT), (Level.COURSE, COURSE)):
            service.switch(session, name, on=True, level=level, place_id=place_id)
    session.flush()
    with count_queries() as queries:
        here(session, host)

    assert len(queries) == 1


def test_two_who_decide_about_a_plugin_at_once_are_both_heard(
    db_url: str, engine: Engine, session: Session
) -> None:
    del db_url
    start, errors = threading.Barrier(2), list[Exception]()

    def decide(how: Callable[[Session], None]) -> None:
        try:
            with Session(engine) as own:
                start.wait(10)
                with unit_of_work(own):
                    how(own)
        except Exception as error:  # noqa: BLE001 – told below, in the test's own thread
            errors.append(error)

    deeds: tuple[Callable[[Session], None], ...] = (
        lambda own: service.switch(own, "linklimit", on=True, level=Level.COURSE, place_id=COURSE),
        lambda own: service.configure(own, "linklimit", {"limit": 5}, level=Level.COURSE, place_id=COURSE),
    )
    threads = [threading.Thread(target=decide, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    row = session.scalars(select(PluginSetting)).one()
    assert (row.enabled, row.values) == (True, {"limit": 5})
