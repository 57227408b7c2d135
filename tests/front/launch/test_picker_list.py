"""Choosing several activities, ones that are there, and graded ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from lmssocial.core.hooks import Level
from lmssocial.core.kernel import clock
from lmssocial.front.launch.picker_list import MOST
from lmssocial.front.launch.picker_models import Selection
from lmssocial.lms.lti import claims
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.social.gradebook.service import OWN_TAG
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.social.plugin_settings.service import switch
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.fakes.platform import LEARNER
from tests.front.launch.conftest import House
from tests.front.launch.picking import (
    DL,
    answered,
    begin,
    deep_linking,
    items,
    link,
    picker,
    press,
    send,
)


@pytest.fixture
def browser(house: House) -> FlaskClient:
    """An empty browser."""
    return house.browser()


@pytest.fixture(autouse=True)
def empty(house: House) -> Iterator[None]:
    """Nothing chosen or placed by another test of this module."""
    yield
    with house.rows() as session:
        for table in (Selection, PlacementLink, Placement, PluginSetting):
            session.execute(delete(table))


def titles(house: House) -> list[str]:
    with house.rows() as session:
        return list(session.scalars(select(Placement.title).order_by(Placement.id)))


def test_several_activities_go_to_the_lms_at_once(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    for title in ("One", "Two", "Three"):
        response = send(browser, picker(browser, address), title=title, then="more")
        assert response.status_code == 303
    assert titles(house) == [], "nothing is placed before the end"
    assert press(browser, address, "/remove", number="1").status_code == 303
    page = browser.get(address).text
    assert "Add these 2 to the course" in page
    assert "Two" not in page
    sent = items(house, send(browser, picker(browser, address), title="Four"))
    assert [one["title"] for one in sent] == ["One", "Three", "Four"] == titles(house)
    assert len({one["custom"]["placement"] for one in sent}) == 3


def test_a_list_can_be_added_without_filling_the_form_in_again(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    send(browser, picker(browser, address), title="One", then="more")
    assert [one["title"] for one in items(house, press(browser, address, "/finish"))] == ["One"]
    assert browser.get(address).status_code == 410
    again = begin(house, browser, deep_linking())
    assert browser.post(f"{again}/finish").status_code == 303, "there is nothing on the list"
    assert titles(house) == ["One"]


def test_nothing_is_added_that_nobody_named(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    with house.rows() as session:
        for name in ("experts", "peer_rating"):
            switch(session, name, on=False, level=Level.INSTALLATION)
    assert dict(picker(browser, address).fields)["title"] == "Discussion", "the only thing there is"
    send(browser, picker(browser, address), title="One", then="more")
    form = picker(browser, address)
    assert not dict(form.fields)["title"]
    assert send(browser, form).status_code == 422, "pressing Add this and your list adds no second one"


def test_an_lms_that_takes_one_gets_one(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking(accept_multiple=False))
    assert "Add and choose another" not in browser.get(address).text
    sent = items(house, send(browser, picker(browser, address), title="Only", then="more"))
    assert [one["title"] for one in sent] == ["Only"]


def test_a_list_has_an_end(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    for number in range(MOST):
        assert send(browser, form, title=f"No. {number}", then="more").status_code == 303
    full = send(browser, form, title="Too many", then="more")
    assert full.status_code == 422
    assert "The list is full." in full.text
    assert len(items(house, press(browser, address, "/finish"))) == MOST


def test_what_is_here_already_gets_one_more_link(house: House, browser: FlaskClient) -> None:
    (first,) = items(
        house, send(browser, picker(browser, begin(house, browser, deep_linking())), title="One")
    )
    custom = first["custom"]
    home = house.platform.launch(house.browser(), **link("first", LEARNER, "learner-1", **custom)).location
    address = begin(house, browser, deep_linking())
    with house.rows() as session:
        placed = session.scalars(select(Placement)).one()
    (again,) = items(house, press(browser, address, "/again", **{"again-placements": str(placed.id)}))
    assert again["custom"] == {**custom, "together": "yes"}
    assert titles(house) == ["One"]
    teacher = house.platform.launch(house.browser(), **link("second", **again["custom"]))
    assert teacher.location == home, "nobody is asked what was said already"


def test_an_empty_link_can_lead_to_what_is_here(house: House, browser: FlaskClient) -> None:
    send(browser, picker(browser, begin(house, browser, link("one"))), title="One")
    address = begin(house, browser, link("two"))
    with house.rows() as session:
        placed = session.scalars(select(Placement)).one()
    response = press(browser, address, "/again", **{"again-placements": str(placed.id)})
    assert f"/w/{placed.id}/" in response.location
    assert titles(house) == ["One"]


def test_nothing_of_another_course_can_be_chosen(house: House, browser: FlaskClient) -> None:
    elsewhere = {claims.CONTEXT: {"id": "elsewhere", "title": "Elsewhere"}}
    send(browser, picker(browser, begin(house, browser, {**link("far"), **elsewhere})), title="Far away")
    with house.rows() as session:
        far = session.scalars(select(Placement.id)).one()
    send(browser, picker(browser, begin(house, browser, deep_linking())), title="Near")
    address = begin(house, browser, deep_linking())
    assert "Far away" not in browser.get(address).text
    assert press(browser, address, "/again", **{"again-placements": str(far)}).status_code == 422


def test_a_graded_activity_brings_its_column_along(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    (sent,) = items(house, send(browser, form, title="Case clinic", points="10"))
    with house.rows() as session:
        placed = session.scalars(select(Placement)).one()
    settings = DiscussionSettings.read(placed.settings)
    assert (settings.most, settings.choose) == (10, 1)
    column = sent["lineItem"]
    assert (column["label"], column["scoreMaximum"]) == ("Case clinic", 10)
    assert (column["resourceId"], column["tag"]) == (placed.uuid, OWN_TAG)
    assert column["submissionReview"]["custom"]["placement"] == placed.uuid


@pytest.mark.parametrize("points", ["", "0", "-1", "1001", "nan", "ten"])
def test_without_points_there_is_no_column(house: House, browser: FlaskClient, points: str) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    response = send(browser, form, title="Case clinic", points=points)
    assert response.status_code == (422 if points else 200)
    if not points:
        assert "lineItem" not in items(house, response)[0]


def test_points_of_what_has_no_grades_are_refused_and_not_lost(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    refused = send(browser, form, widget="experts", title="Ask", points="10")
    assert refused.status_code == 422
    assert "This kind of activity is not graded. Leave this empty." in refused.text


def test_an_lms_that_takes_no_columns_is_not_asked_for_one(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking(accept_lineitem=False))
    form = picker(browser, address)
    assert "points" not in form.names()
    (sent,) = items(house, send(browser, form, title="Case clinic", points="10"))
    assert "lineItem" not in sent


def test_the_lms_hears_until_when_people_take_part(house: House, browser: FlaskClient) -> None:
    send(browser, picker(browser, begin(house, browser, deep_linking())), title="One")
    due = clock.now().replace(microsecond=0)
    with house.rows() as session:
        placed = session.scalars(select(Placement)).one()
        placed.settings = {**placed.settings, "due_at": due.isoformat()}
    address = begin(house, browser, deep_linking())
    (sent,) = items(house, press(browser, address, "/again", **{"again-placements": str(placed.id)}))
    assert sent["submission"] == {"endDateTime": due.isoformat().replace("+00:00", "Z")}
    assert "available" not in sent, "what is over can still be read"


def test_a_way_back_without_anything_says_what_was_in_the_way(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking(accept_types=["file"]))
    _form, read = answered(house, press(browser, address, "/cancel"))
    assert read[DL + "content_items"] == []
    reference = read[DL + "errorlog"].split(":")[0].removeprefix("lmssocial ")
    assert read[DL + "errormsg"].endswith(f"Reference: {reference}")
    assert "accept_types is ['file']" in read[DL + "errorlog"]
    assert DL + "msg" not in read


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"auto_create": True}, "at once"), ({"auto_create": False}, "as soon as you save there")],
)
def test_the_page_says_what_the_lms_does_next(
    house: House, browser: FlaskClient, settings: dict[str, Any], said: str
) -> None:
    assert said in browser.get(begin(house, browser, deep_linking(**settings))).text


def test_the_list_is_nobody_elses(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    send(browser, picker(browser, address), title="One", then="more")
    thief = house.browser()
    house.platform.launch(thief, **link("other", sub="teacher-2"))
    for where in ("/remove", "/finish", "/again", "/copy", "/double"):
        assert thief.post(address + where, data={"number": "0"}).status_code == 401
    assert browser.post(f"{address}/remove", data={"number": "0"}).status_code == 303, "no token, no deed"
    with house.rows() as session:
        (held,) = [one for one in session.scalars(select(Selection)) if one.chosen]
        assert [one["title"] for one in held.chosen["items"]] == ["One"]
        assert session.scalar(select(func.count(Placement.id))) == 0
