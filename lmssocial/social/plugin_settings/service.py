"""Deciding which plugin is on where, and finding out what was decided."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import structlog
from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Level, Manifest, PluginHost, Reach
from lmssocial.core.kernel import clock
from lmssocial.social.plugin_settings.models import PluginSetting

log = structlog.get_logger(__name__)

_NEAREST_LAST = {Level.INSTALLATION: 0, Level.TENANT: 1, Level.COURSE: 2}


def reach(session: Session, host: PluginHost, *, tenant_id: int, course_id: int | None) -> Reach:
    """What is on in one course, and how it is set there. One query."""
    rows = session.scalars(
        select(PluginSetting).where(
            or_(
                PluginSetting.level == Level.INSTALLATION,
                and_(PluginSetting.level == Level.TENANT, PluginSetting.place_id == tenant_id),
                and_(PluginSetting.level == Level.COURSE, PluginSetting.place_id == (course_id or 0)),
            )
        )
    )
    return _resolve(host, sorted(rows, key=lambda row: _NEAREST_LAST[row.level]))


def _resolve(host: PluginHost, rows: Iterable[PluginSetting]) -> Reach:
    enabled = dict.fromkeys(host.builtin, True)
    values: dict[str, JsonObject] = {}
    for row in rows:
        if row.enabled is not None:
            enabled[row.plugin] = row.enabled
        values.setdefault(row.plugin, {}).update(row.values)
    on = frozenset(name for name, yes in enabled.items() if yes and name in host.manifests)
    return Reach(on, {name: typed(host.manifests[name], values.get(name, {})) for name in on})


def typed(manifest: Manifest, values: JsonObject) -> Any:
    """``values`` as the plugin's settings dataclass: unknown keys dropped with a log line, missing ones defaulted."""
    if manifest.settings is None:
        return None
    known = {setting.name for setting in fields(manifest.settings)}
    if unknown := sorted(values.keys() - known):
        log.warning("settings dropped", plugin=manifest.name, unknown=unknown)
    kept = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if key in known
    }
    return manifest.settings(**kept)


def switch(session: Session, plugin: str, *, on: bool, level: Level, place_id: int = 0) -> None:
    """Switch ``plugin`` on or off at one place, leaving its settings as they are."""
    _row(session, plugin, level, place_id).enabled = on


def inherit(session: Session, plugin: str, *, level: Level, place_id: int) -> None:
    """Let ``plugin`` be on or off at one place as it is one level up, leaving its settings as they are."""
    _row(session, plugin, level, place_id).enabled = None


def configure(session: Session, plugin: str, values: JsonObject, *, level: Level, place_id: int = 0) -> None:
    """Replace the settings of ``plugin`` at one place, leaving the switch as it is."""
    _row(session, plugin, level, place_id).values = values


def forget(session: Session, plugin: str) -> None:
    """Drop every decision about ``plugin``."""
    session.execute(delete(PluginSetting).where(PluginSetting.plugin == plugin))


def _row(session: Session, plugin: str, level: Level, place_id: int) -> PluginSetting:
    row = session.scalar(
        select(PluginSetting).where(
            PluginSetting.plugin == plugin, PluginSetting.level == level, PluginSetting.place_id == place_id
        )
    )
    if row is None:
        row = PluginSetting(plugin=plugin, level=level, place_id=place_id, values={})
        session.add(row)
    row.changed_at = clock.now()
    return row
