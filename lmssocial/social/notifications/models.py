"""Notices, what people want to be told, and what is on its way to them."""

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class Notice(Base):
    """Something one person should know. What repeats before they looked is one notice that counts."""

    __tablename__ = "notifications_notice"
    __table_args__ = (
        Index("ix_notifications_notice_page", "user_id", "community_id", "changed_at", "id"),
        Index("ix_notifications_notice_due", "mailed", "mail_at"),
        Index("ix_notifications_notice_about", "about_id", "generation"),
        UniqueConstraint("user_id", "community_id", "merge_key", "generation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    """Under which activity its target opens."""
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    """Who is told."""
    kind: Mapped[str] = mapped_column(String(64))
    """What it is about, as preferences name it: ``discussion.reply``."""
    merge_key: Mapped[str] = mapped_column(String(120))
    """Notices with the same key are one, until it was read."""
    generation: Mapped[int] = mapped_column(default=0)
    """0 while unread; its own id once it was read, so that the next of its key is a new one."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"))
    """The contribution that has to be read for it to be over: the newest of those it tells of."""
    subject: Mapped[JsonObject]
    """What the widget needs to word and to link it; see :class:`~.ports.Proposal`. Under ``about`` the ids of the
    contributions it tells of, the newest first, at most ten, the oldest always among them."""
    people: Mapped[JsonObject]
    """``{"ids": [4, 7]}``: who did it, the newest first, nobody twice, at most ten."""
    count: Mapped[int] = mapped_column(default=1)
    """How often it happened."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When it happened last; the page sorts by it."""
    read_at: Mapped[datetime | None]
    mail_at: Mapped[datetime | None]
    """Not before this it may go out by a channel: people look at the page, correct or take back. Empty: never."""
    mailed: Mapped[bool] = mapped_column(default=False)
    """Whether the channels have had it."""


class How(StrEnum):
    """How somebody wants to be told of one kind of thing."""

    NOW = "now"
    """In the bell, and by e-mail soon."""
    DIGEST = "digest"
    """In the bell, and in the next digest."""
    BELL = "bell"
    """In the bell only."""
    OFF = "off"
    """Not at all."""


class Preference(Base):
    """How one person wants to be told of one kind, in one community; without a row the kind's default holds."""

    __tablename__ = "notifications_preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    community_id: Mapped[int] = mapped_column(
        ForeignKey("communities_community.id"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    how: Mapped[How] = mapped_column(short_enum(How))


class Rhythm(StrEnum):
    """How often somebody gets a digest."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Reachability(Base):
    """When and how one person may be reached outside of the LMS; without a row the defaults hold."""

    __tablename__ = "notifications_reachability"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    mail: Mapped[bool] = mapped_column(default=True)
    """Whether any e-mail may be sent at all."""
    rhythm: Mapped[Rhythm] = mapped_column(short_enum(Rhythm), default=Rhythm.DAILY)
    digest_hour: Mapped[int] = mapped_column(default=7)
    """0 to 23, in their own time zone."""
    digest_day: Mapped[int] = mapped_column(default=0)
    """For weekly digests: 0 is Monday."""
    zone: Mapped[str] = mapped_column(String(64), default="")
    """An IANA name such as ``Europe/Berlin``; empty is UTC."""
    quiet_from: Mapped[time | None]
    """Their quiet hours, in their own time zone; what comes due then waits for the end. Empty: none."""
    quiet_until: Mapped[time | None]
    next_digest_at: Mapped[datetime | None] = mapped_column(index=True)


class Condition(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    """Refused for good, or tried for too long; somebody may try it again."""


class Delivery(Base):
    """One message on its way to one person by one channel. It stays until it was handed over, whatever fails."""

    __tablename__ = "notifications_delivery"
    __table_args__ = (Index("ix_notifications_delivery_condition_next_at", "condition", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    channel: Mapped[str] = mapped_column(String(32))
    """Its name: ``email``, or that of a plugin."""
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """Names what it carries, so that a worker that died half-way makes it once."""
    address: Mapped[str] = mapped_column(String(254))
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    unsubscribe: Mapped[str] = mapped_column(String(500), default="")
    """The signed address that stops messages like it; empty where there is nothing to stop."""
    calendar: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What goes with it for the calendar of the person (RFC 5545); empty: nothing."""
    condition: Mapped[Condition] = mapped_column(short_enum(Condition), default=Condition.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    """Not before this it is tried (again)."""
    sent_at: Mapped[datetime | None]
