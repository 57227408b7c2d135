"""Everything given out at once: all of it, or as much as a maximum flow proves to be possible. Pure."""

from collections import Counter, deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmssocial.core.hooks.rating import GroupScope, Pool, Rater, Reviewable
from lmssocial.widgets.peer_rating.allocating import exact
from lmssocial.widgets.peer_rating.allocating.feasibility import most_each, quick_bound


def pool_of(
    people: int,
    wanted: int,
    asked: int,
    *,
    conflicts: set[tuple[int, int]] = frozenset(),  # type: ignore[assignment]
    groups: int = 0,
    scope: GroupScope = GroupScope.ANYBODY,
    seed: str = "a seed",
) -> Pool:
    """So many people who all handed in, those of ``conflicts`` at odds, in so many groups."""
    avoids: dict[int, set[int]] = {}
    for one, other in conflicts:
        avoids.setdefault(one, set()).add(other)
        avoids.setdefault(other, set()).add(one)
    in_group = [frozenset({number % groups}) if groups else frozenset[int]() for number in range(people)]
    return Pool(
        works=tuple(
            Reviewable(id=number, authors=frozenset({number}), groups=in_group[number], order=number)
            for number in range(people)
        ),
        raters=tuple(
            Rater(id=number, asked=asked, avoids=frozenset(avoids.get(number, ())), groups=in_group[number])
            for number in range(people)
        ),
        wanted=wanted,
        scope=scope,
        seed=seed,
    )


def most(pool: Pool) -> int:
    """How many reviews can be given at most: a maximum flow by Edmonds and Karp, with a table of all edges."""
    room: dict[object, dict[object, int]] = {"source": {}, "sink": {}}
    for rater in pool.raters:
        room["source"]["r", rater.id] = rater.asked
        room["r", rater.id] = {("w", work.id): 1 for work in pool.works if pool.allows(rater, work)}
    for work in pool.works:
        room["w", work.id] = {"sink": max(pool.wanted - work.load, 0)}
    flow = 0
    while path := _path(room):
        for here, there in path:
            room[here][there] -= 1
            room[there][here] = room[there].get(here, 0) + 1
        flow += 1
    return flow


def _path(room: dict[object, dict[object, int]]) -> list[tuple[object, object]]:
    came: dict[object, object] = {"source": "source"}
    waiting: deque[object] = deque(["source"])
    while waiting:
        here = waiting.popleft()
        for there, left in room[here].items():
            if left > 0 and there not in came:
                came[there] = here
                waiting.append(there)
    path: list[tuple[object, object]] = []
    here = "sink"
    while here in came and here != "source":
        path.append((came[here], here))
        here = came[here]
    return path


def check(pool: Pool) -> list[tuple[int, int]]:
    """What is planned, after making sure that all of it is allowed, and nobody gets more than they are asked."""
    planned = list(exact.plan(pool))
    works, raters = {one.id: one for one in pool.works}, {one.id: one for one in pool.raters}
    assert len(set(planned)) == len(planned)
    assert all(pool.allows(raters[rater], works[work]) for rater, work in planned)
    given_out = Counter(rater for rater, _work in planned)
    got = Counter(work for _rater, work in planned)
    assert all(given_out[rater.id] <= rater.asked for rater in pool.raters)
    assert all(work.load + got[work.id] <= max(pool.wanted, work.load) for work in pool.works)
    return planned


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Classes of up to forty with random conflicts, groups, late works and people who did some already."""
    people = draw(st.integers(1, 40))
    numbers = st.integers(0, people - 1)
    conflicts = draw(
        st.sets(st.tuples(numbers, numbers).filter(lambda two: two[0] != two[1]), max_size=4 * people)
    )
    pool = pool_of(
        people,
        draw(st.integers(1, 4)),
        draw(st.integers(0, 5)),
        conflicts=conflicts,
        groups=draw(st.sampled_from([0, 2, 3, 9])),
        scope=draw(st.sampled_from(list(GroupScope))),
        seed=draw(st.text("ab", max_size=2)),
    )
    works = tuple(
        Reviewable(**vars(work) | {"load": load})
        for work, load in zip(
            pool.works, draw(st.lists(st.integers(0, 2), min_size=people, max_size=people)), strict=True
        )
    )
    return Pool(**vars(pool) | {"works": works})


@settings(max_examples=120, deadline=None)
@given(pools())
def test_no_way_of_giving_out_gives_more(pool: Pool) -> None:
    assert len(check(pool)) == most(pool)


@settings(max_examples=40, deadline=None)
@given(pools())
def test_what_is_said_to_be_possible_is(pool: Pool) -> None:
    found = most_each(pool)
    complete = [
        each
        for each in range(pool.wanted + 1)
        if most(at := Pool(**vars(pool) | {"wanted": each}))
        == sum(max(each - work.load, 0) for work in at.works)
    ]
    assert found.each == max(complete)
    assert quick_bound(pool) >= found.each


@pytest.mark.parametrize(("people", "wanted"), [(4, 3), (5, 2), (30, 3), (31, 4), (200, 5)])
def test_without_conflicts_everybody_gives_and_gets_the_same(people: int, wanted: int) -> None:
    planned = check(pool_of(people, wanted, wanted + 1))

    assert set(Counter(work for _rater, work in planned).values()) == {wanted}
    assert set(Counter(rater for rater, _work in planned).values()) == {wanted}


@pytest.mark.parametrize("conflicts", [0, 60])
def test_hardly_anybody_is_reviewed_by_whom_they_review(conflicts: int) -> None:
    at_odds = {
        (number, (number * 7 + 1) % 100) for number in range(conflicts) if number != (number * 7 + 1) % 100
    }
    planned = set(check(pool_of(100, 3, 3, conflicts=at_odds)))

    mutual = sum((work, rater) in planned for rater, work in planned) // 2
    assert mutual <= (0 if not conflicts else 2)


@pytest.mark.parametrize("people", [0, 1, 2, 3])
def test_hardly_anybody_there_gives_what_there_is(people: int) -> None:
    assert len(check(pool_of(people, 3, 4))) == people * max(people - 1, 0)


def test_the_same_seed_gives_the_same_and_another_one_does_not() -> None:
    one, same, other = (pool_of(40, 3, 3, conflicts={(1, 2)}, seed=seed) for seed in "aab")

    assert exact.plan(one) == exact.plan(same) != exact.plan(other)


def test_nobody_goes_without_while_somebody_has_many() -> None:
    planned = check(pool_of(30, 4, 2, conflicts={(0, other) for other in range(1, 20)}))

    assert set(Counter(work for _rater, work in planned).values()) == {2}
