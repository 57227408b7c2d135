"""From what an LMS calls somebody to what they may do here."""

import pytest

from lmssocial.lms.identity.role_mapping import lms_roles
from lmssocial.lms.identity.roles import STAFF, LmsRole
from lmssocial.lms.lti.roles import parse_roles

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
INSTRUCTOR = LIS + "membership#Instructor"
ASSISTANT = LIS + "membership/Instructor#TeachingAssistant"


@pytest.mark.parametrize(
    ("stated", "roles"),
    [
        ([INSTRUCTOR], {LmsRole.INSTRUCTOR}),
        (["Instructor"], {LmsRole.INSTRUCTOR}),
        ([LIS + "membership#Learner"], {LmsRole.LEARNER}),
        ([LIS + "membership#Mentor"], {LmsRole.MENTOR}),
        ([LIS + "membership#ContentDeveloper"], {LmsRole.CONTENT_DEVELOPER}),
        ([LIS + "membership#Administrator"], {LmsRole.ADMINISTRATOR}),
        ([LIS + "membership#TeachingAssistant"], {LmsRole.TEACHING_ASSISTANT}),
        ([INSTRUCTOR, LIS + "membership#Learner"], {LmsRole.INSTRUCTOR, LmsRole.LEARNER}),
        ([ASSISTANT], {LmsRole.TEACHING_ASSISTANT}),
        ([ASSISTANT, INSTRUCTOR], {LmsRole.TEACHING_ASSISTANT}),
        (
            [ASSISTANT, INSTRUCTOR, LIS + "membership/Instructor#PrimaryInstructor"],
            {LmsRole.TEACHING_ASSISTANT, LmsRole.INSTRUCTOR},
        ),
        ([LIS + "membership/Instructor#Grader", INSTRUCTOR], {LmsRole.TEACHING_ASSISTANT}),
        ([LIS + "membership/Instructor#GuestInstructor"], {LmsRole.INSTRUCTOR}),
        ([LIS + "membership/Learner#Instructor"], {LmsRole.LEARNER}),
        (
            [LIS + "institution/person#Administrator", INSTRUCTOR, LIS + "system/person#Administrator"],
            {LmsRole.INSTRUCTOR},
        ),
    ],
)
def test_the_courses_own_roles_count(stated: list[str], roles: set[LmsRole]) -> None:
    assert lms_roles(parse_roles(stated)) == roles


@pytest.mark.parametrize(
    "stated",
    [
        [],
        [""],
        [LIS + "institution/person#Instructor"],
        [LIS + "institution/person#Administrator"],
        [LIS + "system/person#Administrator"],
        [LIS + "system/person#SysAdmin"],
        [LIS + "membership#Manager"],
        [LIS + "membership#Member"],
        [LIS + "membership#Wizard"],
        ["http://example.com/roles#Instructor"],
        [LIS + "membership/Manager#AreaManager"],
    ],
)
def test_whatever_gives_no_role_in_the_course_makes_a_learner(stated: list[str]) -> None:
    roles = lms_roles(parse_roles(stated))
    assert roles == {LmsRole.LEARNER}
    assert not roles & STAFF


def test_a_teaching_assistant_is_no_teacher() -> None:
    assert not lms_roles(parse_roles([ASSISTANT, INSTRUCTOR])) & STAFF
