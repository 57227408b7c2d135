"""Reading what became of launches: a page of them, or the one that a reference stands for."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.launch_models import LaunchRecord
from lmssocial.lms.identity.models import Course, Registration, Tenant
from lmssocial.lms.identity.refusal_words import RefusalWords, refusal_words

PAGE = 30


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


def platform_choices(session: Session) -> list[tuple[int, str]]:
    """Platforms by their ids, with the names of their tenants. One query."""
    rows = session.execute(
        select(Registration.id, Registration.name, Tenant.name.label("tenant"))
        .join(Tenant, Tenant.id == Registration.tenant_id)
        .order_by(Tenant.name, Registration.name, Registration.id)
    )
    return [(row.id, f"{row.tenant}: {row.name}") for row in rows]


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
