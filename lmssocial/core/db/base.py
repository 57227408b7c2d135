"""The declarative base: names of constraints, aware times, enums by value."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name both databases agree on, so that a migration can speak of it."""

LARGEST_ID = 2**31 - 1
"""The largest id a column holds; a larger number in an address names nothing."""

JsonObject = dict[str, Any]
"""A JSON object as it stands in a column."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times only, stored in UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive time before it can be stored wrongly."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: use lmssocial.core.kernel.clock.now()")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back what was stored, aware of being UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def short_enum(kind: type[StrEnum]) -> Enum:
    """A column for ``kind``: a short string stored by value, the same on both databases."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """What every table of the core and of every plugin stands on."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 – SQLAlchemy reads it from the class
        datetime: UtcDateTime,
        JsonObject: JSON().with_variant(JSONB(), "postgresql"),
    }
