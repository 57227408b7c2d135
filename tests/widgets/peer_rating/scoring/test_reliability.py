"""How far reviews agree: figures that are known, and words that promise nothing."""

import random

import pytest

from lmssocial.widgets.peer_rating.scoring.reliability import Reliability, alpha_of, measure, wording

pytestmark = pytest.mark.one_database


def test_alpha_of_krippendorffs_own_example() -> None:
    """Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", part C with intervals: 0.849."""
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    units = [[float(x) for x in unit if x is not None] for unit in zip(a, b, c, d, strict=True)]
    assert alpha_of([unit for unit in units if len(unit) > 1]) == pytest.approx(0.849, abs=0.0005)


def test_intraclass_correlations_of_shrout_and_fleiss() -> None:
    """Table 2 of "Intraclass Correlations" (1979): ICC(1,1) = .17 and ICC(1,4) = .44."""
    judges = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
    found = measure((work, float(points)) for work, line in enumerate(judges) for points in line)
    assert found.single == pytest.approx(0.17, abs=0.005)
    assert found.together == pytest.approx(0.44, abs=0.005)
    assert found.needed == pytest.approx(0.8 * (1 - 0.1657) / (0.1657 * 0.2), rel=0.01)


def _class(works: int, scatter: float) -> Reliability:
    chance = random.Random(5)  # noqa: S311  # a simulation
    points = [
        (work, level + chance.gauss(0, scatter))
        for work in range(works)
        for level in [chance.gauss(0, 1)]
        for _ in range(3)
    ]
    return measure(points)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Works with a variance of 1 and reviews with one of 1: three of them have a reliability of 3/4."""
    chance = random.Random(11)  # noqa: S311  # a simulation
    inside = 0
    for _ in range(200):
        found = measure(
            (work, level + chance.gauss(0, 1))
            for work in range(30)
            for level in [chance.gauss(0, 1)]
            for _ in range(3)
        )
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 0.75 <= found.high
    assert 180 <= inside <= 198


def test_with_few_works_nothing_is_said() -> None:
    assert "No work has two reviews" in wording(measure([(1, 2.0), (2, 3.0)]))[0]
    (only,) = wording(_class(7, 1.0))
    assert "Only 7 works" in only
    (same,) = wording(measure((work, 5.0) for work in range(20) for _ in range(3)))
    assert "All 60 reviews give the same points" in same


def test_the_words_say_what_they_rest_on_and_how_sure_they_are() -> None:
    said = wording(_class(40, 1.0))
    assert "120 reviews of 40 works" in said[0]
    assert "probably lies between" in said[0]
    assert "as grades these scores are weak" in wording(_class(40, 3.0))[-1]
    assert "not that they are right" in wording(_class(40, 0.3))[-1]
    assert (
        "do not say which work is better"
        in wording(measure((work, float(points)) for work in range(10) for points in (1, 2, 3)))[0]
    )
