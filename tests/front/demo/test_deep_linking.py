"""Content selected in a tool and placed into the demo LMS's course."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from werkzeug.test import TestResponse

from lmssocial.front.demo.lms.activities import Activity, all_activities
from lmssocial.front.demo.lms.campus import Campus
from lmssocial.front.demo.lms.gradebook import columns
from lmssocial.front.demo.lms.messages import DEEP_LINKING, LTI
from lmssocial.front.demo.lms.store import connect
from tests.front.demo.academy import ISSUER, Browser, ToolSide
from tests.front.demo.test_authorization import asked, begun, claims_of, fields

ADD = "/course/weeks/3/add/client-1/open"
ITEM = {
    "type": "ltiResourceLink",
    "title": "Silence, a second round",
    "url": "http://localhost:8000/lti/launch",
    "custom": {"widget": "discussion", "placement": "abc"},
}


@pytest.fixture
def request_of(campus: Campus, browser_of: Callable[[str], Browser]) -> Callable[[], dict[str, Any]]:
    """The claims of a fresh deep linking request of the instructor, for Week 3."""

    def fresh() -> dict[str, Any]:
        browser = browser_of("tom.berg")
        return claims_of(campus, fields(browser.get(asked(begun(browser, ADD)))))

    return fresh


def answer_to(request: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The claims of a good answer, except for what is ``changed``."""
    now = int(time.time())
    return {
        "iss": "client-1",
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "nonce": str(uuid.uuid4()),
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": "deployment-1",
        f"{DEEP_LINKING}data": request[f"{DEEP_LINKING}deep_linking_settings"]["data"],
        f"{DEEP_LINKING}content_items": [ITEM],
    } | changed


def hand_in(lms: Flask, token: str) -> TestResponse:
    """Post the answer from the tool's frame, as a browser without any cookie does."""
    return lms.test_client().post("/lti/deep-linking/return", base_url=ISSUER, data={"JWT": token})


def placed(campus: Campus) -> list[Activity]:
    """What is in Week 3."""
    db = connect(campus.store)
    found = [activity for activity in all_activities(db) if activity.week == 3]
    db.close()
    return found


def test_the_request_says_what_may_come_back(request_of: Callable[[], dict[str, Any]]) -> None:
    claims = request_of()
    settings = claims[f"{DEEP_LINKING}deep_linking_settings"]
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert f"{LTI}resource_link" not in claims
    assert settings["deep_link_return_url"] == f"{ISSUER}/lti/deep-linking/return"
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert settings["accept_multiple"] is True


def test_a_chosen_item_appears_in_its_week(
    lms: Flask,
    campus: Campus,
    tool_side: ToolSide,
    request_of: Callable[[], dict[str, Any]],
    browser_of: Callable[[str], Browser],
) -> None:
    answer = hand_in(lms, tool_side.sign(answer_to(request_of())))
    assert answer.status_code == 200
    assert "Added to Week 3" in answer.text
    (activity,) = placed(campus)
    assert activity.title == "Silence, a second round"
    assert activity.custom == {"widget": "discussion", "placement": "abc"}
    week = browser_of("ana.ruiz").get("/course/weeks/3").text
    assert "Silence, a second round" in week
    assert f"/activities/{activity.id}/open" in week


def test_several_items_are_placed_in_their_order(
    lms: Flask, campus: Campus, tool_side: ToolSide, request_of: Callable[[], dict[str, Any]]
) -> None:
    items = [{"type": "ltiResourceLink", "title": f"Number {number}"} for number in range(3)]
    page = hand_in(lms, tool_side.sign(answer_to(request_of(), **{f"{DEEP_LINKING}content_items": items})))
    assert "3 activities added to Week 3" in page.text
    assert [activity.title for activity in placed(campus)] == ["Number 0", "Number 1", "Number 2"]


def test_an_item_with_a_line_item_opens_its_column(
    lms: Flask, campus: Campus, tool_side: ToolSide, request_of: Callable[[], dict[str, Any]]
) -> None:
    item = ITEM | {
        "lineItem": {"scoreMaximum": 20, "tag": "posts"},
        "submission": {"endDateTime": "2026-12-01T12:00:00Z"},
    }
    hand_in(lms, tool_side.sign(answer_to(request_of(), **{f"{DEEP_LINKING}content_items": [item]})))
    db = connect(campus.store)
    (column,) = columns(db)
    db.close()
    assert (column.label, column.score_maximum, column.tag) == ("Silence, a second round", 20, "posts")
    assert column.activity_id == placed(campus)[0].id
    assert column.ends == "2026-12-01T12:00:00Z"


