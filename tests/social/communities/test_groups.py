"""Course groups: who makes them, who is in them, and lists of names."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import group_members, groups
from lmssocial.social.communities.group_members import Line
from lmssocial.social.communities.models import Group, GroupMember
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat, text_of


@pytest.fixture
def place(session: Session) -> Place:
    """A course."""
    return make_place(session)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def tom(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


def names_in(session: Session, tom: Actor, group_id: int) -> list[str]:
    return [person.name for person in group_members.members_of(session, tom, group_id)]


def test_an_instructor_makes_a_group_fills_it_and_empties_it(
    session: Session, ana: Actor, tom: Actor
) -> None:
    group = groups.make(session, tom, "  Red   team ")
    assert groups.put_in(session, tom, group.id, [ana.user_id, tom.user_id, 999_999]) == 2
    assert groups.put_in(session, tom, group.id, [ana.user_id]) == 0
    assert names_in(session, tom, group.id) == ["Ana Ruiz", "Tom Berg"]
    assert groups.take_out(session, tom, group.id, [tom.user_id]) == 1
    assert [(row.name, row.members) for row in groups.groups(session, tom)] == [("Red team", 1)]
    groups.rename(session, tom, group.id, "Blue team")
    groups.remove(session, tom, group.id)
    assert groups.groups(session, tom) == []
    assert session.scalars(select(GroupMember)).all() == []


def test_two_groups_never_have_one_name(session: Session, tom: Actor) -> None:
    groups.make(session, tom, "Red")
    blue = groups.make(session, tom, "Blue")
    for name in ("Red", "rED"):
        with pytest.raises(Conflict):
            groups.make(session, tom, name)
        with pytest.raises(Conflict):
            groups.rename(session, tom, blue.id, name)
    session.refresh(blue)
    assert blue.name == "Blue"
    assert groups.rename(session, tom, blue.id, "BLUE").name == "BLUE"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_group_needs_a_name_that_fits(session: Session, tom: Actor, name: str) -> None:
    with pytest.raises(Invalid):
        groups.make(session, tom, name)


def test_learners_and_strangers_change_no_groups(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    group = groups.make(session, tom, "Red")
    stranger = make_person(session, make_place(session, beside=place), "", LmsRole.INSTRUCTOR)
    for deed in (
        lambda who: groups.make(session, who, "Green"),
        lambda who: groups.rename(session, who, group.id, "Green"),
        lambda who: groups.remove(session, who, group.id),
        lambda who: groups.put_in(session, who, group.id, [ana.user_id]),
        lambda who: groups.take_out(session, who, group.id, [ana.user_id]),
    ):
        with pytest.raises(NotAllowed):
            deed(ana)
    with pytest.raises(NotFound):
        groups.rename(session, stranger, group.id, "Green")
    with pytest.raises(NotFound):
        groups.put_in(session, stranger, group.id, [ana.user_id])


def test_nobody_changes_a_group_of_the_lms_here(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    group = Group(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        name="Section 1",
        lms_key="s1",
        created_at=clock.now(),
    )
    session.add(group)
    session.flush()
    with pytest.raises(NotAllowed):
        groups.put_in(session, tom, group.id, [ana.user_id])
    with pytest.raises(NotAllowed):
        groups.remove(session, tom, group.id)
    done = group_members.assign(session, tom, [Line(name="Ana Ruiz", group="section 1")])
    assert (done.added, done.kept) == (0, ("Section 1",))


def test_a_list_of_names_fills_groups_and_says_what_it_could_not_do(
    session: Session, place: Place, tom: Actor
) -> None:
    make_person(session, place, "Ana Ruiz")
    for _ in range(2):
        make_person(session, place, "Kim Lee")
    gone = make_person(session, place, "Gone Person")
    session.scalars(select(Membership).where(Membership.user_id == gone.user_id)).one().active = False
    session.flush()
    groups.make(session, tom, "Red")
    text = "ana ruiz\tred\nTom Berg\tBlue\nKim Lee\tBlue\nGone Person\tBlue\n\nNobody Here\tBlue"
    done = group_members.assign(session, tom, group_members.read_lines(text))
    assert (done.added, done.made) == (2, ("Blue",))
    assert (done.unknown, done.ambiguous) == (("Gone Person", "Nobody Here"), ("Kim Lee",))
    found = {row.name: names_in(session, tom, row.id) for row in groups.groups(session, tom)}
    assert found == {"Blue": ["Tom Berg"], "Red": ["Ana Ruiz"]}


@pytest.mark.parametrize(
    ("text", "name", "group"),
    [
        ("Ana Ruiz, Red", "Ana Ruiz", "Red"),
        ('"Ruiz, Ana",Red', "Ruiz, Ana", "Red"),
        ("Ana;Ruiz;Red", "Ana Ruiz", "Red"),
        ("Ana Ruiz\tRed team\t", "Ana Ruiz", "Red team"),
    ],
)
def test_lines_are_read_as_spreadsheets_write_them(text: str, name: str, group: str) -> None:
    assert group_members.read_lines(text) == [Line(name=name, group=group)]


def test_a_line_from_a_spreadsheet_may_stand_below_a_typed_one() -> None:
    assert group_members.read_lines("Ana Ruiz, Red\nBen Okoro\tBlue, or so") == [
        Line(name="Ana Ruiz", group="Red"),
        Line(name="Ben Okoro", group="Blue, or so"),
    ]


def test_a_line_without_a_group_is_refused_with_its_number() -> None:
    with pytest.raises(Invalid, match="Line 3"):
        group_members.read_lines("Ana Ruiz, Red\n\nBen Okoro")


SitDown = Callable[[Actor], Seat]


@pytest.fixture
def seat(app: Flask, session: Session, place: Place) -> SitDown:
    """Somebody in front of the settings."""

    def sit_down(actor: Actor) -> Seat:
        sign_in(session, place, actor, f"browser-{actor.user_id}")
        session.commit()
        return Seat(app, f"browser-{actor.user_id}", f"/w/{place.placement.id}/settings")

    return sit_down


def test_groups_are_made_filled_renamed_and_deleted_without_scripts(
    session: Session, ana: Actor, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    page = at_toms.fill_in("/groups", "/groups", name="Red")
    assert "Nobody is in it yet." in text_of(page)
    group_id = page.request.path.rpartition("/")[2]
    form = at_toms.form(at_toms.open(f"/groups/{group_id}?q=ana"), "/members")
    page = at_toms.follow(at_toms.send(form, person=str(ana.user_id)))
    assert "1 person was added." in text_of(page)
    session.rollback()
    assert session.scalars(select(GroupMember.user_id)).all() == [ana.user_id]
    session.rollback()  # a snapshot that is kept would trip the next writer
    page = at_toms.fill_in("/groups", "/groups/names", names="Tom Berg, Red\nNobody, Red")
    assert "1 person was put into a group." in text_of(page)
    assert "Nobody in this course is called so: Nobody." in text_of(page)
    page = at_toms.fill_in(f"/groups/{group_id}", "/name", name="Blue")
    assert "Saved." in text_of(page)
    page = at_toms.fill_in(f"/groups/{group_id}", "/remove")
    assert "There are no groups yet." in text_of(page)


def test_a_name_that_is_taken_is_said_beside_the_field(tom: Actor, seat: SitDown) -> None:
    at_toms = seat(tom)
    at_toms.fill_in("/groups", "/groups", name="Red")
    answer = at_toms.send(at_toms.form(at_toms.open("/groups"), "/groups"), name="Red")
    assert answer.status_code == 409
    assert "There is a group of this name already." in text_of(answer)


def test_learners_do_not_reach_the_groups(ana: Actor, tom: Actor, seat: SitDown) -> None:
    at_anas, at_toms = seat(ana), seat(tom)
    page = at_toms.fill_in("/groups", "/groups", name="Red")
    for path in ("/groups", page.request.path):
        assert at_anas.open(path).status_code == 403
