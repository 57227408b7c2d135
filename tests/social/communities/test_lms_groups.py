"""Groups that the LMS keeps: who is in them, what they are called, and what becomes of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti.services.scopes import GROUPS
from lmssocial.lms.roster.ports import Belonging, NamedGroup
from lmssocial.social.communities import groups, lms_groups
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.models import Audience, Thread
from tests.support.discussion import let_pass, thread_of
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries


def told(*ids: str) -> Belonging:
    return Belonging(groups=frozenset(ids))


def belong(session: Session, place: Place, belongings: dict[int, Belonging]) -> None:
    lms_groups.belong(session, place.course.id, belongings)
    session.expire_all()


def named(session: Session, place: Place, **names: str) -> None:
    listed = [NamedGroup(id=key.removeprefix("g"), name=name) for key, name in names.items()]
    lms_groups.named(session, place.course.id, listed)
    session.flush()
    session.expire_all()


def members(session: Session, place: Place) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {
        name: set()
        for name in session.scalars(select(Group.name).where(Group.community_id == place.community.id))
    }
    rows = session.execute(
        select(Group.name, GroupMember.user_id)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(Group.community_id == place.community.id)
    )
    for name, user_id in rows:
        found[name].add(user_id)
    return found


def test_people_are_put_into_the_groups_they_are_told_to_be_in_and_out_of_the_others(
    session: Session,
) -> None:
    place = make_place(session)
    ana, ben = (make_person(session, place).user_id for _ in range(2))

    belong(session, place, {ana: told("1", "2"), ben: told("2")})
    assert members(session, place) == {"Group 1": {ana}, "Group 2": {ana, ben}}
    belong(session, place, {ana: told("2"), ben: told()})
    assert members(session, place) == {"Group 1": set(), "Group 2": {ana}}, "an empty group stays"


def test_what_was_not_spoken_of_stays(session: Session) -> None:
    place = make_place(session)
    staff = make_person(session, place, "Ida", LmsRole.INSTRUCTOR)
    ana = make_person(session, place).user_id
    own = groups.make(session, staff, "Choir")
    groups.put_in(session, staff, own.id, [ana])
    belong(session, place, {ana: Belonging(groups=frozenset({"1"}), sections=frozenset({"Monday"}))})

    belong(session, place, {ana: told()})

    assert members(session, place) == {"Choir": {ana}, "Group 1": set(), "Monday": {ana}}


def test_names_come_from_the_lms_and_one_that_is_taken_here_says_where_it_comes_from(
    session: Session,
) -> None:
    place = make_place(session)
    staff = make_person(session, place, "Ida", LmsRole.INSTRUCTOR)
    groups.make(session, staff, "red")
    belong(session, place, {staff.user_id: told("1")})

    named(session, place, g1="Red", g2="Blue")
    assert members(session, place) == {"red": set(), "Red (LMS)": {staff.user_id}, "Blue": set()}
    named(session, place, g1="Red", g2="Green")
    assert set(members(session, place)) == {"red", "Red (LMS)", "Green"}, "renamed there, renamed here"


def test_a_group_that_is_gone_from_the_lms_stays_without_members_as_long_as_threads_belong_to_it(
    session: Session,
) -> None:
    place = make_place(session)
    ana = make_person(session, place)
    belong(session, place, {ana.user_id: told("1", "2")})
    red = session.scalars(select(Group.id).where(Group.lms_key == "group:1")).one()
    draft = ThreadDraft(placement_id=place.placement.id, title="Ours", source="Words")
    posted = service.post_thread(session, let_pass, ana, draft)
    session.execute(update(Thread).values(group_id=red, audience=Audience.GROUP))

    named(session, place, g3="Yellow")
    assert members(session, place) == {"Group 1": set(), "Yellow": set()}
    assert thread_of(session, posted).group_id == red
    session.execute(update(Thread).values(group_id=None, audience=Audience.EVERYBODY))
    named(session, place, g3="Yellow")
    assert members(session, place) == {"Yellow": set()}


def test_a_list_without_any_group_removes_none(session: Session) -> None:
    place = make_place(session)
    ana = make_person(session, place).user_id
    belong(session, place, {ana: told("1")})
    named(session, place)
    assert members(session, place) == {"Group 1": {ana}}


def test_who_left_the_course_is_in_no_group_of_the_lms(session: Session) -> None:
    place = make_place(session)
    staff = make_person(session, place, "Ida", LmsRole.INSTRUCTOR)
    ana = make_person(session, place).user_id
    own = groups.make(session, staff, "Choir")
    groups.put_in(session, staff, own.id, [ana])
    belong(session, place, {ana: told("1"), staff.user_id: told("1")})
    session.execute(update(Membership).where(Membership.user_id == ana).values(active=False))

    lms_groups.left(session, place.course.id)

    session.expire_all()
    assert members(session, place) == {"Choir": {ana}, "Group 1": {staff.user_id}}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Monday, 9 o'clock", "Monday, 9 o'clock"),
        ("4711", "Section 4711"),
        ("6f1c3ad0-5d0e-4b8e-9a1f-0c9a3a1f2b3c", "Section 6f1c3ad0"),
        ("n" * 255, "n" * 108),
    ],
)
def test_a_section_is_called_by_its_name_where_the_lms_tells_it(
    session: Session, said: str, name: str
) -> None:
    place = make_place(session)
    ana = make_person(session, place).user_id
    for _ in range(2):
        belong(session, place, {ana: Belonging(sections=frozenset({said}))})
    assert members(session, place) == {name: {ana}}


def test_a_hundred_people_take_as_many_statements_as_two(
    session: Session, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    place = make_place(session)
    counts = []
    for number in (2, 100):
        people = [make_person(session, place).user_id for _ in range(number)]
        session.flush()
        with count_queries() as queries:
            lms_groups.belong(
                session,
                place.course.id,
                {one: told(f"{number}-{index % 20}") for index, one in enumerate(people)},
            )
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_staff_name_a_group_of_which_the_lms_tells_the_number_only(session: Session) -> None:
    place = make_place(session)
    staff = make_person(session, place, "Ida", LmsRole.INSTRUCTOR)
    ana = make_person(session, place).user_id
    belong(session, place, {ana: told("12")})
    group_id = session.scalars(select(Group.id).where(Group.lms_key == "group:12")).one()

    groups.rename(session, staff, group_id, "Tuesday")
    belong(session, place, {ana: told("12")})
    assert members(session, place) == {"Tuesday": {ana}}
    with pytest.raises(NotAllowed):
        groups.take_out(session, staff, group_id, [ana])

    session.add(
        CourseServices(
            course_id=place.course.id,
            groups_url="https://lms.example/groups",
            group_scopes=GROUPS,
            noted_at=clock.now(),
        )
    )
    session.flush()
    with pytest.raises(NotAllowed):
        groups.rename(session, staff, group_id, "Wednesday")
