"""How far the report has read, for pages to say that their figures are not complete yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, exists, select, true
from sqlalchemy.orm import Session

from lmssocial.plugin import now
from lmssocial_reporting.models import DirtyDay, FollowedCourse

LATE = timedelta(minutes=10)
"""After how long without having read everything figures are called incomplete: busy courses are never quite read."""


@dataclass(frozen=True)
class Standing:
    """How far some courses have been read."""

    followed: int
    """How many of them were begun."""
    of: int
    """How many there are."""
    behind: bool
    """Whether one of them was not begun, or has not been read to its end for a while."""
    begins_on: date | None
    """The day of the first act in any of them."""
    looked_at: datetime | None
    """When the one that was looked at longest ago had been read to its end; ``None`` if one never was."""


def standing_of(session: Session, course_ids: Collection[int], zone: str = "") -> Standing:
    """How far these courses have been read. One query.

    :param zone: in whose days they have to be told; one that was told in another has not been read. Empty: in any.
    """
    dirty = exists().where(DirtyDay.course_id == FollowedCourse.course_id)
    told = FollowedCourse.zone == zone if zone else true()
    rows = session.execute(
        select(
            FollowedCourse.begins_on,
            case((told, FollowedCourse.looked_at)).label("looked_at"),
            (FollowedCourse.has_news | dirty).label("waits"),
        ).where(FollowedCourse.course_id.in_(sorted(set(course_ids))))
    ).all()
    begun = [row.begins_on for row in rows if row.begins_on is not None]
    looked = [row.looked_at for row in rows]
    limit = now() - LATE
    late = any(at is None or (row.waits and at < limit) for row, at in zip(rows, looked, strict=True))
    return Standing(
        followed=len(rows),
        of=len(set(course_ids)),
        behind=late or len(rows) < len(set(course_ids)),
        begins_on=min(begun, default=None),
        looked_at=min(looked) if looked and None not in looked else None,
    )


def followed(session: Session, course_ids: Collection[int]) -> tuple[int, ...]:
    """Those of some courses whose log is read, in ascending order: the report is on, or was. One query."""
    return tuple(
        session.scalars(
            select(FollowedCourse.course_id)
            .where(FollowedCourse.course_id.in_(sorted(set(course_ids))))
            .order_by(FollowedCourse.course_id)
        )
    )
