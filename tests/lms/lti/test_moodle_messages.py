"""Messages as a Moodle 4.5 sends them, written by hand after what one was seen to send; its people are invented."""

from typing import Any

import pytest

from lmssocial.lms.identity.role_mapping import lms_roles
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti import checks, claims
from lmssocial.lms.lti.launch import Launch, MessageType
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.reading import read_launch

MOODLE = Platform(
    registration_id=3,
    public_key="abc",
    issuer="https://moodle.example.edu",
    client_id="kX2bQw81LmZp0aT",
    auth_login_url="https://moodle.example.edu/mod/lti/auth.php",
    jwks_url="https://moodle.example.edu/mod/lti/certs.php",
)
TARGET = "https://social.example.edu/lti/launch"
SERVICES = "https://moodle.example.edu/mod/lti/services.php"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
LEARNER, INSTRUCTOR = f"{LIS}membership#Learner", f"{LIS}membership#Instructor"

LINK_MESSAGE: dict[str, Any] = {
    "iss": MOODLE.issuer,
    "aud": MOODLE.client_id,
    "sub": "41",
    "given_name": "Inge",
    "family_name": "Moreau",
    "name": "Inge Moreau",
    "email": "inge@example.edu",
    claims.MESSAGE_TYPE: "LtiResourceLinkRequest",
    claims.VERSION: "1.3.0",
    claims.DEPLOYMENT_ID: "6",
    claims.TARGET_LINK_URI: TARGET,
    claims.ROLES: [LEARNER],
    claims.LIS: {"person_sourcedid": "", "course_section_sourcedid": ""},
    claims.CONTEXT: {"id": "12", "label": "HYD2", "title": "Hydrology II", "type": ["CourseSection"]},
    claims.RESOURCE_LINK: {"id": "77", "title": "Week 3", "description": "READ THIS first"},
    claims.LAUNCH_PRESENTATION: {
        "locale": "en",
        "document_target": "iframe",
        "return_url": "https://moodle.example.edu/mod/lti/return.php?course=12&launch_container=3&sesskey=s",
    },
    claims.TOOL_PLATFORM: {
        "product_family_code": "moodle",
        "version": "2024100706",
        "guid": "0f",
        "name": "ME",
    },
    claims.CUSTOM: {
        "placement": "4d0c",
        "context_id_history": "9,4",
        "resource_link_id_history": "$ResourceLink.id.history",
        "group_ids": "3,5",
        "due": "$ResourceLink.submission.endDateTime",
        "context_memberships_url": f"{SERVICES}/CourseSection/12/bindings/6/memberships",
    },
    claims.GRADES: {
        "scope": [AGS + name for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")],
        "lineitems": f"{SERVICES}/12/lineitems?type_id=6",
        "lineitem": f"{SERVICES}/12/lineitems/31/lineitem?type_id=6",
    },
    claims.NAMES_AND_ROLES: {
        "context_memberships_url": f"{SERVICES}/CourseSection/12/bindings/6/memberships",
        "service_versions": ["1.0", "2.0"],
    },
    "https://purl.imsglobal.org/spec/lti/claim/ext": {"user_username": "inge", "lms": "moodle-2"},
    "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": {
        "lis_result_sourcedid": '{"data":{"instanceid":"77","userid":"41"},"hash":"0"}',
        "lis_outcome_service_url": "https://moodle.example.edu/mod/lti/service.php",
    },
}
REVIEW = {claims.MESSAGE_TYPE: "LtiSubmissionReviewRequest"}


def launch(**changes: object) -> Launch:
    """Check and read a message of Moodle's; a change to ``None`` leaves a claim out."""
    token = {name: value for name, value in {**LINK_MESSAGE, **changes}.items() if value is not None}
    checks.check_issuer(token, MOODLE)
    checks.check_audience(token, MOODLE)
    checks.check_deployment(token, "6")
    message_type = checks.check_message(token, target=TARGET, allow_anonymous=False)
    if message_type is MessageType.DEEP_LINKING:
        checks.check_deep_linking(token, MOODLE)
    return read_launch(token, MOODLE, message_type)


@pytest.mark.parametrize(
    ("who", "sub", "stated", "role"),
    [
        ("a student", "41", [LEARNER], LmsRole.LEARNER),
        ("a teacher", "3", [INSTRUCTOR], LmsRole.INSTRUCTOR),
        ("a non-editing teacher, whom the roster calls a learner", "5", [INSTRUCTOR], LmsRole.INSTRUCTOR),
        ("a teacher who looks as a student", "3", [LEARNER], LmsRole.LEARNER),
        (
            "an administrator",
            "2",
            [f"{LIS}institution/person#Administrator", INSTRUCTOR, f"{LIS}system/person#Administrator"],
            LmsRole.INSTRUCTOR,
        ),
    ],
)
def test_roles_are_those_in_the_course(who: str, sub: str, stated: list[str], role: LmsRole) -> None:
    read = launch(sub=sub, **{claims.ROLES: stated})
    assert (read.person.sub, *lms_roles(read.roles)) == (sub, role), who


def test_a_launch_names_its_services_with_their_queries_and_leaves_out_what_moodle_did_not_resolve() -> None:
    read = launch()
    assert read.product_family == "moodle"
    assert read.memberships is not None
    assert read.memberships.url == f"{SERVICES}/CourseSection/12/bindings/6/memberships"
    assert read.grades is not None
    assert read.grades.line_item_url == f"{SERVICES}/12/lineitems/31/lineitem?type_id=6"
    assert set(read.custom) == {"placement", "context_id_history", "group_ids", "context_memberships_url"}
    assert (read.custom["context_id_history"], read.custom["group_ids"]) == ("9,4", "3,5")


def test_after_a_second_column_for_one_link_moodle_names_none_and_is_let_in_all_the_same() -> None:
    for message in ({}, {**REVIEW, claims.FOR_USER: {"user_id": "41"}}):
        read = launch(**message, **{claims.GRADES: {**LINK_MESSAGE[claims.GRADES], "lineitem": None}})
        assert read.grades is not None
        assert (read.grades.line_item_url, bool(read.grades.line_items_url)) == ("", True)


@pytest.mark.parametrize(
    ("sub", "stated", "of"),
    [("3", INSTRUCTOR, "41"), ("41", LEARNER, "41")],
    ids=["a teacher opens the grade of a student", "a student opens her own"],
)
def test_every_click_in_its_gradebook_asks_for_a_review(sub: str, stated: str, of: str) -> None:
    read = launch(sub=sub, **{claims.ROLES: [stated]}, **REVIEW, **{claims.FOR_USER: {"user_id": of}})
    assert read.message_type is MessageType.SUBMISSION_REVIEW
    assert (read.person.sub, read.review_of) == (sub, of)


def test_choosing_content_takes_several_links_and_their_columns_though_moodle_says_nothing_of_them() -> None:
    read = launch(
        sub="3",
        **{
            claims.MESSAGE_TYPE: "LtiDeepLinkingRequest",
            claims.ROLES: [INSTRUCTOR],
            claims.RESOURCE_LINK: None,
            claims.DEEP_LINKING_SETTINGS: {
                "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["frame", "iframe", "window"],
                "accept_copy_advice": False,
                "accept_multiple": True,
                "accept_unsigned": False,
                "auto_create": False,
                "can_confirm": False,
                "deep_link_return_url": "https://moodle.example.edu/mod/lti/contentitem_return.php?course=12&id=6",
                "title": "Social learning",
                "text": "",
            },
        },
    )
    assert read.deep_linking is not None
    assert read.deep_linking.return_url.endswith("contentitem_return.php?course=12&id=6")
    assert read.deep_linking.accept_multiple
    assert read.deep_linking.accept_line_item
    assert read.deep_linking.data is None


def test_without_leave_to_share_names_only_the_number_of_the_person_comes() -> None:
    nameless = launch(name=None, given_name=None, family_name=None, email=None)
    assert (nameless.person.sub, nameless.person.full_name, nameless.person.email) == ("41", "", "")
