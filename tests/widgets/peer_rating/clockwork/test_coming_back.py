"""Whoever leaves the course and comes back, and a course of two: nobody is stuck by either."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.allocating import giving
from lmssocial.widgets.peer_rating.clockwork import moving
from lmssocial.widgets.peer_rating.models import OPEN, Phase, ReviewState
from lmssocial.widgets.peer_rating.releasing import service as releasing
from lmssocial.widgets.peer_rating.scoring import overriding
from tests.conftest import TestClock
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place
from tests.widgets.peer_rating.clockwork.conftest import DATES, OURS, SCORES, Look


@pytest.mark.usefixtures("clock")
def test_who_comes_back_goes_on_where_they_were_and_keeps_what_they_sent(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, look: Look
) -> None:
    set_up(session, place, Phase.REVIEW, **DATES)
    works = [make_work(session, place, author) for author in (ana, ben, cleo)]
    sent = make_review(session, place, works[0], ben)
    begun = make_review(session, place, works[2], ben, state=ReviewState.STARTED, overall="Half a sentence")
    is_here(session, place, ben, active=False)
    look()
    assert begun.state is ReviewState.EXPIRED

    is_here(session, place, ben, active=True)
    look()
    found = giving.next_review(session, OURS, ben, place.placement.id)

    assert found is begun
    assert (begun.state in OPEN, begun.answers["overall"]) == (True, "Half a sentence")
    assert (sent.state, works[0].completed) == (ReviewState.SUBMITTED, 1)


def test_two_people_review_each_other_and_staff_give_the_points(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, look: Look, clock: TestClock
) -> None:
    set_up(session, place, Phase.SUBMIT, **DATES)
    works = {author: make_work(session, place, author) for author in (ana, ben)}
    placement_id = place.placement.id
    clock.tick(days=8)
    assert look() is Phase.SUBMIT, "two works are too few to go on by itself"

    moving.move(session, tom, placement_id, Phase.REVIEW)
    for reviewer, author in ((ana, ben), (ben, ana)):
        given = giving.next_review(session, OURS, reviewer, placement_id)
        assert given is not None
        assert given.work_id == works[author].id
    for phase in (Phase.FEEDBACK, Phase.EVALUATE):
        moving.move(session, tom, placement_id, phase)
    with pytest.raises(releasing.Unscored) as refused:
        releasing.release(session, SCORES, tom, placement_id)
    assert "Review them yourself, give them points" in refused.value.message
    for work in works.values():
        overriding.override(session, tom, work.id, 8.0, "I read it myself: clear and complete.")
    made = releasing.release(session, SCORES, tom, placement_id)

    assert set(made.results.values()) == {8.0}
    assert locked(session, placement_id).phase is Phase.RELEASED


def is_here(session: Session, place: Place, actor: Actor, *, active: bool) -> None:
    """Say what the roster says of somebody."""
    session.execute(
        update(Membership)
        .where(Membership.user_id == actor.user_id, Membership.course_id == place.course.id)
        .values(active=active)
    )
