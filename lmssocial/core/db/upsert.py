"""Insert what may be there already: the only way two first launches of one person can both succeed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from lmssocial.core.db.base import Base


def insert_if_absent(
    session: Session,
    model: type[Base],
    values: Mapping[str, Any],
    unique: Sequence[InstrumentedAttribute[Any]],
) -> bool:
    """Insert a row unless one with the same ``unique`` columns exists; say whether this call inserted it.

    Whoever comes second waits for the first to commit and then finds the row: no error, no savepoint, on both
    databases. On PostgreSQL the row is visible to the next statement of this transaction (READ COMMITTED).
    """
    statement = (
        dialect_insert(session, model)
        .values(**values)
        .on_conflict_do_nothing(index_elements=[column.key for column in unique])
        .returning(*inspect(model).primary_key)
    )
    return session.execute(statement).first() is not None


def dialect_insert(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An ``INSERT`` into ``model`` that knows ``ON CONFLICT``, in the words of the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)
