"""The tables of the written report: the draft of each scope, section by section, and what was published."""

from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.plugin_data import JsonObject
from lmssocial_reporting.models import Base


class DraftSection(Base):
    """What people wrote for one section. There is one draft of each scope, and it is never over."""

    __tablename__ = "reporting__section"
    __table_args__ = (UniqueConstraint("tenant_id", "scope", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    scope: Mapped[str] = mapped_column(String(40))
    """``course-<id>``, ``span-<community id>`` or ``all``."""
    name: Mapped[str] = mapped_column(String(16))
    """One of :class:`~lmssocial_reporting.report.sections.Name`."""
    content: Mapped[JsonObject]
    """``{"words": …}``, or ``{"rows": [{…}, …]}`` where the section is a table."""
    version: Mapped[int] = mapped_column(nullable=False)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int]
    """A user; nobody else's name is kept with it."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 – SQLAlchemy reads it from the class


class PublishedReport(Base):
    """A report as it was on the day it was published. Nothing of ``content`` is ever written again."""

    __tablename__ = "reporting__report"
    __table_args__ = (Index("ix_reporting__report_tenant_id_scope", "tenant_id", "scope"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    scope: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    definition: Mapped[str] = mapped_column(String(64))
    """What its figures rest on, with the parameters: two reports are compared only where this is the same."""
    first: Mapped[date]
    """The first day of its window."""
    last: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    """A :class:`~lmssocial_reporting.report.document.Document` as JSON: as text, so that no database rewrites it."""
    published_at: Mapped[datetime]
    published_by: Mapped[int]
    """A user. The name is asked for when it is shown, so that who was erased is named nowhere."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")
