"""Expert connect chosen in the picker: placed with defaults, open at once, and nothing of it graded."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from lmssocial.front.launch.picker_models import Selection
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.widgets.experts.settings import ExpertSettings
from tests.fakes.platform import LEARNER
from tests.front.launch.conftest import House
from tests.front.launch.picking import begin, deep_linking, items, link, picker, send

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def empty(house: House) -> Iterator[None]:
    """Nothing chosen or placed by another test of this module."""
    yield
    with house.rows() as session:
        for table in (Selection, PlacementLink, Placement):
            session.execute(delete(table))


def test_it_is_placed_with_what_suits_most_and_learners_come_in_at_once(house: House) -> None:
    browser = house.browser()
    form = picker(browser, begin(house, browser, deep_linking()))
    (sent,) = items(
        house, send(browser, form, widget="experts", title="Ask somebody", intro="About measuring.")
    )
    with house.rows() as session:
        placed = session.scalars(select(Placement)).one()
    assert sent["custom"] == {"placement": placed.uuid, "widget": "experts"}
    assert "lineItem" not in sent
    assert ExpertSettings.read(placed.settings) == ExpertSettings()
    visitor = house.browser()
    learner = house.platform.launch(visitor, **link("ask", LEARNER, "learner-1", **sent["custom"]))
    page = visitor.get(learner.location, follow_redirects=True)
    assert page.status_code == 200
    assert "Ask somebody" in page.text
    assert visitor.get(f"/w/{placed.id}/experts/settings").status_code == 403
    teacher = house.platform.launch(browser, **link("ask", **sent["custom"]))
    assert f"/w/{placed.id}/experts" in teacher.location
    assert browser.get(f"/w/{placed.id}/experts/settings").status_code == 200
