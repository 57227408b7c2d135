"""People launch while the roster that names them is being read: nobody is lost, doubled or locked out."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.admission import admit
from lmssocial.lms.identity.models import Course, Deployment, Membership, User
from lmssocial.lms.lti.launch import Context, Launch, MessageType, Person, ResourceLink
from lmssocial.lms.lti.roles import parse_roles
from lmssocial.lms.roster.belonging import told_by
from lmssocial.lms.roster.models import Outcome, RosterRun
from lmssocial.lms.roster.runs import read_due
from lmssocial.social.communities import lms_groups
from lmssocial.social.communities.lms_groups import HOOKS
from lmssocial.social.communities.models import Group, GroupMember
from tests.fakes.rosters import person, roster_lms
from tests.support.people import Place
from tests.support.rosters import active_in, caller_of, course_at

PEOPLE, LAUNCHING = 120, 60


def launch(place: Place, deployment: str, number: int) -> Launch:
    """Somebody opens an activity, in group 1 or 2 of a Moodle; an instructor, whatever the roster says."""
    return Launch(
        message_type=MessageType.RESOURCE_LINK,
        registration_id=place.registration.id,
        deployment_id=deployment,
        person=Person(sub=f"member-{number}", name=f"Launched {number}"),
        roles=parse_roles(["Instructor"]),
        context=Context(id=place.course.context_id, title="Course"),
        resource_link=ResourceLink(id="link"),
        target_link_uri="https://tool.example/",
        custom={"group_ids": str(number % 2 + 1)},
    )


def test_launches_and_a_run_over_the_same_people_do_not_get_into_each_others_way(engine: Engine) -> None:
    sessions = sessionmaker(engine, expire_on_commit=False)
    with roster_lms([person(number) for number in range(PEOPLE)], page=40) as lms, sessions() as session:
        place = course_at(session, lms)
        deployment = session.get_one(Deployment, place.course.deployment_id).deployment_id
        session.commit()
        begin = threading.Barrier(3, timeout=60)

        def arrive(turn: int) -> int:
            begin.wait()
            joined = 0
            for number in range(turn, LAUNCHING, 2):
                stated = launch(place, deployment, number)
                with sessions() as own, unit_of_work(own):
                    admission = admit(own, stated)
                    lms_groups.belong(own, place.course.id, {admission.user.id: told_by(stated, "")})
                    joined += admission.joined
            return joined

        def read() -> int:
            begin.wait()
            return read_due(sessions, caller_of(sessions), HOOKS)

        with ThreadPoolExecutor(3) as pool:
            reading, *arriving = pool.submit(read), pool.submit(arrive, 0), pool.submit(arrive, 1)
            pages, joined = reading.result(60), sum(one.result(60) for one in arriving)

    with sessions() as session:
        assert (pages, joined) == (3, LAUNCHING), "everybody's first launch is their first, once"
        assert session.scalar(select(RosterRun.outcome)) is Outcome.COMPLETE
        assert len(active_in(session, place)) == PEOPLE
        for model in (User, Membership):
            assert session.scalar(select(func.count(model.id))) == PEOPLE
        roles = session.scalars(select(Membership.lead_role).where(Membership.last_launch_at.is_not(None)))
        assert set(roles) == {"instructor"}
        assert (
            session.scalar(select(func.count(Membership.id)).where(Membership.roster_run_id.is_(None))) == 0
        )
        assert sorted(session.scalars(select(Group.name))) == ["Group 1", "Group 2"]
        assert session.scalar(select(func.count()).select_from(GroupMember)) == LAUNCHING
        assert session.scalar(select(func.count(Course.id))) == 1


def test_two_launches_at_once_make_one_group(engine: Engine) -> None:
    sessions = sessionmaker(engine, expire_on_commit=False)
    with roster_lms([]) as lms, sessions() as session:
        place = course_at(session, lms)
        session.commit()
    begin = threading.Barrier(6, timeout=60)

    def arrive(number: int) -> None:
        stated = launch(place, f"d{number}", number * 2)
        begin.wait()
        with sessions() as own, unit_of_work(own):
            belonging = told_by(stated, "")
            lms_groups.belong(own, place.course.id, {_user(own, place, number): belonging})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(arrive, range(6)))

    with sessions() as session:
        assert list(session.scalars(select(Group.name))) == ["Group 1"]
        assert session.scalar(select(func.count()).select_from(GroupMember)) == 6


def _user(session: Session, place: Place, number: int) -> int:
    user = User(
        tenant_id=place.tenant.id,
        registration_id=place.registration.id,
        sub=f"member-{number}",
        name="Somebody",
        created_at=place.course.created_at,
    )
    session.add(user)
    session.flush()
    return user.id
