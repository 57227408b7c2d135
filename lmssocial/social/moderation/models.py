"""Cases: what waits for a moderator, why, and what was decided."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Its author changed or removed the text before anybody decided."""


class Case(Base):
    """Something held until a person decides."""

    __tablename__ = "moderation_case"
    __table_args__ = (Index("ix_moderation_case_community_id_state", "community_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    """The submission's kind; its part before the dot says which widget's port is asked."""
    contribution_id: Mapped[int] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    state: Mapped[CaseState] = mapped_column(short_enum(CaseState), default=CaseState.OPEN)
    verdicts: Mapped[JsonObject]
    """``{"verdicts": [{"policy", "ruling", "reason", "message"}, …]}``, strictest first."""
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    """What the moderator wrote to the author."""
