"""Scores are released: refused while works lack one, kept with all they rest on, worked out again at any time."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.models import Extension, Phase, Work, WorkState
from lmssocial.widgets.peer_rating.releasing.service import Unscored, release, reproduce
from lmssocial.widgets.peer_rating.reviews import voiding
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.overriding import override
from lmssocial.widgets.peer_rating.scoring_models import Release, Result, ReviewerResult
from tests.support.discussion import events
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person

OURS = {one.name: one for one in SCORINGS}


def _told(session: Session) -> list[dict[str, object]]:
    return [payload for name, _by, payload in events(session) if name == "peer_rating.scores_released"]


def _reviewed(session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor) -> Work:
    work = make_work(session, place, ana)
    make_review(session, place, work, ben, levels=(0, 0))
    make_review(session, place, work, cleo, levels=(1, 1))
    return work


def test_a_release_shows_the_score_keeps_its_inputs_and_moves_the_activity(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.EVALUATE, asked=1)
    work = _reviewed(session, place, ana, ben, cleo)

    made = release(session, OURS, tom, place.placement.id)

    result = session.get_one(Result, work.id)
    assert (result.released_points, result.release_id) == (7.5, made.id)
    assert (activity.phase, activity.released_at) == (Phase.RELEASED, made.made_at)
    assert (made.number, made.scoring, made.method) == (1, "fair", "mean")
    assert made.results == {str(work.id): 7.5}
    reviewer = session.get_one(ReviewerResult, (place.placement.id, ana.user_id))
    assert (reviewer.points, reviewer.released_points, reviewer.owed) == (None, None, 0)
    assert reproduce(session, OURS, made.id)
    (told,) = _told(session)
    assert (told["number"], told["changed_ids"]) == (1, [])


def test_what_is_stored_can_be_checked_and_tampering_shows(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = _reviewed(session, place, ana, ben, cleo)
    made = release(session, OURS, tom, place.placement.id)
    session.flush()
    session.expire_all()
    assert reproduce(session, OURS, made.id)
    assert not reproduce(session, {}, made.id)
    made.results = {str(work.id): 9.5}
    assert not reproduce(session, OURS, made.id)
    made.results = {str(work.id): 7.5}
    made.inputs = {**made.inputs, "overrides": {str(work.id): 7.5}}
    assert not reproduce(session, OURS, made.id)


def test_works_without_a_score_hold_the_release_up_unless_the_others_are_to_be_released(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.EVALUATE)
    work = _reviewed(session, place, ana, ben, cleo)
    lonely = make_work(session, place, ben)
    make_review(session, place, lonely, ana)
    with pytest.raises(Unscored) as refused:
        release(session, OURS, tom, place.placement.id)
    assert [one.alias for one in refused.value.works] == [lonely.alias]
    assert activity.phase is Phase.EVALUATE

    release(session, OURS, tom, place.placement.id, others=True)
    assert session.get_one(Result, work.id).released_points == 7.5
    assert session.get_one(Result, lonely.id).released_points is None

    override(session, tom, lonely.id, 6.0, "I reviewed it myself.")
    made = release(session, OURS, tom, place.placement.id, "One was missing.")
    assert session.get_one(Result, lonely.id).released_points == 6.0
    assert _told(session)[-1]["changed_ids"] == [lonely.id]
    assert reproduce(session, OURS, made.id)


def test_a_score_that_nothing_speaks_for_any_more_is_shown_no_longer(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work, other = _reviewed(session, place, ana, ben, cleo), make_work(session, place, ben)
    bad = make_review(session, place, other, ana)
    make_review(session, place, other, cleo)
    release(session, OURS, tom, place.placement.id)
    assert session.get_one(Result, other.id).released_points is not None

    voiding.void(session, tom, place.placement.id, bad.id, "It is about something else.")
    made = release(session, OURS, tom, place.placement.id, "A review does not count.", others=True)

    assert session.get_one(Result, other.id).released_points is None
    assert _told(session)[-1]["changed_ids"] == [other.id]
    assert made.results.keys() == {str(work.id)}


def test_a_work_that_was_taken_out_needs_no_score(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    _reviewed(session, place, ana, ben, cleo)
    make_work(session, place, ben, state=WorkState.CANCELLED)
    made = release(session, OURS, tom, place.placement.id)
    assert len(made.results) == 1


def test_scores_are_released_again_with_a_reason_and_only_what_changed_is_told(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = _reviewed(session, place, ana, ben, cleo)
    other = make_work(session, place, ben)
    make_review(session, place, other, ana)
    make_review(session, place, other, cleo)
    release(session, OURS, tom, place.placement.id)
    with pytest.raises(Invalid):
        release(session, OURS, tom, place.placement.id, " ")
    override(session, tom, work.id, 9.0, "An appeal was right.")
    made = release(session, OURS, tom, place.placement.id, "An appeal was decided.")
    assert (made.number, made.reason) == (2, "An appeal was decided.")
    assert session.get_one(Result, work.id).released_points == 9.0
    assert session.get_one(Result, work.id).points == 7.5
    assert _told(session)[-1]["changed_ids"] == [work.id]
    assert reproduce(session, OURS, made.id)


def test_late_work_loses_a_share_for_each_day_begun_and_an_extension_gives_it_back(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    due = clock.now() - timedelta(days=3)
    set_up(session, place, Phase.EVALUATE, submit_due_at=due, late_percent=10.0)
    work = _reviewed(session, place, ana, ben, cleo)
    work.is_late, work.submitted_at = True, due + timedelta(days=1, hours=1)
    made = release(session, OURS, tom, place.placement.id)
    assert session.get_one(Result, work.id).released_points == 6.0  # 7.5 less 20 percent
    assert reproduce(session, OURS, made.id)

    extension = Extension(
        placement_id=place.placement.id,
        user_id=ana.user_id,
        submit_due_at=due + timedelta(days=2),
        given_by_id=tom.user_id,
        given_at=clock.now(),
    )
    session.add(extension)
    release(session, OURS, tom, place.placement.id, "Ana was ill.")
    assert session.get_one(Result, work.id).released_points == 7.5


@pytest.mark.one_database
def test_learners_do_not_release_nor_does_anybody_while_people_review(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW)
    _reviewed(session, place, ana, ben, cleo)
    with pytest.raises(NotAllowed):
        release(session, OURS, ana, place.placement.id)
    with pytest.raises(Conflict):
        release(session, OURS, tom, place.placement.id)
    assert activity.released_at is None
    assert session.scalar(select(Release.id)) is None


@pytest.mark.one_database
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_was_reviewed_a_release_can_be_worked_out_again(
    session: Session, place: Place, tom: Actor, data: st.DataObject
) -> None:
    with session.begin_nested() as attempt:
        set_up(session, place, Phase.EVALUATE, least=1, scoring=data.draw(st.sampled_from(sorted(OURS)[:3])))
        people = [make_person(session, place, f"Person {number}") for number in range(5)]
        works = [make_work(session, place, person) for person in people]
        for work, author in zip(works, people, strict=True):
            for reviewer in people:
                if reviewer is not author and data.draw(st.booleans()):
                    levels = data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
                    make_review(session, place, work, reviewer, levels=levels)
            if data.draw(st.booleans()):
                override(session, tom, work.id, data.draw(st.integers(0, 10)), "Because.")
        try:
            made = release(session, OURS, tom, place.placement.id, others=True)
        except Unscored:
            pass
        else:
            assert all(0 <= points <= 10 for points in made.results.values())
            assert reproduce(session, OURS, made.id)
        attempt.rollback()
