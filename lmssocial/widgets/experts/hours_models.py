"""Office hours: when somebody is there, and who comes."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum


class OfficeHour(Base):
    """A time at which somebody can be met: once, or every week at the same hour of their own clock."""

    __tablename__ = "experts_office_hour"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    """What people may come with, in a few plain lines."""
    weekly: Mapped[bool] = mapped_column(default=False)
    first_on: Mapped[date]
    """The day of the first one, by the clock of ``zone``."""
    last_on: Mapped[date | None]
    """Of a weekly one: no later than this; empty: until it is ended."""
    begins: Mapped[time]
    """By the clock of ``zone``, summer and winter."""
    zone: Mapped[str] = mapped_column(String(64))
    """An IANA name."""
    minutes: Mapped[int]
    """How long one meeting is: 10 to 120."""
    meetings: Mapped[int] = mapped_column(default=1)
    """How many follow each other."""
    pause: Mapped[int] = mapped_column(default=0)
    """Minutes between two."""
    seats: Mapped[int] = mapped_column(default=1)
    """How many people come to one meeting."""
    notice_hours: Mapped[int] = mapped_column(default=24)
    """How long before it is booked at the latest."""
    horizon_days: Mapped[int] = mapped_column(default=14)
    """How far ahead it can be booked."""
    place: Mapped[str] = mapped_column(String(500), default="")
    """Where: the address of the institution's own meeting room, or words."""
    ended_at: Mapped[datetime | None]
    """Since when it is not offered any more."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Gap(Base):
    """A day on which a weekly office hour does not take place."""

    __tablename__ = "experts_gap"

    office_hour_id: Mapped[int] = mapped_column(ForeignKey("experts_office_hour.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)


class BookingState(StrEnum):
    """What became of a booking."""

    WAITING = "waiting"
    """On the waiting list."""
    OFFERED = "offered"
    """A place came free, and is kept for them for some time."""
    BOOKED = "booked"
    CANCELLED = "cancelled"
    """By whoever booked it."""
    CALLED_OFF = "called-off"
    """By the host, or because the host left."""
    LAPSED = "lapsed"
    """The place that was kept for them was not taken, or the list was not needed."""
    MISSED = "missed"
    """The host said that they did not come; only the two see it."""


TAKES_A_SEAT = (BookingState.OFFERED, BookingState.BOOKED, BookingState.MISSED)
"""The states in which a booking has a seat."""


class Booking(Base):
    """Somebody comes to a meeting of an office hour, or waits for a place in it."""

    __tablename__ = "experts_booking"
    __table_args__ = (
        UniqueConstraint("office_hour_id", "starts_at", "seat"),
        Index("ix_experts_booking_user", "user_id", "state", "starts_at"),
        Index("ix_experts_booking_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    """Names it in calendars, for ever."""
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    office_hour_id: Mapped[int] = mapped_column(ForeignKey("experts_office_hour.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("experts_question.id"), index=True)
    """What they come with, if it was asked before."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seat: Mapped[int | None]
    """From 1; empty for those who have none: no two people have the same."""
    state: Mapped[BookingState] = mapped_column(short_enum(BookingState))
    note: Mapped[str] = mapped_column(String(500), default="")
    """What it is about, for the host."""
    because: Mapped[str] = mapped_column(String(500), default="")
    """What was said when it was cancelled or called off."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised with every change, so that calendars take the newer one (RFC 5545 §3.8.7.4)."""
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    """When something is due: a reminder, or the end of an offer."""
    reminded: Mapped[int] = mapped_column(default=0)
    """Reminders that went out."""