def test_choosing_nothing_places_nothing(
    lms: Flask, campus: Campus, tool_side: ToolSide, request_of: Callable[[], dict[str, Any]]
) -> None:
    empty = {f"{DEEP_LINKING}content_items": [], f"{DEEP_LINKING}msg": "Nothing was added."}
    answer = hand_in(lms, tool_side.sign(answer_to(request_of(), **empty)))
    assert answer.status_code == 200
    assert "Nothing was chosen" in answer.text
    assert "Nothing was added." in answer.text
    assert placed(campus) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "http://localhost:9999"},
        {"aud": ...},
        {"iss": "client-9"},
        {"iss": "client-2"},
        {"exp": int(time.time()) - 120},
        {"exp": ...},
        {"iat": ...},
        {"nonce": ...},
        {f"{LTI}message_type": "LtiResourceLinkRequest"},
        {f"{LTI}message_type": ...},
        {f"{LTI}version": "1.1"},
        {f"{LTI}deployment_id": "deployment-2"},
        {f"{LTI}deployment_id": ...},
        {f"{DEEP_LINKING}data": "made up"},
        {f"{DEEP_LINKING}data": ...},
        {f"{DEEP_LINKING}content_items": "all of them"},
        {f"{DEEP_LINKING}content_items": [{"type": "html", "html": "<b>hello</b>"}]},
        {f"{DEEP_LINKING}content_items": [ITEM, "something"]},
        {f"{DEEP_LINKING}content_items": [ITEM | {"custom": "discussion"}]},
        {f"{DEEP_LINKING}content_items": [ITEM | {"lineItem": {"scoreMaximum": -1}}]},
    ],
    ids=lambda changed: next(iter(changed)).rpartition("/")[2],
)
def test_an_answer_that_breaks_a_rule_places_nothing(
    lms: Flask,
    campus: Campus,
    tool_side: ToolSide,
    request_of: Callable[[], dict[str, Any]],
    changed: dict[str, Any],
) -> None:
    answer = hand_in(lms, tool_side.sign(answer_to(request_of(), **changed)))
    assert answer.status_code == 400
    assert "Nothing was added" in answer.text
    assert placed(campus) == []


def test_an_answer_signed_by_somebody_else_places_nothing(
    lms: Flask, campus: Campus, tool_side: ToolSide, request_of: Callable[[], dict[str, Any]]
) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    answer = hand_in(lms, tool_side.sign(answer_to(request_of()), key=stranger))
    assert answer.status_code == 400
    assert placed(campus) == []


def test_an_answer_counts_once(
    lms: Flask, campus: Campus, tool_side: ToolSide, request_of: Callable[[], dict[str, Any]]
) -> None:
    request = request_of()
    token = tool_side.sign(answer_to(request))
    assert hand_in(lms, token).status_code == 200
    assert hand_in(lms, token).status_code == 400
    assert hand_in(lms, tool_side.sign(answer_to(request))).status_code == 400
    assert len(placed(campus)) == 1


def test_after_a_broken_answer_the_person_can_choose_again(
    lms: Flask, campus: Campus, tool_side: ToolSide, request_of: Callable[[], dict[str, Any]]
) -> None:
    request = request_of()
    broken = answer_to(request, **{f"{DEEP_LINKING}content_items": [{"type": "file"}]})
    assert hand_in(lms, tool_side.sign(broken)).status_code == 400
    assert hand_in(lms, tool_side.sign(answer_to(request))).status_code == 200
    assert len(placed(campus)) == 1


def test_learners_cannot_add_anything(browser_of: Callable[[str], Browser]) -> None:
    learner = browser_of("ana.ruiz")
    assert learner.get(ADD).status_code == 403
    assert learner.get("/course/weeks/3/add/client-1").status_code == 403
    assert "Add social activity" not in learner.get("/course/weeks/3").text
    assert "Add social activity" in browser_of("tom.berg").get("/course/weeks/3").text
