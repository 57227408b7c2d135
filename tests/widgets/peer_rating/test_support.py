"""The rows that other tests begin with are such as the database takes."""

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import once, running
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import Identity, PeerSettings
from tests.support.peer_rating import RUBRIC, make_review, make_work, set_up
from tests.support.people import Place


def test_an_activity_nobody_has_set_up_is_a_draft(session: Session, place: Place, ana: Actor) -> None:
    assert running(session, ana, place.placement.id).phase is Phase.DRAFT


def test_a_review_gives_the_points_of_its_levels(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)

    review = make_review(session, place, work, ben, levels=(1, 0))

    assert (review.points, work.completed, work.live) == (8.0, 1, 0)


def test_what_is_done_once_is_not_done_again(session: Session, place: Place) -> None:
    set_up(session, place)
    assert [once(session, place.placement.id, "opened", epoch) for epoch in (0, 0, 1)] == [True, False, True]


def test_settings_are_found_again_as_they_were(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place, wanted=5, identity=Identity.DOUBLE_BLIND, identity_reason="Fairness.")
    found = running(session, ana, place.placement.id).settings
    assert found == PeerSettings(
        task="Write a **page**.",
        rubric=RUBRIC,
        wanted=5,
        identity=Identity.DOUBLE_BLIND,
        identity_reason="Fairness.",
    )
