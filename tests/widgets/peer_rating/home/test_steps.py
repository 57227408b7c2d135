"""The one next step of a learner: pure, from settings, phase, facts and the moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lmssocial.social.content.models import State
from lmssocial.widgets.peer_rating.home.facts import Facts, OwnWork
from lmssocial.widgets.peer_rating.home.steps import Deed, Standing, What, asked_of, way
from lmssocial.widgets.peer_rating.models import Extension, Phase, WorkState
from lmssocial.widgets.peer_rating.settings import Calibration, Late, Mode, PeerSettings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SETTINGS = PeerSettings(
    submit_due_at=NOW + DAY, review_due_at=NOW + 8 * DAY, feedback_due_at=NOW + 10 * DAY, asked=4, minutes=20
)
PAST = replace(SETTINGS, submit_due_at=NOW - DAY)
WORK = OwnWork(
    id=7,
    alias=417,
    state=WorkState.SUBMITTED,
    note="",
    is_late=False,
    submitted_at=NOW - DAY,
    words_state=State.PUBLISHED,
    words_note="",
)
IN = Facts(work=WORK)


@pytest.mark.parametrize(
    ("phase", "settings", "facts", "deed", "at"),
    [
        (Phase.PUBLISHED, replace(SETTINGS, opens_at=NOW + DAY), Facts(), Deed.WAIT_OPENING, NOW + DAY),
        (Phase.SUBMIT, SETTINGS, Facts(), Deed.HAND_IN, NOW + DAY),
        (Phase.SUBMIT, SETTINGS, IN, Deed.WAIT_REVIEWS, NOW + DAY),
        (Phase.SUBMIT, replace(SETTINGS, rolling=True), IN, Deed.NEXT_REVIEW, NOW + 8 * DAY),
        (Phase.SUBMIT, SETTINGS, replace(IN, examples=2), Deed.TRY_EXAMPLES, NOW + DAY),
        (Phase.REVIEW, PAST, Facts(), Deed.HAND_IN, NOW - DAY),
        (Phase.REVIEW, replace(PAST, late=Late.REFUSED), Facts(), Deed.NOTHING, None),
        (Phase.REVIEW, PAST, IN, Deed.NEXT_REVIEW, NOW + 8 * DAY),
        (Phase.REVIEW, PAST, replace(IN, open_id=3, open=1), Deed.GO_ON, NOW + 8 * DAY),
        (Phase.REVIEW, PAST, replace(IN, done=4), Deed.WAIT_FEEDBACK, NOW + 8 * DAY),
        (Phase.FEEDBACK, PAST, replace(IN, received=2), Deed.READ_FEEDBACK, NOW + 10 * DAY),
        (Phase.FEEDBACK, PAST, replace(IN, received=2, rated=2), Deed.WAIT_SCORE, NOW + 10 * DAY),
        (Phase.EVALUATE, PAST, IN, Deed.WAIT_SCORE, None),
        (Phase.RELEASED, PAST, replace(IN, points=7.0), Deed.SEE_SCORE, None),
        (Phase.CLOSED, PAST, Facts(), Deed.NOTHING, None),
    ],
)
def test_there_is_one_next_step(
    phase: Phase, settings: PeerSettings, facts: Facts, deed: Deed, at: datetime | None
) -> None:
    found = way(settings, phase, facts, NOW)
    assert (found.deed, found.at) == (deed, at)


def test_required_examples_come_before_the_first_review() -> None:
    settings = replace(PAST, calibration=Calibration.REQUIRED)
    assert way(settings, Phase.REVIEW, replace(IN, examples=2, tried=1), NOW).deed is Deed.TRY_EXAMPLES
    assert way(settings, Phase.REVIEW, replace(IN, examples=2, tried=2), NOW).deed is Deed.NEXT_REVIEW


def test_somebody_with_a_later_date_hands_in_while_others_review() -> None:
    extension = Extension(placement_id=1, user_id=1, submit_due_at=NOW + 2 * DAY)
    settings = replace(PAST, late=Late.REFUSED)

    found = way(settings, Phase.REVIEW, Facts(extension=extension), NOW)

    assert (found.deed, found.at, found.late) == (Deed.HAND_IN, NOW + 2 * DAY, False)
    assert found.steps[0].has_own_date


def test_what_is_left_takes_its_minutes_and_more_may_be_done_when_nothing_is_left() -> None:
    steps = {step.what: step for step in way(PAST, Phase.REVIEW, replace(IN, done=1), NOW).steps}
    assert (steps[What.REVIEWS].done, steps[What.REVIEWS].of, steps[What.REVIEWS].minutes) == (1, 4, 60)
    assert way(PAST, Phase.REVIEW, replace(IN, done=4), NOW).more_reviews
    assert not way(PAST, Phase.FEEDBACK, replace(IN, done=4), NOW).more_reviews


@pytest.mark.parametrize(
    ("settings", "others", "asked"),
    [
        (PAST, 9, 4),
        (PAST, 3, 3),
        (PAST, 0, 1),
        (replace(PAST, mode=Mode.PAIRS, comparisons=6), 2, 1),
        (replace(PAST, mode=Mode.PAIRS, comparisons=6), 9, 6),
    ],
)
def test_nobody_is_told_to_review_more_than_there_is(settings: PeerSettings, others: int, asked: int) -> None:
    facts = replace(IN, others=others)
    for phase, of in ((Phase.SUBMIT, asked_of(settings)), (Phase.REVIEW, asked)):
        steps = {step.what: step for step in way(settings, phase, facts, NOW).steps}
        assert steps[What.REVIEWS].of == of
    all_done = way(settings, Phase.FEEDBACK, replace(facts, done=asked), NOW).steps[1]
    assert (all_done.what, all_done.standing) == (What.REVIEWS, Standing.DONE)
    there = others * (others - 1) // 2 if settings.mode is Mode.PAIRS else others
    assert way(settings, Phase.REVIEW, replace(facts, done=asked), NOW).more_reviews == (asked < there)


def test_work_that_was_taken_out_is_not_called_missed() -> None:
    out = replace(WORK, state=WorkState.CANCELLED)
    found = way(replace(PAST, late=Late.REFUSED), Phase.REVIEW, Facts(work=out), NOW)
    assert (found.steps[0].standing, found.deed) == (Standing.NONE, Deed.NOTHING)
