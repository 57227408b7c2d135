"""Plugins in life: how much a policy counts, what is locked, where something failed, how far it is, what it stores."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text

from lmssocial.app import load_plugins
from lmssocial.core.activity import Parked, Subscriber
from lmssocial.core.hooks import Answer, Level, Reach, Stance
from lmssocial.core.hooks.schema import hold_back
from lmssocial.core.kernel import clock
from lmssocial.plugin import Happened, Manifest, hookimpl
from lmssocial.settings import Settings
from lmssocial.social.moderation.models import Backtest
from lmssocial.social.plugin_settings import breaker, service
from lmssocial.social.plugin_settings.models import PluginFailure, PluginSetting
from lmssocial.social.plugin_settings.remains import subscriber
from lmssocial.web.program import program
from lmssocial_linklimit.settings import LinkLimit
from tests.front.admin.conftest import Browser, House, said
from tests.support.people import Place, make_place
from tests.support.plugins import Site, open_site
from tests.support.visitor import Page

DETAIL = "/admin/plugins/linklimit"


@pytest.fixture
def place(house: House) -> Place:
    """A tenant with a course."""
    with house.rows() as session:
        return make_place(session)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where plugins are installed."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


def reach(house: House, place: Place) -> Reach:
    """What is on in the course of ``place``."""
    with house.app.app_context(), house.rows() as session:
        return service.reach(session, program().host, tenant_id=place.tenant.id, course_id=place.course.id)


def at(place: Place | None) -> str:
    """The page of the link limit, at the installation or a tenant."""
    return DETAIL if place is None else f"{DETAIL}?tenant={place.tenant.id}"


def take(ada: Browser, stance: str, place: Place | None = None) -> Page:
    """Choose a stance on the page and save."""
    return ada.submit(ada.open(at(place)).form(action="/stance"), stance=stance)


def lock(ada: Browser, *names: str, place: Place | None = None) -> Page:
    """Tick what is locked, and save."""
    return ada.submit(ada.open(at(place)).form(action="/locks"), locked=list(names))


# its word


def test_until_somebody_decides_a_policy_is_only_noted_and_then_it_advises(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        service.switch(session, "linklimit", on=True, level=Level.INSTALLATION)
    assert reach(house, place).stance("linklimit") is Stance.SHADOW
    assert ("stance", "shadow") in ada.open(DETAIL).form(action="/stance").fields
    page = take(ada, "advise")

    assert "It counts from the next post on." in page.text
    assert reach(house, place).stance("linklimit") is Stance.ADVISE
    assert house.deeds()[-1][1:] == ("plugin.stance_advise", "linklimit")
    assert "Link limit On Advise" in said(ada.open("/admin/plugins"))


def test_nobody_enforces_what_was_not_tried_out_with_these_settings(house: House, ada: Browser) -> None:
    page = ada.open(DETAIL)
    token = dict(page.form(action="/stance").fields)["csrf_token"]
    answer = ada.http.post(f"{DETAIL}/stance", data={"csrf_token": token, "stance": "enforce"})
    assert "try it out" in answer.text
    with house.rows() as session:
        assert not session.scalars(select(PluginSetting)).all()

    page = ada.submit(page.form(action="/try"))
    assert "Nobody posted anything in the last 90 days" in page.text
    with house.rows() as session:
        assert session.scalars(select(Backtest.policy)).all() == ["linklimit"]
    take(ada, "enforce")
    with house.rows() as session:
        assert session.scalars(select(PluginSetting.stance)).one() is Stance.ENFORCE

    page = ada.submit(ada.open(DETAIL).form(field="limit"), limit="9")
    assert "only noted" in page.text
    with house.rows() as session:
        assert session.scalars(select(PluginSetting.stance)).one() is Stance.SHADOW
    assert "Since then its settings or its version have changed" in page.text
    assert [deed[1] for deed in house.deeds()][1:] == [
        "plugin.tried_out",
        "plugin.stance_enforce",
        "plugin.configured",
        "plugin.stance_shadow",
    ]


def test_a_tenant_says_otherwise_and_follows_again(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        service.switch(session, "linklimit", on=True, level=Level.INSTALLATION)
    take(ada, "advise", place)
    assert reach(house, place).stance("linklimit") is Stance.ADVISE
    page = ada.open(at(place))
    ada.submit(page.form(action="/stance"), button="follow")

    assert reach(house, place).stance("linklimit") is Stance.SHADOW


def test_what_judges_nothing_has_no_word(house: House, settings: Settings) -> None:
    host = load_plugins(settings)
    host.register(listener("quiet"), "quiet")
    other = house.another(settings, host)
    ada = other.sign_in()
    page = ada.open("/admin/plugins/quiet")

    assert "How much its word counts" not in page.text
    token = dict(page.form(action="/switch").fields)["csrf_token"]
    assert ada.http.post("/admin/plugins/quiet/try", data={"csrf_token": token}).status_code == 404


# locks


def test_what_is_locked_is_neither_offered_nor_taken_further_down(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        service.switch(session, "linklimit", on=True, level=Level.INSTALLATION)
        service.configure(session, "linklimit", {"limit": 0}, level=Level.TENANT, place_id=place.tenant.id)
    lock(ada, "limit", "stance", "enabled")
    assert reach(house, place).settings("linklimit") == LinkLimit()
    assert house.deeds()[-1][1:] == ("plugin.locked", "linklimit: enabled, limit, stance")

    page = ada.open(at(place))
    assert "Locked for the whole installation." in page.text
    form = page.form(field="trusted_roles")
    assert not [name for name, _ in form.fields if name == "limit"]
    assert not [form for form in page.forms if form.action.endswith("/stance")]
    token = dict(form.fields)["csrf_token"]
    address = f"{DETAIL}/switch"
    ada.http.post(address, data={"csrf_token": token, "to": "off", "tenant": place.tenant.id})
    ada.http.post(f"{DETAIL}/stance?tenant={place.tenant.id}", data={"csrf_token": token, "stance": "off"})
    ada.http.post(
        f"{DETAIL}/settings?tenant={place.tenant.id}",
        data={"csrf_token": token, "limit": "50", "trusted_roles": "mentor"},
    )
    found = reach(house, place)
    assert "linklimit" in found.enabled
    assert found.stance("linklimit") is Stance.SHADOW
    settings = found.settings("linklimit")
    assert (settings.limit, settings.trusted_roles) == (LinkLimit().limit, ("mentor",))

    lock(ada)
    assert house.deeds()[-1][1] == "plugin.unlocked"
    assert ("limit" in dict(ada.open(at(place)).form(field="trusted_roles").fields)) is True


def test_a_tenant_locks_for_its_courses(house: House, ada: Browser, place: Place) -> None:
    lock(ada, "limit", place=place)
    with house.rows() as session:
        above = service.locked_above(session, "linklimit", level=Level.COURSE, tenant_id=place.tenant.id)
        assert above == {"limit"}


# failures


def test_where_something_failed_the_administrator_reads_which_hook_and_why_and_switches_it_on_again(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        for _ in range(breaker.MOST):
            error = RuntimeError("out of <paper>")
            answers = [Answer("linklimit", error=error)]
            breaker.note_failures(session, place.tenant.id, "lmssocial_screen_submission", answers)
        service.switch(session, "linklimit", on=True, level=Level.INSTALLATION)
    overview = ada.open("/admin/")
    assert "The plugin linklimit failed too often" in overview.text
    assert "out of <paper>" in overview.text
    assert "<paper>" not in overview.html
    assert "Failed too often at 1 tenant" in ada.open("/admin/plugins").text

    page = ada.open(DETAIL)
    for words in (
        place.tenant.name,
        "lmssocial_screen_submission",
        "out of <paper>",
        "was switched off here",
        "Off after failures",
    ):
        assert words in page.text, words
    ada.submit(page.form(action="/reset"))
    assert "Off after failures" not in ada.open(DETAIL).text
    with house.rows() as session:
        assert session.scalars(select(PluginFailure)).all() == []
    assert house.deeds()[-1][1:] == ("plugin.reset", f"linklimit, {place.tenant.name}")
    assert "failed too often" not in ada.open("/admin/").text


def test_what_failed_and_is_gone_can_be_forgotten(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        breaker.note_failures(
            session, place.tenant.id, "x", [Answer("linklimit", error=RuntimeError("once"))]
        )
    page = ada.open(DETAIL)
    assert "It failed once:" in page.text
    ada.submit(page.form(action="/reset"))

    assert "Where it failed" not in ada.open(DETAIL).text


# events and tables


def listener(name: str, **more: Any) -> Any:
    """A plugin that hears of events."""

    @hookimpl
    def lmssocial_on_event(event: Happened) -> None:
        del event

    described = Manifest(name=name, title=name.title(), summary="For a test.", **more)
    return SimpleNamespace(manifest=described, lmssocial_on_event=lmssocial_on_event)


def test_how_far_a_plugin_is_with_events_and_what_it_keeps_is_shown(house: House, settings: Settings) -> None:
    host = load_plugins(settings)
    host.register(
        listener("counting", stores="How often people post, without their names, for a year."), "counting"
    )
    other = house.another(settings, host)
    ada = other.sign_in()
    page = ada.open("/admin/plugins/counting")
    assert "without their names, for a year." in page.text
    assert "It has heard of no event yet" in page.text

    insert = text(
        "INSERT INTO activity_event (id, name, version, tenant_id, actor_role, payload, at) "
        "VALUES (:id, 'x', 1, 1, '', '{}', '2026-03-02 09:00:00')"
    )
    with house.rows() as session:
        for number in (1, 2, 3):
            session.execute(insert, {"id": number})
        session.add(
            Subscriber(name=subscriber("counting"), cursor=1, attempts=1, last_error="Trace\nKeyError: 'x'")
        )
        session.flush()
        session.add(Parked(subscriber=subscriber("counting"), event_id=1, error="e", parked_at=clock.now()))
    page = ada.open("/admin/plugins/counting")
    assert "It is 2 events behind." in page.text
    assert "1 event is parked" in page.text
    assert "KeyError: 'x'" in page.text


def test_a_plugin_whose_tables_are_not_up_to_date_names_the_command(
    house: House, settings: Settings, site: Site
) -> None:
    site.revision("diary", "op.create_table('diary__page', sa.Column('id', sa.Integer, primary_key=True))")
    site.install(
        "diary",
        "@hookimpl\ndef lmssocial_on_event(event):\n    pass",
        manifest='manifest = Manifest(name="diary", title="Diary", summary="", migrations="diary_migrations")',
    )
    running = house.another(settings, load_plugins(settings)).sign_in()
    assert "lmssocial plugins upgrade diary" in running.open("/admin/plugins/diary").text

    host = load_plugins(settings)
    hold_back(host, house.engine)
    started = house.another(settings, host).sign_in()
    for address in ("/admin/", "/admin/plugins", "/admin/plugins/diary"):
        page = started.open(address)
        assert "lmssocial plugins upgrade diary" in page.text, address
        assert "Its tables are not up to date" in page.text, address


def test_titles_and_settings_of_plugins_are_in_the_readers_language(house: House) -> None:
    ada = house.sign_in()
    ada.http.headers["Accept-Language"] = "de"
    page = ada.open(DETAIL)

    assert "Höchstzahl von Links" in page.text
    assert "Links, die ein Beitrag enthalten darf" in page.text
    assert "Tutorinnen und Tutoren" in page.text


def test_what_is_on_and_uninstalled_is_told_and_can_be_switched_off_everywhere(
    house: House, ada: Browser, place: Place
) -> None:
    with house.rows() as session:
        service.switch(session, "wordlist", on=True, level=Level.INSTALLATION)
        service.switch(session, "wordlist", on=True, level=Level.TENANT, place_id=place.tenant.id)
    assert "The plugin wordlist is switched on and not installed" in ada.open("/admin/").text
    assert "wordlist Not installed" in said(ada.open("/admin/plugins"))
    page = ada.open("/admin/plugins/wordlist")
    assert "lmssocial plugins purge wordlist" in page.text
    assert "lmssocial plugins purge wordlist" in ada.open("/admin/health").text
    done = ada.submit(page.form(action="/switch"))

    assert done.status == 200
    assert reach(house, place).absent == frozenset()
    assert "not installed" not in ada.open("/admin/").text
    assert ada.open("/admin/plugins/wordlist").status == 404
