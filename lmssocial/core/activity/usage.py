"""How much goes on, by tenant and day, for administrators: counts of events, and nothing about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from lmssocial.core.db import Base
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Happened


class Usage(Base):
    """How often one kind of event happened in one tenant on one day (UTC)."""

    __tablename__ = "activity_usage"

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Used:
    """What happened in a tenant over some days."""

    tenant_id: int
    name: str
    count: int


def count(event: Happened, session: Session) -> None:
    """Count one event; the subscriber ``usage``. The cursor commits with the count, so nothing counts twice."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Usage).values(
        tenant_id=event.tenant_id, day=event.at.date(), name=event.name, count=1
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[Usage.tenant_id, Usage.day, Usage.name], set_={"count": Usage.count + 1}
        )
    )


def last_days(session: Session, days: int = 7) -> Sequence[Used]:
    """What happened in the last ``days`` days, by tenant and event, most frequent first."""
    total = func.sum(Usage.count)
    rows = session.execute(
        select(Usage.tenant_id, Usage.name, total)
        .where(Usage.day > clock.now().date() - timedelta(days=days))
        .group_by(Usage.tenant_id, Usage.name)
        .order_by(Usage.tenant_id, total.desc())
    )
    return [Used(tenant_id, name, int(events)) for tenant_id, name, events in rows]
