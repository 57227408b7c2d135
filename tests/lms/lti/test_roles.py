"""What an LMS calls people, and what it means."""

import pytest

from lmssocial.lms.lti.roles import TEST_USER, LtiRole, RoleScope, parse_role, parse_roles

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
CONTEXT, INSTITUTION, SYSTEM = RoleScope.CONTEXT, RoleScope.INSTITUTION, RoleScope.SYSTEM


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (LIS + "membership#Instructor", LtiRole(CONTEXT, "Instructor")),
        (LIS + "membership#Learner", LtiRole(CONTEXT, "Learner")),
        (
            LIS + "membership/Instructor#TeachingAssistant",
            LtiRole(CONTEXT, "Instructor", "TeachingAssistant"),
        ),
        (LIS + "membership/Learner#GuestLearner", LtiRole(CONTEXT, "Learner", "GuestLearner")),
        (LIS + "institution/person#Instructor", LtiRole(INSTITUTION, "Instructor")),
        (LIS + "system/person#Administrator", LtiRole(SYSTEM, "Administrator")),
        ("http://purl.imsglobal.org/vocab/lti/system/person#TestUser", TEST_USER),
        ("Instructor", LtiRole(CONTEXT, "Instructor")),
        (" Mentor ", LtiRole(CONTEXT, "Mentor")),
    ],
)
def test_a_role_is_understood_with_its_scope(text: str, role: LtiRole) -> None:
    assert parse_role(text) == role


@pytest.mark.parametrize(
    "text",
    [
        "",
        "instructor",
        "TeachingAssistant",
        "http://example.com/roles#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/membership",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#",
        "http://purl.imsglobal.org/vocab/lis/v2/membership/Wizard#Instructor",
        "https://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
        "http://evil.example/http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
        "urn:lti:role:ims/lis/Instructor",
    ],
)
def test_a_name_of_another_vocabulary_means_nothing(text: str) -> None:
    assert parse_role(text) is None


def test_empty_and_none_entries_fall_away() -> None:
    stated = ["", LIS + "institution/person#None", LIS + "membership#Learner", "nonsense"]
    assert parse_roles(stated) == {LtiRole(CONTEXT, "Learner")}
