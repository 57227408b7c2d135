"""What instructors hear about settings that cannot be, and what has to stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.people import Participant
from lmssocial.widgets.peer_rating.settings import Calibration, Identity, Mode, PeerSettings, Reveal
from lmssocial.widgets.peer_rating.setup import starting
from lmssocial.widgets.peer_rating.setup.feasibility import reach
from lmssocial.widgets.peer_rating.setup.rules import Standing, fixed, problems
from tests.support.peer_rating import RUBRIC

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = PeerSettings(task="Write.", rubric=RUBRIC)
BLIND: dict[str, Any] = {
    "identity": Identity.SINGLE_BLIND,
    "identity_reason": "So that people say what they think.",
}
DRAFT = Standing(phase=Phase.DRAFT)


def wrong(*, opening: bool = True, **settings: Any) -> set[str]:
    """The settings that something is said about."""
    return set(problems(GOOD, replace(GOOD, **settings), DRAFT, opening=opening, now=NOON))


@pytest.mark.parametrize(
    ("settings", "at"),
    [
        ({}, set()),
        ({"opens_at": NOON + DAY, "submit_due_at": NOON + DAY}, {"submit_due_at"}),
        ({"submit_due_at": NOON + 2 * DAY, "review_due_at": NOON + DAY}, {"review_due_at"}),
        ({"review_due_at": NOON + 2 * DAY, "feedback_due_at": NOON + DAY}, {"feedback_due_at"}),
        ({"feedback_due_at": NOON + DAY}, {"feedback_due_at"}),
        ({"submit_due_at": NOON - DAY}, {"submit_due_at"}),
        ({"wanted": 3, "least": 4}, {"least"}),
        ({"wanted": 3, "asked": 2}, {"asked"}),
        ({"wanted": 3, "asked": 1, "teams": True}, set()),
        ({"teams": True, "groups": GroupScope.WITHIN}, {"groups"}),
        ({"identity": Identity.DOUBLE_BLIND, "identity_reason": "Because."}, {"identity_reason"}),
        (BLIND, set()),
        ({"calibration": Calibration.REQUIRED}, {"calibration"}),
        ({"task": "", "rubric": ()}, {"task", "rubric"}),
        ({"rubric": (), "mode": Mode.PAIRS, "calibration": Calibration.REQUIRED}, set()),
    ],
)
def test_what_learners_could_not_work_with_is_said(settings: dict[str, Any], at: set[str]) -> None:
    assert wrong(**settings) == at


def test_a_draft_may_be_saved_unfinished() -> None:
    assert wrong(opening=False, task="", rubric=(), submit_due_at=NOON - DAY) == set()


def test_names_are_never_hidden_less_than_people_were_promised() -> None:
    taken_part = Standing(phase=Phase.SUBMIT, handed_in=True)
    before = replace(GOOD, **BLIND, reveal=Reveal.NEVER)
    for after, at in (
        (replace(before, identity=Identity.NAMED), {"identity"}),
        (replace(before, reveal=Reveal.RELEASED), {"reveal"}),
        (replace(before, identity=Identity.DOUBLE_BLIND), set[str]()),
    ):
        assert set(problems(before, after, taken_part, opening=False, now=NOON)) == at
    assert not problems(before, GOOD, replace(taken_part, handed_in=False), opening=False, now=NOON)


def test_what_has_begun_stays_as_it_is() -> None:
    assert not fixed(DRAFT)
    assert set(fixed(Standing(phase=Phase.SUBMIT, handed_in=True))) == {"opens_at", "teams"}
    assert {"mode", "rubric"} <= set(fixed(Standing(phase=Phase.REVIEW, reviewed=True)))
    by_scores = {"points", "least", "asked", "comparisons", "needs_own", "groups"}
    assert by_scores <= set(fixed(Standing(phase=Phase.RELEASED)))
    assert set(fixed(Standing(phase=Phase.CLOSED))) >= set(GOOD.as_json())


def people(*groups: set[int]) -> list[Participant]:
    """One person for each set of groups."""
    return [
        Participant(user_id=number, name=f"P{number}", groups=frozenset(one))
        for number, one in enumerate(groups, start=1)
    ]


@pytest.mark.parametrize(
    ("groups", "settings", "most"),
    [
        ([set(), set()], {}, 1),
        ([set()] * 4, {}, 3),
        ([set()] * 9, {"asked": 2}, 2),
        ([{1}, {1}, {1}, {2}, {2}], {"groups": GroupScope.WITHIN}, 1),
        ([{1}, {1}, {1}, {2}], {"groups": GroupScope.OUTSIDE}, 1),
        ([{1}, {1}, {2}, {2}, {3}, {3}], {"teams": True, "asked": 1}, 2),
    ],
)
def test_how_many_reviews_each_work_can_get(
    groups: list[set[int]], settings: dict[str, Any], most: int
) -> None:
    found = reach(people(*groups), replace(GOOD, **settings))
    assert (found.most, found.is_short) == (most, most < GOOD.wanted)


def test_an_empty_course_is_not_called_short() -> None:
    assert not reach([], GOOD).is_short


def test_who_cannot_hand_in_for_a_team_is_counted() -> None:
    assert reach(people({1}, {1}, set()), replace(GOOD, teams=True)).loose == 1


@pytest.mark.parametrize("name", list(starting.TEMPLATES))
def test_every_rubric_to_begin_with_can_be_reviewed_by(name: str) -> None:
    assert name in starting.titles()
    for line in starting.TEMPLATES[name]():
        words, points = zip(*line.levels, strict=True)
        assert len(set(words)) == len(words)
        assert list(points) == sorted(points, reverse=True)
        assert points[-1] == 0
