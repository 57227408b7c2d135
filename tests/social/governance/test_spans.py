"""The page on which staff see and choose the courses theirs works with."""

import re

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import spanning
from tests.social.governance.conftest import SitDown
from tests.support.people import Place, make_person, make_place
from tests.support.seat import text_of


def test_staff_found_a_community_show_its_code_once_and_leave_again(
    sit: SitDown, session: Session, place: Place, iris: Actor
) -> None:
    other = make_place(session, beside=place)
    uma = make_person(session, other, "Uma Lind", LmsRole.INSTRUCTOR)
    chair = sit(iris)
    assert "works with no other one yet" in chair.reads("/courses")
    shown = chair.press("/courses", "/settings/courses", title="Lean practice", about="Kaizen")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", shown)
    assert code, shown
    page = chair.reads("/courses")
    assert "Lean practice" in page
    assert code.group() not in page
    session.rollback()
    span = spanning.join(session, uma, code.group())
    session.commit()
    assert other.community.title in chair.reads("/courses")
    again = chair.press("/courses", f"/courses/{span.id}/code")
    assert "A new code for" in again
    assert "No further course can join now" in chair.press("/courses", f"/courses/{span.id}/close")
    assert "no longer in" in chair.press(f"/courses/{span.id}/leave", f"/courses/{span.id}/leave")
    session.rollback()
    assert spanning.together(session, other.community.id) == {}


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(sit: SitDown, iris: Actor) -> None:
    chair = sit(iris)
    form = chair.seat.form(chair.open("/courses"), "/courses/join")
    answer = chair.seat.send(form, code="WRONG-CODE")
    assert answer.status_code == 422
    assert "No community of courses has this code" in text_of(answer)
    assert 'value="WRONG-CODE"' in answer.get_data(as_text=True)
    form = chair.seat.form(chair.open("/courses"), "/settings/courses")
    answer = chair.seat.send(form, title="", about="Kaizen")
    assert answer.status_code == 422
    assert "Give it a title" in text_of(answer)
    assert "Kaizen" in answer.get_data(as_text=True)


def test_stewards_and_learners_find_nothing_of_it(sit: SitDown, stella: Actor, ben: Actor) -> None:
    for somebody in (stella, ben):
        chair = sit(somebody)
        assert chair.open("/courses").status_code == 403
        assert chair.send("/courses", title="Lean", kind="horizontal").status_code == 403
        assert chair.send("/courses/join", code="x").status_code == 403
