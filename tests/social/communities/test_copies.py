"""What a link is a copy of, whatever an LMS tells about it."""

import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Stance
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Course, ResourceLink
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import appointments, copies, groups, kinship
from lmssocial.social.communities import service as communities
from lmssocial.social.communities.copied_settings import without_moments
from lmssocial.social.communities.models import Appointment, Group, Placement, Tier
from lmssocial.social.plugin_settings.models import PluginSetting
from tests.support.people import Place, make_person, make_place, make_placement

_numbers = itertools.count(1)


@dataclass
class CourseOf:
    """A course and its instructor."""

    place: Place
    tom: Actor

    def link(self, session: Session, title: str = "", **origins: Any) -> int:
        """A new link of the course, copied from the links with these ids."""
        row = ResourceLink(
            course_id=self.place.course.id,
            resource_link_id=f"link-{next(_numbers)}",
            title=title,
            origins=origins,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id

    def leads(self, session: Session, link_id: int, named: str = "", kind: str = "", **more: bool) -> int:
        """Where a link leads to now: the id of a placement, 0 for nowhere."""
        found = copies.settle(session, self.tom, link_id, named=named, kind=kind, **more)
        return 0 if found is None else found.id


def id_of(session: Session, link_id: int) -> str:
    return session.get_one(ResourceLink, link_id).resource_link_id


@pytest.fixture
def old(session: Session) -> CourseOf:
    """A course with one discussion, called Case clinic, and a link that leads there."""
    place = make_place(session)
    place.placement.title = "Case clinic"
    place.placement.settings = {"stars": True, "due_at": "2026-01-01T00:00:00+00:00"}
    return CourseOf(place, make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR))


def copy_of(session: Session, old: CourseOf, *contexts: str, told: bool = True) -> CourseOf:
    """A course with nothing in it, which the LMS says was copied from ``old`` (and before that from ``contexts``)."""
    place = make_place(session, beside=old.place)
    session.execute(delete(Placement).where(Placement.id == place.placement.id))
    if told:
        place.course.origins = {"contexts": [old.place.course.context_id, *contexts]}
    tom = make_person(session, place, "Una", LmsRole.INSTRUCTOR)
    session.flush()
    return CourseOf(place, tom)


def copied_from(session: Session, placement_id: int) -> int | None:
    return session.get_one(Placement, placement_id).copied_from_id


def test_a_uuid_of_another_course_leads_to_one_copy_however_many_links_carry_it(
    session: Session, old: CourseOf
) -> None:
    new, uuid = copy_of(session, old, told=False), old.place.placement.uuid
    first, second = (new.leads(session, new.link(session), uuid) for _ in range(2))
    assert first == second != old.place.placement.id
    copy = session.get_one(Placement, first)
    assert (copy.title, copy.settings, copy.created_by_id) == ("Case clinic", {"stars": True}, None)


def test_two_copies_of_a_course_never_meet(session: Session, old: CourseOf) -> None:
    uuid = old.place.placement.uuid
    places = []
    for _ in range(2):
        new = copy_of(session, old)
        places.append(new.leads(session, new.link(session), uuid))
    assert len({*places, old.place.placement.id}) == 3


def test_a_copy_of_a_copy_is_set_like_the_copy(session: Session, old: CourseOf) -> None:
    """The link carries the uuid of the first; what was changed in the second belongs into the third."""
    uuid = old.place.placement.uuid
    second = copy_of(session, old)
    between = session.get_one(Placement, second.leads(session, second.link(session), uuid))
    between.title, between.settings = "Case clinic, better", {"stars": False}
    third = copy_of(session, second, old.place.course.context_id)
    found = session.get_one(Placement, third.leads(session, third.link(session), uuid))
    assert (found.title, found.settings, found.copied_from_id) == (
        "Case clinic, better",
        {"stars": False},
        between.id,
    )
    assert third.leads(session, third.link(session), uuid) == found.id
    assert not copies.is_another(session, found, uuid)


