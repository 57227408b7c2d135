"""Plugins: what is installed, what is on where, how it is set, and what is broken."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from lmssocial.app import load_plugins
from lmssocial.core.hooks import Level, PluginHost, Reach
from lmssocial.lms.identity.models import Tenant
from lmssocial.plugin import Manifest, SafeForm, Submission, Verdict, hookimpl
from lmssocial.settings import Settings
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.web.program import program
from lmssocial_linklimit.settings import LinkLimit
from tests.front.admin.conftest import Browser, House, said
from tests.support.people import Place, make_place
from tests.support.visitor import Page


@pytest.fixture
def place(house: House) -> Place:
    """A tenant with a course."""
    with house.rows() as session:
        return make_place(session)


def reach(house: House, place: Place) -> Reach:
    """What is on in the course of ``place``."""
    with house.app.app_context(), house.rows() as session:
        return service.reach(session, program().host, tenant_id=place.tenant.id, course_id=place.course.id)


def switch(ada: Browser, to: str, tenant: int = 0) -> Page:
    """Press a switch on the plugin's page."""
    page = ada.open("/admin/plugins/linklimit")
    [form] = [
        one
        for one in page.forms
        if one.action.endswith("/switch")
        and ("tenant", str(tenant)) in one.fields
        and ("to", to) in one.buttons
    ]
    return ada.submit(form)


def test_what_is_installed_is_listed_with_version_and_state(ada: Browser) -> None:
    page = ada.open("/admin/plugins")

    assert "Link limit Off 0.1.0" in said(page)
    assert "Holds posts with more links" in page.text
    assert "Built in" in page.text


def test_a_plugin_is_off_until_it_is_switched_on_and_off_again(
    house: House, ada: Browser, place: Place
) -> None:
    assert "linklimit" not in reach(house, place).enabled
    form = ada.open("/admin/plugins").form(action="/plugins/linklimit/switch")
    assert "Link limit is on for this installation." in ada.submit(form).text
    assert "linklimit" in reach(house, place).enabled
    form = ada.open("/admin/plugins").form(action="/plugins/linklimit/switch")
    assert "Link limit is off for this installation." in ada.submit(form).text

    assert "linklimit" not in reach(house, place).enabled
    assert [deed[1] for deed in house.deeds()][-2:] == ["plugin.switched_on", "plugin.switched_off"]


