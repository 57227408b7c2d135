"""The figures of skills, each on an example reckoned by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import exp, inf, log

import pytest

from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.monitors.cells import UNSAID, Roughly
from lmssocial_reporting.roles.words import SKILLS
from lmssocial_reporting.skills import caretaker, carrier, connector, consumer, creator
from lmssocial_reporting.skills.indicators import INDICATORS, measures_of, quantile
from lmssocial_reporting.skills.support import Need, Tries, support
from lmssocial_reporting.skills.told import Told, Value
from lmssocial_reporting.store.port import Act, Deed, Edge, Reading
from tests.support.reporting import WINDOW, a_piece, an_act

NOON = datetime(WINDOW.first.year, WINDOW.first.month, WINDOW.first.day, 12, tzinfo=UTC)


def _at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def _read(
    member: int, item: str, hours: float = 0, *, other: int = 9, thread: str = "t1", via: str = ""
) -> Reading:
    return Reading(_at(hours), member, item, other, thread, 1, via)


def _told(*acts: Act, **given: object) -> Told:
    ordered = sorted(acts, key=lambda act: (act.at, act.event_id))
    return Told(window=WINDOW, acts=ordered, **given)  # type: ignore[arg-type]


def _close(found: Mapping[int, Value], wanted: Mapping[int, tuple[float, int]]) -> None:
    assert {one: value.chances for one, value in found.items()} == {one: n for one, (_, n) in wanted.items()}
    assert {one: value.value for one, value in found.items()} == pytest.approx(
        {one: value for one, (value, _) in wanted.items()}
    )


def test_every_skill_but_one_has_figures() -> None:
    assert set(SKILLS) - {indicator.skill for indicator in INDICATORS} == {"switched_on"}


def test_what_consumers_read_and_what_led_there() -> None:
    told = _told(
        readings=[
            _read(1, "c1", via="notice"),
            _read(1, "c1", 1),  # again: what led there first counts
            _read(1, "c2", 2, via="search"),
            _read(1, "c3", 3, other=8),
            _read(1, "c4", 4, other=7, via="digest"),
        ],
        widgets={1: "discussion", 2: "discussion", 3: "experts"},
        uses=[(1, "discussion", 1), (2, "discussion", 1), (0, "engagement", 1), (3, "experts", 2)],
    )
    _close(consumer.self_directed(told), {1: (2 / 4, 4)})
    _close(consumer.media_savvy(told), {1: (1 / 2, 1), 2: (1 / 2, 1)})
    # Three of five readings of one author, one of each of two others.
    wanted = exp(-(3 / 5 * log(3 / 5) + 2 * 1 / 5 * log(1 / 5)))
    _close(consumer.group_oriented(told), {1: (wanted, 3)})


def test_searches_in_other_words_are_one_and_lead_somewhere_within_ten_minutes() -> None:
    searches = [an_act(deed=Deed.SEARCHED, member=1, at=_at(minutes / 60)) for minutes in (0, 2, 60, 120)]
    kept = an_act(deed=Deed.KEPT, member=1, item="c5", at=_at(125 / 60))
    told = _told(*searches, kept, readings=[_read(1, "c1", 5 / 60), _read(1, "c2", 71 / 60)])
    # 0 and 2 are one search, which led to c1; 60 led to nothing in time; 120 led to something kept.
    _close(consumer.insightful(told), {1: (2 / 3, 3)})


def test_requests_meet_several_voices() -> None:
    told = _told(
        an_act(deed=Deed.ASKED, member=1, thread="t1", at=NOON),
        an_act(deed=Deed.ASKED, member=1, thread="t2", at=NOON),
        an_act(deed=Deed.FOLLOWED, member=1, item="t3", thread="t3", at=NOON),
        an_act(deed=Deed.POSTED, member=5, thread="t3", at=_at(-1)),
        *(an_act(member=member, thread="t1", at=_at(1)) for member in (2, 3, 1)),
        an_act(member=2, thread="t2", at=_at(1)),
        an_act(member=4, thread="t3", at=_at(1)),
    )
    _close(consumer.several_voices(told), {1: (2 / 3, 4)})


def test_requests_that_wait_lengthen_the_time_to_answer() -> None:
    asked = [
        an_act(deed=Deed.NAMED, member=2, other=1, thread=f"t{number}", at=NOON) for number in range(1, 5)
    ]
    answers = [an_act(member=1, thread="t1", at=_at(3)), an_act(member=1, thread="t2", at=_at(60))]
    followed = [
        an_act(deed=Deed.ASKED, member=2, thread="t5", at=_at(-30)),
        an_act(deed=Deed.FOLLOWED, member=3, item="t5", thread="t5", at=_at(1)),
        an_act(member=3, thread="t5", at=_at(5)),
    ]
    told = _told(*asked, *answers, *followed)
    _close(creator.attentive(told), {1: (60.0, 4), 3: (4.0, 1)})
    _close(creator.answered_soon(told), {1: (1 / 4, 4), 3: (1.0, 1)})
    assert creator.attentive(_told(*asked, answers[0]))[1] == Value(inf, 4)


def test_items_are_read_more_or_less_than_items_of_like_length() -> None:
    long, short = (
        [an_act(member=1, item=item, thread="t1", number=300, at=NOON) for item in ("c1", "c2")],
        an_act(member=2, item="c3", thread="t1", number=20, at=NOON),
    )
    readers = {"c1": (3, 4, 5, 6, 7), "c2": (3, 4), "c3": (3,)}
    told = _told(
        *long, short, readings=[_read(who, item) for item, those in readers.items() for who in those]
    )
    # Both long ones are read by all and by 2 of 5 readers; their median is 0.7. The short one is its own median.
    _close(creator.designer(told), {1: (((1 - 0.7) + (0.4 - 0.7)) / 2, 2), 2: (0.0, 1)})
    better = _told(
        *long, an_act(member=2, item="c4", thread="t1", number=300, at=NOON), readings=told.readings
    )
    # Now 1, 0.4 and 0: the median is 0.4.
    _close(creator.designer(better), {1: (0.3, 2), 2: (-0.4, 1)})


def test_improvements_stand_and_sources_are_opened() -> None:
    edit = {"deed": Deed.EDITED, "other": 2, "number": 50, "whole": 400}
    told = _told(
        an_act(member=1, item="c1", at=NOON, **edit),
        an_act(member=1, item="c2", at=NOON, **edit),
        an_act(member=3, item="c2", at=_at(24), **edit),  # two days later it has another wording
        an_act(member=1, item="c3", at=NOON, **(edit | {"number": 30})),  # too little
        an_act(member=1, item="c4", at=_at(1)),
        an_act(deed=Deed.LINKED, member=1, item="c4", target="c90", at=_at(1)),
        an_act(member=1, item="c5", at=_at(1)),
        an_act(deed=Deed.LINKED, member=1, item="c5", target="c91", at=_at(1)),
        readings=[_read(2, "c90", 2), _read(2, "c91", 0), _read(1, "c91", 3)],
    )
    _close(creator.researcher(told), {1: (2.0, 4), 3: (1.0, 1)})


def test_what_connectors_pass_on_is_taken_up() -> None:
    told = _told(
        an_act(deed=Deed.REFERRED, member=1, other=2, item="q1", at=NOON),
        an_act(deed=Deed.REFERRED, member=1, other=3, item="q1", at=NOON),
        an_act(deed=Deed.ACCEPTED, member=2, other=1, item="q1", at=_at(1)),
        *(
            an_act(deed=Deed.INTRODUCED, member=1, other=other, item="i1", thread="i1", at=NOON)
            for other in (4, 5)
        ),
        an_act(deed=Deed.MET, member=4, other=5, item="i1", thread="i1", at=_at(2)),
    )
    _close(connector.broker(told), {1: (2 / 3, 3)})


def test_members_are_brought_together_within_a_week() -> None:
    def brought(other: int, day: int, thread: str = "t1") -> object:
        return a_piece(
            kind=Kind.MEMBER_BROUGHT, other=other, thread=thread, day=WINDOW.first + timedelta(days=day)
        )

    told = _told(
        pieces=[brought(2, 0), brought(3, 6), brought(4, 7), brought(2, 1, "t2"), brought(5, -3, "t3")]
    )
    _close(connector.conductor(told), {1: (3.0, 2)})
    _close(connector.largest_set(told), {1: (2.0, 2)})


def test_mutual_ties_stay_alive_in_whichever_direction() -> None:
    before = [Edge(1, 2, 1), Edge(2, 1, 1), Edge(1, 3, 1), Edge(3, 1, 1), Edge(1, 4, 9)]
    told = _told(ties_before=before, ties=[Edge(2, 1, 1), Edge(1, 4, 1)])
    _close(connector.networker(told), {1: (1 / 2, 2), 2: (1.0, 1), 3: (0.0, 1)})
    _close(connector.unconstrained(told), {1: (1 / 2, 2), 2: (1.0, 1), 4: (1.0, 1)})


def test_who_stands_between_others_and_across_groups() -> None:
    # 2 and 3 act for 1, who acts for 4 and 5; 2 acts for 4 as well. 2 and 1 are in one group, 4 in another one.
    ties = [Edge(2, 1, 1), Edge(3, 1, 1), Edge(1, 4, 1), Edge(1, 5, 1), Edge(2, 4, 1)]
    told = _told(ties=ties, groups={1: 1, 2: 1, 3: 1, 4: 2, 5: 1})
    pairs = {member: value.value for member, value in connector.stands_between(told).items()}
    assert pairs == {1: 3, 2: 0, 3: 0, 4: 0, 5: 0}
    assert connector.joins_groups(told)[1] == Value(1.0, 4)  # from 3 to 4: 2 and 4 have a tie of their own
    assert connector.between(told)[1] == Value(3 / 12, 4)  # of 4 × 3 ordered pairs of others


def test_shares_with_own_words_reach_several_audiences() -> None:
    def shared(item: str, copy: str, to: int, words: int = 20, member: int = 1) -> Act:
        about = {"item": item, "target": copy, "via": f"to-{to}", "number": words, "at": NOON}
        return an_act(deed=Deed.SHARED, member=member, other=9, **about)

    told = _told(
        shared("c1", "c51", 7),
        shared("c1", "c52", 8),
        shared("c2", "c53", 7),
        shared("c3", "c54", 7, words=0),
        shared("c3", "c55", 8, words=0),
        shared("c4", "c56", 7, member=2),
        opened={"c51": 4, "c53": 2, "c54": 9, "c56": 3},
    )
    _close(carrier.communicator(told), {1: (1.0, 5), 2: (0.0, 1)})
    _close(carrier.opens_per_audience(told), {1: (6 / 3, 5), 2: (3.0, 1)})
    # Opens of the six shares: 0, 0, 2, 3, 4, 9; usual is 2.5. Member 1 has 15 over 5 shares.
    _close(carrier.marketer(told), {1: (3 / 2.5, 5), 2: (3 / 2.5, 1)})


def test_trends_are_spotted_before_they_are_trends() -> None:
    posts = [
        an_act(deed=Deed.POSTED, member=9, item=f"c{number}", thread=f"t{number}", at=NOON)
        for number in range(1, 9)
    ]
    shares = [
        an_act(deed=Deed.SHARED, member=member, other=9, item=item, target="c99", at=_at(hours))
        for member, item, hours in ((1, "c1", 1), (1, "c2", 1), (2, "c1", 9))
    ]
    readings = [
        *(_read(reader, "c1", 2) for reader in range(11, 15)),
        *(_read(reader, "c3", 2) for reader in range(11, 15)),
        *(_read(reader, "c2", 2, via="shared") for reader in range(11, 19)),
    ]
    # Readers of the eight items without those whom shares led there: 4, 0, 4, 0, 0, 0, 0, 0. The upper quarter begins
    # at 1; two of eight get there. Member 1 shared two early, and one of them did; member 2 came too late.
    _close(carrier.trend_spotter(_told(*posts, *shares, readings=readings)), {1: (1 / 2 - 2 / 8, 2)})


def test_newcomers_who_were_welcomed_come_back() -> None:
    welcomes = [a_piece(kind=Kind.NEWCOMER_WELCOMED, other=other, day=WINDOW.first) for other in (2, 3)]
    back = [
        an_act(member=2, at=_at(24)),
        an_act(member=3, at=_at(24 * 20)),  # too late
        an_act(member=4, at=_at(24 * 3)),
    ]
    first = dict.fromkeys((2, 3, 4, 5, 6, 7), WINDOW.first) | {8: WINDOW.last}
    told = _told(*back, pieces=welcomes, first=first, readings=[_read(5, "c1", 48)])
    _close(caretaker.ambassador(told), {1: (1 / 2 - 2 / 4, 2)})


def test_decisions_stand_and_requests_are_taken_up() -> None:
    def decided(item: str, hours: float) -> Act:
        return an_act(deed=Deed.MODERATED, member=1, item=item, via="decision", at=_at(hours))

    told = _told(
        an_act(deed=Deed.FLAGGED, member=2, item="c1", at=NOON),
        an_act(deed=Deed.FLAGGED, member=2, item="c2", at=NOON),
        decided("c1", 4),
        decided("c2", 10),
        decided("c3", 11),
        an_act(deed=Deed.WITHDRAWN, member=1, item="c1", at=_at(4)),  # the decision itself
        an_act(deed=Deed.RESTORED, member=3, item="c1", at=_at(30)),  # a second look
        pieces=[
            a_piece(kind=Kind.CARE_REQUEST, item="c7", thread="t7"),
            a_piece(kind=Kind.CARE_REQUEST, item="c8", thread="t7"),
            a_piece(kind=Kind.CARE_REQUEST, item="c9", thread="t9"),
        ],
    )
    _close(caretaker.advocate(told), {1: (2 / 3, 3)})
    _close(caretaker.time_to_decide(told), {1: (7.0, 2)})
    _close(caretaker.cultivator(told), {1: (2.0, 2)})


def test_a_community_is_told_medians_only_where_ten_had_enough_chances() -> None:
    def measured(people: int) -> tuple[bool, Roughly, float]:
        readings = [_read(member, f"c{number}") for member in range(1, people + 1) for number in range(10)]
        (found,) = measures_of(_told(readings=readings), set(range(1, 31)), least=5)[0].measures
        return found.enough, found.people, found.median

    assert measured(9) == (False, UNSAID, 0.0)
    assert measured(10) == (True, Roughly(10, 10), 1.0)
    assert measured(27) == (True, Roughly(25, 10), 1.0)
    assert [quantile([1, 2, 3, 4], part) for part in (0.25, 0.5, 0.75)] == [1.75, 2.5, 3.25]
    assert quantile([1.0, inf], 0.5) == inf


def _tries(tried: int, *, twice: int = 0, members: int = 40, seen: int = 40) -> Tries:
    """A community in which so many share, so many of them twice."""
    acts = {member: {Deed.READ: 1} for member in range(seen)}
    for member in range(tried):
        acts[member][Deed.SHARED] = 2 if member < twice else 1
    return Tries(members=set(range(members)), acts=acts, taken={Kind.ITEM_SHARED: tried + twice})


@pytest.mark.parametrize(
    ("now", "need"),
    [
        (_tries(20, twice=10), Need.NONE),
        (_tries(8, twice=6, seen=15), Need.TOOLS),
        (_tries(8, twice=6), Need.MOTIVATION),
        (_tries(11, twice=6), Need.NONE),  # below the weeks before, and not below half of what is usual
        (_tries(24, twice=5), Need.GUIDANCE),
    ],
)
def test_the_first_rate_that_is_low_says_which_support_may_help(now: Tries, need: Need) -> None:
    before, others = [_tries(20, twice=10), _tries(18, twice=10)], [_tries(20, twice=10)] * 3
    found = {one.role: one for one in support(now, before, others, least=5)}
    assert found[Role.CARRIER].need is need


def test_no_need_is_named_where_there_is_nothing_to_compare_with_or_it_was_lower_before() -> None:
    def named(before: list[Tries], others: list[Tries]) -> Need:
        found = {one.role: one for one in support(_tries(6, twice=5), before, others, least=5)}
        return found[Role.CARRIER].need

    usual = [_tries(20, twice=10)]
    assert named(usual * 2, usual * 3) is Need.MOTIVATION
    assert named([*usual, _tries(5, twice=5)], usual * 3) is Need.NONE
    assert named(usual * 2, [*usual * 2, _tries(9, members=9, seen=9)]) is Need.UNKNOWN


def test_shares_of_people_follow_from_numbers_in_steps_of_the_least_cell() -> None:
    def trying(number: int) -> tuple[float | None, float | None]:
        rates = {one.role: one.rates for one in support(_tries(number), [], [], least=5)}[Role.CARRIER]
        return rates.chance, rates.trying

    assert trying(3) == trying(9) == (1.0, None)
    assert trying(11) == trying(14) == (1.0, 10 / 40)


def test_what_is_usual_is_no_finer_than_what_the_other_courses_say() -> None:
    others = [_tries(number) for number in (11, 12, 14)]
    found = {one.role: one.usual for one in support(_tries(20), [], others, least=5)}
    assert found[Role.CARRIER].trying == pytest.approx(10 / 40)


def test_two_figures_of_which_one_has_one_person_more_say_the_same_number_of_people() -> None:
    told = _told(
        readings=[_read(member, f"c{number}") for member in range(1, 13) for number in range(10)],
        widgets={1: "discussion"},
        uses=[(1, "discussion", member) for member in range(1, 14)],
    )
    found = {
        one.indicator.key: one
        for skill in measures_of(told, set(range(1, 41)), least=5)
        for one in skill.measures
    }
    assert {one.people.value for one in found.values() if one.enough} == {10}
