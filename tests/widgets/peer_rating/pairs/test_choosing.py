"""Whom a judge compares with whom: everybody as often as anybody else, and no pair twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from lmssocial.widgets.peer_rating.pairs.choosing import Candidate, Pair, next_pair, pair_of, stands_first


def played(works: int, judges: int, each: int) -> list[list[Pair]]:
    """What ``judges`` get to compare who each have a work of their own, and take turns."""
    compared: Counter[int] = Counter()
    had: list[list[Pair]] = [[] for _judge in range(judges)]
    for _turn in range(each):
        for judge in range(judges):
            seen = Counter(work for pair in had[judge] for work in pair)
            found = [
                Candidate(id=work, compared=compared[work], seen=seen[work])
                for work in range(works)
                if work != judge
            ]
            pair = next_pair(found, had[judge], f"seed:{judge}")
            if pair is not None:
                had[judge].append(pair)
                compared.update(pair)
    return had


@given(works=st.integers(0, 12), judges=st.integers(0, 14), each=st.integers(0, 8))
def test_nobody_compares_their_own_work_or_a_pair_twice(works: int, judges: int, each: int) -> None:
    for judge, pairs in enumerate(played(works, judges, each)):
        assert len(set(pairs)) == len(pairs)
        assert all(low < high and judge not in {low, high} for low, high in pairs)


@given(works=st.integers(4, 12), each=st.integers(1, 3))
def test_every_work_is_compared_about_as_often_as_any_other(works: int, each: int) -> None:
    compared = Counter(work for pairs in played(works, works, each) for pair in pairs for work in pair)
    assert sum(compared.values()) == 2 * works * each
    assert max(compared.values()) - min(compared[work] for work in range(works)) <= 2


def test_two_works_are_one_pair_and_then_there_is_none() -> None:
    two = [Candidate(id=4), Candidate(id=9)]
    assert next_pair(two, (), "x") == (4, 9)
    assert next_pair(two, {(4, 9)}, "x") is None
    assert next_pair(two[:1], (), "x") is None


def test_standing_first_favours_neither_of_two_works() -> None:
    first = Counter(stands_first(f"judge {judge}", pair_of(9, 4)) for judge in range(400))
    assert set(first) == {4, 9}
    assert 150 < first[4] < 250
