"""Who looks after a community: given and taken by instructors, for members of the course only."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import appointments
from lmssocial.social.communities.models import Appointment
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries


@pytest.fixture
def place(session: Session) -> Place:
    """A course."""
    return make_place(session)


@pytest.fixture
def iris(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ben Okoro")


def held(session: Session, actor: Actor) -> dict[str, frozenset[Office]]:
    """What everybody in the actor's community looks after."""
    session.flush()
    return {member.name: member.offices for member in appointments.appointed(session, actor)}


def test_an_instructor_appoints_a_learner_to_two_offices_and_takes_both_away(
    session: Session, iris: Actor, ben: Actor
) -> None:
    assert appointments.appoint(session, iris, ben.user_id, Office.STEWARD)
    assert not appointments.appoint(session, iris, ben.user_id, Office.STEWARD)
    assert appointments.appoint(session, iris, ben.user_id, Office.SME)
    assert held(session, iris) == {"Ben Okoro": {Office.STEWARD, Office.SME}}
    assert appointments.has_steward(session, iris)
    assert appointments.dismiss(session, iris, ben.user_id, Office.STEWARD)
    assert held(session, iris) == {"Ben Okoro": {Office.SME}}
    assert not appointments.has_steward(session, iris)
    assert appointments.dismiss(session, iris, ben.user_id, Office.SME)
    assert not appointments.dismiss(session, iris, ben.user_id, Office.SME)
    assert held(session, iris) == {}
    assert session.scalar(select(Appointment)) is None


def test_neither_learners_nor_stewards_appoint_or_dismiss(session: Session, iris: Actor, ben: Actor) -> None:
    appointments.appoint(session, iris, ben.user_id, Office.STEWARD)
    steward = Actor(
        user_id=ben.user_id,
        name=ben.name,
        tenant_id=ben.tenant_id,
        course_id=ben.course_id,
        community_id=ben.community_id,
        roles=ben.roles,
        offices=frozenset({Office.STEWARD}),
    )
    for somebody in (ben, steward):
        with pytest.raises(NotAllowed):
            appointments.appoint(session, somebody, ben.user_id, Office.SME)
        with pytest.raises(NotAllowed):
            appointments.dismiss(session, somebody, ben.user_id, Office.STEWARD)


def test_only_members_of_the_course_are_appointed(session: Session, place: Place, iris: Actor) -> None:
    elsewhere = make_person(session, make_place(session, beside=place), "Eve Elsewhere")
    stranger = make_person(session, make_place(session), "Stan Stranger")
    tester = make_person(session, place, "Test Student")
    session.get_one(User, tester.user_id).is_test = True
    session.flush()
    for nobody in (elsewhere.user_id, stranger.user_id, tester.user_id, 10**6):
        with pytest.raises(NotFound):
            appointments.appoint(session, iris, nobody, Office.SME)
        assert not appointments.dismiss(session, iris, nobody, Office.SME)
    assert not appointments.name_of(session, iris, elsewhere.user_id)
    assert appointments.name_of(session, iris, iris.user_id) == "Iris Prado"


def test_whoever_left_the_course_can_still_be_dismissed(
    session: Session, place: Place, iris: Actor, ben: Actor
) -> None:
    appointments.appoint(session, iris, ben.user_id, Office.STEWARD)
    membership = session.scalars(
        select(Membership).where(Membership.user_id == ben.user_id, Membership.course_id == place.course.id)
    ).one()
    membership.active = False
    session.flush()
    assert [member.name for member in appointments.members(session, iris)[0]] == ["Iris Prado"]
    assert held(session, iris) == {"Ben Okoro": {Office.STEWARD}}
    assert appointments.dismiss(session, iris, ben.user_id, Office.STEWARD)


def test_members_are_found_by_any_part_of_their_name_and_come_in_pages(
    session: Session, place: Place, iris: Actor, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    for number in range(30):
        make_person(session, place, f"Kim Number {number:02d}")
    make_person(session, place, "100% Percy")
    make_person(session, make_place(session, beside=place), "Kim Elsewhere")

    def names(called: str, page: int = 1) -> list[str]:
        return [member.name for member in appointments.members(session, iris, called=called, page=page)[0]]

    assert names("iris") == ["Iris Prado"]
    assert names("07 kim") == ["Kim Number 07"]
    assert names("100%") == ["100% Percy"]
    assert names("%%") == []
    first, more = appointments.members(session, iris, called="kim")
    assert more
    assert len(first) == appointments.PAGE
    assert names("kim", 2) == [f"Kim Number {number}" for number in range(25, 30)]
    assert names("kim", -3) == [member.name for member in first]
    with count_queries() as queries:
        appointments.members(session, iris)
        appointments.appointed(session, iris)
    assert len(queries) == 2


def test_two_who_appoint_at_once_both_succeed(db_url: str, engine: Engine, session: Session) -> None:
    del db_url
    place = make_place(session)
    iris = make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)
    ben = make_person(session, place, "Ben Okoro")
    session.commit()
    start, errors = threading.Barrier(2), list[Exception]()

    def give(office: Office) -> None:
        try:
            with Session(engine) as own:
                start.wait(10)
                with unit_of_work(own):
                    appointments.appoint(own, iris, ben.user_id, office)
        except Exception as error:  # noqa: BLE001 – told below, in the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=give, args=(office,)) for office in Office]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert held(session, iris) == {"Ben Okoro": {Office.STEWARD, Office.SME}}
