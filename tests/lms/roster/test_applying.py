"""What a roster says of people becomes what we know of them, and no more."""

from collections.abc import Callable

import pytest

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from tests.conftest import TestClock
from tests.fakes.rosters import PERSON, person
from tests.lms.roster.conftest import Class
from tests.support.people import make_person

Classes = Callable[..., Class]
VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"


def test_a_roster_without_names_gives_everybody_a_pseudonym_that_stays(
    classes: Classes, clock: TestClock
) -> None:
    course = classes([person(number, name=None, email=None) for number in range(5)])
    course.read()
    names = [course.user(f"member-{number}").name for number in range(5)]
    clock.tick(days=1)

    course.ask()

    assert len(set(names)) == 5
    assert all(name.startswith("Participant ") for name in names)
    assert [course.user(f"member-{number}").name for number in range(5)] == names
    assert [course.user(f"member-{number}").email for number in range(5)] == [""] * 5
    assert course.count(Membership) == course.count(User) == 5, "read twice, and nobody is there twice"


def test_names_follow_when_the_privacy_level_rises_and_stay_when_it_falls(
    classes: Classes, clock: TestClock
) -> None:
    course = classes([person(1, name=None, email=None)])
    course.read()
    for entry in (
        person(1, name=None, given_name="Ana", family_name="Ruiz", email="ana@example.org"),
        person(1, name=None, email=None),
    ):
        course.lms.people = [entry]
        clock.tick(days=1)
        course.ask()

        assert (course.user("member-1").name, course.user("member-1").has_real_name) == ("Ana Ruiz", True)
        assert course.user("member-1").email == "ana@example.org"


def test_the_role_of_a_launch_stands_and_the_roster_decides_only_before_it(
    classes: Classes, clock: TestClock
) -> None:
    course = classes([person(1, roles=["Learner"]), person(2, roles=["Learner"])])
    assistant = make_person(course.session, course.place, "Toby", LmsRole.INSTRUCTOR)
    course.session.get_one(User, assistant.user_id).sub = "member-1"
    course.session.commit()
    course.read()
    course.lms.people = [person(1), person(2, roles=["Instructor"])]
    clock.tick(days=1)

    course.ask()

    assert course.membership("member-1").lead_role == "instructor", (
        "a Moodle calls its assistants learners here"
    )
    assert course.membership("member-1").roster_run_id == course.runs[-1].id
    assert course.membership("member-2").lead_role == "instructor"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("roles", "lead"),
    [
        (["Instructor"], "instructor"),
        ([f"{VOCABULARY}membership#Instructor"], "instructor"),
        ([f"{VOCABULARY}institution/person#Instructor"], "learner"),
        ([f"{VOCABULARY}institution/person#Administrator", "Learner"], "learner"),
        (
            [
                f"{VOCABULARY}membership#Instructor",
                f"{VOCABULARY}membership/Instructor#TeachingAssistant",
            ],
            "teaching_assistant",
        ),
        ([], "learner"),
    ],
)
def test_only_roles_in_the_course_give_rights(classes: Classes, roles: list[str], lead: str) -> None:
    course = classes([person(1, roles=roles)])
    course.read()
    assert course.membership("member-1").lead_role == lead


def test_test_users_are_marked(classes: Classes) -> None:
    course = classes([person(1, roles=["Learner", f"{PERSON}TestUser"])])
    course.read()
    assert course.user("member-1").is_test


def test_nobody_is_recognised_by_their_address(classes: Classes) -> None:
    course = classes([person(1, email="same@example.org"), person(2, email="same@example.org")])
    before = make_person(course.session, course.place)
    course.session.get_one(User, before.user_id).email = "same@example.org"
    course.session.commit()

    course.read()

    assert course.count(User) == 3


def test_a_person_listed_for_each_of_their_roles_is_one_person_with_all(classes: Classes) -> None:
    course = classes(
        [
            person(1, roles=["Learner"], status="Inactive"),
            person(1, roles=["Instructor"]),
            person(1, roles=["Mentor"]),
        ]
    )
    course.read()
    assert course.membership("member-1").roles == "instructor mentor"
    assert course.membership("member-1").active


def test_entries_that_no_database_can_hold_are_left_out(classes: Classes) -> None:
    odd = [
        {"roles": ["Learner"]},
        "somebody",
        None,
        person(1, user_id="x" * 300),
        person(1, name="\x00 A\ud800na "),
    ]
    course = classes([*odd, person(2, name="N" * 500, email="e" * 300)])
    course.read()
    assert course.active() == {"member-1", "member-2"}
    assert course.user("member-1").name == "Ana"
    assert (len(course.user("member-2").name), course.user("member-2").email) == (200, "")


def test_who_launches_again_is_in_the_course_again_until_the_roster_is_read(
    classes: Classes, clock: TestClock
) -> None:
    course = classes([person(1), person(2)])
    course.read()
    course.lms.people = [person(1)]
    clock.tick(days=1)
    course.ask()
    with course.sessions() as session, unit_of_work(session):
        row = session.get_one(Membership, course.membership("member-2").id)
        row.active, row.last_launch_at = True, the_clock.now()
    course.lms.people = [person(1), person(2)]
    clock.tick(days=1)

    course.ask()

    assert course.active() == {"member-1", "member-2"}
