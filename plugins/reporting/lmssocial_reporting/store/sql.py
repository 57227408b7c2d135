"""The store in the site's own database: SQLite or PostgreSQL, by SQLAlchemy Core."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import (
    Delete,
    Select,
    Table,
    bindparam,
    delete,
    func,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.models import ActRow
from lmssocial_reporting.people import Population, Window
from lmssocial_reporting.store.concentration import SqlConcentration
from lmssocial_reporting.store.counting import profile_of
from lmssocial_reporting.store.monitoring import SqlMonitoring, counted
from lmssocial_reporting.store.port import (
    LASTING,
    Act,
    Changed,
    Deed,
    Edge,
    Evidence,
    Profile,
    Strength,
    Tally,
)
from lmssocial_reporting.store.rows import (
    ACT_COLUMNS,
    ROLE,
    act_of,
    act_values,
    difference,
    evidence_of,
    evidence_values,
    key_values,
)
from lmssocial_reporting.store.tallying import EVIDENCE, of_whom, one_of, tallying, within

Row = TypeVar("Row")

_ACT: Table = ActRow.__table__  # type: ignore[assignment]  # a declared table is one
_COLUMNS = [_ACT.c[name] for name in ACT_COLUMNS]

CHUNK = 2_000
"""Rows that are handed to the database at once."""
NAMED = 500
"""Items that one statement asks for at most."""


class SqlStore(SqlMonitoring, SqlConcentration):
    """A :class:`~lmssocial_reporting.store.port.ReportStore` in the transaction of a session; it never commits."""

    def __init__(self, session: Session) -> None:
        """:param session: in whose transaction it reads and writes."""
        self._session = session

    @property
    def unsettled(self) -> Collection[tuple[int, date]]:
        """Nothing: evidence is written in the transaction itself."""
        return ()

    def add_acts(self, acts: Sequence[Act]) -> None:
        """Store acts; those that are there already stay as they are."""
        self._insert(_ACT, (act_values(act) for act in acts))

    def acts_between(
        self, course_ids: Collection[int], since: date, until: date, deeds: Collection[Deed] = ()
    ) -> list[Act]:
        """Acts of these days (both included), of these deeds or of all, in order of (at, event_id, part)."""
        wanted = select(*_COLUMNS).where(
            one_of(_ACT.c.course_id, course_ids), _ACT.c.day.between(since, until)
        )
        return self._acts([wanted], deeds)

    def acts_about(
        self,
        course_id: int,
        *,
        items: Collection[str] = (),
        threads: Collection[str] = (),
        targets: Collection[str] = (),
        deeds: Collection[Deed] = (),
    ) -> list[Act]:
        """All acts of a course on any of these items, in these threads, or with these targets; ordered likewise.

        Of these deeds, or of all.
        """
        named = ((_ACT.c.item, items), (_ACT.c.thread, threads), (_ACT.c.target, targets))
        statements = (
            select(*_COLUMNS).where(_ACT.c.course_id == course_id, column.in_(some))
            for column, wanted in named
            for some in _chunks(sorted(set(wanted)), NAMED)
        )
        return self._acts(statements, deeds)

    def acts_of(self, course_id: int, members: Collection[int], deeds: Collection[Deed] = ()) -> list[Act]:
        """All acts of these members in a course; ordered likewise."""
        wanted = select(*_COLUMNS).where(_ACT.c.course_id == course_id, one_of(_ACT.c.member, members))
        return self._acts([wanted], deeds)

    def replace_day(self, course_id: int, day: date, rows: Iterable[Evidence]) -> Changed:
        """Let these be all the evidence of a day, and say what that changed; an unchanged day writes nothing."""
        there = self._session.execute(
            select(EVIDENCE).where(EVIDENCE.c.course_id == course_id, EVIDENCE.c.day == day)
        )
        found = difference((evidence_of(row) for row in there), rows)
        for some in _chunks(found.deleted, CHUNK):
            self._session.execute(_one_piece(), [key_values(one) for one in some])
        self._insert(EVIDENCE, (evidence_values(one) for one in found.inserted))
        return found.changed

    def forget_course(self, course_id: int) -> None:
        """Delete everything of a course, so that it can be told anew."""
        for table in (_ACT, EVIDENCE):
            self._session.execute(delete(table).where(table.c.course_id == course_id))

    def traces_of(self, member: int) -> list[tuple[int, date]]:
        """All days (course, day) of the courses in which there is any act or evidence of somebody, or for them."""
        traces = union(
            *(
                select(table.c.course_id).where(or_(table.c.member == member, table.c.other == member))
                for table in (_ACT, EVIDENCE)
            )
        )
        courses = self._session.scalars(traces).all()
        days = union(
            *(
                select(table.c.course_id, table.c.day).where(one_of(table.c.course_id, courses))
                for table in (_ACT, EVIDENCE)
            )
        )
        return sorted((row.course_id, row.day) for row in self._session.execute(days))

    def forget_member(self, member: int) -> list[tuple[int, date]]:
        """Delete the acts and evidence of somebody, and blank them where others' acts served them, or an act lasts.

        :returns: the days (course, day) that have to be derived again: all of the courses with any trace of them, since
            who was the first to answer, or who took something up, may be somebody else now.
        """
        again = self.traces_of(member)
        self._session.execute(
            delete(_ACT).where(_ACT.c.member == member, _ACT.c.deed.not_in(sorted(LASTING)))
        )
        self._session.execute(update(_ACT).where(_ACT.c.member == member).values(member=0))
        self._session.execute(update(_ACT).where(_ACT.c.other == member).values(other=0))
        self._session.execute(
            delete(EVIDENCE).where(or_(EVIDENCE.c.member == member, EVIDENCE.c.other == member))
        )
        return again

    def evidence_of(
        self, course_ids: Collection[int], member: int, since: date, until: date
    ) -> list[Evidence]:
        """The evidence of one member, newest day first."""
        rows = self._session.execute(
            select(EVIDENCE)
            .where(
                EVIDENCE.c.member == member,
                one_of(EVIDENCE.c.course_id, course_ids),
                EVIDENCE.c.day.between(since, until),
            )
            .order_by(
                EVIDENCE.c.day.desc(),
                EVIDENCE.c.course_id,
                EVIDENCE.c.role,
                EVIDENCE.c.kind,
                EVIDENCE.c.other,
                EVIDENCE.c.item,
            )
        )
        return [evidence_of(row) for row in rows]

    def strengths(self, course_ids: Collection[int], window: Window) -> list[Strength]:
        """How much evidence there is for each member and role, in one statement.

        Without evidence between two people alone (``lone_ties``), and without those who have none.
        """
        return [one.strength for one in self.tallies(course_ids, window) if one.strength.days]

    def profile(self, population: Population, *, least: int) -> Profile:
        """The profile of a window, with small cells left out. One statement."""
        tallies = self.tallies(population.course_ids, population.window)
        return profile_of(population, tallies, least=least)

    def edges(self, course_ids: Collection[int], window: Window, kinds: Collection[Kind] = ()) -> list[Edge]:
        """Who served whom how often, by these kinds of evidence or by all that serve somebody."""
        wanted = [*within(course_ids, window.first, window.last), EVIDENCE.c.other != 0]
        if kinds:
            wanted.append(one_of(EVIDENCE.c.kind, kinds))
        member = of_whom(EVIDENCE.c.member)
        rows = self._session.execute(
            select(member, EVIDENCE.c.other, func.count())
            .where(*wanted)
            .group_by(member, EVIDENCE.c.other)
            .order_by(member, EVIDENCE.c.other)
        ).all()
        return [Edge(*row) for row in rows]

    def counts(
        self, course_ids: Collection[int], since: date, until: date
    ) -> dict[tuple[date, Role, Kind], int]:
        """Pieces of evidence by day, role and kind: numbers of acts, which name nobody."""
        by = (EVIDENCE.c.day, EVIDENCE.c.role, EVIDENCE.c.kind)
        rows = self._session.execute(
            select(*by, func.count()).where(*within(course_ids, since, until)).group_by(*by).order_by(*by)
        )
        return {(day, Role(role), Kind(kind)): number for day, role, kind, number in rows}

    def deeds(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[tuple[date, Deed, str], int]:
        """Acts by day, deed and widget, without the reading and searching of ``unread``."""
        by = (_ACT.c.day, _ACT.c.deed, _ACT.c.widget)
        rows = self._session.execute(
            select(*by, func.count())
            .where(one_of(_ACT.c.course_id, course_ids), _ACT.c.day.between(since, until), counted(unread))
            .group_by(*by)
            .order_by(*by)
        )
        return {(day, Deed(deed), widget): number for day, deed, widget, number in rows}

    def _acts(self, statements: Iterable[Select[Any]], deeds: Collection[Deed] = ()) -> list[Act]:
        """What some statements select, each act once, in order of (at, event_id, part)."""
        found: dict[tuple[int, int], Act] = {}
        for statement in statements:
            wanted = statement.where(one_of(_ACT.c.deed, deeds)) if deeds else statement
            acts = map(act_of, self._session.execute(wanted).all())
            found.update(((act.event_id, act.part), act) for act in acts)
        return sorted(found.values(), key=attrgetter("at", "event_id", "part"))

    def _insert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert rows in chunks; those whose key is there already stay as they are."""
        insert: Callable[[Table], Any] = (
            postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        )
        statement = insert(table).on_conflict_do_nothing()
        for some in _chunks(rows, CHUNK):
            self._session.execute(statement, some)

    def tallies(self, course_ids: Collection[int], window: Window) -> list[Tally]:
        """How much there is for each member and role of a window, in one statement."""
        rows = self._session.execute(
            tallying(), {"courses": sorted(course_ids), "first": window.first, "last": window.last}
        ).all()
        return [
            Tally(Strength(member, ROLE[role], days, others, not firm), pieces)
            for member, role, days, others, firm, pieces in rows
        ]


def _one_piece() -> Delete:
    """Delete one piece of evidence, named by ``key_…``."""
    keys = EVIDENCE.primary_key.columns
    return delete(EVIDENCE).where(*(column == bindparam(f"key_{column.name}") for column in keys))


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some
