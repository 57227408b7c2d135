"""The settings of the policies that come with lmssocial, as an administrator sees and saves them."""

import pytest
from sqlalchemy import select

from lmssocial.core.hooks import Level
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.web.program import program
from lmssocial_lookalikes.settings import Lookalikes
from tests.front.admin.conftest import Browser, House

FIELDS = {
    "approval": "steps",
    "firstposts": "posts",
    "linklimit": "limit",
    "lookalikes": "allowed_names",
    "pacing": "burst_posts",
}
"""A policy → one of its fields."""


def settings_of(house: House, name: str) -> tuple[object, object]:
    """How a policy is set for the installation, and how it comes."""
    with house.app.app_context(), house.rows() as session:
        service.switch(session, name, on=True, level=Level.INSTALLATION)
        session.flush()
        reach = service.reach(session, program().host, tenant_id=0, course_id=None)
        made = program().host.manifests[name].settings
        assert made is not None
        return reach.settings(name), made()


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_saved_unchanged_means_the_same(house: House, ada: Browser, name: str) -> None:
    page = ada.open(f"/admin/plugins/{name}")
    answer = ada.submit(page.form(field=FIELDS[name]))

    assert answer.status == 200
    with house.rows() as session:
        assert session.scalars(select(PluginSetting.plugin)).all() == [name]
    now, as_it_came = settings_of(house, name)
    assert now == as_it_came


@pytest.mark.parametrize("name", FIELDS)
def test_the_form_speaks_the_administrators_language(ada: Browser, name: str) -> None:
    ada.http.headers["Accept-Language"] = "de"
    german = ada.open(f"/admin/plugins/{name}").text
    assert "Die Regel, auf der es beruht" in german
    assert "The rule it rests on" not in german


def test_a_list_is_edited_line_by_line(house: House, ada: Browser) -> None:
    form = ada.open("/admin/plugins/lookalikes").form(field="allowed_names")
    ada.submit(form, allowed_names="Ada Lovelace\r\n\r\n  Emmy   Noether ", offices="dr\r\nstaff\r\ndr")

    assert settings_of(house, "lookalikes")[0] == Lookalikes(
        allowed_names=("Ada Lovelace", "Emmy Noether"), offices=("dr", "staff")
    )
    shown = dict(ada.open("/admin/plugins/lookalikes").form(field="allowed_names").fields)
    assert shown["allowed_names"].split() == ["Ada", "Lovelace", "Emmy", "Noether"]
