"""What was published as knowledge."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum


class Standing(StrEnum):
    """Whether an item may be relied on."""

    CURRENT = "current"
    OUTDATED = "outdated"
    """Somebody who knows looked at it and said that it does not hold any more; it stays, and says so."""


class Item(Base):
    """A question and its answer, published where the community reads, and looked at again at a date."""

    __tablename__ = "knowledge_item"
    __table_args__ = (
        Index("ix_knowledge_item_due", "community_id", "standing", "review_at"),
        Index("ix_knowledge_item_origin", "origin_kind", "origin_id"),
    )

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    """What carries the question."""
    answer_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), index=True)
    """What carries the answer; the same where both are one text."""
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    origin_kind: Mapped[str] = mapped_column(String(64))
    """What it came from, in the words of the widget that owns it: ``experts.question``."""
    origin_id: Mapped[int]
    """Its row there."""
    origin_path: Mapped[str] = mapped_column(String(300))
    """The way back, below the tool's address: ``/w/7/experts/questions/12``."""
    origin_is_open: Mapped[bool] = mapped_column(default=True)
    """Whether everybody in the community may read what it came from; else there is no way back to show."""
    asker_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    answerer_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    published_at: Mapped[datetime]
    review_at: Mapped[datetime]
    """When somebody looks at it again."""
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    reviewed_at: Mapped[datetime | None]
    standing: Mapped[Standing] = mapped_column(short_enum(Standing), default=Standing.CURRENT)
    note: Mapped[str] = mapped_column(String(500), default="")
    """What readers of an outdated one are told."""
