"""The tables of acts and evidence. Those of single features stand beside them, in their folders."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Index, Integer, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON

from lmssocial.plugin_data import JsonObject, UtcDateTime

Counting = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """The tables of this plugin; those of lmssocial are none of its business."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 – SQLAlchemy reads it from the class
        datetime: UtcDateTime,
        date: Date(),
        JsonObject: JSON().with_variant(JSONB(), "postgresql"),
    }


class FollowedCourse(Base):
    """A course whose log is followed, and how far."""

    __tablename__ = "reporting__course"

    course_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tenant_id: Mapped[int] = mapped_column(index=True)
    community_id: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    """The time zone by which its days are reckoned; another one means that everything is derived anew."""
    definition: Mapped[str] = mapped_column(String(32))
    """The definition its evidence was derived by."""
    read_up_to: Mapped[int] = mapped_column(Counting, default=0)
    """The id of the last event of its log that became acts."""
    has_news: Mapped[bool] = mapped_column(default=True, index=True)
    """Whether something happened since."""
    begins_on: Mapped[date | None]
    """The day of its first act."""
    looked_at: Mapped[datetime | None]
    """When there was last nothing left to read and to derive (UTC)."""


class DirtyDay(Base):
    """A day whose evidence has to be derived again."""

    __tablename__ = "reporting__dirty"

    course_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)


class CarriedItem(Base):
    """What carries something of a course in another one: who opens it there takes up what was done here on that day."""

    __tablename__ = "reporting__carried"

    item: Mapped[str] = mapped_column(String(24), primary_key=True)
    course_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The course from which it was shared."""
    day: Mapped[date] = mapped_column(primary_key=True)


class Promised(Base):
    """That a generation of a day's evidence counts in a store outside of this database, or has to be made to.

    It is written with what was told of the day, and stays until the day is derived again.
    """

    __tablename__ = "reporting__promised"

    course_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(BigInteger)


class Erased(Base):
    """Somebody who was erased, until the timer has forgotten them in a store that stands outside of this database.

    No day is derived meanwhile, so that nothing is made of what they did.
    """

    __tablename__ = "reporting__erased"

    member: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ActRow(Base):
    """An :class:`~lmssocial_reporting.store.port.Act`."""

    __tablename__ = "reporting__act"
    __table_args__ = (
        Index("ix_reporting__act_course_id_day", "course_id", "day"),
        Index("ix_reporting__act_item", "item"),
        Index("ix_reporting__act_course_id_thread", "course_id", "thread"),
        Index("ix_reporting__act_course_id_target", "course_id", "target"),
        Index("ix_reporting__act_member_course_id", "member", "course_id"),
        Index("ix_reporting__act_other", "other"),
    )

    event_id: Mapped[int] = mapped_column(Counting, primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tenant_id: Mapped[int]
    course_id: Mapped[int]
    at: Mapped[datetime]
    day: Mapped[date]
    member: Mapped[int]
    lms_role: Mapped[str] = mapped_column(String(32))
    deed: Mapped[str] = mapped_column(String(12))
    item: Mapped[str] = mapped_column(String(24))
    other: Mapped[int]
    thread: Mapped[str] = mapped_column(String(24))
    target: Mapped[str] = mapped_column(String(24))
    placement_id: Mapped[int]
    widget: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    whole: Mapped[int]
    via: Mapped[str] = mapped_column(String(24))


class EvidenceRow(Base):
    """A piece of :class:`~lmssocial_reporting.store.port.Evidence`."""

    __tablename__ = "reporting__evidence"
    __table_args__ = (
        Index("ix_reporting__evidence_member_course_id", "member", "course_id"),
        Index("ix_reporting__evidence_other", "other"),
        {"sqlite_with_rowid": False},  # the key is nearly all there is of a row
    )

    course_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    member: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(9), primary_key=True)
    kind: Mapped[str] = mapped_column(String(17), primary_key=True)
    other: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(String(24), primary_key=True)
    third: Mapped[bool]
    placement_id: Mapped[int]
    widget: Mapped[str] = mapped_column(String(32))
    thread: Mapped[str] = mapped_column(String(24))


class Withheld(Base):
    """What a member does not want to be counted, or says is wrong: it is left out when a day is derived."""

    __tablename__ = "reporting__withheld"
    __table_args__ = (Index("ix_reporting__withheld_course_id_member", "course_id", "member"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    course_id: Mapped[int]
    member: Mapped[int]
    kind: Mapped[str] = mapped_column(String(17))
    """A kind of evidence."""
    day: Mapped[date | None]
    """``None``: on every day."""
    other: Mapped[int | None]
    """``None``: whoever it was."""
    item: Mapped[str | None] = mapped_column(String(24))
    """``None``: whatever it was."""
    contested: Mapped[bool] = mapped_column(default=False)
    """Whether they say that it is wrong; stewards read their words, and not who they are."""
    words: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
