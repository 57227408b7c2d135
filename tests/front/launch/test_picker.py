"""Choosing what to place, from the LMS's request to the LMS's hands."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Blueprint
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from lmssocial.app import create_app, load_plugins
from lmssocial.core.hooks import Level, Manifest, Widget, hookimpl
from lmssocial.front.launch.picker_models import Selection
from lmssocial.lms.identity.models import Membership, Registration, ResourceLink, User, WebSession
from lmssocial.lms.lti import claims
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.social.plugin_settings.service import switch
from lmssocial.web import scope
from tests.fakes.platform import LEARNER
from tests.front.launch.conftest import House
from tests.front.launch.picking import BACK, DL, answered, begin, deep_linking, link, picker, send
from tests.support.visitor import forms_of


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
        session.execute(update(Registration).values(enabled=True))


def count(house: House, table: type[Any]) -> int:
    """Rows of a table."""
    with house.rows() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_instructor_chooses_and_the_lms_gets_a_link(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking(data="opaque")))
    response = send(browser, form, title=" Case  clinic ", intro="Bring a case.")
    to_lms, read = answered(house, response)
    assert (to_lms.action, to_lms.method) == (BACK, "post")
    assert "data-submit" in to_lms.attributes
    assert read["iss"] == house.platform.client_id
    assert read[claims.DEPLOYMENT_ID] == "1"
    assert read[DL + "data"] == "opaque"
    (item,) = read[DL + "content_items"]
    with house.rows() as session:
        placement = session.scalars(select(Placement)).one()
        assert (placement.title, placement.intro, placement.widget) == (
            "Case clinic",
            "Bring a case.",
            "discussion",
        )
        assert item["custom"] == {"placement": placement.uuid, "widget": "discussion"}
    assert (item["type"], item["title"], item["url"]) == (
        "ltiResourceLink",
        "Case clinic",
        "http://localhost:8000/lti/launch",
    )


def test_the_link_leads_everybody_to_what_was_chosen(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    _, read = answered(house, send(browser, form, title="Case clinic"))
    custom = read[DL + "content_items"][0]["custom"]
    learner = house.platform.launch(house.browser(), **link("chosen", LEARNER, "learner-1", **custom))
    with house.rows() as session:
        placement = session.scalars(select(Placement)).one()
    assert learner.status_code == 303
    assert f"/w/{placement.id}/discussion" in learner.location


def test_the_page_says_what_there_is_to_choose(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    assert form.choices["widget"] == ["discussion", "experts", "peer_rating"]
    assert ("widget", "discussion") in form.fields, "the first is marked"
    page = browser.get(address)
    for widget in house.app.extensions["lmssocial"].widgets.values():
        with house.app.test_request_context():
            assert str(widget.summary) in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors https://lms.example.edu;" in policy + ";"
    assert "form-action 'self';" in policy


def test_only_the_answer_may_be_sent_to_the_lms_and_only_there(house: House, browser: FlaskClient) -> None:
    settings = {"deep_link_return_url": "https://back.lms.example.edu:8443/return?x=1"}
    form = picker(browser, begin(house, browser, deep_linking(**settings)))
    response = send(browser, form, title="Case clinic")
    assert "form-action https://back.lms.example.edu:8443;" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_return_address_cannot_write_into_the_page(house: House, browser: FlaskClient) -> None:
    hostile = 'https://lms.example.edu/back?"><script>alert(1)</script>'
    form = picker(browser, begin(house, browser, deep_linking(deep_link_return_url=hostile)))
    response = send(browser, form, title='"><script>alert(2)</script>')
    to_lms, read = answered(house, response)
    assert to_lms.action == hostile
    assert "<script>alert" not in response.text
    assert read[DL + "content_items"][0]["title"] == '"><script>alert(2)</script>'


def test_something_is_chosen_once(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    assert send(browser, form, title="Case clinic").status_code == 200
    for response in (
        send(browser, form, title="Again"),
        browser.get(address),
        browser.post(f"{address}/cancel"),
    ):
        assert response.status_code == 410
        assert "This page was used already" in response.text
    assert count(house, Placement) == 1


def test_choosing_nothing_is_an_answer_too(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking(data="opaque"))
    (cancel,) = [form for form in forms_of(browser.get(address).text, address) if "/cancel" in form.action]
    to_lms, read = answered(house, send(browser, cancel))
    assert to_lms.action == BACK
    assert read[DL + "content_items"] == []
    assert read[DL + "data"] == "opaque"
    assert read[DL + "msg"] == "Nothing was added."
    assert count(house, Placement) == 0
    assert browser.get(address).status_code == 410


def test_a_place_that_takes_no_links_is_told_so_and_left(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking(accept_types=["image", "html"]))
    page = browser.get(address)
    assert "Nothing fits here" in page.text
    (leave,) = forms_of(page.text, address)
    _, read = answered(house, send(browser, leave))
    assert read[DL + "content_items"] == []


def test_a_learner_chooses_nothing(house: House, browser: FlaskClient) -> None:
    response = house.platform.launch(browser, **deep_linking("learner-1", LEARNER))
    assert response.status_code == 403
    assert count(house, Selection) == 0


@pytest.mark.parametrize(
    "missing", [{"title": ""}, {"title": "   "}, {"widget": "nonsense"}, {"title": "x" * 201}]
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    house: House, browser: FlaskClient, missing: dict[str, str]
) -> None:
    address = begin(house, browser, deep_linking())
    filled = {"title": "Case clinic", "intro": "Bring a case.", **missing}
    response = send(browser, picker(browser, address), **filled)
    assert response.status_code == 422
    assert "Bring a case." in response.text
    assert "One thing needs your attention" in response.text
    assert count(house, Placement) == 0
    assert send(browser, picker(browser, address), title="Case clinic").status_code == 200


def test_without_the_forms_token_nothing_is_placed(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    values = {"title": "Case clinic", "csrf_token": "forged"}
    assert send(browser, form, **values).status_code == 422
    assert browser.post(f"{address}/cancel", data={"csrf_token": "forged"}).status_code == 303
    assert count(house, Placement) == 0
    assert browser.get(address).status_code == 200, "the choice is still open"


def test_the_address_alone_opens_nothing(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    thief = house.browser()
    assert thief.get(address).status_code == 401
    house.platform.launch(thief, **link("other", sub="teacher-2"))
    assert thief.get(address).status_code == 401, "another instructor of the same course"
    assert send(thief, form, title="Case clinic").status_code == 401
    assert count(house, Placement) == 0


def test_a_second_person_in_the_same_browser_cannot_go_on(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking("teacher-1"))
    form = picker(browser, address)
    house.platform.launch(browser, **link("other", sub="teacher-2"))
    assert send(browser, form, title="Case clinic").status_code == 401


def test_who_is_no_instructor_any_more_cannot_go_on(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    with house.rows() as session:
        teacher = session.scalars(select(User.id).where(User.sub == "teacher-1")).one()
        session.execute(update(Membership).where(Membership.user_id == teacher).values(roles="learner"))
    assert send(browser, form, title="Case clinic").status_code == 403
    assert count(house, Placement) == 0


def test_a_platform_that_was_switched_off_places_nothing(house: House, browser: FlaskClient) -> None:
    form = picker(browser, begin(house, browser, deep_linking()))
    with house.rows() as session:
        session.execute(update(Registration).values(enabled=False))
    assert send(browser, form, title="Case clinic").status_code == 403


def test_a_page_left_open_too_long_is_over(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    with house.rows() as session:
        selection = session.scalars(select(Selection)).one()
        selection.expires_at -= timedelta(hours=1, seconds=1)
    for response in (browser.get(address), send(browser, form, title="Case clinic")):
        assert response.status_code == 410
        assert "too old" in response.text
    with house.rows() as session:
        session.execute(update(WebSession).values(expires_at=selection.created_at - timedelta(days=1)))
    assert browser.get(address).status_code == 410


def test_an_unknown_address_is_not_found(browser: FlaskClient) -> None:
    for address in ("/lti/picker/x", "/lti/picker/" + "x" * 43, "/lti/picker/%00"):
        assert browser.get(address).status_code == 404
        assert browser.post(address).status_code == 404


def test_old_choices_are_forgotten(house: House, browser: FlaskClient) -> None:
    begin(house, browser, deep_linking())
    with house.rows() as session:
        session.scalars(select(Selection)).one().expires_at -= timedelta(days=2)
    begin(house, browser, deep_linking())
    assert count(house, Selection) == 1


def test_an_instructor_who_opens_an_empty_link_sets_it_up_there_and_then(
    house: House, browser: FlaskClient
) -> None:
    address = begin(house, browser, link("empty"))
    page = browser.get(address)
    assert not [form for form in forms_of(page.text, address) if "/cancel" in form.action]
    form = picker(browser, address)
    assert ("title", "Round one") in form.fields, "the link's own name is proposed"
    response = send(browser, form)
    with house.rows() as session:
        placement = session.scalars(select(Placement)).one()
    assert response.status_code == 303
    assert f"/w/{placement.id}/discussion" in response.location
    learner = house.platform.launch(house.browser(), **link("empty", LEARNER, "learner-1"))
    assert f"/w/{placement.id}/discussion" in learner.location


def test_of_two_instructors_the_faster_one_sets_the_link_up(house: House, browser: FlaskClient) -> None:
    other = house.browser()
    mine = picker(browser, begin(house, browser, link("shared")))
    theirs = picker(other, begin(house, other, link("shared", sub="teacher-2")))
    first = send(browser, mine, title="Mine")
    second = send(other, theirs, title="Theirs")
    assert first.location == second.location
    with house.rows() as session:
        leads_to = session.scalars(
            select(Placement.title)
            .join(PlacementLink, PlacementLink.placement_id == Placement.id)
            .join(ResourceLink, ResourceLink.id == PlacementLink.resource_link_id)
            .where(ResourceLink.resource_link_id == "shared")
        ).one()
        placed = session.scalars(select(Placement.title)).all()
    assert leads_to == "Mine"
    assert "Theirs" not in placed


def test_a_widget_that_is_switched_off_here_is_not_offered(house: House, browser: FlaskClient) -> None:
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    with house.rows() as session:
        switch(session, "discussion", on=False, level=Level.INSTALLATION)
    assert picker(browser, address).choices["widget"] == ["experts", "peer_rating"]
    with house.rows() as session:
        for name in ("experts", "peer_rating"):
            switch(session, name, on=False, level=Level.INSTALLATION)
    page = browser.get(address)
    assert "There is nothing to add" in page.text
    assert send(browser, form, title="Case clinic").status_code == 422
    (leave,) = forms_of(page.text, address)
    _, read = answered(house, send(browser, leave))
    assert read[DL + "content_items"] == []


@pytest.fixture
def with_poll(build: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house with a second widget from a plugin."""
    bp = Blueprint("poll", __name__)
    bp.add_url_rule("/", "poll_detail", lambda placement_id: f"poll {placement_id}")

    class Poll:
        manifest = Manifest(name="poll", title="Poll", summary="Asks.")

        @hookimpl
        def lmssocial_register_widgets(self) -> list[Widget]:
            return [
                Widget(
                    kind="poll",
                    title="A poll",
                    summary="Ask <everybody> one question.",
                    home_endpoint="poll.poll_detail",
                    blueprint=bp,
                )
            ]

    usual = build()
    host = load_plugins(usual.app.extensions["lmssocial"].settings)
    host.register(Poll(), "poll")
    app = create_app(usual.app.extensions["lmssocial"].settings, host)
    with usual.rows() as session:
        switch(session, "poll", on=True, level=Level.INSTALLATION)
    monkeypatch.setattr(usual, "app", app)
    yield usual
    with app.app_context():
        scope.db.engine.dispose()


def test_every_widget_that_is_on_can_be_chosen(with_poll: House) -> None:
    house, browser = with_poll, with_poll.browser()
    address = begin(house, browser, deep_linking())
    form = picker(browser, address)
    offered = ["poll", "discussion", "experts", "peer_rating"]
    assert form.choices["widget"] == offered, "in the order of their titles"
    assert "Ask &lt;everybody&gt; one question." in browser.get(address).text
    _, read = answered(house, send(browser, form, widget="poll", title="Which case?"))
    assert read[DL + "content_items"][0]["custom"]["widget"] == "poll"
