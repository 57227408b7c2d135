"""From claims to a launch: what LMS really send, and what is left of what they should not."""

from typing import Any

import pytest

from lmssocial.lms.lti import claims
from lmssocial.lms.lti.launch import (
    Context,
    DeepLinkingSettings,
    Grades,
    Launch,
    Memberships,
    MessageType,
    Person,
    Presentation,
    ResourceLink,
)
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.reading import read_launch
from lmssocial.lms.lti.roles import LtiRole, RoleScope

MOODLE = Platform(
    registration_id=3,
    public_key="abc",
    issuer="http://moodle.localhost:8100",
    client_id="DN4ZcEItehWiFsG",
    auth_login_url="http://moodle.localhost:8100/mod/lti/auth.php",
    jwks_url="http://moodle.localhost:8100/mod/lti/certs.php",
)
SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"

MOODLE_TOKEN: dict[str, Any] = {
    "iss": "http://moodle.localhost:8100",
    "aud": "DN4ZcEItehWiFsG",
    "sub": "6",
    "name": "Stu2  Dent02",
    "given_name": "Stu2",
    "family_name": "Dent02",
    "email": "student02@example.com",
    claims.DEPLOYMENT_ID: "1",
    claims.TARGET_LINK_URI: "http://127.0.0.1:9001/lti/launch",
    claims.ROLES: ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
    claims.CONTEXT: {"id": "2", "label": "NEG101", "title": "Negotiation Skills", "type": ["CourseSection"]},
    claims.RESOURCE_LINK: {"title": "Multi #1", "description": "Intro <b>text</b> from tool", "id": "10"},
    claims.LAUNCH_PRESENTATION: {
        "locale": "en_us",
        "document_target": "iframe",
        "return_url": "http://moodle.localhost:8100/mod/lti/return.php?course=2&launch_container=3",
    },
    claims.TOOL_PLATFORM: {"product_family_code": "Moodle", "version": "2024100706"},
    claims.CUSTOM: {
        "activity": "act-1795295982-0",
        "eq": "a=b",
        "context_history": "",
        "link_history": "$ResourceLink.id.history",
        "link_id_sub": None,
        "available_end": "$ResourceLink.available.endDateTime",
        "CamelKey": "Mixed",
    },
    claims.GRADES: {
        "scope": [SCOPE + "lineitem", SCOPE + "score"],
        "lineitems": "http://moodle.localhost:8100/mod/lti/services.php/2/lineitems?type_id=1",
        "lineitem": "http://moodle.localhost:8100/mod/lti/services.php/2/lineitems/21/lineitem?type_id=1",
    },
    claims.NAMES_AND_ROLES: {
        "context_memberships_url": "http://moodle.localhost:8100/mod/lti/services.php/CourseSection/2/memberships",
        "service_versions": ["1.0", "2.0"],
    },
}


def read(message_type: MessageType = MessageType.RESOURCE_LINK, /, **changes: object) -> Launch:
    """Read the token of a Moodle with some claims changed."""
    return read_launch({**MOODLE_TOKEN, **changes}, MOODLE, message_type)


def test_a_launch_of_moodle_is_read_whole() -> None:
    assert read() == Launch(
        message_type=MessageType.RESOURCE_LINK,
        registration_id=3,
        deployment_id="1",
        person=Person(
            sub="6",
            name="Stu2 Dent02",
            given_name="Stu2",
            family_name="Dent02",
            email="student02@example.com",
        ),
        roles=frozenset({LtiRole(RoleScope.CONTEXT, "Learner")}),
        context=Context(id="2", title="Negotiation Skills", label="NEG101", types=("CourseSection",)),
        resource_link=ResourceLink(id="10", title="Multi #1", description="Intro <b>text</b> from tool"),
        target_link_uri="http://127.0.0.1:9001/lti/launch",
        custom={"activity": "act-1795295982-0", "eq": "a=b", "context_history": "", "CamelKey": "Mixed"},
        locale="en-us",
        presentation=Presentation(
            document_target="iframe",
            return_url="http://moodle.localhost:8100/mod/lti/return.php?course=2&launch_container=3",
        ),
        product_family="moodle",
        memberships=Memberships(
            url="http://moodle.localhost:8100/mod/lti/services.php/CourseSection/2/memberships",
            versions=("1.0", "2.0"),
        ),
        grades=Grades(
            scopes=frozenset({SCOPE + "lineitem", SCOPE + "score"}),
            line_items_url="http://moodle.localhost:8100/mod/lti/services.php/2/lineitems?type_id=1",
            line_item_url="http://moodle.localhost:8100/mod/lti/services.php/2/lineitems/21/lineitem?type_id=1",
        ),
    )


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("plain", "plain"),
        (5, "5"),
        (2.5, "2.5"),
        (True, "true"),
        ("$Canvas.user.id", None),
        ("$5 for a coffee", "$5 for a coffee"),
        ("$price", None),
        ("costs $Price", "costs $Price"),
        (None, None),
        (["a"], None),
        ({"a": 1}, None),
        ("a\0b\ud800", "ab"),
    ],
)
def test_custom_parameters_are_text_and_what_was_not_resolved_is_not_there(
    stated: object, kept: str | None
) -> None:
    assert read(**{claims.CUSTOM: {"x": stated}}).custom.get("x") == kept


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example/",
        "ftp://lms.example.edu/",
        "https://user:password@lms.example.edu/",
        "https://",
        "https://[half",
        "https://lms.example.edu/\nSet-Cookie: a=b",
        "https://lms.example.edu/" + "x" * 5000,
        7,
        None,
    ],
)
def test_addresses_that_are_none_are_left_out(url: object) -> None:
    launch = read(
        **{
            claims.LAUNCH_PRESENTATION: {"return_url": url},
            claims.GRADES: {"lineitems": url},
            claims.NAMES_AND_ROLES: {"context_memberships_url": url},
            claims.GROUPS: {"context_groups_url": url},
        }
    )
    assert launch.presentation.return_url == ""
    assert (launch.grades, launch.memberships, launch.groups) == (None, None, None)


