"""Staff give a work other points: with a reason, and without touching anybody's review."""

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Phase, Review
from lmssocial.widgets.peer_rating.scoring.overriding import override, withdraw_override
from lmssocial.widgets.peer_rating.scoring_models import Override
from tests.support.discussion import events
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place


def _row(review: Review) -> dict[str, object]:
    return {column.key: getattr(review, column.key) for column in inspect(Review).columns}


def test_an_override_replaces_the_one_before_and_leaves_reviews_alone(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben)
    session.refresh(review)
    before = _row(review)

    override(session, tom, work.id, 9.0, "The sources are better than it looks.")
    override(session, tom, work.id, 8.0, " I looked again. ")
    session.refresh(review)

    assert _row(review) == before
    rows = session.scalars(select(Override).order_by(Override.id)).all()
    assert [(row.points, row.reason, row.withdrawn_at is None) for row in rows] == [
        (9.0, "The sources are better than it looks.", False),
        (8.0, "I looked again.", True),
    ]
    withdraw_override(session, tom, work.id)
    session.refresh(review)
    assert all(row.withdrawn_at for row in rows)
    assert _row(review) == before
    told = [payload for name, _by, payload in events(session) if name == "peer_rating.score_overridden"]
    assert [one["withdrawn"] for one in told] == [False, False, True]
    with pytest.raises(Conflict):
        withdraw_override(session, tom, work.id)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("points", "reason"), [(10.1, "x"), (-0.1, "x"), (float("nan"), "x"), (5, "  "), (5, "x" * 2001)]
)
def test_what_the_rubric_does_not_give_or_nobody_explains_is_refused(
    session: Session, place: Place, ana: Actor, tom: Actor, points: float, reason: str
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana)
    with pytest.raises(Invalid):
        override(session, tom, work.id, points, reason)


@pytest.mark.one_database
def test_only_staff_give_points_and_only_while_the_activity_goes_on(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana)
    with pytest.raises(NotAllowed):
        override(session, ana, work.id, 10.0, "I think it is good.")
    with pytest.raises(NotFound):
        override(session, tom, work.id + 1, 10.0, "There is no such work.")
    activity.phase = Phase.CLOSED
    with pytest.raises(NotAllowed):
        override(session, tom, work.id, 10.0, "Too late.")
