"""Settings of plugins that are secrets: sealed where they are stored, opened only for the plugin itself."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import structlog

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Level, Manifest
from lmssocial.core.kernel.secrets import SealBroken, SecretBox

log = structlog.get_logger(__name__)

SEALED = "sealed"
"""The only key of what stands in the place of a secret: ``{"sealed": "gAAAA…"}``."""

_box: dict[str, Callable[[], SecretBox]] = {}


def keep_in(box: Callable[[], SecretBox]) -> None:
    """Say what seals and opens secrets of plugins. A process has one such box; it is made when it is needed."""
    _box["ours"] = box


def to_store(
    values: Mapping[str, Any], *, secrets: Collection[str], keep: Collection[str], before: Mapping[str, Any]
) -> JsonObject:
    """What is stored of ``values``: secrets are sealed, and empty ones are none.

    :param keep: secrets that stay as they are in ``before``, unless ``values`` says another.
    :raises LookupError: if there is a secret and nobody called :func:`keep_in`.
    """
    plain = {name: value for name, value in values.items() if name not in secrets}
    kept = {name: before[name] for name in keep if name in before and name in secrets}
    sealed = {name: _seal(str(values[name])) for name in secrets if values.get(name)}
    return {**plain, **kept, **sealed}


def opened(manifest: Manifest, values: Mapping[str, Any]) -> JsonObject:
    """``values`` with their secrets readable; one that cannot be opened is left out, and the log says so.

    What was stored before the plugin called it a secret is readable as it is, and sealed when it is saved again.
    """
    found = dict(values)
    for name in manifest.secrets & values.keys():
        match values[name]:
            case {"sealed": str(sealed)}:
                plain = _open(manifest.name, name, sealed)
                found.pop(name) if plain is None else found.update({name: plain})
    return found


def without_secrets(secrets: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` for people and for keeping elsewhere: of a secret only whether there is one."""
    return {name: bool(value) if name in secrets else value for name, value in values.items()}


def decided_above(manifest: Manifest, level: Level) -> frozenset[str]:
    """The settings that are not decided at places of ``level``, but further up."""
    order = list(Level)
    depth = order.index(level)
    return frozenset(name for name, lowest in manifest.set_above.items() if order.index(lowest) < depth)


def _seal(plain: str) -> JsonObject:
    return {SEALED: _box["ours"]().seal(plain.encode())}


def _open(plugin: str, name: str, sealed: str) -> str | None:
    try:
        return _box["ours"]().open(sealed).decode()
    except (SealBroken, LookupError, UnicodeDecodeError) as error:
        log.error("a secret setting cannot be opened", plugin=plugin, setting=name, why=str(error))  # noqa: TRY400
        return None
