"""A peer rating chosen in the picker: placed as a draft, worth what was said, and copied without its dates."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from lmssocial.front.launch.picker_models import Selection
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.social.gradebook.service import OWN_TAG
from lmssocial.widgets.peer_rating.settings import PeerSettings
from tests.fakes.platform import LEARNER
from tests.front.launch.conftest import House
from tests.front.launch.picking import begin, deep_linking, items, link, picker, press, send

pytestmark = pytest.mark.one_database


@pytest.fixture
def browser(house: House) -> FlaskClient:
    """An empty browser."""
    return house.browser()


@pytest.fixture(autouse=True)
def empty(house: House) -> Iterator[None]:
    """Nothing chosen or placed by another test of this module."""
    yield
    with house.rows() as session:
        for table in (Selection, PlacementLink, Placement):
            session.execute(delete(table))


def placed(house: House) -> Placement:
    """The only thing in the course."""
    with house.rows() as session:
        return session.scalars(select(Placement)).one()


def test_it_is_placed_and_learners_read_that_it_is_being_set_up(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    (sent,) = items(house, send(browser, form, widget="peer_rating", title="Essays", intro="One page."))
    assert sent["custom"] == {"placement": placed(house).uuid, "widget": "peer_rating"}
    assert "lineItem" not in sent, "nobody said what it is worth"
    visitor = house.browser()
    learner = house.platform.launch(visitor, **link("essays", LEARNER, "learner-1", **sent["custom"]))
    assert f"/w/{placed(house).id}/peer_rating" in learner.location
    assert visitor.get(learner.location).status_code == 200
    assert visitor.get(f"/w/{placed(house).id}/peer_rating/settings").status_code == 403
    teacher = house.platform.launch(browser, **link("essays", **sent["custom"]))
    page = browser.get(teacher.location, follow_redirects=True)
    assert ">One page.</textarea>" in page.text.replace("\r\n", "").replace("\n", ""), "where the task begins"


def test_its_column_is_worth_what_was_said(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    (sent,) = items(house, send(browser, form, widget="peer_rating", title="Essays", points="25"))
    settings = PeerSettings.read(placed(house).settings)
    assert (settings.points, settings.reviewing_points) == (25, 0)
    column = sent["lineItem"]
    assert (column["label"], column["scoreMaximum"], column["tag"]) == ("Essays", 25, OWN_TAG)


def test_the_lms_hears_until_when_people_hand_in(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    send(browser, form, widget="peer_rating", title="Essays")
    with house.rows() as session:
        one = session.scalars(select(Placement)).one()
        one.settings = {**one.settings, "submit_due_at": "2031-03-01T12:00:00+00:00"}
    address = begin(house, browser, deep_linking())
    (sent,) = items(house, press(browser, address, "/again", **{"again-placements": str(one.id)}))
    assert sent["submission"] == {"endDateTime": "2031-03-01T12:00:00Z"}
