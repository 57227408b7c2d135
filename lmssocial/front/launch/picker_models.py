"""Choices that are open: an instructor was sent to us to choose a widget, and has not come back yet."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, JsonObject


class Selection(Base):
    """One launch's permission to place one widget: for one person, once, for a while.

    With ``deep_linking`` the LMS waits for an answer; with ``resource_link_id`` an existing link waits for its widget.
    """

    __tablename__ = "launch_selection"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the unguessable key in the page's address."""
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("identity_course.id", ondelete="CASCADE"), index=True)
    community_id: Mapped[int] = mapped_column(
        ForeignKey("communities_community.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("identity_registration.id", ondelete="CASCADE"), index=True
    )
    deployment_id: Mapped[str] = mapped_column(String(255))
    """As the LMS names it; the answer must name it again."""
    resource_link_id: Mapped[int | None] = mapped_column(
        ForeignKey("identity_resource_link.id", ondelete="CASCADE"), index=True
    )
    deep_linking: Mapped[JsonObject | None]
    """The settings of the deep-linking request; ``None`` when no answer is waited for."""
    title: Mapped[str] = mapped_column(String(300), default="")
    """What the link is called in the LMS already; empty when it has no name yet."""
    chosen: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"items": [...]}``: what was put on the list so far, in order; nothing of it is placed before the end."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
