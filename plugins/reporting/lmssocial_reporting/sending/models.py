"""What waits to be sent, what was, and how it goes with each receiver."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lmssocial.plugin_data import JsonObject
from lmssocial_reporting.models import Base, Counting


class Outgoing(Base):
    """A statement for a receiver: waiting until it has arrived, then kept without its content."""

    __tablename__ = "reporting__outgoing"
    __table_args__ = (
        UniqueConstraint("tenant_id", "standard", "statement_id"),
        Index("ix_reporting__outgoing_waiting", "tenant_id", "standard", "state", "id"),
        Index("ix_reporting__outgoing_evidence", "tenant_id", "evidence"),
    )

    id: Mapped[int] = mapped_column(Counting, primary_key=True)
    tenant_id: Mapped[int]
    standard: Mapped[str] = mapped_column(String(8))
    """``xapi`` or ``caliper``."""
    statement_id: Mapped[str] = mapped_column(String(36))
    """Its UUID; the same evidence has the same one, however often it is derived."""
    evidence: Mapped[str] = mapped_column(String(64))
    """A hash of what it is evidence of, so that it is found when that goes."""
    member: Mapped[int] = mapped_column(index=True)
    """Whose it is, until it was sent or they are erased; 0 from then on."""
    state: Mapped[str] = mapped_column(String(8))
    """``waiting``, ``sent``, ``refused``, or ``voided``."""
    body: Mapped[JsonObject]
    """What is sent; empty once it was."""
    why: Mapped[str] = mapped_column(Text, default="")
    """Why its receiver refused it."""
    at: Mapped[datetime]
    """Since when it waits (UTC)."""


class Receiver(Base):
    """How it goes with one receiver of a tenant."""

    __tablename__ = "reporting__receiver"

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    standard: Mapped[str] = mapped_column(String(8), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    """In a row; each makes the next pause longer."""
    retry_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]
    """When it last took something."""
    sent: Mapped[int] = mapped_column(default=0)
    """How many it took in all."""


class Salt(Base):
    """What makes the pseudonyms of a tenant unlike those of any other, and impossible to guess."""

    __tablename__ = "reporting__salt"

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(64))
