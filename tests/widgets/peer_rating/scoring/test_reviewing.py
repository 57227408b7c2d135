"""What reviewing is worth: how much of it is done, unless quality counts as well."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Given, GroupScope, Ratings
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.owed import Done, owed_by
from lmssocial.widgets.peer_rating.scoring.reviewing import accuracies, quality
from lmssocial.widgets.peer_rating.scoring.working_out import work_out
from lmssocial.widgets.peer_rating.scoring_models import Rated, ReviewerResult
from lmssocial.widgets.peer_rating.settings import Mode, PeerSettings, Reviewing
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place

OURS = {one.name: one for one in SCORINGS}


@pytest.mark.one_database
def test_a_share_is_never_more_than_everything() -> None:
    assert Done(completed=5, owed=4).share == 1.0
    assert Done(completed=1, owed=4).share == 0.25
    assert Done(completed=0, owed=0).share is None
    assert Done(completed=1, owed=0).share == 1.0


@pytest.mark.one_database
def test_quality_is_half_completion_then_helpfulness_then_accuracy() -> None:
    assert quality(1.0, [], 1.0) == pytest.approx(0.5 + 0.3 * 0.625 + 0.2)
    assert quality(0.5, [5, 5, 5], 0.0) == pytest.approx(0.25 + 0.3 * (4.25 - 1) / 4)
    assert quality(1.0, [], None) == pytest.approx((0.5 + 0.3 * 0.625) / 0.8)
    assert quality(0.0, [5, 5], 1.0) == 0.0


@pytest.mark.one_database
def test_accuracy_leaves_ones_own_review_out() -> None:
    given = [Given(work=work, rater=rater, points=float(work)) for work in (1, 9) for rater in (1, 2, 5, 6)]
    wild = [Given(work=1, rater=3, points=9.0), Given(work=9, rater=3, points=1.0)]
    alone = [Given(work=5, rater=4, points=5.0)]
    near = accuracies(Ratings(low=0.0, high=10.0, works=(1, 5, 9), given=(*given, *wild, *alone)))
    assert near[3] == 0.0
    assert near[1] == near[2] > near[3]
    assert 4 not in near


@pytest.mark.one_database
def test_nobody_owes_reviews_of_work_they_may_not_review() -> None:
    groups = {1: frozenset({10}), 2: frozenset({10}), 3: frozenset({20}), 4: frozenset[int]()}
    works = {101: frozenset({1}), 102: frozenset({2}), 103: frozenset({3}), 104: frozenset({4})}

    def owed(scope: GroupScope = GroupScope.ANYBODY, mode: Mode = Mode.RUBRIC) -> list[int]:
        settings = PeerSettings(asked=4, comparisons=2, groups=scope, mode=mode)
        found = owed_by(settings, groups, groups, works, {1: frozenset({4}), 4: frozenset({1})})
        return [found[user_id] for user_id in sorted(found)]

    assert owed() == [2, 3, 3, 2]
    assert owed(GroupScope.WITHIN) == [1, 1, 0, 0]
    assert owed(GroupScope.OUTSIDE) == [1, 2, 3, 2]
    assert owed(mode=Mode.PAIRS) == [1, 2, 2, 1]


def test_helpful_reviews_are_worth_more_where_quality_counts(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE, asked=1, reviewing=Reviewing.QUALITY)
    work = make_work(session, place, ana)
    liked = make_review(session, place, work, ben)
    disliked = make_review(session, place, work, cleo)
    now = clock.now()
    for review, helpful in ((liked, 5), (disliked, 1)):
        session.add(
            Rated(
                review_id=review.id,
                author_id=ana.user_id,
                helpful=helpful,
                tags={},
                made_at=now,
                changed_at=now,
            )
        )
    work_out(session, OURS, locked(session, place.placement.id))
    rows = [session.get_one(ReviewerResult, (place.placement.id, one.user_id)) for one in (ben, cleo)]
    assert [row.points for row in rows] == [
        pytest.approx(0.5 + 0.3 * (3.875 - 1) / 4 + 0.2),
        pytest.approx(0.5 + 0.3 * (2.875 - 1) / 4 + 0.2),
    ]
    assert session.get(ReviewerResult, (place.placement.id, ana.user_id)).points is None  # type: ignore[union-attr]
