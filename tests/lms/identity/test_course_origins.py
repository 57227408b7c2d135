"""What a course was copied from, as launches and notices tell it."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.lms.identity.admission import admit
from lmssocial.lms.identity.courses import MAX_ORIGINS, note_origins
from lmssocial.lms.identity.models import Course
from tests.fakes.platform import FakePlatform
from tests.fakes.registered import register
from tests.lms.identity.test_admission import launch_of


def test_a_launch_that_tells_the_whole_history_keeps_what_a_notice_told(session: Session) -> None:
    registration = register(session, FakePlatform(jwks_url="https://lms.example.edu/jwks"))
    course = admit(session, launch_of(registration.id)).course
    note_origins(course, ["course-9"])
    admit(session, launch_of(registration.id, custom={"context_id_history": "course-8, course-7"}))
    admit(session, launch_of(registration.id, custom={"context_id_history": ""}))
    assert course.origins == {"contexts": ["course-8", "course-7", "course-9"]}


def test_histories_count_under_the_names_that_two_products_give_them(session: Session) -> None:
    registration = register(session, FakePlatform(jwks_url="https://lms.example.edu/jwks"))
    custom = {"Context.id.history": "course-8", "ResourceLink.id.history": "link-8,link-7"}
    admitted = admit(session, launch_of(registration.id, custom=custom))
    assert admitted.course.origins == {"contexts": ["course-8"]}
    assert admitted.resource_link is not None
    assert admitted.resource_link.origins == {"links": ["link-8", "link-7"]}


@pytest.mark.parametrize(
    ("known", "told", "kept"),
    [
        ([], ["a"], ["a"]),
        (["a"], ["a"], ["a"]),
        (["b"], ["a", "b"], ["a", "b"]),
        (["a"], [], ["a"]),
        ([], ["itself", "a"], ["a"]),
        ([], [str(number) for number in range(99)], [str(number) for number in range(MAX_ORIGINS)]),
    ],
)
def test_the_nearest_comes_first_and_none_twice(known: list[str], told: list[str], kept: list[str]) -> None:
    course = Course(context_id="itself", origins={"contexts": known})
    note_origins(course, told)
    assert course.origins["contexts"] == kept
