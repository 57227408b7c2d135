"""What a store of acts and evidence promises, on SQLite, on PostgreSQL and in ClickHouse: the same integers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.models import Base
from lmssocial_reporting.store.clickhouse import ClickHouseStore
from lmssocial_reporting.store.port import (
    Act,
    By,
    Changed,
    Deed,
    Edge,
    Evidence,
    ReportStore,
    Strength,
)
from lmssocial_reporting.store.sql import SqlStore
from tests.support.clickhouse import Chdb
from tests.support.databases import PostgresDatabases
from tests.support.reporting import WINDOW, a_piece, a_population, acting, an_act

ENGINES = ("sqlite", "postgres", "clickhouse")
FIRST, LAST = WINDOW.first, WINDOW.last
SECOND = FIRST + timedelta(days=1)


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest) -> Iterator[Session | Chdb]:
    """A database with nothing but the tables of acts and evidence."""
    chosen = request.config.getoption("--db")
    if chosen not in {"both", request.param}:
        pytest.skip(f"--db {chosen}")
    if request.param == "clickhouse":
        chdb = Chdb()
        yield chdb
        chdb.close()
        return
    url, databases = "sqlite://", None
    if request.param == "postgres":
        databases = PostgresDatabases(
            request.getfixturevalue("postgres_url"), f"store_{request.getfixturevalue('worker_name')}"
        )
        url = databases.empty()
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.commit()
        yield session
    engine.dispose()
    if databases is not None:
        databases.drop(url)


@pytest.fixture
def store(place: Session | Chdb) -> Iterator[ReportStore]:
    """A store with nothing in it."""
    if isinstance(place, Chdb):
        yield ClickHouseStore(place)
        place.empty()
        return
    yield SqlStore(place)
    place.rollback()


def fill(store: ReportStore, pieces: list[Evidence]) -> None:
    """Store evidence, whatever course and day it is of."""
    for course_id, day in sorted({(one.course_id, one.day) for one in pieces}):
        store.replace_day(
            course_id, day, [one for one in pieces if (one.course_id, one.day) == (course_id, day)]
        )


def written(store: ReportStore) -> int:
    """How many rows of evidence there are, with those that do not count."""
    if isinstance(store, ClickHouseStore):
        return int(store._run.query("SELECT count() FROM reporting_evidence")[0][0])
    return sum(store.counts([1, 2], date(2000, 1, 1), date(2100, 1, 1)).values())


# -- acts


def test_an_act_that_is_told_twice_is_one_and_stays_as_it_was_told_first(store: ReportStore) -> None:
    first = an_act(at=datetime(2026, 2, 2, 10, 30, 15, 123456, tzinfo=UTC), number=80, via="search")
    second = an_act(at=datetime(2026, 2, 3, tzinfo=UTC))
    store.add_acts([first, second, first._replace(number=1)])
    store.add_acts([first._replace(number=2), second._replace(part=1, deed=Deed.LINKED)])
    found = store.acts_between([1], FIRST, LAST)
    assert found == [first, second, second._replace(part=1, deed=Deed.LINKED)]
    assert store.acts_between([1], FIRST, FIRST) == [first]
    assert store.acts_between([1], FIRST, LAST, [Deed.LINKED, Deed.READ]) == found[2:]
    assert store.acts_between([2], FIRST, LAST) == []


def test_acts_are_found_by_what_they_are_about_and_by_who_did_them(store: ReportStore) -> None:
    posted = an_act(deed=Deed.POSTED, item="c1", other=0, thread="t1", member=3)
    linked = an_act(deed=Deed.LINKED, item="c2", thread="t2", target="c1", member=4, day=SECOND)
    read = an_act(deed=Deed.READ, item="c1", thread="t1", other=3, member=5, day=SECOND)
    elsewhere = an_act(deed=Deed.READ, item="c1", thread="t1", course_id=2)
    store.add_acts([read, linked, posted, elsewhere])
    assert store.acts_about(1, items=["c1"]) == [posted, read]
    assert store.acts_about(1, items=["c1"], targets=["c1"], threads=["t1"]) == [posted, linked, read]
    assert store.acts_about(1, threads=["t1", "t2"], deeds=[Deed.READ, Deed.LINKED]) == [linked, read]
    assert store.acts_about(1) == []
    assert store.acts_about(1, items=[f"c{number}" for number in range(1, 1500)]) == [posted, linked, read]
    assert store.acts_of(1, [3, 5]) == [posted, read]
    assert store.acts_of(1, [3, 5], [Deed.READ]) == [read]


# -- days


def test_a_day_becomes_what_it_should_be_and_the_difference_is_told(store: ReportStore) -> None:
    kept, gone, new = (a_piece(item=item) for item in ("c1", "c2", "c3"))
    assert store.replace_day(1, FIRST, [gone, kept, kept]) == Changed(added=(kept, gone))
    assert store.replace_day(1, FIRST, [kept, new]) == Changed(added=(new,), gone=(gone,))
    assert store.evidence_of([1], 1, FIRST, LAST) == [kept, new]
    assert store.replace_day(1, FIRST, []) == Changed(gone=(kept, new))
    assert store.evidence_of([1], 1, FIRST, LAST) == []


def test_a_piece_that_only_a_third_person_touched_meanwhile_is_changed_and_not_told(
    store: ReportStore,
) -> None:
    piece = a_piece(third=False)
    store.replace_day(1, FIRST, [piece])
    assert store.replace_day(1, FIRST, [replace(piece, third=True)]) == Changed()
    assert store.evidence_of([1], 1, FIRST, LAST) == [replace(piece, third=True)]
    assert store.replace_day(1, FIRST, [piece]) == Changed()
    assert store.evidence_of([1], 1, FIRST, LAST) == [piece], "and the other way"


def test_a_day_that_did_not_change_writes_nothing(store: ReportStore, place: Session | Chdb) -> None:
    pieces = [a_piece(member=member) for member in range(1, 30)]
    store.replace_day(1, FIRST, pieces)
    before = written(store)
    wrote: list[str] = []
    if isinstance(place, Session):
        event.listen(place.get_bind(), "before_cursor_execute", lambda *given: wrote.append(given[2]))
    assert store.replace_day(1, FIRST, reversed(pieces)) == Changed()
    assert written(store) == before == 29
    assert [one for one in wrote if not one.startswith("SELECT")] == []


@pytest.mark.parametrize("place", [ENGINES[-1]], indirect=True)  # the databases have transactions for that
def test_a_day_that_was_written_halfway_is_read_as_it_was_and_written_again(place: Chdb) -> None:

    class Crashes:
        """Breaks off before it says which generation counts."""

        def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[Sequence[Any]]:
            """Go on as usual."""
            return place.query(sql, params)

        def insert(self, table: str, rows: Collection[Sequence[Any]]) -> None:
            """Insert evidence, and nothing after it."""
            if table == "reporting_day":
                raise ConnectionError("the power went off")
            place.insert(table, rows)

    before, after = a_piece(item="c1"), a_piece(item="c2")
    store = ClickHouseStore(place)
    store.replace_day(1, FIRST, [before])
    with pytest.raises(ConnectionError):
        ClickHouseStore(Crashes()).replace_day(1, FIRST, [after])
    place.query("OPTIMIZE TABLE reporting_evidence FINAL")
    assert store.evidence_of([1], 1, FIRST, LAST) == [before]
    assert store.replace_day(1, FIRST, [after]) == Changed(added=(after,), gone=(before,))
    assert (written(store), store.evidence_of([1], 1, FIRST, LAST)) == (3, [after])
    store.sweep(datetime.now(UTC) + timedelta(minutes=1))
    assert (written(store), store.evidence_of([1], 1, FIRST, LAST)) == (1, [after])
    place.empty()


# -- windows


def test_days_and_people_are_counted_once_each_and_only_within_the_window(store: ReportStore) -> None:
    fill(
        store,
        [
            a_piece(other=2, item="c1"),
            a_piece(other=2, item="c2"),
            a_piece(other=0, kind=Kind.ITEM_POSTED),
            a_piece(other=3, day=LAST),
            a_piece(other=4, day=LAST + timedelta(days=1)),
            a_piece(other=5, day=FIRST - timedelta(days=1)),
            a_piece(other=6, day=SECOND, course_id=2),
            a_piece(other=7, kind=Kind.ITEM_ENDORSED),
            a_piece(other=8, day=SECOND, kind=Kind.ITEM_ENDORSED),
            a_piece(member=9, other=1, kind=Kind.ITEM_ENDORSED),
            a_piece(member=9, other=2, day=SECOND, kind=Kind.ITEM_SHARED),
        ],
    )
    assert store.strengths([1], WINDOW) == [
        Strength(1, Role.CARRIER, 2, 2, weak=True),
        Strength(1, Role.CREATOR, 2, 2, weak=False),
        Strength(9, Role.CARRIER, 2, 2, weak=False),
    ]
    assert Strength(1, Role.CREATOR, 3, 3, weak=False) in store.strengths([1, 2], WINDOW)
    assert not Strength(1, Role.CARRIER, 2, 2, weak=True).acts()


def test_what_two_do_for_each_other_alone_does_not_count_and_what_a_third_saw_does(
    store: ReportStore,
) -> None:
    def back_and_forth(one: int, other: int, times: int, *, third: bool) -> list[Evidence]:
        return [
            a_piece(member=by, other=to, day=FIRST + timedelta(days=number), third=third)
            for number in range(times)
            for by, to in ((one, other), (other, one))
        ]

    pair = back_and_forth(1, 2, 3, third=False)
    few = back_and_forth(3, 4, 2, third=False)
    seen = back_and_forth(5, 6, 4, third=True)
    one_way = [a_piece(member=7, other=8, day=FIRST + timedelta(days=n), third=False) for n in range(5)]
    also = [a_piece(member=1, other=9, third=False), a_piece(member=1, other=2, day=LAST, third=True)]
    fill(store, pair + few + seen + one_way + also)
    assert store.strengths([1], WINDOW) == [
        Strength(1, Role.CREATOR, 2, 2, weak=False),
        *(Strength(member, Role.CREATOR, 2, 1, weak=False) for member in (3, 4)),
        *(Strength(member, Role.CREATOR, 4, 1, weak=False) for member in (5, 6)),
        Strength(7, Role.CREATOR, 5, 1, weak=False),
    ]
    assert store.profile(a_population(20), least=3).acts[Role.CREATOR] == 6 + 4 + 8 + 5 + 2


def test_the_profiles_of_two_windows_say_the_same_numbers_on_every_engine(store: ReportStore) -> None:
    before = WINDOW.before()
    fill(
        store,
        [piece for member in range(1, 13) for piece in acting(member, days=2 + member % 3, others=3)]
        + [a_piece(member=member) for member in range(13, 19)]
        + [piece for member in range(1, 31) for piece in acting(member, Kind.ITEM_OPENED, days=3)]
        + [piece for member in range(1, 8) for piece in acting(member, window=before)],
    )
    now = a_population(40, groups=2)
    earlier, profile = (store.profile(one, least=5) for one in (replace(now, window=before), now))
    whole, first, second = (
        profile.slice("all"),
        profile.slice("1", By.GROUP),
        profile.slice("2", By.GROUP),
    )
    assert whole is not None
    assert first is not None
    assert second is not None
    creating = [
        [counts[Role.CREATOR].value for counts in (one.acting, one.sustained, one.emerging, one.nothing)]
        for one in (whole, first, second)
    ]
    assert creating == [[12, None, 6, 22], [6, None, None, None], [6, None, None, None]]
    assert whole.acting[Role.CONSUMER].value == 30
    assert (whole.acting_members, whole.mix and round(whole.mix[Role.CREATOR], 4)) == (30, 0.2)
    assert profile.acts == {Role.CREATOR: 46, Role.CONSUMER: 90} | dict.fromkeys(
        (Role.CONNECTOR, Role.CARRIER, Role.CARETAKER), 0
    )
    past = earlier.slice("all")
    assert past is not None
    assert (past.acting[Role.CREATOR].value, past.acting[Role.CONSUMER].value) == (7, 0)


def test_ties_and_numbers_of_acts_are_counted_by_what_was_asked(store: ReportStore) -> None:
    fill(
        store,
        [
            a_piece(other=2),
            a_piece(other=2, day=SECOND),
            a_piece(other=3, kind=Kind.ITEM_SHARED),
            a_piece(other=0, kind=Kind.ITEM_POSTED),
            a_piece(member=2, other=1, kind=Kind.ITEM_OPENED),
        ],
    )
    assert store.edges([1], WINDOW) == [Edge(1, 2, 2), Edge(1, 3, 1), Edge(2, 1, 1)]
    assert store.edges([1], WINDOW, [Kind.ITEM_SHARED, Kind.ITEM_OPENED]) == [Edge(1, 3, 1), Edge(2, 1, 1)]
    assert store.counts([1], FIRST, FIRST) == {
        (FIRST, Role.CARRIER, Kind.ITEM_SHARED): 1,
        (FIRST, Role.CONSUMER, Kind.ITEM_OPENED): 1,
        (FIRST, Role.CREATOR, Kind.ITEM_POSTED): 1,
        (FIRST, Role.CREATOR, Kind.REPLY_POSTED): 1,
    }
    store.add_acts([an_act(), an_act(deed=Deed.READ), an_act(deed=Deed.READ), an_act(widget="experts")])
    assert store.deeds([1], FIRST, LAST) == {
        (FIRST, Deed.READ, "discussion"): 2,
        (FIRST, Deed.REPLIED, "discussion"): 1,
        (FIRST, Deed.REPLIED, "experts"): 1,
    }


def test_what_monitors_read_is_the_same_on_every_engine(store: ReportStore) -> None:
    noon = datetime(2026, 2, 2, 12, tzinfo=UTC)
    acts: list[Act] = [
        an_act(deed=Deed.POSTED, item="c1", other=0, member=2, at=noon - timedelta(days=1)),
        an_act(deed=Deed.READ, item="c1", other=2, member=1, at=noon + timedelta(minutes=14), via="search"),
        an_act(deed=Deed.READ, item="c1", other=2, member=3, at=noon + timedelta(minutes=15)),
        an_act(deed=Deed.READ, item="c1", other=2, member=3, at=noon + timedelta(days=1)),
        an_act(deed=Deed.REPLIED, item="c2", other=2, member=3, at=noon + timedelta(days=1)),
    ]
    store.add_acts(acts)
    pieces = [
        a_piece(member=2, other=0, item="c1", kind=Kind.ITEM_POSTED),
        a_piece(member=2, other=3, item="c1", kind=Kind.ITEM_POSTED),
        *(a_piece(member=3, other=2, item=f"c{number}") for number in (2, 3, 4)),
        *(a_piece(member=2, other=3, item=f"c{number}", thread="t2") for number in (5, 6)),
    ]
    fill(store, pieces)
    days = ([1], FIRST, LAST)
    assert [(one.at, one.member, one.via) for one in store.readings(*days)] == [
        (acts[1].at, 1, "search"),
        (acts[2].at, 3, ""),
        (acts[3].at, 3, ""),
    ]
    assert store.uses(*days) == {(1, "discussion", 1): 1, (1, "discussion", 3): 3}
    assert store.moments(*days) == {
        noon: 1,
        noon + timedelta(minutes=15): 1,
        noon + timedelta(days=1): 2,
    }
    assert store.first_writing([1], FIRST - timedelta(days=1)) == {2: FIRST - timedelta(days=1), 3: SECOND}
    assert store.first_writing([1], FIRST) == {3: SECOND}, "whoever wrote before does not begin again"
    assert store.written(*days) == {2: 3, 3: 3}
    assert store.uses(*days, unread=[1, 3]) == {(1, "discussion", 3): 1}, "what they wrote still counts"
    assert store.moments(*days, unread=[1, 3]) == {noon + timedelta(days=1): 1}
    assert store.deeds(*days, unread=[1]) == {
        (FIRST, Deed.READ, "discussion"): 1,
        (SECOND, Deed.READ, "discussion"): 1,
        (SECOND, Deed.REPLIED, "discussion"): 1,
    }
    assert store.readers_of(["c1", "c2"]) == {("c1", 1, 1), ("c1", 1, 3)}
    assert sorted(store.tried(*days)) == [(1, 1, Deed.READ, 1), (1, 3, Deed.READ, 2), (1, 3, Deed.REPLIED, 1)]
    assert store.taken_up(*days) == {(1, Kind.ITEM_POSTED): 1, (1, Kind.REPLY_POSTED): 5}
    assert store.evidence_between(*days, [Kind.ITEM_POSTED]) == sorted(pieces[:2])
    assert store.fullest_threads([1], WINDOW) == {Role.CREATOR: 5}
    assert store.mutual_ties([1], WINDOW, 3) == {Role.CREATOR: [Edge(2, 3, 3), Edge(3, 2, 3)]}
    assert store.mutual_ties([1], WINDOW, 4) == {}
    store.add_acts([an_act(deed=Deed.JOINED, placement_id=0, at=noon)])
    assert (0, "discussion", 1) not in store.uses(*days), "to come is no use"
    assert store.moments(*days)[noon] == 1


# -- forgetting


def test_a_course_is_forgotten_and_told_anew(store: ReportStore) -> None:
    act, piece = an_act(), a_piece()
    other = a_piece(course_id=2)
    store.add_acts([act])
    fill(store, [piece, other])
    store.forget_course(1)
    assert store.acts_between([1], FIRST, LAST) == []
    assert store.evidence_of([1, 2], 1, FIRST, LAST) == [other]
    store.add_acts([act])
    assert store.acts_between([1], FIRST, LAST) == [act]
    assert store.replace_day(1, FIRST, [piece]) == Changed(added=(piece,))


def test_of_a_member_who_is_erased_nothing_is_left_and_all_days_of_their_courses_are_told_anew(
    store: ReportStore,
) -> None:
    theirs = an_act(member=7, other=2)
    read = an_act(deed=Deed.READ, member=7, other=2)
    served = an_act(member=2, other=7, day=SECOND)
    between_others = an_act(member=2, other=3, day=LAST)
    store.add_acts([theirs, read, served, between_others, an_act(course_id=2, member=2)])
    fill(store, [a_piece(member=7), a_piece(member=2, other=7), a_piece(member=2, other=3, day=SECOND)])
    assert store.forget_member(7) == [(1, FIRST), (1, SECOND), (1, LAST)]
    assert store.acts_between([1], FIRST, LAST) == [
        theirs._replace(member=0),
        served._replace(other=0),
        between_others,
    ]
    assert store.acts_of(1, [7]) == []
    assert [one.other for one in store.evidence_of([1], 2, FIRST, LAST)] == [3]
    assert store.evidence_of([1], 7, FIRST, LAST) == []
    assert store.forget_member(7) == []
