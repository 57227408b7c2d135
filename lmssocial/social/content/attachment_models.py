"""Files that people attach to what they write; the bytes are in the store, the rest is here."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject, short_enum


class FileState(StrEnum):
    """How far a file has come. Who may read it follows from this and from the contribution it belongs to."""

    WAITING = "waiting"
    """Its post was not sent yet, does not show it any more, or is itself not published."""
    HELD = "held"
    """A policy wants a person to look at it first; the post that shows it waits with it."""
    PUBLISHED = "published"
    """It goes with a post that was published: whoever reads the post may read it."""


class Attachment(Base):
    """One file. There is a row before there are bytes, and as long as there are: nothing lies in the store unknown."""

    __tablename__ = "content_attachment"
    __table_args__ = (
        Index("ix_content_attachment_contribution_id", "contribution_id"),
        Index("ix_content_attachment_uploader_id_created_at", "uploader_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities_community.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"), index=True)
    """Where it was attached; part of its address."""
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("content_contribution.id"))
    """What it belongs to; ``None`` until that is sent."""
    uploader_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    name: Mapped[str] = mapped_column(String(120))
    """As its uploader's computer called it, without folders and without signs that deceive."""
    media_type: Mapped[str] = mapped_column(String(100))
    """By its content, one of :data:`~lmssocial.social.content.media.TYPES`."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes that are stored."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what is stored, in hexadecimal."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    """Of a picture, in pixels."""
    alt: Mapped[str] = mapped_column(String(500), default="")
    """What a picture shows, for those who do not see it; empty for one that only decorates, and for other files."""
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[FileState] = mapped_column(short_enum(FileState), default=FileState.WAITING)
    verdicts: Mapped[JsonObject]
    """What the policies said about it, in the shape of ``moderation_case.verdicts``."""
    created_at: Mapped[datetime] = mapped_column(index=True)