def test_the_nearest_of_the_links_it_was_copied_from_decides(session: Session, old: CourseOf) -> None:
    far = old.link(session)
    old.leads(session, far, old.place.placement.uuid)
    near_place = make_placement(session, old.place.community)
    near = old.link(session)
    communities.link(session, near, near_place)
    new = copy_of(session, old, told=False)
    history = [id_of(session, near), id_of(session, far)]
    link = new.link(session, links=["gone", *history])
    assert copied_from(session, new.leads(session, link)) == near_place.id
    assert new.leads(session, link) == new.leads(session, new.link(session, links=history))


def test_of_links_with_one_id_that_of_the_nearest_course_decides(session: Session, old: CourseOf) -> None:
    other = copy_of(session, old, told=False)
    for course in (other, old):
        link = session.get_one(ResourceLink, course.link(session))
        link.resource_link_id = "same"
        session.flush()
        communities.link(session, link.id, make_placement(session, course.place.community))
    new = copy_of(session, old)
    found = copied_from(session, new.leads(session, new.link(session, links=["same"])))
    assert session.get_one(Placement, found).community_id == old.place.community.id


@pytest.mark.parametrize("title", ["Case clinic", "  case   CLINIC "])
def test_in_a_copied_course_a_link_of_the_same_name_is_found(
    session: Session, old: CourseOf, title: str
) -> None:
    new = copy_of(session, old)
    assert copied_from(session, new.leads(session, new.link(session, title))) == old.place.placement.id


def test_a_link_that_is_called_otherwise_here_than_its_activity_is_found_by_its_own_name(
    session: Session, old: CourseOf
) -> None:
    old.leads(session, old.link(session, "Week 2"), old.place.placement.uuid)
    new = copy_of(session, old)
    assert copied_from(session, new.leads(session, new.link(session, "week 2"))) == old.place.placement.id


def test_two_of_one_name_are_not_told_apart_by_guessing(session: Session, old: CourseOf) -> None:
    make_placement(session, old.place.community).title = "Case clinic"
    new = copy_of(session, old)
    link = new.link(session, "Case clinic")
    assert new.leads(session, link) == 0
    assert len(kinship.suggestions(session, new.tom, link)) == 2


def test_the_only_one_of_its_kind_is_found_once(session: Session, old: CourseOf) -> None:
    new = copy_of(session, old)
    assert new.leads(session, new.link(session, "Renamed"), kind="poll") == 0
    assert copied_from(session, new.leads(session, new.link(session, "Renamed"), kind="discussion")) == (
        old.place.placement.id
    )
    assert new.leads(session, new.link(session, "A new one"), kind="discussion") == 0


def test_a_name_alone_leads_nowhere(session: Session, old: CourseOf) -> None:
    new = copy_of(session, old, told=False)
    link = new.link(session, "Case clinic")
    assert new.leads(session, link) == 0
    assert kinship.suggestions(session, new.tom, link) == [], "they are in no course that has one"


def test_an_instructor_of_both_courses_is_asked_about_the_name(session: Session, old: CourseOf) -> None:
    new = copy_of(session, old, told=False)
    both = make_person(session, old.place, "Both", LmsRole.INSTRUCTOR)
    here = make_person(session, new.place, "", LmsRole.INSTRUCTOR)
    as_here = Actor(**{**vars(both), **{name: getattr(here, name) for name in ("course_id", "community_id")}})
    (found,) = kinship.suggestions(session, as_here, new.link(session, "Case clinic"))
    assert (found.title, found.course_title) == ("Case clinic", old.place.community.title)
    with pytest.raises(NotAllowed):
        kinship.suggestions(session, make_person(session, new.place), new.link(session, "Case clinic"))


def test_nothing_of_another_tenant_or_platform_is_ever_found(session: Session, old: CourseOf) -> None:
    """Equal ids on both sides."""
    link = old.link(session, "Case clinic")
    old.leads(session, link, old.place.placement.uuid)
    strange = make_place(session)
    session.execute(delete(Placement).where(Placement.id == strange.placement.id))
    strange.course.origins = {"contexts": [old.place.course.context_id]}
    una = CourseOf(strange, make_person(session, strange, "Una", LmsRole.INSTRUCTOR))
    theirs = una.link(session, "Case clinic", links=[id_of(session, link)])
    assert una.leads(session, theirs, old.place.placement.uuid, "discussion") == 0
    assert kinship.suggestions(session, una.tom, theirs) == []


