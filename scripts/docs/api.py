"""Every hook with its signature and every value with its fields: what may only grow within a major version."""

import re
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any, get_args

from lmssocial.core.hooks import spec
from lmssocial.plugin import Work
from scripts.docs.facade import DATA, VALUES, datum, hooks, methods, value
from scripts.docs.markdown import signature


def api() -> str:
    """All of it, a line each."""
    lines = [f"hook API {'.'.join(str(part) for part in spec.HOOK_API)}", ""]
    lines += [signature(name, function) for name, function in hooks()]
    shown = [(name, value(name)) for name in VALUES] + [(name, datum(name)) for name in DATA]
    for name, one in shown:
        lines += ["", name, *(f"    {line}" for line in _shape(one))]
    lines += ["", "Work", *(f"    {signature(name, method)}" for name, method in methods(Work))]
    return "\n".join([*lines, ""])


def _shape(value: Any) -> list[str]:
    """The fields of a dataclass with types and defaults, or the members of an enumeration."""
    if issubclass(value, Enum):
        return [f"{member.name} = {member.value!r}" for member in value]
    shown = []
    for one in fields(value):
        kind = re.sub(r"[a-z_]+\.", "", one.type if isinstance(one.type, str) else _type(one.type))
        given = "" if one.default is MISSING else f" = {one.default!r}"
        shown.append(f"{one.name}: {kind}{' = …' if one.default_factory is not MISSING else given}")
    return shown


def _type(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
