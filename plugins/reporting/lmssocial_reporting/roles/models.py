"""The table of what helps with a role."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial_reporting.models import Base


class Resource(Base):
    """Something that helps to act in a role, as a community chose it."""

    __tablename__ = "reporting__resource"
    __table_args__ = (Index("ix_reporting__resource_course_id_role", "course_id", "role", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    course_id: Mapped[int]
    role: Mapped[str] = mapped_column(String(9))
    place: Mapped[int]
    """The first has the lowest."""
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(2000))
    why: Mapped[str] = mapped_column(String(500))
    """What it helps with, in a sentence."""
    added_by: Mapped[int]
    """0 once they were erased."""
    added_at: Mapped[datetime]
