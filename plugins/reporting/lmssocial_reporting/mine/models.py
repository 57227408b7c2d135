"""The tables of what members say of their own skills, and of colleagues who asked. Nothing is ever summed up."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial_reporting.models import Base

_WAITING = text("state = 'asked'")


class Assessment(Base):
    """What somebody says of the skills of a member: of their own, or of a colleague who asked them.

    Only the member it is about reads it. What somebody was asked and did not answer says nothing.
    """

    __tablename__ = "reporting__assessment"
    __table_args__ = (
        Index("ix_reporting__assessment_course_id_about", "course_id", "about"),
        Index("ix_reporting__assessment_course_id_by", "course_id", "by"),
        Index("ix_reporting__assessment_about", "about"),
        Index("ix_reporting__assessment_by", "by"),
        Index(
            "uq_reporting__assessment_waiting",
            "course_id",
            "about",
            "by",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        {"sqlite_autoincrement": True},  # a page that is still open must never answer whoever asks next
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    course_id: Mapped[int]
    about: Mapped[int]
    """Whose skills it is about; nobody else reads it."""
    by: Mapped[int]
    """Who says it: themselves, or whom they asked; 0 once they were erased."""
    state: Mapped[str] = mapped_column(String(8))
    """``asked``, ``declined`` or ``given``."""
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")
    """A sentence for whom it is about."""


class Rating(Base):
    """What an assessment says of one skill."""

    __tablename__ = "reporting__rating"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="points"),)

    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("reporting__assessment.id", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[str] = mapped_column(String(16), primary_key=True)
    """A key of :data:`~lmssocial_reporting.roles.words.SKILLS`."""
    level: Mapped[int]
    """1 to 4; what nobody could say has no row."""
