"""What people publish, what it said before, and what they have not sent yet."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum


class State(StrEnum):
    """Who may read a contribution."""

    PUBLISHED = "published"
    """Everybody in its community."""
    HELD = "held"
    """Its author and the moderators, until one of them decides."""
    REJECTED = "rejected"
    """Its author and the moderators: a moderator declined it."""
    REMOVED = "removed"
    """Its author and the moderators; where it stood in public, others see that something was there."""


class Contribution(Base):
    """One thing a person wrote: a thread's opening, a reply, and later a blog post, a wiki page, an episode."""

    __tablename__ = "content_contribution"
    __table_args__ = (
        UniqueConstraint("author_id", "submission_key"),
        Index("ix_content_contribution_cooked_version", "cooked_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    """``<widget>.<noun>``, as policies and moderators know it: ``discussion.reply``."""
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    author_role: Mapped[str] = mapped_column(String(32))
    """The author's leading LMS role when it was written."""
    title: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[State] = mapped_column(short_enum(State))
    note: Mapped[str] = mapped_column(Text, default="")
    """What author and moderators are told about its state: why it is held, declined or removed."""
    source: Mapped[str] = mapped_column(Text)
    """The Markdown as written, tidied."""
    html: Mapped[str] = mapped_column(Text)
    """The source cooked and sanitised by :func:`lmssocial.social.content.markdown.render`."""
    cooked_version: Mapped[int]
    """The :data:`~lmssocial.social.content.markdown.COOKED_VERSION` that ``html`` was made with."""
    submission_key: Mapped[str | None] = mapped_column(String(36))
    """Names form and words, so that the same form sent twice publishes once."""
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    edit_count: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change, so that two editors notice each other and caches notice both."""

    __mapper_args__ = {"version_id_col": version}


class Revision(Base):
    """What a contribution said before an edit. Number 1 is the first wording; the present one is not among them."""

    __tablename__ = "content_revision"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("content_contribution.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(Text)
    editor_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    """Who wrote this wording."""
    created_at: Mapped[datetime]
    """When this wording was written."""


class Draft(Base):
    """What somebody is writing and has not sent."""

    __tablename__ = "content_draft"
    __table_args__ = (UniqueConstraint("user_id", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    target: Mapped[str] = mapped_column(String(64))
    """What it will become: ``thread:<placement>``, ``reply:<contribution>``, ``edit:<contribution>``."""
    title: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int] = mapped_column(BigInteger)
    """Grows with every save; a save with a smaller one comes from an older tab and changes nothing."""
    updated_at: Mapped[datetime]
