"""Staff move activities on, back and away, give other dates and remind people."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.clockwork.extensions import extend, extend_all
from lmssocial.widgets.peer_rating.clockwork.history import history
from lmssocial.widgets.peer_rating.clockwork.moving import move
from lmssocial.widgets.peer_rating.clockwork.owing import What
from lmssocial.widgets.peer_rating.clockwork.reminding import remind
from lmssocial.widgets.peer_rating.models import Extension, Phase, ReviewState
from lmssocial.widgets.peer_rating.settings import PeerSettings
from tests.conftest import TestClock
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person, make_place
from tests.widgets.peer_rating.clockwork.conftest import DATES, DAY, MONDAY, Look


def says(session: Session, place: Place) -> list[str]:
    """What the history says, the oldest first."""
    return [entry.says for entry in reversed(history(session, place.placement.id))]


def test_going_on_and_back_is_kept_with_the_reason(
    session: Session, place: Place, clock: TestClock, ana: Actor, tom: Actor, look: Look
) -> None:
    set_up(session, place, **DATES)
    make_work(session, place, ana)
    move(session, tom, place.placement.id, Phase.REVIEW)
    clock.tick(hours=1)
    with pytest.raises(Invalid, match="Say why"):
        move(session, tom, place.placement.id, Phase.SUBMIT)
    move(session, tom, place.placement.id, Phase.SUBMIT, "Too early.")
    clock.tick(hours=1)
    move(session, tom, place.placement.id, Phase.REVIEW)

    assert look() is Phase.REVIEW
    assert locked(session, place.placement.id).activity.epoch == 1
    assert says(session, place) == ["Reviewing began.", "Handing in began.", "Reviewing began."]
    assert history(session, place.placement.id)[1].reason == "Too early."
    told = [row.payload["epoch"] for row in session.info["lmssocial_add_last"]]
    assert told == [0, 1, 1]


def test_going_back_behind_a_date_takes_a_new_one_and_moves_later_ones(
    session: Session, place: Place, clock: TestClock, ana: Actor, tom: Actor, look: Look
) -> None:
    set_up(session, place, Phase.EVALUATE, **DATES)
    make_work(session, place, ana)
    clock.tick(days=30)
    with pytest.raises(Invalid, match="date is over"):
        move(session, tom, place.placement.id, Phase.REVIEW, "More time.")
    with pytest.raises(Invalid, match="in the future"):
        move(session, tom, place.placement.id, Phase.REVIEW, "More time.", due_at=MONDAY)
    extend_all(session, tom, place.placement.id, Phase.REVIEW, MONDAY + 33 * DAY, "More time.")

    now = PeerSettings.read(place.placement.settings)
    assert (now.review_due_at, now.feedback_due_at) == (MONDAY + 33 * DAY, MONDAY + 40 * DAY)
    assert look() is Phase.REVIEW
    clock.tick(days=4)
    assert look() is Phase.FEEDBACK


def test_calling_it_off_takes_reviews_back_and_can_be_undone(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    done, held = (
        make_review(session, place, work, ben),
        make_review(session, place, work, tom, state=ReviewState.STARTED),
    )
    move(session, tom, place.placement.id, Phase.CANCELLED, "The course ends early.")
    assert (done.state, held.state) == (ReviewState.SUBMITTED, ReviewState.EXPIRED)
    move(session, tom, place.placement.id, Phase.REVIEW, "It goes on after all.")
    assert locked(session, place.placement.id).phase is Phase.REVIEW
    assert says(session, place) == ["It was called off.", "It was taken up again."]


@pytest.mark.parametrize(
    ("before", "to", "why"),
    [
        (Phase.DRAFT, Phase.SUBMIT, "settings"),
        (Phase.SUBMIT, Phase.REVIEW, "Nothing is handed in"),
        (Phase.EVALUATE, Phase.RELEASED, "page of scores"),
        (Phase.RELEASED, Phase.CANCELLED, "cannot be called off"),
        (Phase.CLOSED, Phase.SUBMIT, "cannot be moved there"),
    ],
)
def test_what_is_not_possible_is_refused_in_words(
    session: Session, place: Place, tom: Actor, before: Phase, to: Phase, why: str
) -> None:
    set_up(session, place, before)
    with pytest.raises(Conflict) as refused:
        move(session, tom, place.placement.id, to, "Because.")
    assert why in refused.value.message


def test_learners_and_staff_of_other_courses_move_nothing(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place)
    other = make_place(session, widget="peer_rating")
    make_work(session, place, ana)
    with pytest.raises(NotAllowed):
        move(session, ana, place.placement.id, Phase.REVIEW)
    with pytest.raises(NotAllowed):
        extend(session, ana, place.placement.id, ana.user_id, MONDAY + 99 * DAY, None)
    with pytest.raises(NotFound):
        move(session, tom, other.placement.id, Phase.REVIEW)
    with pytest.raises(NotFound):
        extend(session, tom, place.placement.id, make_person(session, other).user_id, None, MONDAY + DAY)


@pytest.mark.usefixtures("clock")
def test_one_person_gets_other_dates_and_loses_them_again(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place, **DATES)
    later = MONDAY + 9 * DAY
    given = extend(session, tom, place.placement.id, ana.user_id, later, None, "Ill.")
    assert given is not None
    assert given.submit_due_at == later
    extend(
        session, tom, place.placement.id, ana.user_id, later, None, "Ill."
    )  # the same again is nothing new
    with pytest.raises(Invalid, match="over"):
        extend(session, tom, place.placement.id, ana.user_id, MONDAY - DAY, None)
    with pytest.raises(Invalid, match="Reviewing would end"):
        extend(session, tom, place.placement.id, ana.user_id, later, later - timedelta(hours=1))
    assert extend(session, tom, place.placement.id, ana.user_id, None, None) is None
    assert session.scalars(select(Extension)).all() == []
    assert says(session, place) == [
        "Ana Ruiz got other dates.",
        "Ana Ruiz has the same dates as everybody again.",
    ]


def test_people_are_reminded_at_most_once_a_day_of_what_they_owe(
    session: Session, place: Place, clock: TestClock, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, **DATES)
    make_work(session, place, ana)

    def again(**only: object) -> tuple[int, int]:
        done = remind(session, tom, place.placement.id, What.WORK, **only)  # type: ignore[arg-type]
        return done.reminded, done.lately

    assert again(user_ids=[ana.user_id, ben.user_id]) == (1, 0)
    assert again() == (1, 1)
    assert again() == (0, 2)
    clock.tick(hours=25)
    assert again() == (2, 0)
    with pytest.raises(Conflict, match="nobody to remind"):
        remind(session, tom, place.placement.id, What.REVIEWS)
    people = [row.payload["user_ids"] for row in session.info["lmssocial_add_last"]]
    assert people == [[ben.user_id], [cleo.user_id], [ben.user_id, cleo.user_id]]
