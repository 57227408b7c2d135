"""Timers of plugins that fail, as an administrator meets them."""

from datetime import timedelta

from sqlalchemy import select

from lmssocial.core.kernel import clock
from lmssocial.social.plugin_settings import remains
from lmssocial.social.plugin_settings.models import PluginTimer
from tests.front.admin.conftest import Browser, House

TRACE = "the log is torn\nTraceback (most recent call last):\n  File follow.py"


def ticked(house: House, *, failures: int) -> None:
    """A timer of the report, after so many failures in a row."""
    with house.rows() as session:
        session.add(
            PluginTimer(
                plugin="reporting",
                name="follow",
                ended_at=clock.now() - timedelta(minutes=1),
                failures=failures,
                error=TRACE if failures else "",
            )
        )


def test_one_that_fails_is_shown_with_its_trace_and_called_again_on_demand(
    house: House, ada: Browser
) -> None:
    ticked(house, failures=3)
    page = ada.open("/admin/plugins/reporting")
    assert "It failed 3 times in a row" in page.text
    assert "the log is torn" in page.text
    assert "File follow.py" in page.html
    page = ada.submit(page.form(action="/timer"))
    assert "It is called again in a few seconds." in page.text
    assert house.deeds()[-1][1] == "plugin.timer_reset"
    with house.rows() as session:
        row = session.scalars(select(PluginTimer)).one()
        assert (row.failures, row.ended_at) == (0, None)


def test_one_that_goes_well_is_named_and_needs_nobody(house: House, ada: Browser) -> None:
    ticked(house, failures=0)
    assert "follow: went well the last time" in ada.open("/admin/plugins/reporting").text
    assert "fails at what it does by timer" not in ada.open("/admin/").text


def test_one_that_fails_for_minutes_is_told_on_the_first_page(house: House, ada: Browser) -> None:
    ticked(house, failures=5)
    assert "The plugin reporting fails at what it does by timer" in ada.open("/admin/").text


def test_purging_a_plugin_forgets_its_timers(house: House) -> None:
    ticked(house, failures=2)
    with house.rows() as session:
        assert remains.count(session, "reporting").timers == 1
        remains.forget(session, "reporting")
    with house.rows() as session:
        assert remains.count(session, "reporting").total == 0
