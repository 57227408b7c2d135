"""Allocators and scorings of others that hang, end the process or raise: in web servers and in the worker alike."""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Allocator, Pairing, Pool, Rater, Ratings, Scores
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import guarding
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.allocating import asking, giving, planning
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.guarding import Failed, guarded
from lmssocial.widgets.peer_rating.models import Edge, Phase, Review
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.working_out import work_out
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place

OURS = {allocator.name: allocator for allocator in ALLOCATORS}
SCORES = {scoring.name: scoring for scoring in SCORINGS}


def think() -> int:
    """Never come to an end."""
    while True:
        pass


def sleep() -> int:
    """Wait in C, where nothing interrupts it."""
    time.sleep(5)
    return 1


def in_web_server(deed: Callable[[], object]) -> object:
    """What a deed comes to in a thread that is not the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(deed).result(30)


def here(deed: Callable[[], object]) -> object:
    """What it comes to in the main thread, as in the worker."""
    return deed()


@pytest.mark.one_database
@pytest.mark.parametrize("run", [in_web_server, here])
@pytest.mark.parametrize("hangs", [think, sleep])
def test_an_answer_that_never_comes_is_not_waited_for(
    run: Callable[[Callable[[], object]], object], hangs: Callable[[], int]
) -> None:
    began = time.monotonic()
    with pytest.raises(Failed, match=r"slow did not answer within 0\.05 seconds"):
        run(lambda: guarded("slow", hangs, seconds=0.05))
    assert time.monotonic() - began < 4


@pytest.mark.one_database
def test_what_was_left_behind_comes_to_its_end() -> None:
    before = set(threading.enumerate())
    with pytest.raises(Failed):
        guarded("slow", think, seconds=0.05)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.one_database
@pytest.mark.parametrize(("ask", "said"), [(lambda: 1 // 0, "ZeroDivisionError"), (sys.exit, "SystemExit")])
def test_what_it_raises_is_one_kind_of_error(ask: Callable[[], object], said: str) -> None:
    with pytest.raises(Failed, match=said):
        guarded("wrong", ask)


def test_an_allocator_that_hangs_costs_a_learner_a_moment_and_ours_decides(
    session: Session, place: Place, ana: Actor, ben: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PICK", 0.05)
    set_up(session, place, Phase.REVIEW, allocator="theirs")
    work, _own = make_work(session, place, ana), make_work(session, place, ben)

    def pick(_pool: Pool, _rater: Rater) -> int | None:
        return think()

    theirs = {**OURS, "theirs": Allocator(name="theirs", title="", summary="", pick=pick)}
    review = giving.next_review(session, theirs, ben, place.placement.id)

    assert review is not None
    assert (review.work_id, review.chosen["by"]) == (work.id, "balanced")
    assert "staff:allocator-failed" in session.scalars(select(Edge.edge)).all()


def test_one_that_gives_out_everything_and_hangs_or_answers_nonsense_is_replaced_by_ours(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "SHARE", 0.05)
    set_up(session, place, Phase.REVIEW, allocator="theirs", asked=2, wanted=2)
    for author in (ana, ben, cleo):
        make_work(session, place, author)

    def plan(_pool: Pool) -> list[Pairing]:
        return [(think(), 1)]

    theirs = {**OURS, "theirs": replace(OURS["exact"], name="theirs", plan=plan)}
    planning.plan(session, theirs, locked(session, place.placement.id))

    assert len(session.scalars(select(Review.id)).all()) == 6


def test_a_scoring_that_hangs_leaves_scores_as_they_were_and_says_what_to_do(
    session: Session, place: Place, ana: Actor, ben: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "SHARE", 0.05)
    set_up(session, place, Phase.EVALUATE, least=1)
    make_review(session, place, make_work(session, place, ana), ben)

    def score(_ratings: Ratings) -> Scores:
        return Scores(works=(), method=str(think()))

    hangs = {"fair": replace(SCORES["fair"], score=score)}
    said = work_out(session, hangs, locked(session, place.placement.id)).trouble
    monkeypatch.undo()

    assert "could not work the scores out" in said
    assert "choose another way of scoring" in said
    assert not work_out(session, SCORES, locked(session, place.placement.id)).trouble
