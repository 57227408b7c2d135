"""A course whose LMS has a roster, and a worker that reads it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.lms.roster import schedule
from lmssocial.lms.roster.models import Outcome, RosterRun, RosterSource
from lmssocial.lms.roster.runs import read_due
from lmssocial.social.communities.lms_groups import HOOKS
from tests.conftest import TestClock
from tests.fakes.rosters import RosterLms, roster_lms
from tests.support.people import Place
from tests.support.rosters import active_in, caller_of, course_at


@dataclass
class Class:
    """A course, its LMS, and what we know of it."""

    lms: RosterLms
    place: Place
    session: Session
    sessions: sessionmaker[Session]
    caller: Caller

    def read(self) -> int:
        """Let the worker read what is due; gives how many pages."""
        pages = read_due(self.sessions, self.caller, HOOKS)
        self.session.expire_all()
        self.session.rollback()
        return pages

    def ask(self) -> int:
        """Ask for the roster, and let the worker read it."""
        with self.sessions() as session, unit_of_work(session):
            schedule.source_of(session, self.place.course.id).next_at = the_clock.now()
        return self.read()

    @property
    def source(self) -> RosterSource:
        """Where its roster stands."""
        return self.session.get_one(RosterSource, self.place.course.id, populate_existing=True)

    @property
    def runs(self) -> list[RosterRun]:
        """All runs, the oldest first."""
        return list(self.session.scalars(select(RosterRun).order_by(RosterRun.id)))

    def outcome(self) -> Outcome:
        """What became of the last run."""
        return self.runs[-1].outcome

    def active(self) -> set[str]:
        """The LMS's names for everybody who is in the course."""
        return active_in(self.session, self.place)

    def user(self, sub: str) -> User:
        """Somebody by the LMS's name for them."""
        return self.session.scalars(select(User).where(User.sub == sub)).one()

    def membership(self, sub: str) -> Membership:
        """Their place in the course."""
        return self.session.scalars(
            select(Membership).where(
                Membership.user_id == self.user(sub).id, Membership.course_id == self.place.course.id
            )
        ).one()

    def count(self, model: Any) -> int:
        """How many rows there are."""
        return self.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def classes(engine: Engine, session: Session, clock: TestClock) -> Iterator[Callable[..., Class]]:
    """Make courses with a roster; the clock stands still."""
    del clock
    sessions = sessionmaker(engine)
    caller = caller_of(sessions)
    with ExitStack() as stack:

        def make(people: list[dict[str, Any]], **more: Any) -> Class:
            lms = stack.enter_context(roster_lms(people, **more))
            place = course_at(session, lms)
            session.commit()
            return Class(lms, place, session, sessions, caller)

        yield make