def test_settings_of_the_community_come_along_and_people_do_not(session: Session, old: CourseOf) -> None:
    community, tom = old.place.community, old.tom
    community.tier, community.ground_rules, community.answer_hours = Tier.REVIEWED, "Bring a case.", 12
    ana = make_person(session, old.place, "Ana Ruiz")
    appointments.appoint(session, tom, ana.user_id, Office.STEWARD)
    groups.put_in(session, tom, groups.make(session, tom, "Red team").id, [ana.user_id])
    session.add(
        PluginSetting(
            level=Level.COURSE,
            place_id=old.place.course.id,
            plugin="linklimit",
            enabled=True,
            stance=Stance.ADVISE,
            values={"limit": 2, "since_at": "2026-01-01"},
            locked={},
            changed_at=clock.now(),
        )
    )
    session.flush()
    new = copy_of(session, old)
    new.leads(session, new.link(session), old.place.placement.uuid)
    here = new.place.community
    assert (here.tier, here.ground_rules, here.answer_hours) == (Tier.REVIEWED, "Bring a case.", 12)
    policy = session.scalars(select(PluginSetting).where(PluginSetting.place_id == new.place.course.id)).one()
    assert (policy.enabled, policy.stance, policy.values) == (True, Stance.ADVISE, {"limit": 2})
    for table in (Group, Appointment):
        assert not session.scalars(select(table).where(table.community_id == here.id)).all()


def test_where_people_have_begun_nothing_is_set_over_their_heads(session: Session, old: CourseOf) -> None:
    old.place.community.tier = Tier.ASSURED
    new = copy_of(session, old)
    make_placement(session, new.place.community)
    new.leads(session, new.link(session), old.place.placement.uuid)
    assert new.place.community.tier is Tier.OPEN


def test_a_second_link_in_one_course_leads_to_the_same_until_an_instructor_separates_them(
    session: Session, old: CourseOf
) -> None:
    uuid, placed = old.place.placement.uuid, old.place.placement.id
    first, second = old.link(session), old.link(session)
    assert old.leads(session, first, uuid) == old.leads(session, second, uuid) == placed
    assert not copies.is_doubled(session, first)
    assert copies.is_doubled(session, second)
    with pytest.raises(NotAllowed):
        copies.separate(session, make_person(session, old.place), second)
    own = copies.separate(session, old.tom, second)
    assert (own.title, own.settings, own.copied_from_id) == ("Case clinic", {"stars": True}, placed)
    assert not copies.is_doubled(session, second)
    led = communities.placement_of_link(session, second)
    assert led is not None
    assert led.id == own.id
    assert not copies.is_another(session, led, uuid), "the link carries the uuid of the first for ever"
    assert old.leads(session, old.link(session), uuid, together=True) == placed


def test_links_that_are_meant_to_meet_are_not_asked_about(session: Session, old: CourseOf) -> None:
    uuid = old.place.placement.uuid
    old.leads(session, old.link(session), uuid)
    second, third = old.link(session), old.link(session)
    old.leads(session, second, uuid, together=True)
    assert not copies.is_doubled(session, second)
    old.leads(session, third, uuid)
    copies.keep_together(session, old.tom, third)
    assert not copies.is_doubled(session, third)


def test_moments_stay_behind_however_deep_they_lie() -> None:
    settings = {"a": 1, "due_at": "x", "steps": [{"name": "one", "opens_at": "x"}], "more": {"until_at": 1}}
    assert without_moments(settings) == {"a": 1, "steps": [{"name": "one"}], "more": {}}


def test_courses_know_what_a_launch_or_a_notice_told_of_them(session: Session, old: CourseOf) -> None:
    """Found by the columns that notices and launches fill, whichever of them came first."""
    new = copy_of(session, old, told=False)
    link = new.link(session, "Case clinic")
    assert new.leads(session, link) == 0
    session.get_one(Course, new.place.course.id).origins = {"contexts": [old.place.course.context_id]}
    session.flush()
    assert copied_from(session, new.leads(session, link)) == old.place.placement.id
