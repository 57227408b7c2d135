"""Figures of networks, each on an example reckoned by hand, or against a reckoning that is slow and plain."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial_reporting.monitors.brokerage import Brokerage, betweenness, brokerage, constraint
from lmssocial_reporting.monitors.cells import UNSAID, Roughly, roughly
from lmssocial_reporting.monitors.inequality import absence_factor, gini, top_share
from lmssocial_reporting.monitors.laying import laid_out
from lmssocial_reporting.monitors.network import Network, Tales, network_of
from lmssocial_reporting.store.port import Edge
from tests.support.reporting import WINDOW, a_population

RING = [Edge(member, member % 10 + 1, 1) for member in range(1, 11)]
"""Ten who answer the next one each."""


def _network(edges: list[Edge] = RING, *, unheard: int = 5, members: int = 20) -> Network:
    """Members of whom the last two are staff, in two groups.

    Ten answer in a ring and wrote three things each, and so many of the others wrote one thing each, for the first time
    in the window.
    """
    alone = range(11, 11 + unheard)
    tales = Tales(
        wrote=dict.fromkeys(range(1, 11), 3) | dict.fromkeys(alone, 1),
        first=dict.fromkeys(alone, WINDOW.first),
    )
    return network_of(edges, a_population(members, learners=members - 2, groups=2), least=5, tales=tales)


def test_a_ring_of_ten_among_twenty_has_the_figures_one_reckons_by_hand() -> None:
    found = _network([*RING, Edge(2, 1, 4)])
    assert (found.ties, found.acts) == (11, 14)
    assert found.density == pytest.approx(11 / 380)
    assert found.reciprocity == pytest.approx(2 / 11)
    people = (
        found.tied,
        found.alone,
        found.reached,
        found.one_way,
        found.unheard,
        found.neither,
        found.component,
    )
    assert [count.value for count in people] == [10, 10, 10, 0, 0, 0, 10]
    assert {count.below for count in people} == {10}, "where it is 0, fewer than ten are meant"
    # 5 × 0, 5 × 1, 10 × 3: Σ (2i − 21) x = −25 + 300, over 20 × 35.
    assert found.gini == pytest.approx(275 / 700)
    assert found.absence == Roughly(0, 10)  # six with three each are 18 of 35
    assert found.cross_share == 1.0  # neighbours in the ring are in different groups


def test_replies_by_staff_and_to_newcomers_are_shares_of_replies_and_not_of_pairs() -> None:
    found = _network([*RING, *(Edge(30, new, 2) for new in range(11, 15)), Edge(1, 15, 2)], members=30)
    assert found.staff_share == pytest.approx(8 / 20)
    assert found.newcomers == Roughly(0, 10)
    assert found.newcomer_share == pytest.approx(10 / 20)


def test_two_whom_nobody_heard_read_like_nobody_and_like_nine() -> None:
    assert [_network(unheard=number).unheard for number in (0, 2, 9)] == [Roughly(0, 10)] * 3


def test_how_unequal_it_is_says_nothing_where_it_would_say_how_few_wrote() -> None:
    def of(writers: int) -> float | None:
        tales = Tales(wrote=dict.fromkeys(range(1, writers + 1), 7))
        return network_of(RING, a_population(30), least=5, tales=tales).gini

    assert of(1) is None, "it would be 29/30, and nothing but one writer gives that"
    assert of(4) is None
    assert of(5) == pytest.approx(25 / 30)
    assert of(28) is None


def test_nine_members_have_a_number_of_acts_and_no_shares() -> None:
    found = network_of(RING, a_population(9), least=5)
    assert found.acts == 8
    figures = (found.density, found.reciprocity, found.gini, found.top, found.staff_share, found.cross_share)
    assert set(figures) == {None}
    assert {found.tied, found.alone, found.reached, found.component, found.absence} == {UNSAID}


def test_how_unequal_something_is() -> None:
    assert gini([5, 5, 5, 5]) == 0
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert top_share([10, *[1] * 24]) == pytest.approx((10 + 1 + 0.5) / 34)
    assert absence_factor([6, 1, 1, 1, 1, 1, 1]) == 1
    assert absence_factor([0, 0]) == 0


def test_brokerage_in_closed_form_is_what_counting_all_triads_gives() -> None:
    draw = random.Random(8)  # noqa: S311 – an example, not a secret
    for _ in range(8):
        people = range(1, 13)
        pairs = {pair for pair in permutations(people, 2) if draw.random() < 0.25}
        groups = {one: draw.choice((1, 2, 3)) for one in people if draw.random() < 0.8}
        found = brokerage([Edge(one, other, 1) for one, other in pairs], groups)
        assert found == {broker: _counted(broker, pairs, groups) for broker in found}


def _counted(broker: int, pairs: set[tuple[int, int]], groups: dict[int, int]) -> Brokerage:
    counts = dict.fromkeys(("coordinator", "itinerant", "gatekeeper", "representative", "liaison"), 0)
    total = 0
    for one, other in permutations({person for pair in pairs for person in pair} - {broker}, 2):
        if (one, broker) not in pairs or (broker, other) not in pairs or (one, other) in pairs:
            continue
        total += 1
        first, own, last = groups.get(one), groups.get(broker), groups.get(other)
        if first is None or own is None or last is None:
            continue
        if first == own == last:
            counts["coordinator"] += 1
        elif first == last:
            counts["itinerant"] += 1
        elif own == last:
            counts["gatekeeper"] += 1
        elif own == first:
            counts["representative"] += 1
        else:
            counts["liaison"] += 1
    return Brokerage(total=total, **counts)


def test_constraint_is_low_in_the_middle_of_a_star_and_high_in_a_triangle() -> None:
    star = constraint([Edge(1, leaf, 1) for leaf in range(2, 6)])
    assert star[1] == pytest.approx(0.25)
    assert star[2] == pytest.approx(1.0)
    triangle = constraint([Edge(1, 2, 1), Edge(2, 3, 1), Edge(3, 1, 1)])
    assert triangle[1] == pytest.approx(2 * (1 / 2 + 1 / 2 * 1 / 2) ** 2)
    # Of four ties of 1, three are with 2 and one with 3; 2 and 3 have none: (3/4)² + (1/4)².
    assert constraint([Edge(1, 2, 2), Edge(2, 1, 1), Edge(3, 1, 1)])[1] == pytest.approx(10 / 16)


def test_betweenness_from_everybody_and_from_a_sample_of_everybody_agree() -> None:
    chain = [Edge(1, 2, 1), Edge(2, 3, 1)]
    assert betweenness(chain).of == {1: 0.0, 2: pytest.approx(0.5), 3: 0.0}
    draw = random.Random(5)  # noqa: S311 – an example, not a secret
    edges = [Edge(draw.randrange(60), draw.randrange(60), 1) for _ in range(200)]
    exact, estimate = (
        betweenness(edges),
        betweenness(edges, exact_up_to=1),
    )  # 60 people are fewer than are sampled
    assert (exact.sampled, estimate.sampled) == (False, True)
    assert estimate.of == pytest.approx(exact.of)


def _may_be(told: Roughly, least: int, members: int) -> range:
    """The numbers of people that somebody who reads it holds for possible."""
    if told.value is None:
        return range(members + 1)
    return range(told.value, min(members, told.value + least - 1) + 1) if told.value else range(told.below)


@given(st.data(), st.integers(3, 20), st.integers(10, 120))
def test_no_number_of_people_and_no_difference_between_two_points_at_a_few(
    data: st.DataObject, least: int, members: int
) -> None:
    """Those of one set, those of another who are not among them, and those who are left, of exactly so many members."""
    some = data.draw(st.integers(0, members))
    more = data.draw(st.integers(some, members))
    few = set(range(1, least))
    one, two, between = (roughly(number, of=members, least=least) for number in (some, more, more - some))
    firsts, seconds = _may_be(one, least, members), _may_be(two, least, members)
    assert some in firsts
    assert more in seconds
    left = {other - first for first in firsts for other in seconds if other >= first}
    for rest in (
        set(firsts),
        {members - first for first in firsts if first <= members},
        left,
        left & set(_may_be(between, least, members)),
    ):
        assert rest
        assert not rest <= few


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=6).filter(lambda parts: sum(parts) >= 10),
    st.integers(3, 20),
)
def test_parts_that_add_up_to_the_members_point_at_no_few(parts: list[int], least: int) -> None:
    """As with those who read and wrote, only read, only wrote, and did neither."""
    members = sum(parts)
    told = [_may_be(roughly(part, of=members, least=least), least, members) for part in parts]
    for place, own in enumerate(told):
        others = [one for at, one in enumerate(told) if at != place]
        low = max(own[0], members - sum(one[-1] for one in others))
        high = min(own[-1], members - sum(one[0] for one in others))
        assert low <= parts[place] <= high
        assert low == 0 or high >= least


def test_a_picture_draws_those_with_most_ties_and_is_the_same_each_time() -> None:
    edges = [*RING, Edge(1, 5, 1), Edge(1, 6, 1)]
    picture = laid_out(edges, set(range(1, 21)), {3}, most=4)
    assert len(picture.nodes) == 4
    assert picture.left_out == 6
    assert all(0 <= node.x <= 1 and 0 <= node.y <= 1 and not node.label for node in picture.nodes)
    assert picture == laid_out(edges, set(range(1, 21)), {3}, most=4)
