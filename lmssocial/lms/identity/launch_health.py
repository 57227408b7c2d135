"""What launches say about platforms: how often they are refused lately, and how far a clock is from ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.launch_models import LaunchRecord
from lmssocial.lms.identity.models import Registration

LATELY = timedelta(days=7)
"""What counts as lately."""
SKEW_OF = 50
"""Launches of which the clock of a platform is judged, by the middle one: one that waited on its way says nothing."""
SKEW_TOLD = 10.0
"""Seconds from which an administrator is told; clocks that are set by NTP are off by far less."""
SKEW_URGENT = 45.0
"""Seconds from which it is urgent: from 60 on nobody gets in."""
MANY = 10
"""Refusals of one platform within a day from which they may be called many."""
RISE = 3
"""How many times more than on an average day before they are then."""


@dataclass(frozen=True)
class Skew:
    """How far a platform's clock is from ours, by the middle one of its last launches."""

    seconds: float
    """Positive if it is ahead."""
    launches: int

    @property
    def level(self) -> str:
        """``bad`` or ``warn`` as notices have them; empty if nobody needs to do anything."""
        off = abs(self.seconds)
        return "bad" if off >= SKEW_URGENT else "warn" if off >= SKEW_TOLD else ""


@dataclass(frozen=True, kw_only=True)
class PlatformSkew:
    """A platform whose clock is too far from ours."""

    platform_id: int
    platform: str
    skew: Skew


@dataclass(frozen=True, kw_only=True)
class PlatformLaunches:
    """What the launches of a platform say."""

    last_at: datetime | None
    """The last one that was let in."""
    let_in: int
    """Of those lately."""
    refused: Sequence[tuple[str, int]]
    """Causes and how often lately, the most frequent first."""
    skew: Skew | None

    @property
    def refused_in_all(self) -> int:
        """How many were refused lately."""
        return sum(count for _, count in self.refused)


@dataclass(frozen=True, kw_only=True)
class Rising:
    """A platform whose launches are refused much more often than before."""

    platform_id: int | None
    """``None``: launches of which it is not known where they came from."""
    platform: str
    today: int
    """Refusals in the last 24 hours."""
    a_day_before: float
    """Refusals on an average day of the six before."""


def of_platform(session: Session, registration_id: int) -> PlatformLaunches:
    """What the launches of one platform say. Three queries."""
    mine = LaunchRecord.registration_id == registration_id
    last = select(LaunchRecord.at).where(mine, LaunchRecord.cause == "").order_by(LaunchRecord.id.desc())
    let_in = select(func.count(LaunchRecord.id)).where(
        mine, LaunchRecord.cause == "", LaunchRecord.at > clock.now() - LATELY
    )
    last_at, count = session.execute(select(last.limit(1).scalar_subquery(), let_in.scalar_subquery())).one()
    offsets = session.scalars(
        select(LaunchRecord.skew_ms)
        .where(mine, LaunchRecord.skew_ms.is_not(None))
        .order_by(LaunchRecord.id.desc())
        .limit(SKEW_OF)
    ).all()
    refused = [(cause, number) for cause, number in session.execute(_refused_lately().where(mine))]
    return PlatformLaunches(last_at=last_at, let_in=count, refused=refused, skew=_skew(offsets))


def causes_lately(session: Session) -> list[tuple[str, int]]:
    """Causes of refusals and how often lately, the most frequent first. One query."""
    return [(cause, count) for cause, count in session.execute(_refused_lately())]


def skewed(session: Session) -> list[PlatformSkew]:
    """Platforms somebody came from within a day and whose clocks are too far from ours, the worst first. One query."""
    newest_first = func.row_number().over(
        partition_by=LaunchRecord.registration_id, order_by=LaunchRecord.id.desc()
    )
    ranked = (
        select(LaunchRecord.registration_id, LaunchRecord.skew_ms, newest_first.label("place"))
        .where(
            LaunchRecord.at > clock.now() - timedelta(days=1),
            LaunchRecord.registration_id.is_not(None),
            LaunchRecord.skew_ms.is_not(None),
        )
        .subquery()
    )
    rows = session.execute(
        select(Registration.id, Registration.name, ranked.c.skew_ms)
        .join(ranked, ranked.c.registration_id == Registration.id)
        .where(ranked.c.place <= SKEW_OF)
    )
    offsets: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        offsets.setdefault((row.id, row.name), []).append(row.skew_ms)
    found = [
        PlatformSkew(platform_id=which, platform=name, skew=skew)
        for (which, name), values in offsets.items()
        if (skew := _skew(values)) is not None and skew.level
    ]
    return sorted(found, key=lambda one: -abs(one.skew.seconds))


def rising(session: Session) -> list[Rising]:
    """Platforms whose launches are refused much more often today than on the days before. One query."""
    count = func.count(LaunchRecord.id)
    today = func.sum(case((LaunchRecord.at > clock.now() - timedelta(days=1), 1), else_=0))
    rows = session.execute(
        select(
            LaunchRecord.registration_id,
            func.coalesce(Registration.name, "").label("name"),
            today.label("today"),
            count.label("all"),
        )
        .outerjoin(Registration, Registration.id == LaunchRecord.registration_id)
        .where(LaunchRecord.cause > "", LaunchRecord.at > clock.now() - LATELY)
        .group_by(LaunchRecord.registration_id, Registration.name)
        .having(today >= MANY)
        .order_by(today.desc())
    )
    found = [
        Rising(
            platform_id=row.registration_id,
            platform=row.name,
            today=row.today,
            a_day_before=(row.all - row.today) / (LATELY.days - 1),
        )
        for row in rows
    ]
    return [one for one in found if one.today >= RISE * one.a_day_before]


def _skew(offsets: Sequence[int | None]) -> Skew | None:
    known = [offset for offset in offsets if offset is not None]
    return Skew(median(known) / 1000, len(known)) if known else None


def _refused_lately() -> Select[str, int]:
    count = func.count(LaunchRecord.id)
    return (
        select(LaunchRecord.cause, count)
        .where(LaunchRecord.cause > "", LaunchRecord.at > clock.now() - LATELY)
        .group_by(LaunchRecord.cause)
        .order_by(count.desc(), LaunchRecord.cause)
    )
