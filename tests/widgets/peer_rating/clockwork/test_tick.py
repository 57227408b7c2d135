"""What happens by itself: once, in time, and whatever the clock and people do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.content.models import Draft
from lmssocial.widgets.peer_rating.activities import locked, look_again
from lmssocial.widgets.peer_rating.clockwork.facts import facts_of
from lmssocial.widgets.peer_rating.clockwork.next_step import Who, next_step
from lmssocial.widgets.peer_rating.clockwork.tick import tick
from lmssocial.widgets.peer_rating.models import (
    Activity,
    Edge,
    Extension,
    Phase,
    Review,
    ReviewState,
    Source,
    Work,
)
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.pairs.drafts import Saved
from lmssocial.widgets.peer_rating.scoring_models import Appeal, AppealState, Release
from lmssocial.widgets.peer_rating.settings import PeerSettings
from lmssocial.widgets.peer_rating.works.drafts import target_of
from tests.conftest import TestClock
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place
from tests.support.queries import Queries
from tests.widgets.peer_rating.clockwork.conftest import DATES, DAY, MONDAY, OURS, SCORES, Look

Count = Callable[[], AbstractContextManager[Queries]]
Pairs = list[tuple[Actor, Work]]


def told(session: Session) -> list[str]:
    """The names of the events that wait to be told of."""
    return [row.name.removeprefix("peer_rating.") for row in session.info.get("lmssocial_add_last", [])]


def edges(session: Session) -> list[str]:
    """What was noted as done, in its order."""
    return list(session.scalars(select(Edge.edge).order_by(Edge.id)))


def change(session: Session, place: Place, **changed: object) -> None:
    """Set something else, as the page of settings does."""
    before = PeerSettings.read(place.placement.settings)
    place.placement.settings = replace(before, **changed).as_json()  # type: ignore[arg-type]
    look_again(locked(session, place.placement.id).activity)
    session.flush()


def leave(session: Session, place: Place, actor: Actor) -> None:
    """Let somebody not be in the course any more."""
    session.execute(
        update(Membership)
        .where(Membership.user_id == actor.user_id, Membership.course_id == place.course.id)
        .values(active=False)
    )


def review_all(session: Session, place: Place, pairs: Pairs) -> None:
    """Everybody reviews everybody else."""
    for author, work in pairs:
        for reviewer, _own in pairs:
            if reviewer is not author:
                make_review(session, place, work, reviewer)


@pytest.fixture
def three(session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor) -> Pairs:
    """Three people, each of whom has handed something in."""
    return [(one, make_work(session, place, one)) for one in (ana, ben, cleo)]


def test_an_activity_goes_its_way_by_its_dates(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look
) -> None:
    set_up(session, place, Phase.PUBLISHED, **DATES, release_by_itself=True)

    seen = [look()]
    for days in (6, 1, 7, 7, 1, 8, 180):
        clock.tick(days=days, minutes=2)
        seen.append(look())
        if seen[-2:] == [Phase.SUBMIT, Phase.REVIEW]:
            review_all(session, place, three)

    assert seen == [
        Phase.SUBMIT,
        Phase.SUBMIT,
        Phase.REVIEW,
        Phase.FEEDBACK,
        Phase.RELEASED,
        Phase.RELEASED,
        Phase.CLOSED,
        Phase.ARCHIVED,
    ]
    assert session.scalars(select(Release.number)).all() == [1]
    assert session.get_one(Activity, place.placement.id).next_at is None


@pytest.mark.usefixtures("three")
def test_looking_twice_is_looking_once(session: Session, place: Place, clock: TestClock, look: Look) -> None:
    set_up(session, place, **DATES, allocator="exact")
    clock.tick(days=7, minutes=2)
    look()
    before = told(session), edges(session), session.scalars(select(Review.id)).all()

    assert look() is Phase.REVIEW
    clock.tick(minutes=1)
    assert look() is Phase.REVIEW
    assert (told(session), edges(session), session.scalars(select(Review.id)).all()) == before
    assert len(before[2]) == 6  # both others, for each of them


@pytest.mark.usefixtures("three")
def test_a_clock_that_was_set_back_changes_nothing(
    session: Session, place: Place, clock: TestClock, look: Look
) -> None:
    set_up(session, place, **DATES)
    clock.tick(days=8)
    assert look() is Phase.REVIEW
    before = told(session)

    clock.move_to(MONDAY + 2 * DAY)
    change(session, place, submit_due_at=MONDAY + DAY, review_due_at=MONDAY + DAY + timedelta(hours=1))
    assert look() is Phase.REVIEW
    assert told(session) == before
    assert session.get_one(Activity, place.placement.id).next_at == MONDAY + 8 * DAY


@pytest.mark.usefixtures("three")
def test_a_date_that_is_moved_back_and_forth_is_told_of_once(
    session: Session, place: Place, clock: TestClock, look: Look
) -> None:
    set_up(session, place, **DATES)
    clock.move_to(DATES["submit_due_at"] - timedelta(hours=3))
    for date in (DATES["submit_due_at"], MONDAY + 9 * DAY, DATES["submit_due_at"]):
        change(session, place, submit_due_at=date)
        look()
    assert told(session) == ["due_soon"]

    clock.move_to(DATES["submit_due_at"] + timedelta(minutes=2))
    look()
    change(session, place, submit_due_at=MONDAY + 9 * DAY)
    assert look() is Phase.REVIEW  # it does not go back by itself
    change(session, place, submit_due_at=DATES["submit_due_at"])
    assert look() is Phase.REVIEW
    assert told(session) == ["due_soon", "phase_changed"]


def test_with_one_work_it_stays_and_staff_are_told_once_for_each_date(
    session: Session, place: Place, clock: TestClock, ana: Actor, look: Look
) -> None:
    set_up(session, place, **DATES)
    make_work(session, place, ana)
    for date in (MONDAY + 8 * DAY, MONDAY + 10 * DAY):
        change(session, place, submit_due_at=date)
        clock.move_to(date + timedelta(minutes=2))
        assert look() is Phase.SUBMIT
        clock.tick(minutes=10)
        assert look() is Phase.SUBMIT
    assert told(session) == ["staff_needed", "staff_needed"]


def test_late_work_lets_a_small_class_begin_after_all(
    session: Session, place: Place, clock: TestClock, ana: Actor, ben: Actor, look: Look
) -> None:
    set_up(session, place, **DATES, least=1)
    make_work(session, place, ana)
    clock.tick(days=7, minutes=2)
    assert look() is Phase.SUBMIT

    make_work(session, place, ben, is_late=True)
    clock.tick(minutes=5)
    again = session.get_one(Activity, place.placement.id).next_at
    assert again is not None
    assert again <= the_clock.now()
    assert look() is Phase.REVIEW


def test_a_lease_that_ends_gives_the_work_back(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look
) -> None:
    set_up(session, place, Phase.REVIEW, **DATES)
    (_, work), (ben, _), _ = three
    review = make_review(session, place, work, ben, state=ReviewState.OFFERED)
    review.leased_until = MONDAY + timedelta(minutes=3)

    look()
    assert session.get_one(Activity, place.placement.id).next_at == MONDAY + timedelta(minutes=3, seconds=1)
    clock.tick(minutes=4)
    look()
    assert (review.state, work.live) == (ReviewState.EXPIRED, 0)


@pytest.mark.usefixtures("clock")
def test_who_leaves_the_course_gives_back_what_they_held(
    session: Session, place: Place, three: Pairs, look: Look
) -> None:
    set_up(session, place, Phase.REVIEW, **DATES)
    (_, work), (ben, _), (cleo, _) = three
    done = make_review(session, place, work, cleo)
    held = make_review(session, place, work, ben, state=ReviewState.STARTED)
    for actor in (ben, cleo):
        leave(session, place, actor)

    look()

    assert (held.state, done.state, work.live) == (ReviewState.EXPIRED, ReviewState.SUBMITTED, 0)
    assert told(session) == ["review_expired"]


def test_when_everybody_drops_out_staff_are_told_what_is_missing(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW, **DATES, release_by_itself=True)
    clock.tick(days=15)
    assert look() is Phase.FEEDBACK
    clock.tick(days=8)
    assert look() is Phase.EVALUATE

    [needed] = [row for row in session.info["lmssocial_add_last"] if row.name.endswith("staff_needed")]
    assert (needed.payload["why"], needed.payload["count"]) == ("reviews-missing", 3)
    here = locked(session, activity.placement_id)
    assert next_step(here.settings, facts_of(session, here), the_clock.now()).who is Who.STAFF

    for _author, work in three:  # and staff can bring it to its end
        make_review(session, place, work, tom, source=Source.STAFF)
    here.activity.scores_stale = True
    clock.tick(minutes=5)
    assert look() is Phase.RELEASED


def test_the_work_of_who_left_the_course_is_not_waited_for(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look
) -> None:
    set_up(
        session, place, Phase.REVIEW, **(DATES | {"feedback_due_at": None}), release_by_itself=True, least=1
    )
    (ana, one), (ben, two), (cleo, _) = three
    make_review(session, place, one, ben)
    make_review(session, place, two, ana)
    leave(session, place, cleo)  # nobody reviewed theirs
    clock.tick(days=15)
    assert look() is Phase.RELEASED
    assert "staff_needed" not in told(session)


def test_somebody_with_a_date_of_their_own_is_waited_for(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, **(DATES | {"feedback_due_at": None}), release_by_itself=True)
    review_all(session, place, three)
    ben = three[1][0]
    until = DATES["review_due_at"] + 3 * DAY
    session.add(
        Extension(
            placement_id=place.placement.id,
            user_id=ben.user_id,
            review_due_at=until,
            given_by_id=tom.user_id,
            given_at=MONDAY,
        )
    )
    clock.tick(days=15)
    assert look() is Phase.EVALUATE
    clock.move_to(until - timedelta(hours=1))
    assert look() is Phase.EVALUATE
    assert told(session)[-1] == "due_soon"
    clock.move_to(until + timedelta(minutes=2))
    assert look() is Phase.RELEASED


def test_scores_that_are_ready_wait_for_staff(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look
) -> None:
    set_up(session, place, Phase.REVIEW, **(DATES | {"feedback_due_at": None}))
    review_all(session, place, three)
    clock.tick(days=15)

    assert look() is Phase.EVALUATE
    clock.tick(minutes=5)
    assert look() is Phase.EVALUATE
    assert told(session) == ["phase_changed", "staff_needed"]


def test_a_scoring_that_is_gone_stops_nothing_else(
    session: Session, place: Place, clock: TestClock, three: Pairs
) -> None:
    set_up(session, place, Phase.REVIEW, **(DATES | {"feedback_due_at": None}), release_by_itself=True)
    review_all(session, place, three)
    clock.tick(days=15)
    for _again in range(2):
        assert tick(session, OURS, {}, place.placement.id, the_clock.now()) is Phase.EVALUATE
        clock.tick(minutes=5)
    assert told(session) == ["phase_changed", "staff_needed"]
    assert tick(session, OURS, SCORES, place.placement.id, the_clock.now()) is Phase.RELEASED


def test_an_appeal_keeps_an_activity_open(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look
) -> None:
    set_up(session, place, Phase.RELEASED, **DATES)
    (ana, work), _, _ = three
    appeal = Appeal(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        work_id=work.id,
        author_id=ana.user_id,
        criteria={"criteria": [0]},
        text="The second source was overlooked; it stands on page three.",
        made_at=MONDAY,
    )
    session.add(appeal)
    clock.tick(days=8)
    assert look() is Phase.RELEASED
    appeal.state = AppealState.REJECTED
    clock.tick(hours=1)
    assert look() is Phase.CLOSED


def test_what_was_never_sent_is_deleted_in_the_end(
    session: Session, place: Place, clock: TestClock, three: Pairs, look: Look
) -> None:
    set_up(session, place, Phase.CLOSED, **DATES)
    (ana, work), (ben, other), (cleo, _) = three
    kept = make_review(session, place, work, ben)
    lost = make_review(session, place, work, cleo, state=ReviewState.EXPIRED)
    draft = Draft(
        user_id=ana.user_id,
        community_id=place.community.id,
        target=target_of(place.placement.id),
        source="Not sent.",
        sequence=1,
        updated_at=MONDAY,
    )
    begun = Comparison(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        judge_id=cleo.user_id,
        low_id=work.id,
        high_id=other.id,
        state=ComparisonState.EXPIRED,
        answers=Saved(sequence=1, words="Not sent either.").as_json(),
        offered_at=MONDAY,
    )
    session.add_all([draft, begun])
    clock.tick(days=180)

    assert look() is Phase.ARCHIVED
    session.expire_all()
    assert (lost.answers, begun.answers, bool(kept.answers)) == ({}, {}, True)
    assert session.scalars(select(Draft.id)).all() == []


def test_looking_asks_as_much_for_many_as_for_few(
    session: Session, place: Place, three: Pairs, look: Look, count_queries: Count
) -> None:
    set_up(session, place, Phase.REVIEW, **DATES)
    look()
    with count_queries() as few:
        look()
    for number in range(12):
        actor, _work = three[number % 3]
        make_work(session, place, actor, round=number + 2)
    with count_queries() as many:
        look()
    assert len(many) == len(few)


@pytest.mark.usefixtures("three")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(0, 24 * 60), min_size=2, max_size=8), moved=st.integers(-10, 10))
def test_whatever_the_clock_does_every_step_is_told_of_once(
    session: Session, place: Place, clock: TestClock, look: Look, hours: list[int], moved: int
) -> None:
    with session.begin_nested() as fresh:
        set_up(session, place, Phase.PUBLISHED, **DATES)
        session.info.pop("lmssocial_add_last", None)
        order, phase = list(Phase), Phase.PUBLISHED
        for hour in hours:
            clock.move_to(MONDAY + timedelta(hours=hour))
            seen = look()
            assert order.index(seen) >= order.index(phase)
            assert look() is seen
            phase = seen
            change(session, place, review_due_at=DATES["review_due_at"] + moved * timedelta(hours=12))
            moved = -moved
        steps = [
            (row.payload["before"], row.payload["phase"])
            for row in session.info.get("lmssocial_add_last", [])
            if row.name == "peer_rating.phase_changed"
        ]
        assert len(steps) == len(set(steps))
        noted = [(one.edge, one.epoch) for one in session.scalars(select(Edge))]
        assert len(noted) == len(set(noted))
        fresh.rollback()
    session.expire_all()
    session.info.pop("lmssocial_add_last", None)
