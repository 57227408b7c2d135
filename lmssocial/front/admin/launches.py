"""Reading what became of launches: a page of them, one by its reference, and what they say about a platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.launch_models import LaunchRecord
from lmssocial.lms.identity.models import Course, Registration, Tenant
from lmssocial.lms.identity.refusal_words import RefusalWords, refusal_words

PAGE = 30
LATELY = timedelta(days=7)
"""What counts as lately."""
SKEW_OF = 50
"""Launches of which the clock of a platform is judged; one that waited on its way says nothing."""
SKEW_TOLD = 10.0
"""Seconds from which an administrator is told; people set clocks by NTP and are then off by far less."""
SKEW_URGENT = 45.0
"""Seconds from which it is urgent: from 60 on nobody gets in."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One launch, with what it is called elsewhere."""

    row: LaunchRecord
    platform: str
    """Empty if it is not known which."""
    tenant: str
    course: str

    @property
    def words(self) -> RefusalWords:
        """Why it was refused, in words."""
        return refusal_words(self.row.cause)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which launches a page shows."""

    platform_id: int | None = None
    refused: bool = False
    cause: str = ""


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


def launch_page(session: Session, wanted: Wanted, *, before: int | None = None) -> list[Line]:
    """A page of launches and one more, newest first, older than the one with the id ``before``. One query."""
    query = _lines().order_by(LaunchRecord.id.desc()).limit(PAGE + 1)
    if wanted.platform_id is not None:
        query = query.where(LaunchRecord.registration_id == wanted.platform_id)
    if wanted.cause:
        query = query.where(LaunchRecord.cause == wanted.cause)
    elif wanted.refused:
        query = query.where(LaunchRecord.cause > "")  # an index finds what is greater, not what is different
    if before is not None:
        query = query.where(LaunchRecord.id < before)
    return _read(session, query)


def by_reference(session: Session, reference: str) -> list[Line]:
    """The refusals that were shown with this reference: one, or none. One query."""
    return _read(session, _lines().where(LaunchRecord.reference == reference).limit(PAGE))


def causes_lately(session: Session) -> list[tuple[str, int]]:
    """Causes of refusals and how often lately, the most frequent first. One query."""
    return _counted(session, _refused_lately())


def platform_choices(session: Session) -> list[tuple[int, str]]:
    """Platforms by their ids, with the names of their tenants. One query."""
    rows = session.execute(
        select(Registration.id, Registration.name, Tenant.name.label("tenant"))
        .join(Tenant, Tenant.id == Registration.tenant_id)
        .order_by(Tenant.name, Registration.name, Registration.id)
    )
    return [(row.id, f"{row.tenant}: {row.name}") for row in rows]


def of_platform(session: Session, registration_id: int) -> PlatformLaunches:
    """What the launches of one platform say. Three queries."""
    mine = LaunchRecord.registration_id == registration_id
    lately = clock.now() - LATELY
    last_at, let_in = session.execute(
        select(
            select(LaunchRecord.at)
            .where(mine, LaunchRecord.cause == "")
            .order_by(LaunchRecord.id.desc())
            .limit(1)
            .scalar_subquery(),
            select(func.count(LaunchRecord.id))
            .where(mine, LaunchRecord.cause == "", LaunchRecord.at > lately)
            .scalar_subquery(),
        )
    ).one()
    offsets = session.scalars(
        select(LaunchRecord.skew_ms)
        .where(mine, LaunchRecord.skew_ms.is_not(None))
        .order_by(LaunchRecord.id.desc())
        .limit(SKEW_OF)
    ).all()
    return PlatformLaunches(
        last_at=last_at,
        let_in=let_in,
        refused=_counted(session, _refused_lately().where(mine)),
        skew=_skew(offsets),
    )


def skewed(session: Session) -> list[tuple[int, str, Skew]]:
    """Platforms whose clocks are too far from ours: id, name, how far; the worst first. One query."""
    newest_first = func.row_number().over(
        partition_by=LaunchRecord.registration_id, order_by=LaunchRecord.id.desc()
    )
    ranked = (
        select(LaunchRecord.registration_id, LaunchRecord.skew_ms, newest_first.label("place"))
        .where(
            LaunchRecord.at > clock.now() - LATELY,
            LaunchRecord.registration_id.is_not(None),
            LaunchRecord.skew_ms.is_not(None),
        )
        .subquery()
    )
    rows = session.execute(
        select(Registration.id, Registration.name, ranked.c.skew_ms)
        .join(ranked, ranked.c.registration_id == Registration.id)
        .where(ranked.c.place <= SKEW_OF)
        .order_by(Registration.id)
    )
    offsets: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        offsets.setdefault((row.id, row.name), []).append(row.skew_ms)
    found = [(*which, skew) for which, values in offsets.items() if (skew := _skew(values)) and skew.level]
    return sorted(found, key=lambda one: -abs(one[2].seconds))


def _skew(offsets: Sequence[int | None]) -> Skew | None:
    known = [offset for offset in offsets if offset is not None]
    return Skew(median(known) / 1000, len(known)) if known else None


def _lines() -> Select[LaunchRecord, str, str, str]:
    return (
        select(
            LaunchRecord,
            func.coalesce(Registration.name, "").label("platform"),
            func.coalesce(Tenant.name, "").label("tenant"),
            func.coalesce(Course.title, "").label("course"),
        )
        .outerjoin(Registration, Registration.id == LaunchRecord.registration_id)
        .outerjoin(Tenant, Tenant.id == Registration.tenant_id)
        .outerjoin(Course, Course.id == LaunchRecord.course_id)
    )


def _read(session: Session, query: Select[LaunchRecord, str, str, str]) -> list[Line]:
    return [
        Line(row=row.LaunchRecord, platform=row.platform, tenant=row.tenant, course=row.course)
        for row in session.execute(query)
    ]


def _refused_lately() -> Select[str, int]:
    count = func.count(LaunchRecord.id)
    return (
        select(LaunchRecord.cause, count)
        .where(LaunchRecord.cause > "", LaunchRecord.at > clock.now() - LATELY)
        .group_by(LaunchRecord.cause)
        .order_by(count.desc(), LaunchRecord.cause)
    )


def _counted(session: Session, query: Select[str, int]) -> list[tuple[str, int]]:
    return [(cause, count) for cause, count in session.execute(query)]
