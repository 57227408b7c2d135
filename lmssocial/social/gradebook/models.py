"""Columns (line items) and the scores that shall stand in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.core.db import Base, short_enum


class Column(Base):
    """A column of the LMS's gradebook that belongs to a placement: LTI calls it a line item."""

    __tablename__ = "gradebook_column"
    __table_args__ = (UniqueConstraint("placement_id", "tag"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("identity_course.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("communities_placement.id"))
    tag: Mapped[str] = mapped_column(String(64), default="")
    """Empty for the placement's own column; otherwise what else is graded, as the widget calls it."""
    label: Mapped[str] = mapped_column(String(300))
    maximum: Mapped[float]
    line_item_url: Mapped[str] = mapped_column(Text, default="")
    """Where the LMS has it; empty until it was found or made."""
    is_ours: Mapped[bool] = mapped_column(default=False)
    """Whether we made it; otherwise it came with the link."""
    created_at: Mapped[datetime]


class Condition(StrEnum):
    """Where a score is."""

    WAITING = "waiting"
    SENDING = "sending"
    """Somebody is at it. Nobody else is until then, so that an older score never arrives after a newer one."""
    SENT = "sent"
    GIVEN_UP = "given_up"


class Score(Base):
    """The score that shall stand in a column for somebody. A newer one takes its place, sent or not."""

    __tablename__ = "gradebook_score"
    __table_args__ = (
        UniqueConstraint("column_id", "user_id"),
        Index("ix_gradebook_score_condition_next_at", "condition", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    column_id: Mapped[int] = mapped_column(ForeignKey("gradebook_column.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    given: Mapped[float | None]
    """Points; ``None`` takes the grade back."""
    maximum: Mapped[float]
    """What ``given`` is out of."""
    comment: Mapped[str] = mapped_column(Text, default="")
    activity_progress: Mapped[str] = mapped_column(String(32))
    grading_progress: Mapped[str] = mapped_column(String(32))
    """Both as in AGS 2.0 §3.4.7, §3.4.8."""
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """Rises with each change; what was sent was this version or not."""
    stamp: Mapped[datetime | None]
    """The timestamp that was sent last. The next one is later, whatever the clock does (AGS 2.0 §3.4.9)."""
    condition: Mapped[Condition] = mapped_column(short_enum(Condition), default=Condition.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    """When it is tried next; while somebody is sending it, when it is free again."""
    trouble: Mapped[str] = mapped_column(String(32), default="")
    """What is in the way (:class:`~lmssocial.social.gradebook.rulings.Trouble`); empty if nothing is."""
    last_status: Mapped[int | None]
    """The HTTP status of the last attempt that got an answer."""
    last_error: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
