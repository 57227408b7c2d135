"""Intervals, distances, chance, change and waiting times, against hand values and the table the definition rests on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from math import comb

import numpy as np
import pytest

from lmssocial_reporting.definition import Role
from lmssocial_reporting.figures.chance import by_chance, jensen_shannon_by_chance
from lmssocial_reporting.figures.change import paired_change
from lmssocial_reporting.figures.distances import jensen_shannon, total_variation
from lmssocial_reporting.figures.intervals import wilson
from lmssocial_reporting.figures.survival import kaplan_meier_median
from lmssocial_reporting.people import Window
from lmssocial_reporting.profile.figures import figures_of, mix_of
from lmssocial_reporting.profile.flags import leaves_its_past, tied_sets
from lmssocial_reporting.profile.notes import first_end_of
from lmssocial_reporting.profile.reading import windows_of
from lmssocial_reporting.profile.trend import Acting, flow_is_safe, trend_of
from lmssocial_reporting.profile.verdicts import Verdict, gap_of, verdict_of
from lmssocial_reporting.store.port import By, Count, Edge, Profile, Slice
from lmssocial_reporting.targets.values import Band, Stage, Target
from tests.support.reporting import a_population

UNEVEN = (0.6, 0.2, 0.1, 0.05, 0.05)
"""The target of the table."""
SUNDAY = date(2026, 3, 1)
WINDOW = Window.ending(SUNDAY)


def test_wilson_intervals_are_those_of_the_formula_and_cover_what_they_promise_for_few() -> None:
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=5e-5)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)
    for people, share, covered in ((25, 0.05, 0.97), (8, 0.10, 0.96)):
        found = sum(
            comb(people, count) * share**count * (1 - share) ** (people - count)
            for count in range(people + 1)
            if wilson(count, people)[0] <= share <= wilson(count, people)[1]
        )
        assert found == pytest.approx(covered, abs=0.006)


def test_distances_of_two_mixes() -> None:
    assert total_variation([0.5, 0.5], [1, 0]) == 0.5
    assert total_variation(UNEVEN, UNEVEN) == 0
    assert jensen_shannon([1, 0], [0, 1]) == pytest.approx(1)
    assert jensen_shannon([0.5, 0.5], [1, 0]) == pytest.approx(0.5579, abs=5e-5)
    assert jensen_shannon(UNEVEN, UNEVEN) == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize(
    ("envelope", "expected"),
    [
        (by_chance, (0.40, 0.28, 0.23, 0.16, 0.11, 0.067, 0.036)),
        (jensen_shannon_by_chance, (0.46, 0.34, 0.28, 0.21, 0.14, 0.076, 0.041)),
    ],
)
def test_chance_gives_what_the_table_says(
    envelope: Callable[[Sequence[float], int], float], expected: Sequence[float]
) -> None:
    found = [envelope(UNEVEN, people) for people in (8, 15, 25, 50, 100, 300, 1000)]
    assert found == pytest.approx(expected, abs=0.0151)
    assert found == sorted(found, reverse=True)
    assert envelope(UNEVEN, 25) == envelope(UNEVEN, 25), "the same whenever it is asked"


def test_a_change_is_sure_only_if_its_interval_leaves_out_nothing_changed() -> None:
    members = set(range(40))
    sure = paired_change(set(range(8)), set(range(20)), members)
    assert sure.by == pytest.approx(0.3)
    assert sure.is_sure
    assert 0 < sure.low < 0.3 < sure.high
    unsure = paired_change({1, 2, 3, 4}, {4, 5, 6, 7, 8}, members)
    assert not unsure.is_sure
    assert paired_change({90}, {91}, members).by == 0, "others do not matter"
    assert not paired_change(set(), set(), set()).is_sure


def test_who_still_waits_is_not_left_out_of_the_median() -> None:
    assert kaplan_meier_median([(1, True), (2, False), (3, True), (4, True), (5, False)]) == 4
    answered = [(1.0, True)] * 4
    assert kaplan_meier_median(answered) == 1
    assert kaplan_meier_median([*answered, *[(9.0, False)] * 6]) is None
    assert kaplan_meier_median([]) is None


def test_a_verdict_takes_the_whole_interval_and_a_gap_the_share_that_is_shown() -> None:
    band = Band(10, 20)
    said = {
        (0.10, 0.20): Verdict.WITHIN,
        (0.12, 0.15): Verdict.WITHIN,
        (0.01, 0.09): Verdict.BELOW,
        (0.21, 0.40): Verdict.ABOVE,
        (0.05, 0.10): Verdict.UNCLEAR,
        (0.05, 0.30): Verdict.UNCLEAR,
    }
    assert {interval: verdict_of(*interval, band) for interval in said} == said
    assert [gap_of(share, band) for share in (0.04, 0.097, 0.15, 0.204, 0.25)] == [-6, 0, 0, 0, 5]
    assert mix_of({role: Band(0, 0) for role in Role}) is None
    assert mix_of({role: Band(10, 30) for role in Role}) == pytest.approx([0.2] * 5)


def a_slice(key: str, members: int, acting: int | None, mix: Sequence[float] = ()) -> Slice:
    """Some members of whom as many act in each role."""
    count = dict.fromkeys(Role, Count(acting))
    return Slice(
        by=By.ALL,
        key=key,
        members=members,
        acting=count,
        sustained=count,
        emerging=count,
        nothing=count,
        mix=dict(zip(Role, mix, strict=True)) if mix else None,
        acting_members=members if mix else None,
    )


def a_target(speaks_of: str) -> Target:
    """A target of the same band for all roles."""
    return Target(
        id=1,
        stage=Stage.RATIFIED,
        purpose="",
        speaks_of=speaks_of,
        bands={role: Band(10, 20) for role in Role},
        setters=(),
        votes_for=0,
        votes_against=0,
        review_on=SUNDAY,
        ratified_at=None,
    )


def test_figures_are_of_those_of_whom_the_target_speaks_and_more_can_be_said() -> None:
    def figures(everybody: int | None, target: Target | None) -> tuple[str, bool, int | None]:
        slices = (a_slice("all", 44, everybody), a_slice("learners", 40, 30))
        profile = Profile(window=WINDOW, members=44, enough=True, slices=slices, acts=dict.fromkeys(Role, 9))
        found = figures_of(profile, target)
        return found.whom, found.instead, found.roles[0].count

    assert figures(31, None) == ("learners", False, 30)
    assert figures(31, a_target("learners")) == ("learners", False, 30)
    assert figures(31, a_target("all")) == ("all", False, 31)
    assert figures(None, a_target("all")) == ("learners", True, 30)


def test_a_mix_is_compared_with_what_chance_gives_to_those_who_meet_the_target() -> None:
    chance = by_chance(UNEVEN, 60)
    draws = np.random.default_rng(7).multinomial(60, UNEVEN, size=600) / 60
    inside = np.mean([total_variation(draw.tolist(), UNEVEN) <= chance + 1e-9 for draw in draws])
    assert 0.92 <= inside <= 0.98

    def sentence(members: int) -> str:
        some = a_slice("learners", members, 10, (0.4, 0.3, 0.1, 0.1, 0.1))
        acts = dict.fromkeys(Role, 9)
        profile = Profile(window=WINDOW, members=members, enough=True, slices=(some,), acts=acts)
        found = figures_of(profile, a_target("learners")).mismatch
        assert found is not None
        assert found.share == pytest.approx(0.3)
        return found.sentence

    assert "so this is a difference" in sentence(400)
    assert "not clear yet" in sentence(10)


def test_who_began_and_stopped_is_said_only_where_nobody_is_told_from_it() -> None:
    people = frozenset(range(40))
    before, after = frozenset(range(20)), frozenset(range(10, 30))
    assert flow_is_safe(people, people, (before, after), 5)
    assert not flow_is_safe(people, people, (before, frozenset(range(2, 30))), 5), "two stopped"
    assert not flow_is_safe(people, people | {99}, (before, after), 5), "one came, and did not act"
    assert not flow_is_safe(people | {99}, people, (before | {99}, after), 5), "one left who had acted"


def test_who_stopped_is_said_of_windows_that_are_full_and_not_of_the_one_that_is_still_filling() -> None:
    whole = a_population(60)
    windows = [WINDOW.before().before(), WINDOW.before(), WINDOW]
    of = [replace(whole, window=window) for window in windows]
    did = [frozenset(range(1, 31)), frozenset(range(11, 41)), frozenset(range(51, 61))]
    acted = [Acting(one, dict.fromkeys(Role, those)) for one, those in zip(of, did, strict=True)]
    profiles = [
        Profile(
            window=window,
            members=60,
            enough=True,
            slices=(a_slice("learners", 60, 30),),
            acts=dict.fromkeys(Role, 9),
        )
        for window in windows
    ]
    trend = trend_of(profiles, acted, "learners", least=5)
    assert "Creator: 10 began, 10 stopped, 20 went on." in trend.flows
    assert trend.compared == (windows[0], windows[1]), "and which windows these are"
    assert trend_of(profiles[1:], acted[1:], "learners", least=5).flows == ()


def test_what_to_look_at_is_beyond_chance_or_among_few() -> None:
    past = [(10, 100), (12, 100), (9, 100)]
    assert leaves_its_past(past, (40, 100)) == 1
    assert leaves_its_past(past, (15, 100)) == 0
    assert leaves_its_past([(60, 100), (70, 100), (65, 100)], (20, 100)) == -1
    assert leaves_its_past(past[:2], (40, 100)) == 0, "two windows are no past"
    edges = [Edge(1, 2, 3), Edge(2, 1, 4), Edge(2, 3, 5), Edge(3, 2, 5), Edge(8, 9, 3), Edge(9, 8, 3)]
    found = sorted((sorted(some), pieces) for some, pieces in tied_sets(edges))
    assert found == [([1, 2, 3], 17), ([8, 9], 6)]


def test_windows_begin_with_the_course_and_do_not_overlap() -> None:
    begins = date(2025, 12, 10)
    found = windows_of(WINDOW, begins)
    assert [window.last for window in found] == [date(2026, 2, 1), SUNDAY]
    assert first_end_of(WINDOW, begins) is None
    assert windows_of(WINDOW, None) == [WINDOW]
    assert first_end_of(WINDOW, date(2026, 2, 11)) == date(2026, 3, 15)
    assert first_end_of(WINDOW, date(2026, 2, 2)) is None, "the first window is that of its first Monday"
    assert first_end_of(WINDOW, None) == date(2026, 3, 29), "four weeks from the day after"
