"""The definition on a real course, MOOC-Ed DLT1, against the figures of the research; and what cheats do to them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.evidence.rules import evidence_on
from lmssocial_reporting.evidence.rules.facts import Facts
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import Act, Evidence
from lmssocial_reporting.store.sql import SqlStore
from tests.support.evidence import clean_pass, tables
from tests.support.mooc_ed import mooc_ed
from tests.support.reporting import an_act

FIRST = date(2013, 4, 4)
WINDOWS = tuple(Window(FIRST + timedelta(days=28 * n), FIRST + timedelta(days=28 * n + 27)) for n in range(3))
MONTH = WINDOWS[0]
"""The busiest one."""
BEGIN = FIRST + timedelta(days=9)
"""When the cheats begin."""


@cache
def _evidence() -> tuple[Evidence, ...]:
    return tuple(_derived(mooc_ed().acts))


def _derived(acts: Sequence[Act]) -> list[Evidence]:
    facts = Facts(acts)
    return [one for day in sorted({act.day for act in acts}) for one in evidence_on(facts, 1, day)]


def _acting(evidence: Iterable[Evidence], role: Role, window: Window) -> frozenset[int]:
    """Who acts in a role, as the store reckons it."""
    rows = list(evidence)
    with tables(1) as session:
        store = SqlStore(session)
        for day in sorted({one.day for one in rows}):
            store.replace_day(1, day, [one for one in rows if one.day == day])
        return frozenset(
            one.member for one in store.strengths([1], window) if one.role is role and one.acts()
        )


def _written_by(last: date) -> int:
    """How many had written anything until a day: those of whom a course of guests knows."""
    return len({act.member for act in mooc_ed().acts if act.day <= last})


@pytest.mark.parametrize(
    ("window", "creators", "caretakers", "seen", "percent"),
    [(WINDOWS[0], 168, 9, 401, 42), (WINDOWS[1], 70, 0, 421, 17), (WINDOWS[2], 11, 0, 426, 3)],
)
def test_the_shares_of_the_real_course_are_those_of_the_research(
    window: Window, creators: int, caretakers: int, seen: int, percent: int
) -> None:
    """Creators 42, 17 and 3 per cent of those who had written, in three windows that do not overlap (§2.8)."""
    acting = _acting(_evidence(), Role.CREATOR, window)
    assert len(mooc_ed().members) == 445
    assert len(acting) == creators
    assert len(_acting(_evidence(), Role.CARETAKER, window)) == caretakers
    assert _written_by(window.last) == seen
    assert round(100 * len(acting) / seen) == percent


def test_the_two_facilitators_welcomed_most_newcomers() -> None:
    """What nobody told the rule: who had been appointed to look after people (§2.8, criterion check)."""
    welcomed = Counter(one.member for one in _evidence() if one.kind is Kind.NEWCOMER_WELCOMED)
    (first, most), (second, next_most), (_, third) = welcomed.most_common(3)
    assert {first, second} == mooc_ed().facilitators
    assert (most, next_most, third) == (8, 5, 3)


def test_the_store_derives_day_by_day_what_one_look_at_everything_does() -> None:
    """The course through the store: what a day needs to know is gathered, and nothing that it needs is missing."""
    assert clean_pass(mooc_ed().acts) == sorted(_evidence())


def _cheats() -> list[int]:
    """Forty, a tenth of those who wrote in the month; all of them had begun before they cheat."""
    wrote = sorted({act.member for act in mooc_ed().acts if act.day < BEGIN})
    return wrote[::5][:40]


def _pairs() -> list[tuple[int, int]]:
    cheats = _cheats()
    return list(zip(cheats[::2], cheats[1::2], strict=True))


def _writes(member: int, other: int, day: date, thread: str, minute: int = 0) -> Act:
    at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(minutes=minute)
    act = an_act(member=member, other=other, at=at, thread=thread, number=80)
    number = 1_000_000 + act.event_id  # none of the real ones
    return act._replace(event_id=number, item=f"c{number}")


def _burst() -> Iterator[Act]:
    """One morning, pairs write each other ten times."""
    for number, (one, two) in enumerate(_pairs()):
        for minute in range(10):
            yield _writes(one, two, BEGIN, f"t9{number:03}", minute)
            yield _writes(two, one, BEGIN, f"t9{number:03}", minute)


def _daily_pairs() -> Iterator[Act]:
    """Every day from then on, pairs write each other once."""
    for number, (one, two) in enumerate(_pairs()):
        for day in range(19):
            yield _writes(one, two, BEGIN + timedelta(days=day), f"t9{number:03}")
            yield _writes(two, one, BEGIN + timedelta(days=day), f"t9{number:03}")


def _ring() -> Iterator[Act]:
    """Forty people answer the next and the one after it, each time in a thread that others of them are in, too."""
    cheats = _cheats()
    around = [*cheats, *cheats[:2]]
    for day in (0, 7, 14):
        for one, two in [*pairwise(around), *zip(around, around[2:], strict=False)]:
            yield _writes(one, two, BEGIN + timedelta(days=day), f"t8{day:03}")


@pytest.mark.parametrize("attack", [_burst, _daily_pairs])
def test_neither_a_burst_nor_pairs_who_write_each_other_daily_move_a_share(attack: object) -> None:
    """Two of whom each does something for the other in a place where nobody else is count for nothing there (§2.7)."""
    with_it = _derived([*mooc_ed().acts, *attack()])  # type: ignore[operator]
    counted_days = {one.day for one in with_it if one.member in _cheats() and not one.third}
    assert counted_days  # the cheats left evidence; it is the pairs that are not counted
    for role in (Role.CREATOR, Role.CARETAKER):
        assert _acting(with_it, role, MONTH) == _acting(_evidence(), role, MONTH)


def test_a_ring_is_not_defeated_and_the_definition_does_not_pretend_it_were() -> None:
    """Forty who agree with each other are a community of their own; a jump like that is what the flag is for (§2.7)."""
    honest, ring = (
        _acting(rows, Role.CREATOR, MONTH) for rows in (_evidence(), _derived([*mooc_ed().acts, *_ring()]))
    )
    assert honest < ring
    assert ring - honest == set(_cheats()) - honest
    assert len(set(_cheats()) - honest) > 15
