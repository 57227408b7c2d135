"""Looking at all activities whose time has come: one that fails harms no other."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.hooks.rating import Allocator, Pairing, Pool
from lmssocial.widgets.peer_rating.clockwork.tick import LATEST, run_due
from lmssocial.widgets.peer_rating.models import Activity, Edge, Phase, Review
from tests.conftest import TestClock
from tests.support.peer_rating import make_work, set_up
from tests.support.people import Place, make_person, make_place
from tests.widgets.peer_rating.clockwork.conftest import DATES, MONDAY, OURS, SCORES


def due(session: Session, place: Place, phase: Phase, **settings: object) -> None:
    """An activity in ``phase`` that has to be looked at, with three works."""
    activity = set_up(session, place, phase, **DATES, **settings)
    activity.next_at = MONDAY
    for _person in range(3):
        make_work(session, place, make_person(session, place))


@pytest.mark.usefixtures("settings")
def test_one_that_fails_is_looked_at_later_and_harms_no_other(session: Session, clock: TestClock) -> None:
    ill = make_place(session, widget="peer_rating")
    well = make_place(session, widget="peer_rating", beside=ill)
    due(session, ill, Phase.REVIEW, allocator="exact", rubric=())  # nothing can be given out without criteria
    due(session, well, Phase.PUBLISHED)
    ids = ill.placement.id, well.placement.id
    session.commit()
    sessions = sessionmaker(session.get_bind())
    failed, waits = session.get_one(Activity, ids[0]), []

    for _time in range(3):
        run_due(sessions, OURS, SCORES)
        session.rollback()  # what was read before is read afresh
        again = failed.next_at
        assert again is not None
        waits.append(again - clock.now)
        clock.move_to(again)

    assert session.get_one(Activity, ids[1]).phase is Phase.SUBMIT
    assert failed.phase is Phase.REVIEW
    assert all(timedelta(0) < wait <= LATEST for wait in waits)


@pytest.mark.usefixtures("settings")
def test_only_what_is_due_is_looked_at(session: Session, place: Place, clock: TestClock) -> None:
    due(session, place, Phase.SUBMIT)
    session.commit()
    sessions = sessionmaker(session.get_bind())
    assert [run_due(sessions, OURS, SCORES) for _time in range(2)] == [1, 0]
    clock.tick(days=8)
    assert run_due(sessions, OURS, SCORES) == 1


@pytest.mark.usefixtures("settings", "clock")
def test_an_allocator_that_raises_is_replaced_by_ours_and_staff_are_told(
    session: Session, place: Place
) -> None:
    def give_up(_pool: Pool) -> list[Pairing]:
        raise RuntimeError("no")

    broken = Allocator(name="broken", title="", summary="", pick=lambda _pool, _rater: None, plan=give_up)
    due(session, place, Phase.REVIEW, allocator="broken")
    session.commit()
    assert run_due(sessionmaker(session.get_bind()), {**OURS, "broken": broken}, SCORES) == 1
    assert len(session.scalars(select(Review.id)).all()) == 6
    assert "staff:allocator-failed" in session.scalars(select(Edge.edge)).all()
