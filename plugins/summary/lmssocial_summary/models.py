"""One number for each thing that is counted, in each community and month."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The tables of this plugin; those of lmssocial are none of its business."""


class Count(Base):
    """How often something happened."""

    __tablename__ = "summary__count"
    __table_args__ = (
        UniqueConstraint(
            "community_id", "month", "what", "which", name="uq_summary__count_community_id_month"
        ),
        Index("ix_summary__count_tenant_id", "tenant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    community_id: Mapped[int]
    month: Mapped[str] = mapped_column(String(7))
    """``2026-03``, in UTC."""
    what: Mapped[str] = mapped_column(String(16))
    """One of :class:`~lmssocial_summary.counting.What`."""
    which: Mapped[str] = mapped_column(String(64))
    """Of what kind: an origin, a decision, a policy, a reason, or the longest number of hours."""
    number: Mapped[int]
