"""Rosters of an LMS with the habits of real products, over real HTTP: read to the end, and kept true afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Course, Deployment, Membership, User
from lmssocial.lms.lti.services.scopes import GROUPS
from lmssocial.lms.roster import schedule
from lmssocial.lms.roster.models import Outcome, RosterRun
from lmssocial.lms.roster.runs import read_due
from lmssocial.social.communities.lms_groups import HOOKS
from lmssocial.social.communities.models import Group as OurGroup
from lmssocial.social.communities.models import GroupMember
from lmssocial.social.communities.service import community_of
from tests.conftest import TestClock
from tests.fakes.hostile_lms import (
    Group,
    HostileLms,
    blackboard,
    brightspace,
    canvas,
    hostile_lms,
    moodle,
    on_page,
    plain,
)

pytestmark = pytest.mark.one_database


class Reader:
    """A worker, and what it knows of the course."""

    def __init__(self, lms: HostileLms, engine: Engine) -> None:
        """Make the platform and the tool known to each other, and let a launch have named the services."""
        self.lms, self.sessions = lms, sessionmaker(engine, expire_on_commit=False)
        self.caller = lms.caller(engine)
        with self.sessions() as session:
            registration = lms.connect(session)
            deployment = session.scalars(
                select(Deployment.id).where(Deployment.registration_id == registration.id)
            ).one()
            course = Course(
                tenant_id=registration.tenant_id,
                deployment_id=deployment,
                context_id="course-1",
                title="Hostile",
                origins={},
                created_at=the_clock.now(),
            )
            session.add(course)
            session.flush()
            community_of(session, course)
            self.course_id = course.id
            session.add(
                CourseServices(
                    course_id=course.id,
                    memberships_url=lms.memberships_url,
                    groups_url=lms.groups_url,
                    group_scopes=GROUPS,
                    noted_at=the_clock.now(),
                )
            )
            session.commit()

    def read(self) -> RosterRun:
        """Have the roster read; gives the last run."""
        with self.sessions() as session:
            schedule.source_of(session, self.course_id).next_at = the_clock.now()
            session.commit()
        read_due(self.sessions, self.caller, HOOKS)
        with self.sessions() as session:
            return session.scalars(select(RosterRun).order_by(RosterRun.id.desc())).all()[0]

    def active(self) -> dict[str, str]:
        """Who is in the course, with the role that is shown."""
        with self.sessions() as session:
            rows = session.execute(
                select(User.sub, Membership.lead_role)
                .join(Membership, Membership.user_id == User.id)
                .where(Membership.active.is_(True))
            )
            return {row.sub: row.lead_role for row in rows}

    def groups(self) -> dict[str, set[str]]:
        """Who is in which group."""
        with self.sessions() as session:
            found: dict[str, set[str]] = {name: set() for name in session.scalars(select(OurGroup.name))}
            rows = session.execute(
                select(OurGroup.name, User.sub)
                .join(GroupMember, GroupMember.group_id == OurGroup.id)
                .join(User, User.id == GroupMember.user_id)
            )
            for name, sub in rows:
                found[name].add(sub)
            return found


@pytest.fixture
def reader(
    engine: Engine, tmp_path: Path, clock: TestClock, request: pytest.FixtureRequest
) -> Iterator[Reader]:
    """A course of 120 learners at the product that the test asks for."""
    teams = [Group(id="7", name="Red"), Group(id="8", name="Blue")]
    with hostile_lms(tmp_path, request.param(), members=120, groups=teams, clock=clock) as lms:
        yield Reader(lms, engine)


@pytest.mark.parametrize("reader", [plain, moodle, canvas, blackboard, brightspace], indirect=True)
def test_whoever_comes_leaves_or_changes_groups_is_known_after_the_next_run(
    reader: Reader, clock: TestClock
) -> None:
    lms, (first, second, *_) = reader.lms, reader.lms.learners
    lms.enrol(first, groups=("7",))
    lms.fail("roster", 429, times=1, retry_after="30", when=on_page(2))
    assert reader.read().outcome in {Outcome.RUNNING, Outcome.COMPLETE}, "a Moodle has one page"
    clock.tick(31)

    assert reader.read().outcome is Outcome.COMPLETE
    assert len(reader.active()) == 122
    assert reader.active()[lms.instructor] == "instructor"
    assert reader.active()[lms.assistant] in {"teaching_assistant", "learner"}
    assert reader.groups() == {"Red": {first}, "Blue": set()}

    lms.leave(second)
    lms.join("9001", name="Late Comer", groups=("8",))
    lms.enrol(first, groups=())
    clock.tick(days=8)

    assert reader.read().outcome is Outcome.COMPLETE
    assert second not in reader.active()
    assert reader.active()["9001"] == "learner"
    assert reader.groups() == {"Red": set(), "Blue": {"9001"}}


@pytest.mark.parametrize("reader", [plain], indirect=True)
def test_what_changes_while_a_run_goes_on_is_told_by_the_next_one(reader: Reader, clock: TestClock) -> None:
    lms = reader.lms
    early = lms.learners[0]
    lms.fail("roster", 429, times=1, retry_after="30", when=on_page(2, 100))
    assert reader.read().outcome is Outcome.RUNNING
    lms.leave(early)  # the page they stood on was read
    clock.tick(31)
    assert reader.read().is_full
    assert early in reader.active()
    clock.tick(hours=2)

    run = reader.read()

    assert (run.is_full, run.outcome) == (False, Outcome.COMPLETE)
    assert early not in reader.active()


Breaks = Callable[[HostileLms], object]


@pytest.mark.parametrize("reader", [canvas], indirect=True)
@pytest.mark.parametrize(
    "breaks",
    [
        lambda lms: lms.fail("roster", 503, every=2),
        lambda lms: lms.answer_html("roster", times=2),
        lambda lms: lms.drop("roster", times=3),
        lambda lms: lms.fail("roster", 401, times=3),
        lambda lms: lms.fail("token", 500, times=3),
        lambda lms: lms.revoke_tokens(),
        lambda lms: lms.fail("groups", 403),
    ],
    ids=[
        "every other call",
        "a login page",
        "broken off",
        "401",
        "no token for a while",
        "tokens revoked",
        "no groups",
    ],
)
def test_faults_that_pass_cost_time_and_nothing_else(
    reader: Reader, clock: TestClock, breaks: Breaks
) -> None:
    reader.read()
    breaks(reader.lms)
    clock.tick(days=1)
    gone = reader.lms.learners[5]
    reader.lms.leave(gone)

    run = reader.read()
    for _ in range(20):
        if run.outcome is not Outcome.RUNNING:
            break
        assert gone in reader.active(), "nobody is put out before the end"
        clock.move_to(run.next_at)
        read_due(reader.sessions, reader.caller, HOOKS)
        with reader.sessions() as session:
            run = session.get_one(RosterRun, run.id)

    assert run.outcome is Outcome.COMPLETE
    assert len(reader.active()) == 121
    assert gone not in reader.active()