@pytest.mark.parametrize(
    ("stated", "locale"),
    [
        ("de", "de"),
        ("de_AT", "de-AT"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("../../etc", ""),
        ("english please", ""),
        (5, ""),
    ],
)
def test_the_language_is_a_language_tag_or_nothing(stated: object, locale: str) -> None:
    assert read(**{claims.LAUNCH_PRESENTATION: {"locale": stated}}).locale == locale


def test_without_a_presentation_the_persons_language_counts() -> None:
    assert read(**{claims.LAUNCH_PRESENTATION: None, "locale": "fr-CA"}).locale == "fr-CA"


def test_names_are_one_line_of_characters_that_can_be_stored() -> None:
    person = read(name=" Ada\n\tLovelace\0\ud83d ", given_name=5, family_name=None).person
    assert person.full_name == "Ada Lovelace"
    assert (person.given_name, person.family_name) == ("", "")


def test_a_name_may_come_in_parts() -> None:
    assert read(name=None).person.full_name == "Stu2 Dent02"
    assert read(name="", given_name="Stu2", family_name="").person.full_name == "Stu2"
    assert read(name="", given_name="", family_name="").person.full_name == ""


def test_deep_linking_settings_are_read_with_what_moodle_leaves_unsaid() -> None:
    settings = {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_multiple": True,
        "auto_create": False,
        "deep_link_return_url": "http://moodle.localhost:8100/mod/lti/contentitem_return.php?course=2&id=1",
        "title": "Probe Tool",
        "text": "",
    }
    launch = read(
        MessageType.DEEP_LINKING, **{claims.DEEP_LINKING_SETTINGS: settings, claims.RESOURCE_LINK: None}
    )
    assert launch.resource_link is None
    assert launch.deep_linking == DeepLinkingSettings(
        return_url="http://moodle.localhost:8100/mod/lti/contentitem_return.php?course=2&id=1",
        accept_types=frozenset({"ltiResourceLink"}),
        accept_document_targets=frozenset({"frame", "iframe", "window"}),
        accept_multiple=True,
        accept_line_item=True,
        auto_create=False,
        data=None,
        title="Probe Tool",
    )


@pytest.mark.parametrize(("data", "echoed"), [("abc", "abc"), ("", ""), (None, None), ({"a": 1}, None)])
def test_data_is_echoed_only_if_it_is_text(data: object, echoed: str | None) -> None:
    settings = {"accept_types": [], "deep_link_return_url": "https://lms.example.edu/b", "data": data}
    launch = read(MessageType.DEEP_LINKING, **{claims.DEEP_LINKING_SETTINGS: settings})
    assert launch.deep_linking is not None
    assert launch.deep_linking.data == echoed


def test_where_notices_are_asked_for_and_which_there_are_is_read() -> None:
    """As Canvas documents its claim (doc/api/pns.md)."""
    stated = {
        "service_versions": ["1.0"],
        "platform_notification_service_url": "https://canvas.example.edu/api/lti/notice-handlers/106",
        "scope": ["https://purl.imsglobal.org/spec/lti/scope/noticehandlers"],
        "notice_types_supported": ["LtiHelloWorldNotice", "LtiContextCopyNotice", 7],
    }
    notices = read(**{claims.NOTICE_SERVICE: stated}).notices
    assert notices is not None
    assert notices.url == "https://canvas.example.edu/api/lti/notice-handlers/106"
    assert notices.kinds >= {"LtiHelloWorldNotice", "LtiContextCopyNotice"}
    assert (
        read(
            **{claims.NOTICE_SERVICE: {**stated, "platform_notification_service_url": "javascript:0"}}
        ).notices
        is None
    )
    assert read().notices is None


def test_a_submission_review_says_whose_work_it_is_about() -> None:
    assert read(MessageType.SUBMISSION_REVIEW, **{claims.FOR_USER: {"user_id": "5"}}).review_of == "5"
    assert read(**{claims.FOR_USER: {"user_id": "5"}}).review_of is None


def test_what_is_read_cannot_be_changed() -> None:
    launch = read()
    with pytest.raises(TypeError):
        launch.custom["x"] = "y"  # type: ignore[index]
    with pytest.raises(AttributeError):
        launch.deployment_id = "2"  # type: ignore[misc]
