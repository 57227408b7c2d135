"""Two hundred people ask for a review at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lmssocial.core.db.unit_of_work import unit_of_work
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import activities
from lmssocial.widgets.peer_rating.allocating import counting, giving
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.models import Phase, Review, Work
from tests.support.peer_rating import freeze_rubric, make_work, set_up
from tests.support.people import make_person, make_place

OURS = {allocator.name: allocator for allocator in ALLOCATORS}
WORKS, PULLS, AT_ONCE = 40, 200, 4


@dataclass(frozen=True)
class Class:
    """An activity with works, and people who ask."""

    engine: Engine
    placement_id: int
    people: list[Actor]

    def pull(self, actor: Actor) -> int | None:
        """One person asks, on a connection of their own; again if a busy SQLite made them wait for too long."""
        while True:
            try:
                with Session(self.engine) as session, unit_of_work(session):
                    review = giving.next_review(session, OURS, actor, self.placement_id)
                    return review.work_id if review else None
            except OperationalError as error:
                if "locked" not in str(error):
                    raise

    def loads(self) -> list[int]:
        """How many reviews each work has, by its counters and by its reviews; these must be the same."""
        with Session(self.engine) as session:
            counted = session.scalars(select(Work.live).order_by(Work.id)).all()
            found = (
                select(func.count(Review.id)).select_from(Work).outerjoin(Review, Review.work_id == Work.id)
            )
            assert list(counted) == list(session.scalars(found.group_by(Work.id).order_by(Work.id)))
            return sorted(counted)


def made(engine: Engine, works: int, reviewers: int) -> Class:
    """So many works, and so many people who review without having handed in."""
    with Session(engine, expire_on_commit=False) as session:
        place = make_place(session, widget="peer_rating")
        set_up(session, place, Phase.REVIEW, needs_own=False)
        freeze_rubric(session, place)
        for _number in range(works):
            make_work(session, place, make_person(session, place))
        people = [make_person(session, place) for _number in range(reviewers)]
        placement_id = place.placement.id
        session.commit()
    return Class(engine, placement_id, people)


def test_two_hundred_at_once_share_the_works_evenly(engine: Engine) -> None:
    here = made(engine, WORKS, PULLS)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        got = list(threads.map(here.pull, here.people))

    assert None not in got
    assert here.loads() == [PULLS // WORKS] * WORKS


def test_one_person_who_asks_twice_at_once_holds_one_review(engine: Engine) -> None:
    here = made(engine, 6, 1)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        got = set(threads.map(here.pull, here.people * AT_ONCE))

    assert len(got) == 1
    assert here.loads() == [0, 0, 0, 0, 0, 1]


def test_without_the_lock_they_would_not(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    here = made(engine, 2, 2)
    meeting = Barrier(2, timeout=20)
    begin = counting.begin

    def unlocked(session: Session, placement_id: int) -> activities.Running:
        return activities.running(session, here.people[0], placement_id)

    def begin_together(*args: Any, **kwargs: Any) -> Review:
        meeting.wait()  # both have chosen before one of them writes
        return begin(*args, **kwargs)

    def pull(actor: Actor) -> None:
        with Session(engine) as session:
            giving.next_review(session, OURS, actor, here.placement_id)
            session.commit()

    monkeypatch.setattr(giving, "locked", unlocked)
    monkeypatch.setattr(
        giving, "look_again", lambda _activity: None
    )  # its version would stop the second, too
    monkeypatch.setattr(counting, "begin", begin_together)
    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(pull, actor) for actor in here.people]

    errors = [type(one.exception()) for one in done if one.exception()]
    if engine.dialect.name == "postgresql":
        assert (here.loads(), errors) == ([0, 2], [])
    else:  # a reader who wants to write after somebody else did is turned away
        assert (here.loads(), errors) == ([0, 1], [OperationalError])
