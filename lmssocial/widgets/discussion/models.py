"""Threads, the places of posts in them, and how far each person has read."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum
from lmssocial.social.content.models import State


class Thread(Base):
    """What somebody opened, and everything about it that a list shows without looking at its posts."""

    __tablename__ = "discussion_thread"
    __table_args__ = (Index("ix_discussion_thread_list", "placement_id", "pinned", "last_activity_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    opening_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), unique=True)
    """The contribution that opened it, post number 1 once it is published."""
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(short_enum(State))
    """Held or rejected with its opening, and removed as a whole; an opening removed from an answered thread leaves
    the thread published."""
    pinned: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    highest_number: Mapped[int] = mapped_column(default=0)
    """The number of the newest published post; numbers have no gaps."""
    reply_count: Mapped[int] = mapped_column(default=0)
    """How many replies everybody can read."""
    created_at: Mapped[datetime]
    last_activity_at: Mapped[datetime]
    """When its newest post was published."""
    last_author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by everything that changes what somebody sees on its page."""


class Post(Base):
    """A contribution's place in a thread. Number and path come with publication and stay, whatever happens to it."""

    __tablename__ = "discussion_post"
    __table_args__ = (UniqueConstraint("thread_id", "number"), UniqueConstraint("thread_id", "path"))

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("discussion_thread.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("discussion_post.contribution_id"), index=True)
    """The post it answers; ``None`` for the opening."""
    number: Mapped[int | None]
    """Counts from 1 in the order of publication within its thread."""
    path: Mapped[str | None] = mapped_column(String(600))
    """Sorts the posts of a thread as they are read: see :mod:`lmssocial.widgets.discussion.numbering`."""
    depth: Mapped[int] = mapped_column(default=0)
    """How many posts are above it, however deep that is."""


class ReadMark(Base):
    """How far somebody has read a thread."""

    __tablename__ = "discussion_read_mark"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("discussion_thread.id"), primary_key=True, index=True)
    last_read_number: Mapped[int] = mapped_column(default=0)
    """Every post up to this number was read."""
    read_ahead: Mapped[str] = mapped_column(Text, default="")
    """What was read beyond it, as ranges: ``5,8-12``. Long threads are read page by page, not number by number."""
    read_ahead_count: Mapped[int] = mapped_column(default=0)
    """How many numbers ``read_ahead`` holds."""
    updated_at: Mapped[datetime]
