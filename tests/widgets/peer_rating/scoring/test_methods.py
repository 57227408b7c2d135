"""The ways of scoring, on figures that are known, and whatever is reviewed."""

import dataclasses
import math
import random
import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmssocial.core.hooks.rating import Given, Ratings, Scores, Won
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring.fair import fair
from lmssocial.widgets.peer_rating.scoring.finals import wrong
from lmssocial.widgets.peer_rating.scoring.means import mean
from lmssocial.widgets.peer_rating.scoring.pairs import pairs
from lmssocial.widgets.peer_rating.scoring.robust import robust
from lmssocial.widgets.peer_rating.scoring.two_way import bias_corrected

pytestmark = pytest.mark.one_database

VECTOR: dict[int, dict[str, float]] = {
    1: {"a": 80, "b": 70, "c": 75, "e": 100},
    2: {"a": 60, "b": 50, "d": 57, "e": 100},
    3: {"a": 95, "c": 88, "d": 90},
    4: {"b": 30, "c": 42, "d": 40},
    5: {"e": 0, "a": 85, "b": 72},
}
"""Work → reviewer → points of 100; reviewer e does not look at the works."""


def ratings(by_work: dict[int, dict[str, float]], high: float = 100.0, staff: str = "") -> Ratings:
    """What reviewers, who go by letters, gave; ``staff`` are those letters that are instructors."""
    return Ratings(
        low=0.0,
        high=high,
        works=tuple(sorted(work for work in by_work if work > 0)),
        given=tuple(
            Given(work=work, rater=ord(name), points=points, is_staff=name in staff)
            for work, line in sorted(by_work.items())
            for name, points in sorted(line.items())
        ),
    )


def points_of(scores: Scores) -> list[float]:
    return [math.nan if one.points is None else one.points for one in scores.works]


def test_the_mean_of_the_vector() -> None:
    assert points_of(mean(ratings(VECTOR))) == pytest.approx([81.25, 66.75, 91, 37.333, 52.333], abs=0.001)


def test_a_few_reviews_that_happen_to_agree_are_no_certainty() -> None:
    alike = mean(ratings({1: {"a": 6, "b": 6}, 2: {"c": 6}, 3: {"a": 6}}))
    assert [one.unsure for one in alike.works] == [None, None, None]
    apart = mean(ratings({1: {"a": 6, "b": 8}, 2: {"c": 6}}))
    assert [one.unsure for one in apart.works] == pytest.approx([1.0, math.sqrt(2)])


def test_the_robust_score_of_the_vector_and_who_is_careless() -> None:
    scores = robust(ratings(VECTOR))
    assert points_of(scores) == pytest.approx([75.158, 55.646, 88.738, 38.778, 79.162], abs=0.001)
    careless = {chr(one.rater): one.careless or 0.0 for one in scores.raters}
    assert max(careless, key=careless.__getitem__) == "e"
    assert careless["e"] > 5 * careless["a"]
    assert robust(ratings(VECTOR)) == scores


def test_a_generous_reviewer_is_corrected_for() -> None:
    truth = {work: 40.0 + 2 * work for work in range(1, 13)}
    names = "abcdefghijkl"
    lenient = dict.fromkeys(names, 0.0) | {"a": 12.0, "b": -12.0}
    given_by = {
        work: {name: points + lenient[name] for name in (names * 2)[work - 1 : work + 2]}
        for work, points in truth.items()
    }
    found = bias_corrected(ratings(given_by))
    plain = points_of(mean(ratings(given_by)))
    off = [abs(points - right) for points, right in zip(points_of(found), truth.values(), strict=True)]
    before = [abs(points - right) for points, right in zip(plain, truth.values(), strict=True)]
    assert max(off) < 1.5
    assert max(before) == pytest.approx(4.0)
    told = {chr(one.rater): one.lenient for one in found.raters}
    assert told["a"] > 8
    assert told["b"] < -8


@pytest.mark.parametrize("score", [bias_corrected, robust])
def test_what_staff_gave_moves_the_class_and_is_moved_by_nobody(score: Callable[[Ratings], Scores]) -> None:
    chance = random.Random(7)  # noqa: S311  # a simulation
    names = [chr(ord("a") + number) for number in range(20)]
    truth = {work: chance.uniform(30, 70) for work in range(1, 21)}
    given_by = {
        work: {name: points + 15 + chance.gauss(0, 4) for name in chance.sample(names, 4)}
        for work, points in truth.items()
    }
    generous = points_of(score(ratings(given_by)))
    for work in (1, 2, 3, 4, 5):
        given_by[work]["T"] = truth[work]
    held = points_of(score(ratings(given_by, staff="T")))

    def off(points: Sequence[float]) -> float:
        return sum(a - b for a, b in zip(points, truth.values(), strict=True)) / len(truth)

    assert off(generous) > 12
    assert abs(off(held)) < 3


def test_tries_at_examples_tell_who_is_generous_before_any_work_is_reviewed() -> None:
    names = "abcdefghijklmnop"
    lenient = {name: 20.0 if name == "a" else 0.0 for name in names}
    examples = {-number: {name: 50.0 + lenient[name] for name in names} | {"T": 50.0} for number in (1, 2, 3)}
    works = {
        work: {name: 10.0 * (work % 5) + 30 + lenient[name] for name in (names * 2)[work - 1 : work + 2]}
        for work in range(1, 17)
    }
    first = points_of(bias_corrected(ratings(works | examples, staff="T")))[0]
    assert first == pytest.approx(40.0, abs=1.5)


