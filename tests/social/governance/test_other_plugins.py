"""Plugins that are no policies, in the settings of a course: the report is switched on and set there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginSetting
from tests.social.governance.conftest import SitDown
from tests.support.people import Place
from tests.support.seat import text_of


def test_an_instructor_finds_the_report_switches_it_on_and_sets_it(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    chair = sit(iris)
    assert "None of them is on." in text_of(chair.open("/"))
    assert "Report" in text_of(chair.open("/policies"))
    chair.press("/policies/reporting", "/switch")
    assert "On: Report" in text_of(chair.open("/"))
    said = chair.press("/policies/reporting", "/settings", zone="Europe/Berlin", readers="stewards")
    assert "Saved." in said
    assert "next post" not in said
    session.rollback()
    row = session.scalars(select(PluginSetting).where(PluginSetting.level == Level.COURSE)).one()
    assert (row.place_id, row.enabled) == (place.course.id, True)
    assert row.values == {"zone": "Europe/Berlin", "readers": "stewards"}


def test_what_the_institution_alone_decides_stands_in_no_form_of_a_course(
    session: Session, place: Place, sit: SitDown, iris: Actor
) -> None:
    service.switch(session, "reporting", on=True, level=Level.TENANT, place_id=place.tenant.id)
    session.commit()
    page = sit(iris).open("/policies/reporting").get_data(as_text=True)
    for name in ("lrs_url", "lrs_secret", "caliper_key", "clickhouse_url", "whole_tenant", "least_cell"):
        assert f'name="{name}"' not in page
    assert 'name="readers"' in page
