"""The formulas, against values computed elsewhere."""

import random

import pytest

from lmssocial.social.engagement.ranking import (
    Standing,
    bayesian_average,
    best_first,
    shown_average,
    wilson_lower,
)


@pytest.mark.parametrize(
    ("marks", "readers", "bound"),
    [
        (1, 1, 0.206549),  # Wilson 95 % intervals as R's prop.test(correct = FALSE) gives them
        (9, 10, 0.595850),
        (10, 10, 0.722467),
        (50, 100, 0.403832),
        (0, 10, 0.0),
        (3, 4, 0.300642),
    ],
)
def test_the_lower_bound_is_that_of_wilsons_interval(marks: int, readers: int, bound: float) -> None:
    assert wilson_lower(marks, readers) == pytest.approx(bound, abs=5e-6)


def test_nobody_asked_is_no_help_and_more_marks_than_readers_are_no_more_than_all() -> None:
    assert wilson_lower(0, 0) == 0.0
    assert wilson_lower(5, 0) == wilson_lower(5, 5) < 1.0


def test_the_bound_grows_with_marks_shrinks_with_readers_and_comes_near_the_share() -> None:
    for _ in range(500):
        readers = random.randint(2, 400)  # noqa: S311 – which numbers is no secret
        marks = random.randint(1, readers - 1)  # noqa: S311
        assert 0 <= wilson_lower(marks, readers) < marks / readers
        assert wilson_lower(marks, readers) < wilson_lower(marks + 1, readers)
        assert wilson_lower(marks, readers) > wilson_lower(marks, readers + 1)
    assert wilson_lower(900_000, 1_000_000) == pytest.approx(0.9, abs=0.001)


@pytest.mark.parametrize(
    ("count", "total", "average"), [(0, 0, 3.0), (1, 5, 20 / 6), (10, 45, 4.0), (1000, 5000, 4.99005)]
)
def test_stars_are_drawn_towards_the_middle(count: int, total: int, average: float) -> None:
    assert bayesian_average(count, total) == pytest.approx(average, abs=1e-5)


def test_one_rating_of_five_stars_is_less_than_ten_of_four_and_a_half() -> None:
    assert bayesian_average(1, 5) < bayesian_average(10, 45)


@pytest.mark.parametrize(
    ("count", "total", "shown"), [(0, 0, None), (2, 10, None), (3, 13, 4.3), (3, 15, 5.0), (4, 17, 4.3)]
)
def test_an_average_is_shown_from_three_ratings_on(count: int, total: int, shown: float | None) -> None:
    assert shown_average(count, total) == shown


def test_the_best_answer_solved_then_was_endorsed_then_helped_most_of_its_readers() -> None:
    answers = {
        "first written": Standing(),
        "helped one of one": Standing(helpful=1, readers=1),
        "helped nine of ten": Standing(helpful=9, readers=10),
        "helped ten of a hundred": Standing(helpful=10, readers=100),
        "endorsed by three": Standing(endorsed=3),
        "endorsed and helped": Standing(endorsed=1, helpful=2, readers=4),
        "solved": Standing(solves=True),
        "second written": Standing(),
    }
    assert best_first(answers, answers.__getitem__) == [
        "solved",
        "endorsed and helped",
        "endorsed by three",
        "helped nine of ten",
        "helped one of one",
        "helped ten of a hundred",
        "first written",
        "second written",
    ]
