"""What the monitors read, in the site's own database. One statement each."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Integer, cast, distinct, extract, func, or_, select
from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Kind, Role
from lmssocial_reporting.models import ActRow, EvidenceRow
from lmssocial_reporting.store.port import READING, Deed, Evidence, Reading
from lmssocial_reporting.store.tallying import of_whom, one_of

QUARTER = 900
"""Seconds."""


class SqlMonitoring:
    """A part of :class:`~lmssocial_reporting.store.sql.SqlStore`."""

    _session: Session

    def readings(self, course_ids: Collection[int], since: date, until: date) -> list[Reading]:
        """What was read on these days (both included), by time."""
        rows = self._session.execute(
            select(
                ActRow.at,
                ActRow.member,
                ActRow.item,
                ActRow.other,
                ActRow.thread,
                ActRow.placement_id,
                ActRow.via,
            )
            .where(*_on(course_ids, since, until), ActRow.deed == Deed.READ)
            .order_by(ActRow.at, ActRow.event_id, ActRow.part)
        )
        return [Reading._make(row) for row in rows]

    def evidence_between(
        self, course_ids: Collection[int], since: date, until: date, kinds: Collection[Kind]
    ) -> list[Evidence]:
        """The evidence of these kinds, in its own order."""
        rows = self._session.execute(
            select(
                EvidenceRow.course_id,
                EvidenceRow.day,
                EvidenceRow.member,
                EvidenceRow.role,
                EvidenceRow.kind,
                EvidenceRow.other,
                EvidenceRow.item,
                EvidenceRow.third,
                EvidenceRow.placement_id,
                EvidenceRow.widget,
                EvidenceRow.thread,
            ).where(
                EvidenceRow.course_id.in_(sorted(course_ids)),
                EvidenceRow.day.between(since, until),
                EvidenceRow.kind.in_(sorted(kinds)),
            )
        )
        return sorted(
            Evidence(**row._asdict() | {"role": Role(row.role), "kind": Kind(row.kind)}) for row in rows
        )

    def uses(
        self, course_ids: Collection[int], since: date, until: date, unread: Collection[int] = ()
    ) -> dict[tuple[int, str, int], int]:
        """Acts by placement, widget and member; for reckoning only.

        :param unread: members whose reading and searching is left out.
        """
        key = (ActRow.placement_id, ActRow.widget, ActRow.member)
        rows = self._session.execute(
            select(*key, func.count())
            .where(
                *_on(course_ids, since, until),
                or_(ActRow.deed.not_in(READING), ~one_of(ActRow.__table__.c.member, unread)),
            )
            .group_by(*key)
        )
        return {(placement, widget, member): number for placement, widget, member, number in rows}

    def moments(self, course_ids: Collection[int], since: date, until: date) -> dict[datetime, int]:
        """Acts by the quarter of an hour (UTC) in which they were done. No zone of this world is offset by less."""
        quarter = self._seconds() // QUARTER
        rows = self._session.execute(
            select(quarter, func.count()).where(*_on(course_ids, since, until)).group_by(quarter)
        )
        return {
            datetime.fromtimestamp(int(which) * QUARTER, UTC): number
            for which, number in sorted((which, number) for which, number in rows)
        }

    def first_writing(self, course_ids: Collection[int]) -> dict[int, date]:
        """On which day each member first published anything in one of the courses."""
        rows = self._session.execute(
            select(of_whom(ActRow.member), func.min(ActRow.day))
            .where(
                ActRow.course_id.in_(sorted(course_ids)),
                ActRow.deed.in_((Deed.POSTED, Deed.REPLIED)),
                ActRow.member != 0,
            )
            .group_by(of_whom(ActRow.member))
        )
        return dict(iter(rows))

    def written(self, course_ids: Collection[int], since: date, until: date) -> dict[int, int]:
        """How many items each member published that still count: posts, replies, questions, works."""
        rows = self._session.execute(
            select(of_whom(EvidenceRow.member), func.count(distinct(EvidenceRow.item)))
            .where(
                EvidenceRow.course_id.in_(sorted(course_ids)),
                EvidenceRow.day.between(since, until),
                EvidenceRow.kind.in_((Kind.ITEM_POSTED, Kind.REPLY_POSTED)),
            )
            .group_by(of_whom(EvidenceRow.member))
        )
        return dict(iter(rows))

    def readers_of(self, items: Collection[str]) -> set[tuple[str, int, int]]:
        """(Item, course, member) of all who read one of these items, in whichever course; for reckoning only."""
        if not items:
            return set()
        rows = self._session.execute(
            select(ActRow.item, ActRow.course_id, ActRow.member)
            .distinct()
            .where(ActRow.item.in_(sorted(items)), ActRow.deed == Deed.READ, ActRow.member != 0)
        )
        return {(item, course, member) for item, course, member in rows}

    def tried(
        self, course_ids: Collection[int], since: date, until: date
    ) -> list[tuple[int, int, Deed, int]]:
        """(Course, member, deed, acts) of all that was done on these days; for reckoning only."""
        key = (ActRow.course_id, ActRow.member, ActRow.deed)
        rows = self._session.execute(
            select(*key, func.count())
            .where(*_on(course_ids, since, until), ActRow.member != 0)
            .group_by(*key)
        )
        return [(course, member, Deed(deed), number) for course, member, deed, number in rows]

    def taken_up(self, course_ids: Collection[int], since: date, until: date) -> dict[tuple[int, Kind], int]:
        """Items by which somebody was served, by course and kind of evidence."""
        key = (EvidenceRow.course_id, EvidenceRow.kind)
        rows = self._session.execute(
            select(*key, func.count(distinct(EvidenceRow.item)))
            .where(
                EvidenceRow.course_id.in_(sorted(course_ids)),
                EvidenceRow.day.between(since, until),
                EvidenceRow.other != 0,
            )
            .group_by(*key)
        )
        return {(course, Kind(kind)): number for course, kind, number in rows}

    def _seconds(self) -> ColumnElement[int]:
        """The time of an act in seconds since 1970."""
        if self._session.get_bind().dialect.name == "sqlite":
            return cast(func.strftime("%s", ActRow.at), Integer)
        return cast(func.floor(extract("epoch", ActRow.at)), Integer)


def _on(course_ids: Collection[int], since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    return ActRow.course_id.in_(sorted(course_ids)), ActRow.day.between(since, until)
