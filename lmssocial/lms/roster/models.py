"""Runs over rosters, and when the next one is due."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum


class RosterSource(Base):
    """The roster of one course: when it was read last, when it is read next."""

    __tablename__ = "roster_source"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("identity_course.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it is read next; ``None`` if never, because nobody comes here any more or the platform says no."""
    completed_at: Mapped[datetime | None]
    """When the last complete run ended."""
    full_at: Mapped[datetime | None]
    """When the last complete run over all members ended, not only over what had changed."""
    differences_url: Mapped[str] = mapped_column(Text, default="")
    """Where the platform tells what changed since then (NRPS 2.0 §2.4.3); empty if it does not."""
    failures: Mapped[int] = mapped_column(default=0)
    """Runs in a row that came to nothing."""
    last_error: Mapped[str] = mapped_column(Text, default="")


class Outcome(StrEnum):
    """What became of a run."""

    RUNNING = "running"
    COMPLETE = "complete"
    DOUBTED = "doubted"
    """It read all and would have put out most of the course; nobody was, until the next full run says so, too."""
    FAILED = "failed"


class RosterRun(Base):
    """One run over one roster. What it has read is committed page by page, with where it goes on."""

    __tablename__ = "roster_run"
    __table_args__ = (
        Index("ix_roster_run_course_id_id", "course_id", "id"),
        Index("ix_roster_run_outcome_next_at", "outcome", "next_at"),
        {"sqlite_autoincrement": True},  # memberships name it: a new run must never get the id of an old one
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("identity_course.id", ondelete="CASCADE"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome] = mapped_column(short_enum(Outcome), default=Outcome.RUNNING)
    is_full: Mapped[bool] = mapped_column(default=True)
    """Whether it reads all members, or only what changed."""
    next_url: Mapped[str] = mapped_column(Text)
    """The page that is read next; empty when the last was read, and the end is still to be done."""
    next_at: Mapped[datetime]
    """Not before this: because it was just claimed, or the platform asked to wait."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Failures in a row at this page."""
    pages: Mapped[int] = mapped_column(default=0)
    members: Mapped[int] = mapped_column(default=0)
    joined: Mapped[int] = mapped_column(default=0)
    """Members who were not known here before."""
    left: Mapped[int] = mapped_column(default=0)
    """Members who were put out, because they are not in the course any more; in a run that is doubted, those who would
    have been."""
    last_error: Mapped[str] = mapped_column(Text, default="")
