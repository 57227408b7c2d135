"""A scoring that fails: the board says so, and what to do, for as long as it does."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Ratings, Scores
from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.clockwork.tick import tick
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from tests.conftest import TestClock
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place
from tests.support.seat import Seat, text_of

OURS = {one.name: one for one in ALLOCATORS}
SCORES = {one.name: one for one in SCORINGS}
SAID = "Scores could not be worked out"


def test_the_board_says_that_scores_could_not_be_worked_out_until_they_are(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    seat: Callable[[Actor], Seat],
    clock: TestClock,
) -> None:
    def give_up(_ratings: Ratings) -> Scores:
        raise ZeroDivisionError

    set_up(session, place, Phase.EVALUATE, least=1)
    for author, reviewer in ((ana, ben), (ben, ana)):
        make_review(session, place, make_work(session, place, author), reviewer)
    board, placement_id = seat(tom), place.placement.id
    assert SAID not in text_of(board.open("/board"))

    broken = {**SCORES, "fair": replace(SCORES["fair"], score=give_up)}
    tick(session, OURS, broken, placement_id, the_clock.now())
    session.commit()
    assert SAID in text_of(board.open("/board"))

    clock.tick(minutes=5)
    tick(session, OURS, SCORES, placement_id, the_clock.now())
    session.commit()
    assert SAID not in text_of(board.open("/board"))