def test_a_tenant_decides_otherwise_and_follows_again(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        other = make_place(session)
    page = switch(ada, "on", place.tenant.id)
    assert f"On for: {place.tenant.name}" in page.text
    assert "linklimit" in reach(house, place).enabled
    assert "linklimit" not in reach(house, other).enabled

    switch(ada, "on")
    switch(ada, "off", place.tenant.id)
    assert "linklimit" not in reach(house, place).enabled
    assert "linklimit" in reach(house, other).enabled

    switch(ada, "inherit", place.tenant.id)
    assert "linklimit" in reach(house, place).enabled


def test_settings_are_stored_for_the_installation_and_for_a_tenant(
    house: House, ada: Browser, place: Place
) -> None:
    switch(ada, "on")
    page = ada.open("/admin/plugins/linklimit")
    ada.submit(page.form(field="limit"), limit="5", trusted_roles=["instructor", "mentor"])
    assert reach(house, place).settings("linklimit") == LinkLimit(5, ("instructor", "mentor"))

    tenants = ada.open(f"/admin/plugins/linklimit?tenant={place.tenant.id}")
    assert ("limit", "5") in tenants.form(field="limit").fields
    ada.submit(tenants.form(field="limit"), limit="0")
    assert reach(house, place).settings("linklimit") == LinkLimit(0, ("instructor", "mentor"))

    page = ada.open(f"/admin/plugins/linklimit?tenant={place.tenant.id}")
    [drop] = [form for form in page.forms if ("drop", "1") in form.buttons]
    ada.submit(drop, button="drop")
    assert reach(house, place).settings("linklimit") == LinkLimit(5, ("instructor", "mentor"))


def test_wrong_settings_are_said_and_kept_in_the_form(house: House, ada: Browser) -> None:
    form = ada.open("/admin/plugins/linklimit").form(field="limit")
    page = ada.submit(form, limit="51", trusted_roles=["learner"])

    assert page.status == 422
    assert "A number from 0 to 50." in page.text
    kept = page.form(field="limit").fields
    assert ("limit", "51") in kept
    assert ("trusted_roles", "learner") in kept
    assert ("trusted_roles", "instructor") not in kept
    with house.rows() as session:
        assert not session.scalars(select(PluginSetting)).all()


def test_a_role_that_was_never_offered_is_refused(ada: Browser) -> None:
    form = ada.open("/admin/plugins/linklimit").form(field="limit")

    assert ada.submit(form, trusted_roles=["emperor"]).status == 422


def test_what_is_built_in_has_no_switch(house: House, ada: Browser) -> None:
    page = ada.open("/admin/plugins/discussion")
    assert not [form for form in page.forms if form.action.endswith("/switch")]
    token = dict(ada.open("/admin/tenants").form(field="name").fields)["csrf_token"]
    ada.http.post("/admin/plugins/discussion/switch", data={"csrf_token": token, "to": "off"})

    with house.rows() as session:
        assert not session.scalars(select(PluginSetting)).all()


def test_an_unknown_plugin_or_tenant_is_not_found(ada: Browser) -> None:
    assert ada.open("/admin/plugins/nothing").status == 404
    assert ada.open("/admin/plugins/linklimit?tenant=999").status == 404


def with_host(house: House, settings: Settings, host: PluginHost) -> tuple[House, Browser]:
    """The same installation with another set of plugins, and Ada signed in to it."""
    other = house.another(settings, host)
    return other, other.sign_in()


def module(name: str, **more: Any) -> Any:
    """A plugin's module, as an import would give it."""

    @hookimpl
    def lmssocial_screen_submission(submission: Submission) -> Verdict | None:
        del submission
        return None

    described = Manifest(name=name, title=name.title(), summary="For a test.", **more)
    return SimpleNamespace(manifest=described, lmssocial_screen_submission=lmssocial_screen_submission)


def test_a_broken_plugin_shows_its_traceback_and_can_be_switched_off(
    house: House, settings: Settings
) -> None:
    host = load_plugins(settings)
    host.register(SimpleNamespace(manifest="not one"), "wordlist")
    with house.rows() as session:
        service.switch(session, "wordlist", on=True, level=Level.INSTALLATION)
    other, ada = with_host(house, settings, host)

    assert "The plugin wordlist is broken" in ada.open("/admin/").text
    page = ada.open("/admin/plugins/wordlist")
    assert "wordlist has no manifest" in page.text
    assert "Traceback" in page.text
    done = ada.submit(page.form(action="/switch"))
    assert done.status == 200
    with other.rows() as session:
        assert session.scalars(select(PluginSetting.enabled)).one() is False


def test_what_is_not_loaded_cannot_be_switched_on(house: House, settings: Settings) -> None:
    safe = dataclasses.replace(settings, safe_mode=True)
    other, ada = with_host(house, safe, load_plugins(safe))
    page = ada.open("/admin/plugins")

    assert "Safe mode" in page.text
    assert "Link limit" not in page.text
    assert "linklimit Not loaded 0.1.0" in said(page)
    token = dict(ada.open("/admin/tenants").form(field="name").fields)["csrf_token"]
    answer = ada.http.post("/admin/plugins/linklimit/switch", data={"csrf_token": token, "to": "on"})
    assert "is not loaded" in answer.text
    ada.submit(page.form(action="/plugins/linklimit/switch"))
    with other.rows() as session:
        assert session.scalars(select(PluginSetting.enabled)).one() is False


def test_plugins_left_out_by_name_are_listed_as_such(house: House, settings: Settings) -> None:
    narrow = dataclasses.replace(settings, plugins=())
    _, ada = with_host(house, narrow, load_plugins(narrow))

    assert "LMSSOCIAL_PLUGINS names the plugins to load" in ada.open("/admin/plugins").text


def test_a_settings_form_that_fails_does_not_take_the_page_along(house: House, settings: Settings) -> None:
    @dataclasses.dataclass(frozen=True)
    class Nothing:
        limit: int = 1

    class Failing(SafeForm):
        def __init__(self, *_args: object, **_more: object) -> None:
            raise RuntimeError("no form today")

    host = load_plugins(settings)
    host.register(module("failing", settings=Nothing, settings_form=Failing), "failing")
    _, ada = with_host(house, settings, host)
    page = ada.open("/admin/plugins/failing")

    assert page.status == 200
    assert "The settings cannot be shown" in page.text
    assert "no form today" in page.text
    assert [form for form in page.forms if form.action.endswith("/switch")]


def test_a_plugin_for_the_whole_installation_has_no_tenants(
    house: House, settings: Settings, place: Place
) -> None:
    host = load_plugins(settings)
    host.register(module("global", configured_per=Level.INSTALLATION), "global")
    _, ada = with_host(house, settings, host)
    page = ada.open("/admin/plugins/global")

    assert "The whole installation" in page.text
    assert place.tenant.name not in page.text


def test_a_tenant_called_like_markup_is_only_text(house: House, ada: Browser, place: Place) -> None:
    with house.rows() as session:
        session.get_one(Tenant, place.tenant.id).name = "<script>alert(1)</script>"
    switch(ada, "on", place.tenant.id)

    assert "<script>alert" not in ada.open("/admin/plugins").html


def test_a_server_started_in_another_way_is_not_begun_anew(ada: Browser) -> None:
    page = ada.open("/admin/plugins")
    [form] = [one for one in page.forms if one.action.endswith("/plugins/load")]

    assert "was not started by lmssocial serve" in ada.submit(form).text
