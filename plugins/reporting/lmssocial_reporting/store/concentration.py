"""Where much of the evidence comes from a single place, in the site's own database. One statement each."""

from collections.abc import Collection

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Role
from lmssocial_reporting.models import EvidenceRow
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import Edge


class SqlConcentration:
    """A part of :class:`~lmssocial_reporting.store.sql.SqlStore`."""

    _session: Session

    def fullest_threads(self, course_ids: Collection[int], window: Window) -> dict[Role, int]:
        """For each role, how many pieces of evidence the thread has that has most of them."""
        threads = (
            select(EvidenceRow.role, func.count().label("pieces"))
            .where(
                EvidenceRow.course_id.in_(sorted(course_ids)),
                EvidenceRow.day.between(window.first, window.last),
                EvidenceRow.thread != "",
            )
            .group_by(EvidenceRow.role, EvidenceRow.course_id, EvidenceRow.thread)
            .subquery()
        )
        rows = self._session.execute(
            select(threads.c.role, func.max(threads.c.pieces)).group_by(threads.c.role)
        )
        return {Role(role): pieces for role, pieces in rows}

    def mutual_ties(
        self, course_ids: Collection[int], window: Window, at_least: int
    ) -> dict[Role, list[Edge]]:
        """For each role, who served whom so many times or more and was served by them as often; both directions."""
        ties = (
            select(EvidenceRow.role, EvidenceRow.member, EvidenceRow.other, func.count().label("pieces"))
            .where(
                EvidenceRow.course_id.in_(sorted(course_ids)),
                EvidenceRow.day.between(window.first, window.last),
                EvidenceRow.other != 0,
            )
            .group_by(EvidenceRow.role, EvidenceRow.member, EvidenceRow.other)
            .having(func.count() >= at_least)
            .cte("ties")
        )
        back = ties.alias("back")
        rows = self._session.execute(
            select(ties.c.role, ties.c.member, ties.c.other, ties.c.pieces)
            .join(
                back,
                and_(
                    back.c.role == ties.c.role,
                    back.c.member == ties.c.other,
                    back.c.other == ties.c.member,
                ),
            )
            .order_by(ties.c.role, ties.c.member, ties.c.other)
        )
        found: dict[Role, list[Edge]] = {}
        for role, member, other, pieces in rows:
            found.setdefault(Role(role), []).append(Edge(member, other, pieces))
        return found
