"""The log, the cursors of its readers, and what a reader could not digest."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject

_Counting = BigInteger().with_variant(Integer(), "sqlite")


class ActivityEvent(Base):
    """One thing that happened. Append-only; ids tell the order of commits and are never used twice."""

    __tablename__ = "activity_event"
    __table_args__ = (
        Index("ix_activity_event_course_id_at", "course_id", "at"),
        Index("ix_activity_event_course_id_id", "course_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_Counting, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    tenant_id: Mapped[int] = mapped_column(index=True)
    course_id: Mapped[int | None]
    community_id: Mapped[int | None]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    """Blanked when the person is erased."""
    actor_role: Mapped[str] = mapped_column(String(32))
    payload: Mapped[JsonObject]
    at: Mapped[datetime]


class Subscriber(Base):
    """A reader of the log and how far it has read."""

    __tablename__ = "activity_subscriber"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    cursor: Mapped[int] = mapped_column(_Counting, default=0)
    """The id of the last event handled or parked."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Failures in a row on the event after the cursor."""
    retry_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")


class Parked(Base):
    """An event that a subscriber failed on five times. It waits here for a person; the others went on."""

    __tablename__ = "activity_parked"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber: Mapped[str] = mapped_column(String(80), index=True)
    event_id: Mapped[int] = mapped_column(_Counting, ForeignKey("activity_event.id"), index=True)
    error: Mapped[str] = mapped_column(Text)
    parked_at: Mapped[datetime]
    retry_wanted: Mapped[bool] = mapped_column(default=False)
    """Whether somebody asked that the subscriber be given this event once more."""
