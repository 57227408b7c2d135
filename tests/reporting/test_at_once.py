"""Two who need several courses at once come to them in the same order, so that neither waits for the other for ever."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.plugin_settings.work import PluginWork
from lmssocial_reporting import leaving
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence import following
from lmssocial_reporting.evidence.forgetting import forget_erased
from lmssocial_reporting.mine import withholding
from lmssocial_reporting.models import Erased, EvidenceRow, FollowedCourse
from lmssocial_reporting.settings import Settings
from tests.conftest import TestClock
from tests.support import reporting
from tests.support.course_log import Course
from tests.support.people import Place, make_person, make_place

SEPTEMBER = datetime(2025, 9, 1, 9, tzinfo=UTC)
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def places(session: Session, clock: TestClock, work: PluginWork) -> list[Place]:
    """Two quiet courses; in the second something happened that was missed."""
    clock.move_to(SEPTEMBER)
    first = make_place(session)
    found = [first, make_place(session, beside=first)]
    for place in found:
        reporting.turn_on(session, place)
    session.commit()
    while following.follow(work):
        pass
    amal, ben = (make_person(session, found[1], name) for name in ("Amal", "Ben"))
    session.commit()
    Course(session, found[1]).replies(amal, ben, SEPTEMBER)
    session.commit()
    clock.move_to(MARCH)
    return found


def waiting(session: Session) -> int:
    """How many wait for a lock."""
    session.rollback()
    return int(session.scalar(text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")) or 0)


@pytest.fixture
def begin(session: Session) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Begin something in a thread of its own, up to where it waits for a lock. At the end all must have gone well."""
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("one writes after the other")
    threads, failures = list[threading.Thread](), list[BaseException]()

    def begin(what: Callable[[], object]) -> None:
        def run() -> None:
            try:
                what()
            except BaseException as error:  # noqa: BLE001 – shown by the assertion below
                failures.append(error)

        before, until = waiting(session), time.monotonic() + 10
        threads.append(threading.Thread(target=run))
        threads[-1].start()
        while waiting(session) == before and time.monotonic() < until:
            time.sleep(0.02)

    yield begin
    for thread in threads:
        thread.join(20)
    assert failures == []


def test_forgetting_somebody_and_looking_at_quiet_courses_do_not_wait_for_each_other(
    session: Session, places: list[Place], work: PluginWork, begin: Callable[[Callable[[], object]], None]
) -> None:
    with unit_of_work(session):
        session.add(Erased(member=7))
    first = FollowedCourse.course_id == places[0].course.id
    with work.sessions() as holder, unit_of_work(holder):
        holder.execute(select(FollowedCourse).where(first).with_for_update())
        begin(lambda: forget_erased(work))
        begin(lambda: following._glance(work, frozenset(work.courses_on())))


def test_erasing_somebody_and_deriving_a_day_of_theirs_do_not_wait_for_each_other(
    session: Session, places: list[Place], work: PluginWork, begin: Callable[[Callable[[], object]], None]
) -> None:
    while following.follow(work):
        pass
    session.rollback()
    piece = session.scalars(select(EvidenceRow)).one()
    course, member = piece.course_id, piece.member
    amal = Actor(
        user_id=member,
        name="Amal",
        tenant_id=places[1].tenant.id,
        course_id=course,
        community_id=places[1].community.id,
        roles=frozenset(),
    )
    withholding.leave_out(session, amal, withholding.Which(Kind(piece.kind), piece.day, None, None))
    session.commit()

    def erases() -> None:
        with work.sessions() as own, unit_of_work(own):
            leaving.forget(own, member)

    def derives() -> None:
        with work.sessions() as own, unit_of_work(own):
            following.catch_up(own, course, Settings())

    with work.sessions() as holder, unit_of_work(holder):
        holder.execute(select(EvidenceRow).with_for_update())
        begin(erases)
        begin(derives)
