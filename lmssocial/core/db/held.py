"""What rows say of a person: how it is handed out to them, and what becomes of it when they are erased.

A slice lists its columns that hold a person's id, each with a :class:`Fate`. A person who is erased stays as a row
without name, address or account, so that what others answered stays readable: columns that point to it lead to nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import Table, Text, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

USERS = "identity_user.id"
"""What a column refers to that holds a person's id."""


class Fate(StrEnum):
    """What becomes of a row when the person of its column is erased."""

    GONE = "gone"
    """It is deleted: it was only about them, or only for them."""
    NOBODY = "nobody"
    """The column is emptied: it matters that it was done, not who did it."""
    STAYS = "stays"
    """It belongs to a former member now: others have answered, or their figures rest on it."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """One column with the id of a person.

    :param column: the mapped attribute.
    :param words: texts in the row that this person wrote; emptied if their words are to go as well.
    :param always: texts in the row that are emptied in any case.
    :param said: whether these rows are handed out to the person: not if they tell of what others did in confidence.
    """

    column: InstrumentedAttribute[Any]
    fate: Fate
    words: tuple[InstrumentedAttribute[Any], ...] = ()
    always: tuple[InstrumentedAttribute[Any], ...] = ()
    said: bool = True

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.column.class_.__tablename__}.{self.column.key}"


def gone(*columns: InstrumentedAttribute[Any], said: bool = True) -> tuple[Held, ...]:
    """Rows that are deleted."""
    return tuple(Held(column=one, fate=Fate.GONE, said=said) for one in columns)


def nobody(*columns: InstrumentedAttribute[Any]) -> tuple[Held, ...]:
    """Columns that are emptied."""
    return tuple(Held(column=one, fate=Fate.NOBODY) for one in columns)


def stays(
    *columns: InstrumentedAttribute[Any],
    words: tuple[InstrumentedAttribute[Any], ...] = (),
    always: tuple[InstrumentedAttribute[Any], ...] = (),
    said: bool = True,
) -> tuple[Held, ...]:
    """Rows that belong to a former member from now on."""
    return tuple(Held(column=one, fate=Fate.STAYS, words=words, always=always, said=said) for one in columns)


def handed_out(session: Session, user_id: int, held: Iterable[Held]) -> dict[str, list[dict[str, Any]]]:
    """The rows of a person as JSON values, by table and column; one query for each. Other people's ids are left out."""
    found = {}
    for one in held:
        if not one.said:
            continue
        table: Table = one.column.class_.__table__
        rows = session.execute(
            select(table).where(table.c[one.column.key] == user_id).order_by(*table.primary_key.columns)
        ).mappings()
        if said := [_row(table, row, user_id) for row in rows]:
            found[one.name] = said
    return found


def erased(session: Session, user_id: int, held: Iterable[Held], *, with_words: bool) -> None:
    """Let each row meet its fate, in the order of ``held``."""
    session.flush()
    for one in held:
        table: Table = one.column.class_.__table__
        theirs = table.c[one.column.key] == user_id
        if one.fate is Fate.GONE:
            session.execute(delete(table).where(theirs))
            continue
        empty = {column.key: _empty(table, column.key) for column in one.always}
        empty |= {column.key: _empty(table, column.key) for column in one.words if with_words}
        if empty:
            session.execute(update(table).where(theirs).values(empty))
        if one.fate is Fate.NOBODY:
            session.execute(update(table).where(theirs).values({one.column.key: None}))
    session.expire_all()


def unlisted(tables: Iterable[Table], held: Iterable[Held]) -> set[str]:
    """The columns of ``tables`` that hold a person's id and stand in no list."""
    listed = {one.name for one in held}
    return {name for table in tables for name in columns_of(table)} - listed


def columns_of(table: Table) -> set[str]:
    """The columns of a table that hold a person's id."""
    return {
        f"{table.name}.{column.key}"
        for column in table.columns
        if any(reference.target_fullname == USERS for reference in column.foreign_keys)
    }


def _row(table: Table, row: Mapping[Any, Any], user_id: int) -> dict[str, Any]:
    people = {name.partition(".")[2] for name in columns_of(table)}
    return {
        column.key: _plain(row[column])
        for column in table.columns
        if not _is_key(column.key) and (column.key not in people or row[column] in {None, user_id})
    }


def _is_key(name: str) -> bool:
    """Whether a column holds what opens something, and says nothing of the person."""
    return name.startswith("sealed_") or name.endswith(("_hash", "storage_key", "submission_key"))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def _empty(table: Table, name: str) -> object:
    column = table.c[name]
    if isinstance(column.type, Text) or column.type.python_type is str:
        return "" if not column.nullable else None
    return {} if not column.nullable else None


def without_ids(value: Any, user_id: int, names: Collection[str]) -> Any:
    """``value``, plain JSON, with 0 in the place of a person's id wherever it stands under one of ``names``."""
    if isinstance(value, dict):
        return {
            key: _zeroed(one, user_id) if key in names else without_ids(one, user_id, names)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [without_ids(one, user_id, names) for one in value]
    return value


def _zeroed(value: Any, user_id: int) -> Any:
    if isinstance(value, list):
        return [_zeroed(one, user_id) for one in value]
    return 0 if value == user_id and not isinstance(value, bool) else value
