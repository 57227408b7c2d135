"""Values as JSON and back: frozen dataclasses of plain fields, tuples and mappings of them, days and moments."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """``value`` as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def read(wanted: type[T], value: Any) -> T:
    """``value``, from JSON, as a ``wanted``; a field that is missing has its default, one too many is passed over.

    :raises TypeError: if a field without a default is missing.
    """
    found: T = _read(wanted, value)
    return found


def _read(wanted: Any, value: Any) -> Any:
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = get_type_hints(wanted)
        return wanted(
            **{
                one.name: _read(hints[one.name], value[one.name])
                for one in fields(wanted)
                if one.name in value
            }
        )
    if wanted in (date, datetime):
        return wanted.fromisoformat(value)
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin is tuple:
        return tuple(_read(parts[0], one) for one in value)
    if origin in (dict, Mapping):
        return {key: _read(parts[1], one) for key, one in value.items()}
    if origin is types.UnionType:  # something, or None
        return None if value is None else _read(parts[0], value)
    return value
