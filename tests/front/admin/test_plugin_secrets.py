"""What an administrator sees of secrets, and of settings that are decided in one place only: the report's settings."""

import pytest
from sqlalchemy import select

from lmssocial.core.hooks import Level
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.social.plugin_settings.service import settings_at
from lmssocial.web.program import program
from lmssocial_reporting.settings import Settings as Report
from tests.front.admin.conftest import Browser, House
from tests.support.people import Place, make_place
from tests.support.visitor import Form, Page

ADDRESS = "https://report:hunter2@store.example:8443/acts"


@pytest.fixture
def place(house: House) -> Place:
    """A tenant with a course."""
    with house.rows() as session:
        return make_place(session)


def form_on(ada: Browser, tenant: int = 0) -> Form:
    """The settings of the report at a place."""
    return ada.open(f"/admin/plugins/reporting?tenant={tenant}").form(field="zone")


def save(ada: Browser, tenant: int = 0, *, forget: str = "", **values: str) -> Page:
    """Fill something in, and save.

    :param forget: the secret whose box is ticked.
    """
    ticked = {f"forget-{forget}": "y"} if forget else {}
    return ada.submit(form_on(ada, tenant), button="", **values, **ticked)


def stored(house: House, tenant: int = 0) -> Report:
    """How the report is set at a place."""
    level = Level.TENANT if tenant else Level.INSTALLATION
    with house.app.app_context(), house.rows() as session:
        found: Report = settings_at(
            session, program().host.manifests["reporting"], level=level, place_id=tenant
        )
    return found


def test_a_secret_is_stored_sealed_and_never_shown_again(house: House, ada: Browser) -> None:
    page = save(ada, clickhouse_url=ADDRESS)
    assert "Saved." in page.text
    assert "hunter2" not in page.html
    assert "One is stored. Leave this empty to keep it." in page.text
    assert stored(house).clickhouse_url == ADDRESS
    with house.rows() as session:
        assert "hunter2" not in repr(session.scalars(select(PluginSetting.values)).all())


def test_saving_something_else_keeps_it_and_a_box_removes_it(house: House, ada: Browser) -> None:
    save(ada, clickhouse_url=ADDRESS)
    save(ada, least_cell="7")
    assert (stored(house).clickhouse_url, stored(house).least_cell) == (ADDRESS, 7)
    page = save(ada, forget="clickhouse_url")
    assert stored(house) == Report(least_cell=7)
    assert "One is stored" not in page.text


def test_a_form_with_a_mistake_shows_no_secret_again(ada: Browser) -> None:
    page = ada.submit(form_on(ada), clickhouse_url=ADDRESS, zone="Middle-earth/Shire")
    assert "There is no time zone of this name." in page.text
    assert "hunter2" not in page.html


def test_a_tenant_uses_the_secret_of_the_installation_without_copying_it(
    house: House, ada: Browser, place: Place
) -> None:
    save(ada, lrs_secret="first")
    page = ada.open(f"/admin/plugins/reporting?tenant={place.tenant.id}")
    assert "One is stored further up. Leave this empty to use it." in page.text
    save(ada, place.tenant.id, least_cell="9")
    save(ada, lrs_secret="second")
    assert (stored(house, place.tenant.id).lrs_secret, stored(house, place.tenant.id).least_cell) == (
        "second",
        9,
    )


def test_a_setting_of_the_installation_alone_stands_in_no_form_of_a_tenant(
    house: House, ada: Browser, place: Place
) -> None:
    assert "clickhouse_url" in form_on(ada).names()
    assert "clickhouse_url" not in form_on(ada, place.tenant.id).names()
    forged = form_on(ada, place.tenant.id)
    forged.fields.append(("clickhouse_url", ADDRESS))
    page = ada.submit(forged)
    assert "Saved." in page.text
    assert stored(house, place.tenant.id).clickhouse_url == ""
    with house.rows() as session:
        row = session.scalars(select(PluginSetting).where(PluginSetting.level == Level.TENANT)).one()
    assert "clickhouse_url" not in row.values
