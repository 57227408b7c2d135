"""The database: one typed base, one engine, one unit of work, one way to migrate."""

from lmssocial.core.db.base import LARGEST_ID, Base, JsonObject, UtcDateTime, short_enum
from lmssocial.core.db.engine import make_engine
from lmssocial.core.db.unit_of_work import add_last, unit_of_work

__all__ = [
    "LARGEST_ID",
    "Base",
    "JsonObject",
    "UtcDateTime",
    "add_last",
    "make_engine",
    "short_enum",
    "unit_of_work",
]
