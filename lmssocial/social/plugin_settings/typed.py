"""Stored settings as the plugin wants them: its own dataclass, with secrets opened, whatever is left of them."""

from dataclasses import fields
from typing import Any

import structlog

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Manifest
from lmssocial.social.plugin_settings.sealing import opened

log = structlog.get_logger(__name__)


def typed(manifest: Manifest, values: JsonObject) -> Any:
    """``values`` as the plugin's settings dataclass: missing ones defaulted, and so is what does not fit any more.

    Secrets are readable in it: it is for the plugin, and not for pages and logs.

    Settings outlive the version of the plugin they were made with: unknown names and values of another type are
    dropped with a log line, and where the dataclass itself refuses the rest, it is the defaults.
    """
    if manifest.settings is None:
        return None
    defaults = manifest.settings()
    known = {setting.name for setting in fields(manifest.settings)}
    given = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in opened(manifest, values).items()
    }
    kept = {
        key: value for key, value in given.items() if key in known and _fits(getattr(defaults, key), value)
    }
    if dropped := sorted(values.keys() - kept.keys()):
        log.warning("settings dropped", plugin=manifest.name, dropped=dropped)
    try:
        return manifest.settings(**kept)
    except Exception:  # a plugin's own check may raise anything
        log.exception("settings refused, defaults taken", plugin=manifest.name)
        return defaults


def _fits(default: Any, value: Any) -> bool:
    """Whether ``value`` is of the kind of ``default``; a default of ``None``, or of a type of its own, says nothing."""
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(default, tuple):
        kinds = tuple({type(one) for one in default}) or (object,)
        return isinstance(value, tuple) and all(isinstance(one, kinds) for one in value)
    if isinstance(default, str):
        return isinstance(value, str)
    return True
