"""Every kind of event there is in this process, as its class describes it: what the log may hold."""

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from typing import get_args

from lmssocial.core.kernel.events import ENVELOPE, Event


@dataclass(frozen=True, kw_only=True)
class EventField:
    """One field of the payload of an event."""

    name: str
    """As it stands in the payload."""
    type: str
    """As its class says it: ``int``, ``list[int]``."""
    about: str
    """What its class says of it; may be empty."""


@dataclass(frozen=True, kw_only=True)
class EventType:
    """One kind of event."""

    name: str
    """As :attr:`~lmssocial.core.kernel.events.Event.name`."""
    version: int
    """As :attr:`~lmssocial.core.kernel.events.Event.version`."""
    about: str
    """What its class says of it, in English."""
    fields: tuple[EventField, ...]
    """Its payload. Beside it every event has the course and its tenant, who did it with which LMS role, and when."""


def event_catalogue() -> tuple[EventType, ...]:
    """Every kind of event of the core, the widgets and the loaded plugins, by name and version. No query."""
    found = {
        (kind.name, kind.version): kind for kind in _below(Event) if isinstance(vars(kind).get("name"), str)
    }
    return tuple(_described(kind) for _key, kind in sorted(found.items()))


def _below(kind: type[Event]) -> Iterator[type[Event]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _described(kind: type[Event]) -> EventType:
    said = _meanings(kind)
    return EventType(
        name=kind.name,
        version=kind.version,
        about=" ".join((inspect.getdoc(kind) or "").split()),
        fields=tuple(
            EventField(name=one.name, type=_type(one.type), about=said.get(one.name, ""))
            for one in fields(kind)
            if one.name not in ENVELOPE
        ),
    )


def _type(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)


def _meanings(kind: type[Event]) -> dict[str, str]:
    """What stands below each field in the source of ``kind`` and of what it is made from; nothing without a source."""
    said: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        said |= _classes(one.__module__).get(one.__qualname__, {}) if issubclass(one, Event) else {}
    return said


@cache
def _classes(module: str) -> dict[str, dict[str, str]]:
    """What the classes of a module say of their fields, by name of the class."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError, SyntaxError):
        return {}
    return {one.name: _said(one.body) for one in tree.body if isinstance(one, ast.ClassDef)}


def _said(body: Sequence[ast.stmt]) -> dict[str, str]:
    said = {}
    for field, after in pairwise(body):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        value = after.value if isinstance(after, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            said[field.target.id] = " ".join(value.value.split())
    return said
