"""Dynamic registration as a protocol: what an LMS says, what we say, and what must not be believed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lmssocial.core.outbound import AllowList, Outbound, Reply
from lmssocial.lms.lti.registration import (
    RegistrationFailed,
    fetch_configuration,
    read_configuration,
    read_registered,
    register,
    speaks_for,
)
from lmssocial.lms.lti.registration_document import (
    CANVAS,
    SCOPES,
    TOOL_CONFIGURATION,
    ToolDescription,
    canvas_configuration,
    client_metadata,
)
from tests.fakes import registering_lms as fake
from tests.fakes.registering_lms import RegisteringLms
from tests.support.loopback import listening, says

TOOL = ToolDescription(
    public_url="https://social.example.edu:8443",
    name="lmssocial",
    summary="Learn together.",
    picker_label="Add",
)
MOODLE = "https://moodle.example.edu"
MOODLE_URL = f"{MOODLE}/mod/lti/openid-configuration.php"


@pytest.fixture
def lms() -> Iterator[RegisteringLms]:
    """A running LMS."""
    with fake.registering_lms() as lms:
        yield lms


@pytest.fixture
def outbound() -> Iterator[Outbound]:
    """A client that may call loopback."""
    with Outbound("lmssocial-test/1", AllowList.parse("127.0.0.0/8")) as outbound:
        yield outbound


def metadata(**more: Any) -> dict[str, Any]:
    """Our client metadata for a new registration."""
    return client_metadata(TOOL, public_key="own-login-name", **more)


def test_a_moodle_and_we_register_with_each_other(lms: RegisteringLms, outbound: Outbound) -> None:
    configuration = fetch_configuration(outbound, lms.configuration_url, lms.token)
    registered = register(outbound, configuration, metadata(scopes_supported=configuration.scopes), lms.token)
    assert (configuration.issuer, configuration.family) == (lms.origin, "moodle")
    assert configuration.jwks_uri == f"{lms.origin}/mod/lti/certs.php"
    assert (registered.client_id, registered.deployment_id) == ("DN4ZcEItehWiFsG", "1")
    assert [asked.headers["Authorization"] for asked in lms.server.seen] == ["Bearer one-time-token"] * 2
    assert all(asked.headers["User-Agent"] == "lmssocial-test/1" for asked in lms.server.seen)


def test_without_a_token_no_authorization_is_sent(lms: RegisteringLms, outbound: Outbound) -> None:
    fetch_configuration(outbound, lms.configuration_url, "")
    assert "Authorization" not in lms.server.seen[0].headers


def test_what_we_hand_in_names_our_addresses_exactly() -> None:
    document = metadata()
    tool = document[TOOL_CONFIGURATION]
    assert document["redirect_uris"] == ["https://social.example.edu:8443/lti/launch"]
    assert document["initiate_login_uri"] == "https://social.example.edu:8443/lti/login/own-login-name"
    assert document["jwks_uri"] == "https://social.example.edu:8443/lti/jwks.json"
    assert document["token_endpoint_auth_method"] == "private_key_jwt"
    assert document["response_types"] == ["id_token"]
    assert set(document["grant_types"]) == {"implicit", "client_credentials"}
    assert tool["target_link_uri"] == "https://social.example.edu:8443/lti/launch"
    assert tool["domain"] == "social.example.edu:8443"
    assert {"name", "given_name", "family_name", "email", "locale", "sub"} <= set(tool["claims"])
    assert tool["custom_parameters"]["context_id_history"] == "$Context.id.history"
    assert tool["custom_parameters"]["resource_link_id_history"] == "$ResourceLink.id.history"
    assert [message["type"] for message in tool["messages"]] == [
        "LtiDeepLinkingRequest",
        "LtiResourceLinkRequest",
    ]


def test_names_of_custom_parameters_survive_a_moodle() -> None:
    names = [
        *metadata()[TOOL_CONFIGURATION]["custom_parameters"],
        *canvas_configuration(TOOL)["custom_fields"],
    ]
    assert all(name == name.lower() and name.replace("_", "").isalnum() for name in names)


def test_only_scopes_that_the_lms_offers_are_asked_for() -> None:
    offered = {SCOPES[0], SCOPES[4], "openid", "https://other.example/scope"}
    assert metadata(scopes_supported=offered)["scope"] == f"{SCOPES[0]} {SCOPES[4]}"
    assert metadata()["scope"] == " ".join(SCOPES)


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        ({"ContentArea", "RichTextEditor"}, ["ContentArea"]),
        (
            {"assignment_selection", "link_selection", "editor_button"},
            ["assignment_selection", "link_selection"],
        ),
        ({CANVAS + "link_selection"}, [CANVAS + "link_selection"]),
        (set(), ["ContentArea"]),
    ],
)
def test_only_placements_that_the_lms_offers_are_asked_for(offered: set[str], asked: list[str]) -> None:
    document = metadata(placements={"LtiDeepLinkingRequest": frozenset(offered)})
    assert document[TOOL_CONFIGURATION]["messages"][0]["placements"] == asked


def test_where_only_unknown_placements_are_offered_none_is_asked_for() -> None:
    document = metadata(placements={"LtiDeepLinkingRequest": frozenset({"something_new"})})
    assert "placements" not in document[TOOL_CONFIGURATION]["messages"][0]


@pytest.mark.parametrize(
    ("configuration_url", "issuer"),
    [
        (MOODLE_URL, MOODLE),
        ("http://moodle.localhost:8100/x", "http://moodle.localhost:8100"),
        (
            "https://canvas.instructure.com/api/lti/security/openid-configuration",
            "https://canvas.instructure.com",
        ),
        ("https://sso.canvaslms.com/api/lti/security/openid-configuration", "https://canvas.instructure.com"),
        ("https://school.instructure.com/api/lti/x", "https://canvas.instructure.com"),
        ("https://sso.test.canvaslms.com/x", "https://canvas.test.instructure.com"),
        ("https://developer.blackboard.com/api/v1/x", "https://blackboard.com"),
    ],
)
def test_a_configuration_speaks_for_its_own_issuer(configuration_url: str, issuer: str) -> None:
    assert speaks_for(configuration_url, issuer)


@pytest.mark.parametrize(
    ("configuration_url", "issuer"),
    [
        ("https://evil.example/x", MOODLE),
        ("https://evil.example/x", "https://canvas.instructure.com"),
        ("https://evilinstructure.com/x", "https://canvas.instructure.com"),
        ("https://instructure.com.evil.example/x", "https://canvas.instructure.com"),
        ("https://canvas.instructure.com@evil.example/x", "https://canvas.instructure.com"),
        ("https://sub.moodle.example.edu/x", MOODLE),
        ("https://example.edu/x", MOODLE),
        ("https://school.instructure.com/x", "https://other.instructure.com"),
        ("https://[/x", MOODLE),
        (MOODLE_URL, ""),
        ("", ""),
    ],
)
def test_a_configuration_speaks_for_nobody_else(configuration_url: str, issuer: str) -> None:
    assert not speaks_for(configuration_url, issuer)


def test_an_issuer_of_another_host_stops_the_registration(lms: RegisteringLms, outbound: Outbound) -> None:
    lms.configuration = {"issuer": "https://bank.example"}
    with pytest.raises(RegistrationFailed, match=r"speaks for another LMS, https://bank\.example"):
        fetch_configuration(outbound, lms.configuration_url, lms.token)


def test_canvas_is_understood() -> None:
    url = "https://sso.canvaslms.com/api/lti/security/openid-configuration"
    configuration = read_configuration(url, fake.canvas_configuration())
    assert configuration.family == "canvas"
    assert configuration.token_audience == "", "Canvas names a bare host, and wants its token endpoint"
    assert configuration.placements["LtiDeepLinkingRequest"] == {"assignment_selection", "link_selection"}


def test_brightspace_names_the_audience_of_its_tokens() -> None:
    document = fake.moodle_configuration("https://school.brightspace.com")
    document["authorization_server"] = "https://api.brightspace.com/auth/token"
    configuration = read_configuration("https://school.brightspace.com/x", document)
    assert configuration.token_audience == "https://api.brightspace.com/auth/token"


@pytest.mark.parametrize(
    "name", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"]
)
@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        7,
        [],
        "javascript:alert(1)",
        "http://moodle.example.edu/x",
        "https://a:b@moodle.example.edu/",
    ],
)
def test_a_configuration_without_a_usable_address_is_refused_by_name(name: str, value: object) -> None:
    document = fake.moodle_configuration(MOODLE) | {name: value}
    with pytest.raises(RegistrationFailed, match=name):
        read_configuration(MOODLE_URL, document)


def test_every_missing_address_is_named_at_once() -> None:
    with pytest.raises(RegistrationFailed, match="issuer, authorization_endpoint, token_endpoint, jwks_uri"):
        read_configuration(MOODLE_URL, {})


@pytest.mark.parametrize("document", [[], "text", 3, None])
def test_a_configuration_that_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(RegistrationFailed, match="not a JSON object"):
        read_configuration(MOODLE_URL, document)


@pytest.mark.parametrize(
    "strange", [None, 7, "x", [1], {"messages_supported": "x", "product_family_code": 3}]
)
def test_an_unreadable_platform_part_harms_nothing(strange: object) -> None:
    document = fake.moodle_configuration(MOODLE) | {fake.PLATFORM: strange, "scopes_supported": "all"}
    configuration = read_configuration(MOODLE_URL, document)
    assert (configuration.family, configuration.scopes, configuration.placements) == ("", frozenset(), {})


def test_what_an_lms_answers_to_a_refused_registration_is_kept_word_for_word(
    lms: RegisteringLms, outbound: Outbound
) -> None:
    configuration = fetch_configuration(outbound, lms.configuration_url, lms.token)
    broken = metadata()
    broken[TOOL_CONFIGURATION]["domain"] = "other.example"
    with pytest.raises(RegistrationFailed) as plain:
        register(outbound, configuration, broken, lms.token)
    assert "domain_targetlinkuri_mismatch" in plain.value.answer
    lms.refusal = says(
        json.dumps({"errorMessage": "JWT did not include expected contents"}).encode(), status=401
    )
    with pytest.raises(RegistrationFailed) as as_json:
        register(outbound, configuration, metadata(), lms.token)
    assert "JWT did not include expected contents" in as_json.value.answer
    assert "401" in as_json.value.answer


def test_a_long_answer_is_cut(lms: RegisteringLms, outbound: Outbound) -> None:
    configuration = fetch_configuration(outbound, lms.configuration_url, lms.token)
    lms.refusal = says(b"x" * 100_000, "text/plain", 500)
    with pytest.raises(RegistrationFailed) as failure:
        register(outbound, configuration, metadata(), lms.token)
    assert len(failure.value.answer) == 1000


def test_an_lms_that_answers_with_a_page_is_told_so(outbound: Outbound) -> None:
    page = says(b"<html>Log in</html>", "text/html")
    with listening(page) as server, pytest.raises(RegistrationFailed) as failure:
        fetch_configuration(outbound, server.url(), "")
    assert "text/html instead of JSON" in failure.value.answer


def test_an_address_inside_our_own_network_is_not_called(lms: RegisteringLms) -> None:
    with Outbound("lmssocial-test/1") as strict, pytest.raises(RegistrationFailed) as failure:
        fetch_configuration(strict, lms.configuration_url, "")
    assert "LMSSOCIAL_OUTBOUND_ALLOW" in failure.value.answer
    assert lms.server.seen == []


@pytest.mark.parametrize(
    ("data", "client_id", "deployment_id"),
    [
        ({"client_id": "abc"}, "abc", ""),
        ({"client_id": 10000000000001}, "10000000000001", ""),
        ({"client_id": "abc", TOOL_CONFIGURATION: {"deployment_id": 7}}, "abc", "7"),
        ({"client_id": "abc", "deployment_id": "d-1"}, "abc", "d-1"),
        ({"client_id": "abc", TOOL_CONFIGURATION: {"deployment_id": "d" * 300}}, "abc", ""),
        ({"client_id": "abc", TOOL_CONFIGURATION: {"deployment_id": True}}, "abc", ""),
        ({"client_id": "abc", TOOL_CONFIGURATION: []}, "abc", ""),
    ],
)
def test_what_the_lms_gave_us_is_read(data: Any, client_id: str, deployment_id: str) -> None:
    registered = read_registered(Reply(200, {}, b"", data))
    assert (registered.client_id, registered.deployment_id) == (client_id, deployment_id)


def test_the_management_address_is_kept_when_there_is_one() -> None:
    data = {
        "client_id": "a",
        "registration_client_uri": "https://lms.example/r/1",
        "registration_access_token": "t",
    }
    registered = read_registered(Reply(201, {}, b"", data))
    assert (registered.management_url, registered.management_token) == ("https://lms.example/r/1", "t")


@pytest.mark.parametrize("data", [{}, None, [], {"client_id": ""}, {"client_id": None}, {"client_id": True}])
def test_an_answer_without_a_client_id_is_a_failure(data: object) -> None:
    with pytest.raises(RegistrationFailed, match="without a client id"):
        read_registered(Reply(200, {}, b"what came", data))


def test_the_canvas_configuration_is_what_a_developer_key_takes() -> None:
    document = canvas_configuration(TOOL)
    (extension,) = document["extensions"]
    assert document["oidc_initiation_url"] == "https://social.example.edu:8443/lti/login"
    assert document["target_link_uri"] == "https://social.example.edu:8443/lti/launch"
    assert document["public_jwk_url"] == "https://social.example.edu:8443/lti/jwks.json"
    assert extension["platform"] == "canvas.instructure.com"
    assert extension["privacy_level"] == "public"
    placements = {entry["placement"]: entry["message_type"] for entry in extension["settings"]["placements"]}
    picker = dict.fromkeys(("assignment_selection", "link_selection"), "LtiDeepLinkingRequest")
    assert placements == picker | {"course_navigation": "LtiResourceLinkRequest"}
