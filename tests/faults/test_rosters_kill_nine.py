"""``kill -9`` of the worker that reads a roster, again and again: in the end we know who is in the course, exactly."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.roster import schedule
from lmssocial.lms.roster.models import Outcome, RosterRun
from lmssocial.lms.roster.runs import read_due
from lmssocial.social.communities.lms_groups import HOOKS
from lmssocial.social.communities.models import Group, GroupMember
from tests.fakes.rosters import RosterLms, person, roster_lms
from tests.support.people import Place
from tests.support.rosters import active_in, caller_of, course_at

WORKER = Path(__file__).with_name("reads_rosters.py")
PATIENCE = 60.0
PAGE, PEOPLE, CHANGED = 20, 300, 25
GROUPS = [{"id": str(number), "name": f"Team {number}"} for number in range(5)]


def in_team(number: int, shift: int) -> dict[str, object]:
    """Somebody with their group, before and after everybody moved on by ``shift``."""
    return person(number, group_enrollments=[{"group_id": str((number + shift) % len(GROUPS))}])


@contextmanager
def worker(db_url: str) -> Iterator[None]:
    """A worker in a process of its own, gone without a chance to tidy up when the block ends."""
    running = subprocess.Popen([sys.executable, str(WORKER), db_url])
    try:
        yield
    finally:
        running.kill()
        running.wait()


def test_a_roster_is_read_to_its_end_although_workers_are_killed_again_and_again(
    engine: Engine, db_url: str
) -> None:
    chance = random.Random(5)  # noqa: S311  # the same course of events each time
    sessions = sessionmaker(engine, expire_on_commit=False)
    known = [in_team(number, 0) for number in range(PEOPLE)]
    with roster_lms(known, page=PAGE, groups=GROUPS) as lms:
        with sessions() as session:
            place = course_at(session, lms)
            session.commit()
        read_due(sessions, caller_of(sessions), HOOKS)
        lms.people = [in_team(number, 1) for number in range(CHANGED, PEOPLE + CHANGED)]
        with sessions() as session, unit_of_work(session):
            schedule.source_of(session, place.course.id).next_at = clock.now()

        for at, answered in (
            ("members?", False),
            ("page=3", True),
            ("page=7", False),
            ("page=11", True),
            ("groups", False),
        ):
            die_in_the_middle(lms, db_url, at, answered=answered, later=chance.uniform(0, 0.03))
            with sessions() as session:
                assert outcome(session) is Outcome.RUNNING
                assert {f"member-{number}" for number in range(PEOPLE)} <= active_in(session, place), (
                    "nobody is put out before the end"
                )
        with worker(db_url):
            end = time.monotonic() + PATIENCE
            while still_running(sessions):
                assert time.monotonic() < end
                time.sleep(0.1)

    with sessions() as session:
        assert active_in(session, place) == {entry["user_id"] for entry in lms.people}
        assert session.scalar(select(func.count(Membership.id))) == PEOPLE + CHANGED
        run = session.scalars(select(RosterRun).order_by(RosterRun.id.desc())).first()
        assert run is not None
        assert (run.pages, run.members, run.joined, run.left) == (PEOPLE // PAGE, PEOPLE, CHANGED, CHANGED), (
            "no page counts twice, and none is missing"
        )
        assert teams(session, place) == dict.fromkeys(
            (group["name"] for group in GROUPS), PEOPLE // len(GROUPS)
        )


def die_in_the_middle(lms: RosterLms, db_url: str, at: str, *, answered: bool, later: float) -> None:
    """Let a worker live until it asks for a page: it dies waiting for the answer, or ``later`` when it has it."""
    reached, dead = threading.Event(), threading.Event()

    def before(path: str) -> None:
        if at in path and not answered and not reached.is_set():
            reached.set()
            dead.wait(PATIENCE)

    def after(path: str) -> None:
        if at in path and answered:
            reached.set()

    lms.before, lms.after = before, after
    with worker(db_url):
        assert reached.wait(PATIENCE), "the worker reads nothing"
        time.sleep(later)
    dead.set()
    lms.before = lms.after = lambda _path: None


def outcome(session: Session) -> Outcome:
    return session.scalars(select(RosterRun.outcome).order_by(RosterRun.id.desc()).limit(1)).one()


def still_running(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        return outcome(session) is Outcome.RUNNING


def teams(session: Session, place: Place) -> dict[str, int]:
    """How many are in each group."""
    rows = session.execute(
        select(Group.name, func.count(GroupMember.user_id).label("members"))
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(Group.community_id == place.community.id)
        .group_by(Group.name)
    )
    return {row.name: row.members for row in rows}
