"""Reviews of staff and of authors, and taking a review out of the count."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Phase, ReviewState, Source, WorkState
from lmssocial.widgets.peer_rating.reviews import beginning, voiding
from tests.support.discussion import events
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place

pytestmark = pytest.mark.one_database


def test_staff_begin_one_review_of_a_work_and_go_on_with_it(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana, state=WorkState.EXCLUDED)
    begun = beginning.staff_review(session, tom, place.placement.id, work.id)
    assert (begun.source, begun.state, begun.leased_until, work.live) == (
        Source.STAFF,
        ReviewState.OFFERED,
        None,
        0,
    )
    assert beginning.staff_review(session, tom, place.placement.id, work.id) is begun


def test_learners_begin_no_review_of_staff_and_nobody_that_of_their_own_work(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    with pytest.raises(NotAllowed):
        beginning.staff_review(session, ben, place.placement.id, make_work(session, place, ana).id)
    with pytest.raises(NotAllowed, match="your own work"):
        beginning.staff_review(session, tom, place.placement.id, make_work(session, place, tom).id)


def test_authors_look_at_their_own_work_where_that_is_asked(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    set_up(session, place, Phase.SUBMIT)
    work = make_work(session, place, ana)
    with pytest.raises(NotAllowed):
        beginning.self_review(session, ana, place.placement.id, work.id)
    set_up(session, place, Phase.SUBMIT, self_assessment=True)
    assert beginning.self_review(session, ana, place.placement.id, work.id).source is Source.SELF
    with pytest.raises(NotFound):
        beginning.self_review(session, ben, place.placement.id, work.id)


def test_a_voided_review_does_not_count_until_it_is_put_in_again(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben)
    with pytest.raises(NotAllowed):
        voiding.void(session, ana, place.placement.id, review.id, "It is rude.")
    with pytest.raises(Invalid, match="Say why"):
        voiding.void(session, tom, place.placement.id, review.id, "  ")
    voiding.void(session, tom, place.placement.id, review.id, "It is rude.")
    assert (review.state, review.note, review.ended_by_id, work.completed) == (
        ReviewState.VOIDED,
        "It is rude.",
        tom.user_id,
        0,
    )
    voiding.void(session, tom, place.placement.id, review.id, "", back=True)
    assert (review.state, review.note, work.completed) == (ReviewState.SUBMITTED, "", 1)
    backs = [payload["back"] for name, _actor, payload in events(session) if name.endswith("review_voided")]
    assert backs == [False, True]


def test_what_is_not_finished_cannot_be_voided(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    review = make_review(session, place, make_work(session, place, ana), ben, state=ReviewState.STARTED)
    with pytest.raises(Conflict):
        voiding.void(session, tom, place.placement.id, review.id, "Careless.")
