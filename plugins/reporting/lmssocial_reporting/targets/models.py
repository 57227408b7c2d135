"""The tables of targets. None has a column for a number of acts: a target speaks of shares of members."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.plugin_data import JsonObject
from lmssocial_reporting.models import Base

_OPEN = text("stage IN ('draft', 'consulted')")
_IN_FORCE = text("stage = 'ratified'")


class TargetRow(Base):
    """A target of a scope. Of each scope at most one is being agreed on, and at most one is in force."""

    __tablename__ = "reporting__target"
    __table_args__ = (
        Index("ix_reporting__target_tenant_id_scope", "tenant_id", "scope"),
        Index(
            "uq_reporting__target_open",
            "tenant_id",
            "scope",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_reporting__target_in_force",
            "tenant_id",
            "scope",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index("ix_reporting__target_stage", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    scope: Mapped[str] = mapped_column(String(40))
    """``course-3``, ``span-7`` or ``all``."""
    course_id: Mapped[int]
    """Where it was written, which is where its setters are told of it."""
    community_id: Mapped[int]
    placement_id: Mapped[int]
    stage: Mapped[str] = mapped_column(String(9))
    """One of :class:`~lmssocial_reporting.targets.values.Stage`."""
    purpose: Mapped[str] = mapped_column(String(500))
    speaks_of: Mapped[str] = mapped_column(String(8))
    """``all`` or ``learners``."""
    review_on: Mapped[date]
    written_by: Mapped[int]
    """Whoever wrote it; 0 once they were erased."""
    created_at: Mapped[datetime]
    consulted_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]
    """The last day on which members say what they think."""
    asked: Mapped[JsonObject]
    """In which courses members are asked, ``course_ids``, and ``who``: ``everybody`` in them, or ``stewards`` and
    staff. Empty for a draft."""
    ratified_at: Mapped[datetime | None]
    ratified_by: Mapped[int | None]
    """0 once they were erased."""
    despite: Mapped[str] = mapped_column(Text, default="")
    """Why it was ratified against a majority."""
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[int | None]
    retired_why: Mapped[str] = mapped_column(Text, default="")
    successor_id: Mapped[int | None]
    """The one that took its place."""
    kept_for: Mapped[int] = mapped_column(default=0)
    """Votes for it of people who were erased since."""
    kept_against: Mapped[int] = mapped_column(default=0)
    said_over: Mapped[bool] = mapped_column(default=False)
    """Whether its setters were told that its consultation is over."""
    said_due: Mapped[bool] = mapped_column(default=False)
    """Whether its setters were told that it is due for review."""


class TargetBand(Base):
    """From which to which share of the members should act in a role, in whole per cent."""

    __tablename__ = "reporting__target_band"
    __table_args__ = (CheckConstraint("0 <= low AND low <= high AND high <= 100", name="share"),)

    target_id: Mapped[int] = mapped_column(
        ForeignKey("reporting__target.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(9), primary_key=True)
    low: Mapped[int]
    high: Mapped[int]


class TargetSetter(Base):
    """Somebody who sets a target."""

    __tablename__ = "reporting__target_setter"

    target_id: Mapped[int] = mapped_column(
        ForeignKey("reporting__target.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)


class TargetVote(Base):
    """What somebody thinks of a target. Only how many are shown."""

    __tablename__ = "reporting__target_vote"

    target_id: Mapped[int] = mapped_column(
        ForeignKey("reporting__target.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    agrees: Mapped[bool]
    at: Mapped[datetime]


class TargetRemark(Base):
    """What somebody says of a target, with their name."""

    __tablename__ = "reporting__target_remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("reporting__target.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(index=True)
    """0 once they were erased."""
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
