"""Scores are worked out and kept, with what they rest on; a scoring that fails changes nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Ratings, Scored, Scores, Scoring
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import Phase, ReviewState, Source
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.inputs import as_json, digest, from_json, ratings_of
from lmssocial.widgets.peer_rating.scoring.working_out import Outcome, work_out
from lmssocial.widgets.peer_rating.scoring_models import Result, ReviewerResult
from lmssocial.widgets.peer_rating.settings import Mode
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person

OURS = {one.name: one for one in SCORINGS}


def worked_out(session: Session, place: Place, scorings: dict[str, Scoring] = OURS) -> Outcome:
    return work_out(session, scorings, locked(session, place.placement.id))


def test_a_work_keeps_its_mean_its_range_and_what_each_criterion_got(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    activity = set_up(session, place, Phase.EVALUATE, asked=2)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben, levels=(0, 0))  # 4 + 6
    make_review(session, place, work, cleo, levels=(1, 1))  # 2 + 3
    activity.scores_stale = True

    outcome = worked_out(session, place)

    assert (outcome.trouble, outcome.method, outcome.works) == ("", "mean", 1)
    result = session.get_one(Result, work.id)
    assert (result.points, result.mean, result.count) == (7.5, 7.5, 2)
    assert (result.lowest, result.highest) == (5.0, 10.0)
    assert result.criteria == {"means": [3.0, 4.5]}
    assert result.staff_points is None
    assert not activity.scores_stale


def test_only_reviews_by_peers_that_count_are_counted(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE, least=1)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben, levels=(0, 0))
    make_review(session, place, work, cleo, levels=(2, 2), state=ReviewState.VOIDED)
    make_review(session, place, work, ana, levels=(2, 2), source=Source.SELF)
    worked_out(session, place)
    assert session.get_one(Result, work.id).points == 10.0

    make_review(session, place, work, tom, levels=(2, 2), source=Source.STAFF)
    worked_out(session, place)
    result = session.get_one(Result, work.id)
    assert (result.points, result.mean, result.count, result.staff_points) == (1.0, 10.0, 1, 0.0)


def test_too_few_reviews_give_no_score_unless_staff_reviewed(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE, least=2)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben)
    assert worked_out(session, place).works == 0
    result = session.get_one(Result, work.id)
    assert (result.points, result.mean) == (None, 7.0)

    make_review(session, place, work, tom, source=Source.STAFF)
    assert worked_out(session, place).works == 1
    assert session.get_one(Result, work.id).points == 7.0


def test_what_was_released_stays_when_scores_are_worked_out_again(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.RELEASED, least=1)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben, levels=(0, 0))
    worked_out(session, place)
    session.get_one(Result, work.id).released_points = 10.0
    make_review(session, place, work, cleo, levels=(2, 2))
    worked_out(session, place)
    result = session.get_one(Result, work.id)
    assert (result.points, result.released_points) == (5.0, 10.0)


def test_reviewing_is_worth_what_of_it_is_done_and_nobody_owes_more_than_there_is(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE, asked=4)
    works = [make_work(session, place, one) for one in (ana, ben, cleo)]
    make_review(session, place, works[1], ana)
    make_review(session, place, works[2], ana)
    make_review(session, place, works[0], ben)
    worked_out(session, place)
    rows = {
        row.user_id: (row.completed, row.owed, row.points) for row in session.scalars(select(ReviewerResult))
    }
    assert rows == {ana.user_id: (2, 2, 1.0), ben.user_id: (1, 2, 0.5), cleo.user_id: (0, 2, 0.0)}


def _raises(_ratings: Ratings) -> Scores:
    raise ZeroDivisionError


def _answers_too_much(ratings: Ratings) -> Scores:
    return Scores(works=tuple(Scored(work=work, points=ratings.high + 1) for work in ratings.works))


def _answers_nonsense(ratings: Ratings) -> Scores:
    return Scores(works=tuple(Scored(work=work, points=float("nan")) for work in ratings.works))


def _forgets(_ratings: Ratings) -> Scores:
    return Scores(works=())


@pytest.mark.one_database
@pytest.mark.parametrize("score", [_raises, _answers_too_much, _answers_nonsense, _forgets, None])
def test_a_scoring_that_fails_changes_nothing_and_says_so(
    session: Session, place: Place, ana: Actor, ben: Actor, score: Callable[[Ratings], Scores] | None
) -> None:
    activity = set_up(session, place, Phase.EVALUATE, least=1)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben, levels=(0, 0))
    worked_out(session, place)
    make_review(session, place, work, make_other(session, place), levels=(2, 2))
    activity.scores_stale = True
    broken = {"fair": replace(OURS["fair"], score=score)} if score else {}

    outcome = worked_out(session, place, broken)

    assert outcome.trouble
    assert session.get_one(Result, work.id).points == 10.0
    assert activity.scores_stale


def make_other(session: Session, place: Place) -> Actor:
    return make_person(session, place, "Dora Lund")


def test_ratings_are_read_again_as_they_were_written(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben)
    make_review(session, place, work, tom, source=Source.STAFF)
    ratings = ratings_of(session, locked(session, place.placement.id))
    assert len(ratings.given) == 2
    assert from_json(as_json(ratings)) == ratings
    assert digest(as_json(ratings)) == digest(as_json(from_json(as_json(ratings))))


def test_comparisons_give_points_by_how_often_a_work_is_the_better_one(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE, mode=Mode.PAIRS, comparisons=1)
    first, second, third = (make_work(session, place, one) for one in (ana, ben, cleo))
    for judge, better, worse in ((cleo, first, second), (ana, second, third), (ben, first, third)):
        session.add(
            Comparison(
                tenant_id=place.tenant.id,
                community_id=place.community.id,
                placement_id=place.placement.id,
                judge_id=judge.user_id,
                low_id=min(better.id, worse.id),
                high_id=max(better.id, worse.id),
                better_id=better.id,
                state=ComparisonState.SUBMITTED,
                offered_at=clock.now(),
            )
        )
    session.flush()

    outcome = worked_out(session, place)

    assert (outcome.trouble, outcome.method, outcome.works) == ("", "pairs", 3)
    points = [session.get_one(Result, work.id).points or 0.0 for work in (first, second, third)]
    assert points[0] > points[1] > points[2] > 0
    assert points[1] == pytest.approx(5.0)
    assert session.get_one(Result, first.id).count == 2
    assert session.get_one(ReviewerResult, (place.placement.id, ana.user_id)).points == 1.0
