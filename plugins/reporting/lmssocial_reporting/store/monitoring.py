"""What the monitors read, in the site's own database. One statement each."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Integer, Table, cast, distinct, exists, extract, func, or_, select
from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.models import ActRow
from lmssocial_reporting.store.port import READING, Deed, Evidence, Reading
from lmssocial_reporting.store.rows import DEED, EVIDENCE_COLUMNS, KIND, evidence_of
from lmssocial_reporting.store.tallying import EVIDENCE, of_whom, one_of

QUARTER = 900
"""Seconds."""

_ACT: Table = ActRow.__table__  # type: ignore[assignment]  # a declared table is one
_EARLIER = _ACT.alias("earlier")


class SqlMonitoring:
    """A part of :class:`~lmssocial_reporting.store.sql.SqlStore`."""

    _session: Session

    def readings(self, course_ids: Collection[int], since: date, until: date) -> list[Reading]:
        """What was read on these days (both included), by time."""
        rows = self._session.execute(
            select(
                _ACT.c.at,
                _ACT.c.member,
                _ACT.c.item,
                _ACT.c.other,
                _ACT.c.thread,
                _ACT.c.placement_id,
                _ACT.c.via,
            )
            .where(*_on(course_ids, since, until), _ACT.c.deed == Deed.READ)
            .order_by(_ACT.c.at, _ACT.c.event_id, _ACT.c.part)
        ).all()
        return [Reading(*row) for row in rows]

    def evidence_between(
        self, course_ids: Collection[int], since: date, until: date, kinds: Collection[Kind]
    ) -> list[Evidence]:
        """The evidence of these kinds, in its own order."""
        rows = self._session.execute(
            select(*(EVIDENCE.c[name] for name in EVIDENCE_COLUMNS)).where(
                EVIDENCE.c.course_id.in_(sorted(course_ids)),
                EVIDENCE.c.day.between(since, until),
                EVIDENCE.c.kind.in_(sorted(kinds)),
            )
        ).all()
        return sorted(evidence_of(row) for row in rows)

    def uses(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[tuple[int, str, int], int]:
        """Acts by placement, widget and member; coming to the course is none. For reckoning only.

        :param unread: members whose reading and searching is left out.
        """
        key = (_ACT.c.placement_id, _ACT.c.widget, _ACT.c.member)
        rows = self._session.execute(
            select(*key, func.count())
            .where(*_on(course_ids, since, until), _ACT.c.deed != Deed.JOINED, counted(unread))
            .group_by(*key)
        ).all()
        return {(placement, widget, member): number for placement, widget, member, number in rows}

    def moments(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[datetime, int]:
        """Acts by the quarter of an hour (UTC) in which they were done. No zone of this world is offset by less.

        Those that :meth:`uses` counts.
        """
        quarter = self._seconds() // QUARTER
        rows = self._session.execute(
            select(quarter, func.count())
            .where(*_on(course_ids, since, until), _ACT.c.deed != Deed.JOINED, counted(unread))
            .group_by(quarter)
        ).all()
        return {
            datetime.fromtimestamp(int(which) * QUARTER, UTC): number
            for which, number in sorted((which, number) for which, number in rows)
        }

    def first_writing(self, course_ids: Collection[int], since: date) -> dict[int, date]:
        """On which day each member first published anything in one of the courses; of those who began ``since``.

        Whoever wrote since then is looked up among what they did before: all that a course ever did is much more.
        """
        wrote = (Deed.POSTED, Deed.REPLIED)
        began = (
            select(of_whom(_ACT.c.member).label("member"), func.min(_ACT.c.day).label("day"))
            .where(
                _ACT.c.course_id.in_(sorted(course_ids)),
                _ACT.c.day >= since,
                _ACT.c.deed.in_(wrote),
                _ACT.c.member != 0,
            )
            .group_by(of_whom(_ACT.c.member))
            .subquery()
        )
        before = exists().where(
            _EARLIER.c.member == began.c.member,
            # in words that fit no index but that of members: SQLite would read the course from its beginning for each
            of_whom(_EARLIER.c.course_id).in_(sorted(course_ids)),
            _EARLIER.c.day < since,
            _EARLIER.c.deed.in_(wrote),
        )
        rows = self._session.execute(select(began.c.member, began.c.day).where(~before)).all()
        return dict(iter(rows))

    def written(self, course_ids: Collection[int], since: date, until: date) -> dict[int, int]:
        """How many items each member published that still count: posts, replies, questions, works."""
        rows = self._session.execute(
            select(of_whom(EVIDENCE.c.member), func.count(distinct(EVIDENCE.c.item)))
            .where(
                EVIDENCE.c.course_id.in_(sorted(course_ids)),
                EVIDENCE.c.day.between(since, until),
                EVIDENCE.c.kind.in_((Kind.ITEM_POSTED, Kind.REPLY_POSTED)),
            )
            .group_by(of_whom(EVIDENCE.c.member))
        ).all()
        return dict(iter(rows))

    def readers_of(self, items: Collection[str]) -> set[tuple[str, int, int]]:
        """(Item, course, member) of all who read one of these items, in whichever course; for reckoning only."""
        if not items:
            return set()
        rows = self._session.execute(
            select(_ACT.c.item, _ACT.c.course_id, _ACT.c.member)
            .distinct()
            .where(_ACT.c.item.in_(sorted(items)), _ACT.c.deed == Deed.READ, _ACT.c.member != 0)
        ).all()
        return {(item, course, member) for item, course, member in rows}

    def tried(
        self, course_ids: Collection[int], since: date, until: date
    ) -> list[tuple[int, int, Deed, int]]:
        """(Course, member, deed, acts) of all that was done on these days; for reckoning only."""
        key = (_ACT.c.course_id, _ACT.c.member, _ACT.c.deed)
        rows = self._session.execute(
            select(*key, func.count())
            .where(*_on(course_ids, since, until), _ACT.c.member != 0)
            .group_by(*key)
        ).all()
        return [(course, member, DEED[deed], number) for course, member, deed, number in rows]

    def taken_up(self, course_ids: Collection[int], since: date, until: date) -> dict[tuple[int, Kind], int]:
        """Items by which somebody was served, by course and kind of evidence."""
        key = (EVIDENCE.c.course_id, EVIDENCE.c.kind)
        rows = self._session.execute(
            select(*key, func.count(distinct(EVIDENCE.c.item)))
            .where(
                EVIDENCE.c.course_id.in_(sorted(course_ids)),
                EVIDENCE.c.day.between(since, until),
                EVIDENCE.c.other != 0,
            )
            .group_by(*key)
        ).all()
        return {(course, KIND[kind]): number for course, kind, number in rows}

    def _seconds(self) -> ColumnElement[int]:
        """The time of an act in seconds since 1970."""
        if self._session.get_bind().dialect.name == "sqlite":
            return cast(func.strftime("%s", _ACT.c.at), Integer)
        return cast(func.floor(extract("epoch", _ACT.c.at)), Integer)


def counted(unread: Collection[int]) -> ColumnElement[bool]:
    """That an act is not reading or searching of one of these members."""
    return or_(_ACT.c.deed.not_in(READING), ~one_of(_ACT.c.member, unread))


def _on(course_ids: Collection[int], since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    return _ACT.c.course_id.in_(sorted(course_ids)), _ACT.c.day.between(since, until)
