"""Each kind of evidence: what it takes, what undoes it – and that it comes and goes whenever the acts arrive."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from lmssocial_reporting.definition import ROLE_OF, Kind
from lmssocial_reporting.evidence import days
from lmssocial_reporting.evidence.touching import days_touched
from lmssocial_reporting.store.port import Act, Deed
from lmssocial_reporting.store.sql import SqlStore
from tests.support.evidence import all_evidence, clean_pass, derive_marked, tables
from tests.support.reporting import an_act

NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
LATE = datetime(2026, 2, 2, 23, 55, tzinfo=UTC)
Found = tuple[int, Kind, int, str]


def _at(*, days: float = 0, minutes: float = 0, since: datetime = NOON) -> datetime:
    return since + timedelta(days=days, minutes=minutes)


def _posted(member: int = 2, item: str = "c1", thread: str = "t1", **more: object) -> Act:
    return an_act(
        **(
            {"deed": Deed.POSTED, "member": member, "other": 0, "item": item, "thread": thread, "at": NOON}
            | more
        )
    )


def _asked(member: int = 2, item: str = "c1", thread: str = "t1", **more: object) -> list[Act]:
    return [_posted(member, item, thread, **more), _posted(member, item, thread, **more, deed=Deed.ASKED)]


def _reply(member: int, to: int, item: str, **more: object) -> Act:
    return an_act(
        **({"member": member, "other": to, "item": item, "target": "c1", "at": _at(minutes=60)} | more)
    )


def _did(deed: Deed, member: int = 1, other: int = 2, item: str = "c1", **more: object) -> Act:
    given = {
        "deed": deed,
        "member": member,
        "other": other,
        "item": item,
        "thread": "t1",
        "at": _at(minutes=60),
    }
    return an_act(**(given | more))


SHARED = {
    "deed": Deed.SHARED,
    "member": 1,
    "other": 2,
    "item": "c1",
    "thread": "",
    "target": "c90",
    "via": "to-22",
}
THERE = {"course_id": 2, "item": "c90", "thread": "t90", "other": 1}

SCENARIOS: dict[str, tuple[Sequence[Act], Kind, set[Found]]] = {
    "opened": ([_did(Deed.READ)], Kind.ITEM_OPENED, {(1, Kind.ITEM_OPENED, 2, "c1")}),
    "one's own": ([_did(Deed.READ, member=2, other=0)], Kind.ITEM_OPENED, set()),
    "searched across midnight": (
        [
            _did(Deed.SEARCHED, other=0, item="", thread="", at=LATE),
            _did(Deed.READ, via="search", at=_at(minutes=9, since=LATE)),
        ],
        Kind.SEARCH_USED,
        {(1, Kind.SEARCH_USED, 2, "c1")},
    ),
    "searched in vain": (
        [
            _did(Deed.SEARCHED, other=0, item="", thread="", at=LATE),
            _did(Deed.READ, via="search", at=_at(minutes=11, since=LATE)),
        ],
        Kind.SEARCH_USED,
        set(),
    ),
    "kept": (
        [_did(Deed.KEPT, at=LATE), _did(Deed.UNKEPT, at=_at(minutes=11, since=LATE))],
        Kind.ITEM_KEPT,
        {(1, Kind.ITEM_KEPT, 2, "c1")},
    ),
    "kept for ten minutes": (
        [_did(Deed.KEPT, at=LATE), _did(Deed.UNKEPT, at=_at(minutes=10, since=LATE))],
        Kind.ITEM_KEPT,
        set(),
    ),
    "asked": (_asked(), Kind.HELP_ASKED, {(2, Kind.HELP_ASKED, 0, "c1")}),
    "posted and opened in time by one": (
        [_posted(), _did(Deed.READ, at=_at(days=7)), _did(Deed.READ, member=3, at=_at(days=7, minutes=1))],
        Kind.ITEM_POSTED,
        {(2, Kind.ITEM_POSTED, 0, "c1"), (2, Kind.ITEM_POSTED, 1, "c1")},
    ),
    "removed by its author within a day": (
        [_posted(), _did(Deed.REMOVED, member=2, other=0, at=_at(days=1))],
        Kind.ITEM_POSTED,
        set(),
    ),
    "removed by its author later": (
        [_posted(), _did(Deed.REMOVED, member=2, other=0, at=_at(days=1, minutes=1))],
        Kind.ITEM_POSTED,
        {(2, Kind.ITEM_POSTED, 0, "c1")},
    ),
    "withdrawn by a moderator a month later": (
        [_posted(), _did(Deed.WITHDRAWN, member=9, at=_at(days=30))],
        Kind.ITEM_POSTED,
        set(),
    ),
    "withdrawn and restored": (
        [
            _posted(),
            _did(Deed.WITHDRAWN, member=9, at=_at(days=30)),
            _did(Deed.RESTORED, member=9, at=_at(days=31)),
        ],
        Kind.ITEM_POSTED,
        {(2, Kind.ITEM_POSTED, 0, "c1")},
    ),
    "replied, and too shortly": (
        [_reply(1, 2, "c5", number=11), _reply(1, 2, "c6", number=10), _reply(1, 2, "c7", number=0)],
        Kind.REPLY_POSTED,
        {(1, Kind.REPLY_POSTED, 2, "c5"), (1, Kind.REPLY_POSTED, 2, "c7")},
    ),
    "edited in one sitting across midnight": (
        [
            _did(Deed.EDITED, number=25, whole=900, at=LATE),
            _did(Deed.EDITED, number=15, whole=900, at=_at(minutes=30, since=LATE)),
        ],
        Kind.ITEM_IMPROVED,
        {(1, Kind.ITEM_IMPROVED, 2, "c1")},
    ),
    "edited twice, each time a little": (
        [
            _did(Deed.EDITED, number=25, whole=900, at=LATE),
            _did(Deed.EDITED, number=15, whole=900, at=_at(minutes=31, since=LATE)),
        ],
        Kind.ITEM_IMPROVED,
        set(),
    ),
    "introduced": (
        [
            _did(Deed.INTRODUCED, other=2, item="i4", thread="i4"),
            _did(Deed.INTRODUCED, other=3, item="i4", thread="i4"),
            _did(Deed.MET, member=3, other=2, item="i4", thread="i4", at=_at(days=6)),
        ],
        Kind.PERSON_INTRODUCED,
        {(1, Kind.PERSON_INTRODUCED, 2, "i4"), (1, Kind.PERSON_INTRODUCED, 3, "i4")},
    ),
    "referred": (
        [
            _did(Deed.REFERRED, other=3, item="q1", thread="q1"),
            _did(Deed.ACCEPTED, member=3, other=1, item="q1", thread="q1", at=_at(days=5)),
            _did(Deed.REFERRED, other=4, item="q1", thread="q1"),
        ],
        Kind.QUESTION_REFERRED,
        {(1, Kind.QUESTION_REFERRED, 3, "q1")},
    ),
    "pointed to what the asker opened": (
        [
            *_asked(),
            _reply(1, 2, "c5", event_id=700),
            _did(Deed.LINKED, other=3, item="c5", target="c8", event_id=700, part=1),
            _did(Deed.READ, member=2, other=3, item="c8", thread="t8", at=_at(days=4)),
        ],
        Kind.ITEM_POINTED,
        {(1, Kind.ITEM_POINTED, 2, "c5")},
    ),
    "brought": (
        [_reply(1, 2, "c5"), _did(Deed.NAMED, other=3, item="c5"), _reply(3, 1, "c6", at=_at(days=6))],
        Kind.MEMBER_BROUGHT,
        {(1, Kind.MEMBER_BROUGHT, 3, "c5")},
    ),
    "named who was there": (
        [
            _reply(3, 2, "c4", at=NOON),
            _reply(1, 2, "c5"),
            _did(Deed.NAMED, other=3, item="c5"),
            _reply(3, 1, "c6", at=_at(days=2)),
        ],
        Kind.MEMBER_BROUGHT,
        set(),
    ),
    "kept, and somebody else wrote there later": (
        [
            _posted(),
            _did(Deed.KEPT, thread="", at=_at(days=1)),
            _reply(2, 3, "c4", target="c9", at=_at(minutes=30)),
            _reply(3, 2, "c5", target="c4", at=_at(days=3)),
        ],
        Kind.ITEM_KEPT,
        {(1, Kind.ITEM_KEPT, 2, "c1")},
    ),
    "two alone until a third came": (
        [
            _posted(1),
            _reply(2, 1, "c5"),
            _reply(1, 2, "c6", target="c8", at=_at(days=1)),
            _did(Deed.HELPFUL, member=3, other=1, item="c6", thread="", at=_at(days=3)),
        ],
        Kind.REPLY_POSTED,
        {(2, Kind.REPLY_POSTED, 1, "c5"), (1, Kind.REPLY_POSTED, 2, "c6")},
    ),
    "a question whose words a moderator withdrew": (
        [
            *_asked(item="q7", thread="q7", target="c55"),
            _reply(1, 2, "c5", thread="q7", target="q7", at=_at(days=3)),
            _did(Deed.WITHDRAWN, member=9, item="c55", thread="", at=_at(days=20)),
        ],
        Kind.CARE_REQUEST,
        set(),
    ),
    "shared to another course and opened there": (
        [an_act(**SHARED, at=NOON), an_act(**THERE, deed=Deed.READ, member=5, at=_at(days=6))],
        Kind.ITEM_SHARED,
        {(1, Kind.ITEM_SHARED, 2, "c1")},
    ),
    "shared and taken off there": (
        [
            an_act(**SHARED, at=NOON),
            an_act(**THERE, deed=Deed.READ, member=5, at=_at(days=6)),
            an_act(**THERE, deed=Deed.WITHDRAWN, member=8, at=_at(days=20)),
        ],
        Kind.ITEM_SHARED,
        set(),
    ),
    "digest": (
        [
            _posted(1, "c5", event_id=800),
            *(
                _did(Deed.LINKED, other=who, item="c5", target=f"c{who}", event_id=800, part=who)
                for who in (2, 3)
            ),
        ],
        Kind.DIGEST_PUBLISHED,
        {(1, Kind.DIGEST_PUBLISHED, 2, "c5"), (1, Kind.DIGEST_PUBLISHED, 3, "c5")},
    ),
    "endorsed: once a day": (
        [
            _did(Deed.HELPFUL, item="c2", thread="", at=_at(minutes=-5)),
            _did(Deed.UNHELPFUL, item="c2", thread="", at=NOON),
            _did(Deed.RATED, item="c3", other=3, thread="", number=4),
            _did(Deed.MENTIONED, thread="", at=_at(minutes=90)),
        ],
        Kind.ITEM_ENDORSED,
        {(1, Kind.ITEM_ENDORSED, 3, "c3")},
    ),
    "welcomed by the first": (
        [_posted(), _reply(1, 2, "c5", at=_at(days=6)), _reply(3, 2, "c6", at=_at(days=6, minutes=1))],
        Kind.NEWCOMER_WELCOMED,
        {(1, Kind.NEWCOMER_WELCOMED, 2, "c5")},
    ),
    "welcomed by the second, since the first withdrew": (
        [
            _posted(),
            _reply(1, 2, "c5", at=_at(days=2)),
            _reply(3, 2, "c6", at=_at(days=4)),
            _did(Deed.REMOVED, member=1, other=0, item="c5", at=_at(days=2, minutes=5)),
        ],
        Kind.NEWCOMER_WELCOMED,
        {(3, Kind.NEWCOMER_WELCOMED, 2, "c6")},
    ),
    "no newcomer any more": (
        [_posted(item="c0", thread="t0", at=_at(days=-40)), _posted(), _reply(1, 2, "c5", at=_at(days=2))],
        Kind.NEWCOMER_WELCOMED,
        set(),
    ),
    "a newcomer after all: what came first was taken back": (
        [
            _posted(item="c0", thread="t0", at=_at(days=-40)),
            _did(Deed.REMOVED, member=2, other=0, item="c0", thread="t0", at=_at(days=-40, minutes=30)),
            _posted(),
            _reply(1, 2, "c5", at=_at(days=2)),
        ],
        Kind.NEWCOMER_WELCOMED,
        {(1, Kind.NEWCOMER_WELCOMED, 2, "c5")},
    ),
    "a request taken up after two days": (
        [
            *_asked(),
            _reply(2, 0, "c4"),
            _reply(1, 2, "c5", at=_at(days=2, minutes=1)),
            _reply(3, 2, "c6", at=_at(days=30)),
        ],
        Kind.CARE_REQUEST,
        {(1, Kind.CARE_REQUEST, 2, "c5")},
    ),
    "a request answered in time": (
        [*_asked(), _reply(3, 2, "c4", at=_at(days=2)), _reply(1, 2, "c5", at=_at(days=9))],
        Kind.CARE_REQUEST,
        set(),
    ),
    "looked after": (
        [
            _posted(),
            _did(Deed.MODERATED, member=9, other=0, item="t1", via="pinned", lms_role="instructor"),
            _did(Deed.MODERATED, member=2, other=0, item="t1", via="locked", at=_at(days=3)),
        ],
        Kind.CARE_MODERATED,
        {(9, Kind.CARE_MODERATED, 2, "t1")},
    ),
    "a flag that was upheld": (
        [
            _did(Deed.FLAGGED, thread=""),
            _did(Deed.FLAGGED, member=3, item="c7", thread=""),
            _did(Deed.WITHDRAWN, member=9, thread="", at=_at(days=3)),
        ],
        Kind.CARE_MODERATED,
        {(1, Kind.CARE_MODERATED, 2, "c1")},
    ),
    "an office hour that was booked, and one that was cancelled": (
        [
            _did(Deed.HOSTED, item="h1", thread="h1", target="b1"),
            _did(Deed.HOSTED, other=3, item="h1", thread="h1", target="b2"),
            _did(Deed.WITHDRAWN, member=3, other=0, item="b2", thread="h1", at=_at(days=12)),
        ],
        Kind.CARE_GOVERNED,
        {(1, Kind.CARE_GOVERNED, 2, "h1")},
    ),
    "of somebody who was erased": (
        [_posted(0), _reply(0, 2, "c4"), _reply(1, 0, "c5"), _did(Deed.READ, other=0)],
        Kind.REPLY_POSTED,
        set(),
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_kind_of_evidence_comes_of_what_the_definition_says(name: str) -> None:
    acts, kind, expected = SCENARIOS[name]
    found = {(one.member, one.kind, one.other, one.item) for one in clean_pass(acts) if one.kind is kind}
    assert found == expected


@pytest.mark.parametrize("name", SCENARIOS)
def test_acts_that_arrive_one_by_one_in_another_order_leave_the_same_evidence(name: str) -> None:
    """After each, all marked days are derived: so the last one has to find every day that it changes."""
    acts, _, _ = SCENARIOS[name]
    expected = clean_pass(acts)
    orders = list(permutations(acts))
    for order in orders[:: max(1, len(orders) // 12)]:
        with tables(1, 2) as session:
            store = SqlStore(session)
            for act in order:
                store.add_acts([act])
                days.note_carried(session, [act])
                days.mark(session, days_touched(session, store, act.course_id, ZoneInfo("UTC"), [act]))
                derive_marked(session, 1, 2)
            assert all_evidence(session) == expected


def test_every_kind_of_evidence_has_a_scenario_in_which_there_is_some() -> None:
    shown = {kind for _, kind, expected in SCENARIOS.values() if expected}
    assert shown == set(ROLE_OF)


def test_marks_are_evidence_in_the_activity_of_what_they_mark() -> None:
    acts = [
        _posted(placement_id=7, at=_at(days=-60)),
        _did(Deed.HELPFUL, thread="", placement_id=0),
        _did(Deed.KEPT, member=3, thread="", placement_id=0),
        _did(Deed.FOLLOWED, member=4, item="t1", placement_id=0),
        _did(Deed.HELPFUL, member=5, item="c9", thread="", placement_id=0),
    ]
    found = {one.member: one.placement_id for one in clean_pass(acts) if one.other == 2}
    assert found == {1: 7, 3: 7, 4: 7, 5: 0}


def test_two_alone_are_told_from_two_among_others() -> None:
    """A third person who only reads is none; one who marks something in the thread is, within seven days."""
    pair = [_posted(1), _reply(2, 1, "c5")]
    read = _did(Deed.READ, member=3, item="c5")
    marked = _did(Deed.HELPFUL, member=3, item="c5", thread="", at=_at(days=6))
    too_late = _did(Deed.HELPFUL, member=3, item="c5", thread="", at=_at(days=9))

    def alone(*more: Act) -> list[bool]:
        return [one.third for one in clean_pass([*pair, *more]) if one.kind is Kind.REPLY_POSTED]

    assert alone() == alone(read) == alone(too_late) == [False]
    assert alone(marked) == [True]
