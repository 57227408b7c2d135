"""What needs an administrator, and how much goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import usage
from lmssocial.core.activity.usage import Used
from lmssocial.lms.identity.models import Course, Registration, Tenant, User


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How large the installation is."""

    platforms: int
    courses: int
    people: int


@dataclass(frozen=True, kw_only=True)
class TenantUse:
    """What happened in one tenant lately."""

    name: str
    used: Sequence[Used]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(one.count for one in self.used)


def totals(session: Session) -> Totals:
    """Platforms, courses and people there are. One query."""
    counts = [select(func.count(model.id)).scalar_subquery() for model in (Registration, Course, User)]
    platforms, courses, people = session.execute(select(*counts)).one()
    return Totals(platforms=platforms, courses=courses, people=people)


def tenant_use(session: Session, days: int = 7) -> list[TenantUse]:
    """What happened in the last days, for each tenant in which anything did, the busiest first."""
    names = {row.id: row.name for row in session.execute(select(Tenant.id, Tenant.name))}
    by_tenant: dict[int, list[Used]] = {}
    for one in usage.last_days(session, days):
        by_tenant.setdefault(one.tenant_id, []).append(one)
    found = [
        TenantUse(name=names[tenant_id], used=used)
        for tenant_id, used in by_tenant.items()
        if tenant_id in names
    ]
    return sorted(found, key=lambda tenant: (-tenant.total, tenant.name))
