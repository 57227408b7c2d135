"""Everybody sends in the last second, while reviewing ends: what was taken counts, and the rest is kept."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Gone
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import enter, locked
from lmssocial.widgets.peer_rating.models import Activity, Phase, Review, ReviewState, Work
from lmssocial.widgets.peer_rating.reviews import service
from lmssocial.widgets.peer_rating.reviews.answers import Answers, ReviewDraft
from tests.support.discussion import let_pass
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import make_person, make_place

PEOPLE = 24


def test_what_was_taken_counts_and_what_was_not_is_kept(engine: Engine) -> None:
    placement_id, held = given_out(engine)
    everybody = Barrier(PEOPLE + 1, timeout=30)

    def send(number: int) -> bool:
        actor, review_id = held[number]
        words = Answers(levels={0: 0, 1: 1}, overall=f"What number {number} says of this work.")
        save = ReviewDraft(answers=words, tab="one", seen=0, sequence=1)
        again(engine, lambda session: service.save(session, actor, placement_id, review_id, save))
        everybody.wait()
        last = ReviewDraft(answers=words, tab="one", seen=1, sequence=2)
        try:
            again(
                engine,
                lambda session: service.submit(session, let_pass, actor, placement_id, review_id, last),
            )
        except Gone:
            return False
        return True

    def end() -> None:
        everybody.wait()
        time.sleep(0.05)  # some are through by then, and others are not
        again(
            engine, lambda session: enter(session, locked(session, placement_id), Phase.EVALUATE, actor=None)
        )

    with ThreadPoolExecutor(PEOPLE + 1) as threads:
        ends = threads.submit(end)
        taken = list(threads.map(send, range(PEOPLE)))
        ends.result()

    with Session(engine) as session:
        reviews = [session.get_one(Review, review_id) for _actor, review_id in held]
        assert [review.state is ReviewState.SUBMITTED for review in reviews] == taken
        assert [review.points == 7.0 for review in reviews] == taken
        assert all(
            Answers.read(review.answers).overall == f"What number {number} says of this work."
            for number, review in enumerate(reviews)
        )
        works = session.scalars(select(Work)).all()
        assert sum(work.completed for work in works) == sum(taken)
        assert session.get_one(Activity, placement_id).phase is Phase.EVALUATE


def given_out(engine: Engine) -> tuple[int, list[tuple[Actor, int]]]:
    """Everybody holds a review of one other's work: who, and its id."""
    with Session(engine, expire_on_commit=False) as session, unit_of_work(session):
        place = make_place(session, widget="peer_rating")
        set_up(session, place, Phase.REVIEW)
        people = [make_person(session, place) for _number in range(PEOPLE)]
        works = [make_work(session, place, author) for author in people]
        return place.placement.id, [
            (
                reviewer,
                make_review(
                    session, place, works[number - 1], reviewer, levels=None, state=ReviewState.OFFERED
                ).id,
            )
            for number, reviewer in enumerate(people)
        ]


def again(engine: Engine, deed: Callable[[Session], object]) -> None:
    """Do it on a connection of its own; again if a busy SQLite made it wait for too long."""
    while True:
        try:
            with Session(engine) as session, unit_of_work(session):
                deed(session)
                return
        except OperationalError as error:
            if "locked" not in str(error):
                raise
