"""Answers to reviews are contributions like any other: held, published, reported, with nobody named who may not be."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Submission
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.screening import Screen, Screening
from lmssocial.widgets.peer_rating.feedback import rating
from lmssocial.widgets.peer_rating.feedback.moderating import ModeratedReplies, readable
from lmssocial.widgets.peer_rating.feedback.rating import RatingDraft
from lmssocial.widgets.peer_rating.models import Phase, Review
from lmssocial.widgets.peer_rating.settings import Identity
from tests.support.discussion import let_pass
from tests.support.moderation import holding
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database


def answered(
    session: Session,
    place: Place,
    author: Actor,
    reviewer: Actor,
    screen: Screen = let_pass,
    **settings: object,
) -> tuple[Review, int]:
    """A review that its author answered, and the id of the answer."""
    set_up(session, place, Phase.FEEDBACK, **settings)
    review = make_review(session, place, make_work(session, place, author), reviewer)

    def asked(submission: Submission) -> Screening:
        assert submission.reply_to is not None
        assert submission.reply_to.author_id == reviewer.user_id
        return screen(submission)

    draft = RatingDraft(helpful=2, reply="That is not what I wrote.")
    rating.rate(session, asked, author, place.placement.id, review.id, draft)
    reply = session.scalars(select(Contribution.id).where(Contribution.kind == rating.REPLY)).one()
    return review, reply


def replied(session: Session) -> list[bool]:
    rows = session.info.get("lmssocial_add_last", [])
    return [row.payload["replied"] for row in rows if row.name == "peer_rating.review_rated"]


def test_a_held_answer_reaches_the_reviewer_once_a_moderator_publishes_it(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    _review, reply = answered(
        session, place, ana, ben, holding("words", "A moderator reads this first.", "wrote")
    )
    assert [bool(readable(session, one, [reply])) for one in (ana, ben, cleo, tom)] == [
        True,
        False,
        False,
        True,
    ]
    assert replied(session) == [False]

    ModeratedReplies().publish(session, tom, reply)
    session.flush()
    assert [bool(readable(session, one, [reply])) for one in (ana, ben, cleo)] == [True, True, False]
    assert replied(session) == [False, True]


def test_an_answer_that_is_declined_stays_with_its_author(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    _review, reply = answered(session, place, ana, ben)
    ModeratedReplies().decline(session, tom, reply, "Please be kind.")
    session.flush()
    assert session.get_one(Contribution, reply).state is State.REJECTED
    assert not readable(session, ben, [reply])


@pytest.mark.parametrize(
    ("identity", "name"), [(Identity.DOUBLE_BLIND, "Submission"), (Identity.SINGLE_BLIND, "Ana Ruiz")]
)
def test_who_reports_an_answer_learns_no_hidden_name(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    seat: Callable[[Actor], Seat],
    identity: Identity,
    name: str,
) -> None:
    _review, reply = answered(session, place, ana, ben, identity=identity, identity_reason="Fair.")
    page = seat(ben).open(f"/w/{place.placement.id}/moderation/posts/{reply}/flag")
    assert page.status_code == 200
    assert "That is not what I wrote." in text_of(page)
    assert name in text_of(page)
    assert ("Ana Ruiz" in text_of(page)) is (identity is Identity.SINGLE_BLIND)


def test_nobody_answers_reviews_of_the_work_of_others(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Callable[[Actor], Seat]
) -> None:
    review, _reply = answered(session, place, ana, ben)
    stranger = make_person(session, place)
    browser = seat(stranger)
    assert browser.client.post(browser.address(f"/reviews/{review.id}/rate")).status_code in {404, 422}
    session.rollback()
    found = session.scalars(select(Contribution.author_id).where(Contribution.kind == rating.REPLY))
    assert stranger.user_id not in found.all()
