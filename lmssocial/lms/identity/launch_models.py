"""What launches leave behind beside the people and the course: what became of them, and where the services are."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base


class LaunchRecord(Base):
    """What became of one login or launch, for administrators. No names, no token, nothing a person wrote."""

    __tablename__ = "identity_launch"
    __table_args__ = (Index("ix_identity_launch_registration_id_id", "registration_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    tenant_id: Mapped[int | None] = mapped_column(
        ForeignKey("identity_tenant.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("identity_registration.id", ondelete="CASCADE")
    )
    """``None`` when it could not be told which platform it came from."""
    deployment_id: Mapped[str] = mapped_column(String(255), default="")
    """As the platform names it."""
    message_type: Mapped[str] = mapped_column(String(64), default="")
    cause: Mapped[str] = mapped_column(String(64), default="", index=True)
    """Code of the cause it was refused for; empty if it was let in."""
    detail: Mapped[str] = mapped_column(String(500), default="")
    """More about the cause."""
    reference: Mapped[str] = mapped_column(String(32), default="", index=True)
    """What the person was shown and may read out to an administrator."""
    course_id: Mapped[int | None] = mapped_column(ForeignKey("identity_course.id", ondelete="CASCADE"))
    way: Mapped[str] = mapped_column(String(16), default="")
    """How the browser proved that it began the login: ``cookie`` or ``storage``; empty if it came to no proof."""
    skew_ms: Mapped[int | None]
    """How far the platform's clock was ahead of ours when it issued the token, in milliseconds; negative if behind,
    by at least that much, for the token was on its way meanwhile."""
    took_ms: Mapped[int] = mapped_column(default=0)
    """How long we took."""


class CourseServices(Base):
    """Where the services of a course are, as the last launch that named them said."""

    __tablename__ = "identity_course_services"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("identity_course.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    memberships_url: Mapped[str] = mapped_column(Text, default="")
    line_items_url: Mapped[str] = mapped_column(Text, default="")
    grade_scopes: Mapped[str] = mapped_column(Text, default="")
    """Scopes of Assignment and Grade Services that the platform grants here, sorted, separated by spaces."""
    groups_url: Mapped[str] = mapped_column(Text, default="")
    group_sets_url: Mapped[str] = mapped_column(Text, default="")
    group_scopes: Mapped[str] = mapped_column(Text, default="")
    noted_at: Mapped[datetime]


class LegacyConsumer(Base):
    """A key and secret of LTI 1.1 that a platform had, to check what it says about who is who since then."""

    __tablename__ = "identity_legacy_consumer"
    __table_args__ = (UniqueConstraint("registration_id", "consumer_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("identity_registration.id", ondelete="CASCADE"))
    consumer_key: Mapped[str] = mapped_column(String(255))
    sealed_secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
