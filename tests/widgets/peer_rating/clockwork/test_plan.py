"""Whatever the dates and facts are, there is a next step, somebody has it, and looking again changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial.widgets.peer_rating.clockwork import plan
from lmssocial.widgets.peer_rating.clockwork.moves import DATES, ENDS, forwards, moves, with_date
from lmssocial.widgets.peer_rating.clockwork.next_step import Way, Who, next_step
from lmssocial.widgets.peer_rating.clockwork.plan import Against, Facts
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import PeerSettings

pytestmark = pytest.mark.one_database

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)

moments = st.integers(-60 * 24, 60 * 24).map(lambda minutes: MONDAY + timedelta(minutes=minutes * 7))
perhaps = st.none() | moments
few = st.integers(0, 4)


@st.composite
def settings_of_all_kinds(draw: st.DrawFn) -> PeerSettings:
    """Settings with dates in order, or some of them missing."""
    dates = sorted(draw(st.lists(moments, min_size=4, max_size=4, unique=True)))
    kept = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    names = ("opens_at", *DATES)
    chosen: dict[str, Any] = {name: date for name, date, keep in zip(names, dates, kept, strict=True) if keep}
    return PeerSettings(
        **chosen,
        rolling=draw(st.booleans()),
        release_by_itself=draw(st.booleans()),
        least=draw(st.integers(1, 3)),
        appeal_days=draw(st.sampled_from([0, 7])),
    )


facts_of_all_kinds = st.builds(
    Facts,
    phase=st.sampled_from(Phase),
    since=moments,
    works=st.integers(0, 6),
    missing=few,
    held=few,
    submit_until=perhaps,
    review_until=perhaps,
    lease_ends=perhaps,
    undecided=few,
    stale=st.booleans(),
    trouble=st.booleans(),
    by_itself=st.booleans(),
)


@given(settings_of_all_kinds(), facts_of_all_kinds, moments)
def test_from_every_state_there_is_a_next_step_and_somebody_has_it(
    settings: PeerSettings, facts: Facts, now: datetime
) -> None:
    step = next_step(settings, facts, now)

    assert step.says
    if step.who in {Who.STAFF, Who.MODERATORS}:
        assert step.ways, "they are not told what to do"
    elif step.who is Who.LEARNERS:
        assert step.at is not None or Way.GO_ON in step.ways or Way.EXTEND in step.ways
    elif step.who is Who.CLOCK:
        assert step.at is not None
        assert plan.step(settings, facts, now) is not None or step.at > now
    else:
        assert facts.phase in {Phase.CLOSED, Phase.ARCHIVED, Phase.CANCELLED}


@given(settings_of_all_kinds(), facts_of_all_kinds, moments)
def test_what_staff_are_told_to_do_can_be_done(settings: PeerSettings, facts: Facts, now: datetime) -> None:
    step = next_step(settings, facts, now)
    possible = moves(settings, facts, now, cancelled_in=Phase.REVIEW)
    targets = {move.to for move in possible}

    if Way.GO_ON in step.ways:
        assert forwards(possible) is not None
    if Way.CANCEL in step.ways:
        assert Phase.CANCELLED in targets
    if Way.TAKE_UP in step.ways:
        assert Phase.REVIEW in targets
    if Way.RELEASE in step.ways:
        assert facts.phase is Phase.EVALUATE
    if Way.EXTEND in step.ways and facts.phase in {Phase.EVALUATE, Phase.FEEDBACK}:
        assert Phase.REVIEW in targets


@given(settings_of_all_kinds(), facts_of_all_kinds, moments)
def test_it_is_looked_at_again_before_anything_can_be_due(
    settings: PeerSettings, facts: Facts, now: datetime
) -> None:
    again = plan.looks_again(settings, facts, now)

    if again is None:
        assert facts.phase in {Phase.DRAFT, Phase.ARCHIVED, Phase.CANCELLED}
        return
    assert now < again
    if facts.phase is not Phase.CLOSED:
        assert again <= now + plan.AT_LEAST
    elif again > now + timedelta(seconds=1):  # not looked at every hour for half a year
        assert again == facts.since + plan.KEPT
    if plan.step(settings, facts, now) is None:  # nothing becomes due much earlier than the next look
        just_before = again - timedelta(seconds=2)
        if just_before > now:
            assert plan.step(settings, facts, just_before) is None


@given(settings_of_all_kinds(), facts_of_all_kinds, moments)
def test_the_clock_never_goes_back(settings: PeerSettings, facts: Facts, now: datetime) -> None:
    order = list(Phase)
    to = plan.step(settings, facts, now)
    assert to is None or order.index(to) > order.index(facts.phase)


@given(settings_of_all_kinds(), facts_of_all_kinds, moments)
def test_nothing_is_released_by_itself_that_somebody_should_look_at(
    settings: PeerSettings, facts: Facts, now: datetime
) -> None:
    if plan.step(settings, facts, now) is Phase.RELEASED:
        assert settings.release_by_itself
        assert facts.by_itself
        assert not any((facts.missing, facts.held, facts.undecided, facts.stale, facts.trouble))


@given(settings_of_all_kinds(), facts_of_all_kinds, moments)
def test_whoever_goes_back_says_why_and_does_not_go_on_at_once(
    settings: PeerSettings, facts: Facts, now: datetime
) -> None:
    for move in moves(settings, facts, now):
        assert move.tells
        if move.is_back and move.to in ENDS:
            due = with_date(settings, ENDS[move.to], now + DAY) if move.needs_date else settings
            there = Facts(phase=move.to, since=now, works=facts.works)
            assert plan.step(due, there, now) is None


@given(settings_of_all_kinds(), st.sampled_from(DATES), moments)
def test_dates_stay_in_order_when_one_of_them_is_moved(
    settings: PeerSettings, name: str, to: datetime
) -> None:
    dates = [getattr(with_date(settings, name, to), one) for one in DATES[DATES.index(name) :]]
    known = [date for date in dates if date is not None]
    assert known[0] == to
    assert known == sorted(set(known))


def test_a_later_date_moves_those_after_it_by_as_much() -> None:
    before = PeerSettings(
        submit_due_at=MONDAY, review_due_at=MONDAY + 2 * DAY, feedback_due_at=MONDAY + 9 * DAY
    )
    after = with_date(before, "submit_due_at", MONDAY + 3 * DAY)
    assert (after.review_due_at, after.feedback_due_at) == (MONDAY + 5 * DAY, MONDAY + 9 * DAY)


def test_a_minute_after_the_date_is_still_in_time() -> None:
    settings = PeerSettings(submit_due_at=MONDAY)
    facts = Facts(phase=Phase.SUBMIT, since=MONDAY - DAY, works=5)
    assert plan.step(settings, facts, MONDAY + timedelta(seconds=60)) is None
    assert plan.step(settings, facts, MONDAY + timedelta(seconds=61)) is Phase.REVIEW


def test_reviewing_does_not_end_before_the_last_person_has_handed_in() -> None:
    settings = PeerSettings(review_due_at=MONDAY)
    facts = Facts(phase=Phase.REVIEW, since=MONDAY - DAY, works=5, submit_until=MONDAY + DAY)
    assert plan.step(settings, facts, MONDAY + timedelta(hours=1)) is None
    assert plan.step(settings, facts, MONDAY + 2 * DAY) is Phase.EVALUATE


def test_scores_wait_for_somebody_who_has_longer() -> None:
    facts = Facts(phase=Phase.EVALUATE, since=MONDAY, works=5, review_until=MONDAY + DAY)
    assert plan.speaks_against(facts, MONDAY) == (Against.EXTENDED,)
    assert plan.speaks_against(facts, MONDAY + 2 * DAY) == ()


@pytest.mark.parametrize(("works", "says"), [(0, "nobody has handed in"), (1, "one work"), (2, "2 works")])
def test_too_few_works_leave_nobody_stuck(works: int, says: str) -> None:
    settings = PeerSettings(submit_due_at=MONDAY)
    facts = Facts(phase=Phase.SUBMIT, since=MONDAY - DAY, works=works)

    step = next_step(settings, facts, MONDAY + DAY)

    assert plan.step(settings, facts, MONDAY + DAY) is None
    assert step.who is Who.STAFF
    assert says in step.says
    assert {Way.EXTEND, Way.CANCEL} <= set(step.ways)
    assert (Way.GO_ON in step.ways) == bool(works)
