"""The whole way, on pages: from the first work to a released score, with a clock that opens and ends everything."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.clockwork.tick import run_due
from lmssocial.widgets.peer_rating.models import Activity, Phase, Work
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from tests.conftest import TestClock
from tests.support.peer_rating import set_up
from tests.support.people import Place
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database

WHOLE = {"level_0": "0", "level_1": "1", "overall": "Clear, and worth reading twice."}
"""Four and three points."""


def test_three_learners_and_an_instructor_come_from_works_to_scores(
    session: Session,
    place: Place,
    clock: TestClock,
    ana: Actor,
    ben: Actor,
    cleo: Actor,
    tom: Actor,
    seat: Callable[[Actor], Seat],
) -> None:
    now = the_clock.now()
    activity = set_up(
        session,
        place,
        Phase.PUBLISHED,
        opens_at=now,
        submit_due_at=now + timedelta(hours=2),
        review_due_at=now + timedelta(hours=4),
        feedback_due_at=now + timedelta(hours=6),
        asked=2,
        wanted=2,
    )
    activity.next_at = now
    learners, desk = [seat(actor) for actor in (ana, ben, cleo)], seat(tom)
    sessions = sessionmaker(session.get_bind())

    def later(hours: int) -> Phase:
        """Let time pass, and the worker do its round."""
        session.rollback()
        clock.tick(hours=hours, minutes=2 if hours else 0)
        run_due(sessions, {one.name: one for one in ALLOCATORS}, {one.name: one for one in SCORINGS})
        phase = session.get_one(Activity, place.placement.id, populate_existing=True).phase
        session.rollback()
        return phase

    assert later(0) is Phase.SUBMIT
    for number, at in enumerate(learners):
        at.fill_in("/work", "/work", source=f"This is work {number}, and it says something.")

    assert later(2) is Phase.REVIEW
    for at in learners:
        page = at.open("/")
        for _review in range(2):
            page = at.follow(at.send(at.form(page, "/reviews/next")))
            review = page.request.path
            page = at.follow(at.send(at.form(page, review), **WHOLE))

    assert later(2) is Phase.FEEDBACK
    for at in learners:
        assert WHOLE["overall"] in text_of(at.open("/feedback"))
        assert "7 of 10" not in text_of(at.open("/"))

    assert later(2) is Phase.EVALUATE
    assert "Scores are ready" in text_of(desk.open("/board"))
    desk.follow(desk.send(desk.form(desk.open("/scores"), "/scores/release")))

    session.rollback()
    assert session.get_one(Activity, place.placement.id).phase is Phase.RELEASED
    assert [(work.completed, work.live) for work in session.scalars(select(Work))] == [(2, 0)] * 3
    for at in learners:
        assert "Your work has 7 of 10 points" in text_of(at.open("/"))
