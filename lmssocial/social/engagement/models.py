"""Marks of people on contributions, what they add up to, and what people follow."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum


class Mark(Base):
    """All that one person thinks of one contribution: at most one row, so nobody counts twice."""

    __tablename__ = "engagement_mark"
    __table_args__ = (Index("ix_engagement_mark_user_id_saved_at", "user_id", "saved_at"),)

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    helpful_at: Mapped[datetime | None]
    """When they said that it helped them."""
    saved_at: Mapped[datetime | None]
    """When they put it aside for themselves; nobody else sees this."""
    stars: Mapped[int | None]
    """1 to 5."""
    rated_at: Mapped[datetime | None]
    endorsed_at: Mapped[datetime | None]
    """When they said, as SME or instructor, that it is right."""
    endorsement: Mapped[str] = mapped_column(String(300), default="")
    """For what it is right, in a sentence; may be empty."""


class Tally(Base):
    """What the marks on a contribution add up to, changed in the transaction of each mark. No row means none."""

    __tablename__ = "engagement_tally"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    helpful: Mapped[int] = mapped_column(default=0)
    saved: Mapped[int] = mapped_column(default=0)
    endorsed: Mapped[int] = mapped_column(default=0)
    stars_count: Mapped[int] = mapped_column(default=0)
    stars_sum: Mapped[int] = mapped_column(default=0)
    specially_mentioned: Mapped[int] = mapped_column(default=0)
    shared: Mapped[int] = mapped_column(default=0)


class SpecialMention(Base):
    """Somebody says of a contribution, in a sentence, why others should read it."""

    __tablename__ = "engagement_special_mention"
    __table_args__ = (
        UniqueConstraint("contribution_id", "user_id"),
        Index("ix_engagement_special_mention_community_id_at", "community_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"))
    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    sentence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Share(Base):
    """Somebody brought a contribution to another community of the tenant that they belong to."""

    __tablename__ = "engagement_share"
    __table_args__ = (UniqueConstraint("contribution_id", "to_community_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    to_community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    as_contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), index=True)
    """The contribution that carries it there."""
    at: Mapped[datetime]


class Level(StrEnum):
    """How closely somebody follows something."""

    WATCH = "watch"
    """They are told of everything new in it."""
    FOLLOW = "follow"
    """It stands in their digest, and they are told of answers to themselves."""
    MUTE = "mute"
    """They are told of nothing in it."""


class Because(StrEnum):
    """Why somebody follows something; they read it beside the level."""

    STARTED = "started"
    REPLIED = "replied"
    MENTIONED = "mentioned"
    CHOSE = "chose"
    """They said so themselves; nothing changes that but they."""


class Follow(Base):
    """How closely one person follows one thing."""

    __tablename__ = "engagement_follow"
    __table_args__ = (Index("ix_engagement_follow_subject", "subject_kind", "subject_id", "level"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    """What it is, in the words of the widget that owns it: ``discussion.thread``."""
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    """Its row there."""
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    level: Mapped[Level] = mapped_column(short_enum(Level))
    because: Mapped[Because] = mapped_column(short_enum(Because))
    at: Mapped[datetime]
