"""Calibration examples, and what people make of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject


class Example(Base):
    """A calibration example: work that staff have reviewed beforehand, for reviewers to try the rubric on."""

    __tablename__ = "peer_rating_example"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    levels: Mapped[JsonObject]
    """``{"levels": {"0": 2}}``: what staff give it."""
    points: Mapped[float]
    explanation: Mapped[str] = mapped_column(Text, default="")
    """Why; shown after the try."""
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]
    """When it was taken out; tries at it still count."""


class Try(Base):
    """Somebody's try at an example. There is one: it shows how they read the rubric before they saw the answer."""

    __tablename__ = "peer_rating_try"

    example_id: Mapped[int] = mapped_column(ForeignKey("peer_rating_example.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, index=True)
    levels: Mapped[JsonObject]
    points: Mapped[float]
    made_at: Mapped[datetime]