@pytest.mark.parametrize(
    ("works", "reviews", "method"),
    [
        (7, 5, "mean"),
        (8, 3, "bias-corrected"),
        (14, 5, "bias-corrected"),
        (15, 2, "bias-corrected"),
        (15, 3, "robust"),
    ],
)
def test_the_fair_score_goes_by_the_size_of_the_class(works: int, reviews: int, method: str) -> None:
    names = [chr(ord("a") + number) for number in range(works)]
    by_work = {
        work + 1: {names[(work + step) % works]: 10.0 * work + step for step in range(1, reviews + 1)}
        for work in range(works)
    }
    assert fair(ratings(by_work, high=200.0)).method == method


def test_reviewers_who_reviewed_once_cannot_be_told_careless() -> None:
    by_work = {work: {chr(100 + 3 * work + step): 50.0 + work for step in range(3)} for work in range(1, 21)}
    assert fair(ratings(by_work)).method == "bias-corrected"


def test_pairs_put_the_works_in_their_order() -> None:
    won = [(3, 2), (3, 1), (2, 1), (3, 2), (2, 3), (2, 1), (4, 3), (4, 1)]
    found = pairs(
        Ratings(
            low=0.0,
            high=10.0,
            works=(1, 2, 3, 4, 5),
            won=tuple(Won(rater=number, better=b, worse=w) for number, (b, w) in enumerate(won)),
        )
    )
    by_work = {one.work: one.points for one in found.works}
    assert by_work[5] is None
    assert 0 < by_work[1] < by_work[2] < by_work[3] < by_work[4] < 10  # type: ignore[operator]
    assert sum(by_work[work] or 0 for work in (1, 2, 3, 4)) == pytest.approx(20.0)


def test_strengths_are_where_the_likelihood_is_highest() -> None:
    """Two works, three to one: θ − (−θ) = d with 3/(1 + e^d) − e^d/(1 + e^d) = 2·0.1·d/2, solved by bisection."""
    won = tuple(Won(rater=number, better=1 + (number == 3), worse=2 - (number == 3)) for number in range(4))
    found = pairs(Ratings(low=0.0, high=1.0, works=(1, 2), won=won))
    low, high = 0.0, 5.0
    for _ in range(80):
        middle = (low + high) / 2
        slope = 3 / (1 + math.exp(middle)) - 1 / (1 + math.exp(-middle)) - 0.1 * middle
        low, high = (middle, high) if slope > 0 else (low, middle)
    assert found.works[0].points == pytest.approx(1 / (1 + math.exp(-low)), abs=1e-9)


BY_POINTS = [one.score for one in SCORINGS if not one.compares]


@st.composite
def whatever(draw: st.DrawFn) -> Ratings:
    """Any reviews: of a few works, by a few people, some of them staff, with tries at examples."""
    high = draw(st.sampled_from([0.0, 1.0, 10.0, 1000.0]))
    people = draw(st.integers(1, 8))
    works = draw(st.integers(1, 20))
    chosen = draw(
        st.dictionaries(
            st.tuples(st.integers(-2, works).filter(bool), st.integers(1, people)),
            st.floats(0, high),
            max_size=80,
        )
    )
    return Ratings(
        low=0.0,
        high=high,
        works=tuple(range(1, works + 1)),
        given=tuple(
            Given(work=work, rater=rater, points=points, is_staff=rater == 1)
            for (work, rater), points in sorted(chosen.items())
        ),
    )


@settings(max_examples=60, deadline=None)
@given(asked=whatever(), which=st.sampled_from(BY_POINTS), data=st.data())
def test_scores_stay_on_the_rubric_whatever_the_order(
    asked: Ratings, which: Callable[[Ratings], Scores], data: st.DataObject
) -> None:
    scores = which(asked)
    assert wrong(asked, scores) == ""
    known = {one.work for one in asked.given}
    assert {one.work for one in scores.works if one.points is not None} == known & set(asked.works)
    shuffled = dataclasses.replace(asked, given=tuple(data.draw(st.permutations(asked.given))))
    assert which(shuffled) == scores


@pytest.mark.parametrize("which", BY_POINTS)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_nobodys_number_matters(which: Callable[[Ratings], Scores], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # a simulation
    works, people = range(1, 21), range(1, 21)
    given_by = {work: {person: chance.gauss(60, 15) for person in chance.sample(people, 4)} for work in works}
    new_works = dict(zip(works, chance.sample(range(1, 1000), 20), strict=True))
    new_people = dict(zip(people, chance.sample(range(1, 1000), 20), strict=True))

    def score(works_to: dict[int, int], people_to: dict[int, int]) -> dict[int, float]:
        asked = Ratings(
            low=0.0,
            high=100.0,
            works=tuple(sorted(works_to.values())),
            given=tuple(
                Given(work=works_to[work], rater=people_to[person], points=min(100.0, max(0.0, points)))
                for work, line in given_by.items()
                for person, points in line.items()
            ),
        )
        return {one.work: one.points or 0.0 for one in which(asked).works}

    before = score(dict(zip(works, works, strict=True)), dict(zip(people, people, strict=True)))
    after = score(new_works, new_people)
    for work in works:
        assert after[new_works[work]] == pytest.approx(before[work], abs=1e-6)


def test_half_of_the_class_that_answers_alike_divides_nothing_by_zero() -> None:
    same = ratings({work: dict.fromkeys("abcd", 70.0) for work in range(1, 21)})
    for score in BY_POINTS:
        assert points_of(score(same)) == pytest.approx([70.0] * 20)


def test_a_process_that_scores_nothing_does_not_load_numpy() -> None:
    program = (
        "import sys; from lmssocial.widgets.peer_rating.releasing import service; "
        "from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS; "
        "assert service and SCORINGS; print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
