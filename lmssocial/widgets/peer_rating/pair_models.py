"""Comparisons of two works, where an activity compares instead of giving points."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class ComparisonState(StrEnum):
    """How far a comparison is."""

    OFFERED = "offered"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    """Its judge said that they cannot."""
    EXPIRED = "expired"
    VOIDED = "voided"


class Comparison(Base):
    """One person's comparison of two works, where an activity compares instead of giving points."""

    __tablename__ = "peer_rating_comparison"
    __table_args__ = (
        UniqueConstraint("judge_id", "low_id", "high_id"),
        Index("ix_peer_rating_comparison_judge", "placement_id", "judge_id", "state"),
        Index("ix_peer_rating_comparison_lease", "state", "leased_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    low_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_work.id"), index=True)
    """The work with the smaller id."""
    high_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_work.id"), index=True)
    swapped: Mapped[bool] = mapped_column(default=False)
    """Whether the one with the larger id stands first on the page; decided by chance."""
    state: Mapped[ComparisonState] = mapped_column(
        short_enum(ComparisonState), default=ComparisonState.OFFERED
    )
    better_id: Mapped[int | None] = mapped_column(ForeignKey("peer_rating_work.id"), index=True)
    """The better one as a whole."""
    answers: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"0": <id of the better work>}`` by the index of the criterion."""
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    """Why, in the judge's words; both authors read it."""
    leased_until: Mapped[datetime | None]
    offered_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
