"""Registering with each product: what it says of itself, what it is asked for, what its answer means.

The documents are in ``shapes``; each says where its shape is known from. Open edX has no dynamic registration.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from lmssocial.core.outbound import Reply
from lmssocial.lms.lti.profiles import profile_of
from lmssocial.lms.lti.registration import read_configuration, read_registered
from lmssocial.lms.lti.registration_document import (
    CANVAS,
    CLAIMS,
    TOOL_CONFIGURATION,
    ToolDescription,
    canvas_configuration,
    client_metadata,
)

SHAPES = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in (Path(__file__).parent / "shapes").glob("*.json")
}
TOOL = ToolDescription(
    public_url="https://social.example.edu", name="lmssocial", summary="Learn together.", picker_label="Add"
)


@pytest.fixture(params=sorted(SHAPES))
def shape(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One product's documents, and what shall come of them."""
    return dict(SHAPES[request.param])


def handed_in(shape: dict[str, Any]) -> dict[str, Any]:
    """What the product is asked for."""
    configuration = read_configuration(shape["configuration_url"], shape["configuration"])
    return client_metadata(
        TOOL,
        public_key="own-login-name",
        profile=profile_of(configuration.family, configuration.issuer),
        scopes_supported=configuration.scopes,
        placements=configuration.placements,
    )


def test_there_is_a_shape_for_every_product_that_registers_tools() -> None:
    assert set(SHAPES) == {"moodle", "canvas", "brightspace", "blackboard", "sakai"}
    assert all(shape["known_from"].endswith(".") for shape in SHAPES.values())


def test_its_configuration_is_understood(shape: dict[str, Any]) -> None:
    configuration = read_configuration(shape["configuration_url"], shape["configuration"])
    expected = shape["expected"]
    assert configuration.issuer == shape["configuration"]["issuer"]
    assert profile_of(configuration.family, configuration.issuer).name == expected["profile"]
    assert configuration.token_audience == expected["token_audience"]


def test_it_is_asked_for_everything_it_offers_and_we_use_and_nothing_else(shape: dict[str, Any]) -> None:
    document, expected = handed_in(shape), shape["expected"]
    tool = document[TOOL_CONFIGURATION]
    assert document["scope"].split() == expected["scopes"]
    assert set(document["scope"].split()) <= set(shape["configuration"]["scopes_supported"])
    asked = {message["type"]: message.get("placements", []) for message in tool["messages"]}
    assert asked == expected["messages"]
    assert sorted(tool["custom_parameters"]) == sorted(expected["custom"])
    assert tool["claims"] == list(CLAIMS)
    own = "https://social.example.edu/lti/login/own-login-name"
    assert document["initiate_login_uri"] == (own if expected["login"] == "own" else own.rpartition("/")[0])


def test_only_canvas_is_told_canvas_words(shape: dict[str, Any]) -> None:
    is_canvas = shape["expected"]["profile"] == "canvas"
    assert (CANVAS in json.dumps(handed_in(shape))) is is_canvas


def test_in_canvas_the_course_navigation_is_off_until_somebody_wants_it() -> None:
    messages = handed_in(SHAPES["canvas"])[TOOL_CONFIGURATION]["messages"]
    (launch,) = (one for one in messages if one["type"] == "LtiResourceLinkRequest")
    assert launch[CANVAS + "course_navigation/default_enabled"] is False
    (extension,) = canvas_configuration(TOOL)["extensions"]
    by_name = {one["placement"]: one for one in extension["settings"]["placements"]}
    assert by_name["course_navigation"]["default"] == "disabled"
    assert by_name["course_navigation"]["message_type"] == "LtiResourceLinkRequest"


def test_by_link_and_by_hand_canvas_is_asked_for_the_same() -> None:
    by_link, by_hand = handed_in(SHAPES["canvas"]), canvas_configuration(TOOL)
    (extension,) = by_hand["extensions"]
    linked = {name for one in by_link[TOOL_CONFIGURATION]["messages"] for name in one.get("placements", [])}
    assert {one["placement"] for one in extension["settings"]["placements"]} == linked
    assert by_hand["custom_fields"] == by_link[TOOL_CONFIGURATION]["custom_parameters"]
    keeps_itself_up_to_date = {"https://purl.imsglobal.org/spec/lti-reg/scope/registration"}
    assert set(by_hand["scopes"]) == set(by_link["scope"].split()) - keeps_itself_up_to_date
    assert extension["tool_id"] == by_link[TOOL_CONFIGURATION][CANVAS + "tool_id"]
    assert extension["privacy_level"] == by_link[TOOL_CONFIGURATION][CANVAS + "privacy_level"] == "public"


def test_its_answer_is_understood(shape: dict[str, Any]) -> None:
    registered, expected = read_registered(Reply(201, {}, b"", shape["answer"])), shape["expected"]
    assert (registered.client_id, registered.deployment_id, registered.management_url) == (
        expected["client_id"],
        expected["deployment_id"],
        expected["management_url"],
    )
