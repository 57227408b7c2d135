"""Deciding which plugin is on where, and finding out what was decided."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.hooks import Level, Manifest, PluginHost, Reach, Stance
from lmssocial.core.kernel import clock
from lmssocial.social.plugin_settings.models import PluginFailure, PluginSetting
from lmssocial.social.plugin_settings.sealing import decided_above, to_store
from lmssocial.social.plugin_settings.typed import typed

ENABLED = "enabled"
"""The name under which the switch itself is locked."""
STANCE = "stance"
"""The name under which the stance is locked."""

_NEAREST_LAST = {Level.INSTALLATION: 0, Level.TENANT: 1, Level.COURSE: 2}

_DECISIONS = select(PluginSetting).where(
    or_(
        PluginSetting.level == Level.INSTALLATION,
        and_(PluginSetting.level == Level.TENANT, PluginSetting.place_id == bindparam("tenant_id")),
        and_(PluginSetting.level == Level.COURSE, PluginSetting.place_id == bindparam("course_id")),
    )
)
_IN_REACH = _DECISIONS.add_columns(PluginFailure.tripped_at).outerjoin(
    PluginFailure,
    and_(PluginFailure.plugin == PluginSetting.plugin, PluginFailure.tenant_id == bindparam("tenant_id")),
)


def reach(session: Session, host: PluginHost, *, tenant_id: int, course_id: int | None) -> Reach:
    """What is on in one course, and how it is set there; what the breaker switched off is absent. One query."""
    found = session.execute(_IN_REACH, {"tenant_id": tenant_id, "course_id": course_id or 0}).all()
    rows = sorted((row for row, _ in found), key=lambda row: _NEAREST_LAST[row.level])
    return _resolve(host, rows, frozenset(row.plugin for row, tripped_at in found if tripped_at))


def any_on(session: Session, plugins: Iterable[str]) -> bool:
    """Whether somebody switched any of ``plugins`` on anywhere. One query, or none if there is no plugin."""
    names = sorted(plugins)
    wanted = select(PluginSetting.id).where(PluginSetting.plugin.in_(names), PluginSetting.enabled.is_(True))
    return bool(names) and session.scalar(wanted.limit(1)) is not None


def on_in(
    session: Session, plugins: Iterable[str], *, tenant_id: int, course_id: int | None
) -> frozenset[str]:
    """Those of some plugins that somebody switched on for a course, and the breaker did not switch off. One query."""
    found = session.execute(_IN_REACH, {"tenant_id": tenant_id, "course_id": course_id or 0}).all()
    on: dict[str, bool] = {}
    shut: set[str] = set()
    for row, tripped_at in sorted(found, key=lambda one: _NEAREST_LAST[one[0].level]):
        if row.enabled is not None and row.plugin not in shut:
            on[row.plugin] = row.enabled and tripped_at is None
        if ENABLED in locks_of(row):
            shut.add(row.plugin)
    return frozenset(name for name in plugins if on.get(name))


def _resolve(host: PluginHost, rows: Iterable[PluginSetting], tripped: frozenset[str]) -> Reach:
    """What comes of the decisions, the installation's first: the nearest one wins, unless it was locked further up."""
    enabled = dict.fromkeys(host.builtin, True)
    stances: dict[str, Stance] = {}
    values: dict[str, JsonObject] = {}
    locked: dict[str, frozenset[str]] = {}
    for row in rows:
        shut = locked.get(row.plugin, frozenset())
        if row.enabled is not None and ENABLED not in shut:
            enabled[row.plugin] = row.enabled
        if row.stance is not None and STANCE not in shut:
            stances[row.plugin] = row.stance
        values.setdefault(row.plugin, {}).update(_own(host.manifests.get(row.plugin), row, shut))
        locked[row.plugin] = shut | locks_of(row)
    on = frozenset(name for name, yes in enabled.items() if yes)
    here = (on & host.manifests.keys()) - tripped
    return Reach(
        enabled=here,
        values={name: typed(host.manifests[name], values.get(name, {})) for name in here},
        stances={name: stance for name, stance in stances.items() if name in on},
        absent=on - here,
    )


def _own(manifest: Manifest | None, row: PluginSetting, shut: frozenset[str]) -> JsonObject:
    """What counts of the values of ``row``: neither what was locked further up, nor what is decided there only."""
    above = frozenset() if manifest is None else decided_above(manifest, row.level)
    return {key: value for key, value in row.values.items() if key not in shut | above}


def locks_of(row: PluginSetting) -> frozenset[str]:
    """What nobody below the place of ``row`` may decide otherwise: setting names, ``enabled``, ``stance``."""
    return frozenset(row.locked.get("names", ()))


def locked_above(session: Session, plugin: str, *, level: Level, tenant_id: int = 0) -> frozenset[str]:
    """What was locked for a place of ``level`` further up.

    :param tenant_id: the tenant of the course, if the place is one.
    """
    if level is Level.INSTALLATION:
        return frozenset()
    above = [and_(PluginSetting.level == Level.INSTALLATION, PluginSetting.place_id == 0)]
    if level is Level.COURSE:
        above.append(and_(PluginSetting.level == Level.TENANT, PluginSetting.place_id == tenant_id))
    rows = session.scalars(select(PluginSetting).where(PluginSetting.plugin == plugin, or_(*above)))
    return frozenset().union(*(locks_of(row) for row in rows))


def locked_at(session: Session, plugin: str, *, level: Level, place_id: int = 0) -> frozenset[str]:
    """What the place itself has locked for those below it."""
    row = session.scalar(
        select(PluginSetting).where(
            PluginSetting.plugin == plugin, PluginSetting.level == level, PluginSetting.place_id == place_id
        )
    )
    return frozenset() if row is None else locks_of(row)


def stance_at(session: Session, plugin: str, *, level: Level, place_id: int = 0) -> Stance | None:
    """How much the word of ``plugin`` was said to count at this place alone."""
    return session.scalar(
        select(PluginSetting.stance).where(
            PluginSetting.plugin == plugin, PluginSetting.level == level, PluginSetting.place_id == place_id
        )
    )


def settings_at(
    session: Session, manifest: Manifest, *, level: Level, place_id: int = 0, tenant_id: int = 0
) -> Any:
    """How a plugin is set at one place, on or not: as its settings dataclass, or ``None`` if it has none.

    :param tenant_id: the tenant of the course, if the place is one.
    """
    tenant = place_id if level is Level.TENANT else tenant_id
    course = place_id if level is Level.COURSE else 0
    rows = session.scalars(
        _DECISIONS.where(PluginSetting.plugin == manifest.name), {"tenant_id": tenant, "course_id": course}
    )
    values: JsonObject = {}
    shut: frozenset[str] = frozenset()
    for row in sorted(rows, key=lambda row: _NEAREST_LAST[row.level]):
        values |= _own(manifest, row, shut)
        shut |= locks_of(row)
    return typed(manifest, values)


def switch(session: Session, plugin: str, *, on: bool, level: Level, place_id: int = 0) -> None:
    """Switch ``plugin`` on or off at one place, leaving its settings as they are."""
    _row(session, plugin, level, place_id).enabled = on


def switch_off_everywhere(session: Session, plugin: str) -> None:
    """Switch ``plugin`` off for the installation, and let every place that had switched it on follow."""
    for row in session.scalars(
        select(PluginSetting).where(PluginSetting.plugin == plugin, PluginSetting.enabled.is_(True))
    ):
        row.enabled, row.changed_at = None, clock.now()
    session.flush()
    switch(session, plugin, on=False, level=Level.INSTALLATION)


def inherit(session: Session, plugin: str, *, level: Level, place_id: int) -> None:
    """Let ``plugin`` be on or off at one place as it is one level up, leaving its settings as they are."""
    _row(session, plugin, level, place_id).enabled = None


def configure(
    session: Session,
    plugin: str,
    values: JsonObject,
    *,
    level: Level,
    place_id: int = 0,
    secrets: Collection[str] = (),
    keep: Collection[str] = (),
) -> None:
    """Replace the settings of ``plugin`` at one place, leaving the switch as it is.

    :param secrets: the settings that are stored sealed, as its manifest names them.
    :param keep: those of them that stay as they are stored here, unless ``values`` says another.
    """
    row = _row(session, plugin, level, place_id)
    row.values = to_store(values, secrets=secrets, keep=keep, before=row.values)


def take_stance(
    session: Session, plugin: str, stance: Stance | None, *, level: Level, place_id: int = 0
) -> None:
    """Say how much the word of ``plugin`` counts at one place; ``None`` lets the place follow the one above.

    Whether it may be enforced is for the caller to find out.
    """
    _row(session, plugin, level, place_id).stance = stance


def lock(session: Session, plugin: str, names: Iterable[str], *, level: Level, place_id: int = 0) -> None:
    """Replace what nobody below this place may decide otherwise: names of settings, ``enabled``, ``stance``."""
    _row(session, plugin, level, place_id).locked = {"names": sorted(set(names))}


def bring(
    session: Session, *, level: Level, from_id: int, to_id: int, kept: Callable[[JsonObject], JsonObject]
) -> None:
    """Decide at one place what was decided at another of the same level; what was decided there already stays.

    :param kept: what comes along of the settings of a plugin.
    """
    there = select(PluginSetting).where(PluginSetting.level == level, PluginSetting.place_id == from_id)
    for row in session.scalars(there).all():
        values = {
            "level": level,
            "place_id": to_id,
            "plugin": row.plugin,
            "enabled": row.enabled,
            "stance": row.stance,
            "values": kept(row.values),
            "locked": row.locked,
            "changed_at": clock.now(),
        }
        insert_if_absent(
            session,
            PluginSetting,
            values,
            [PluginSetting.level, PluginSetting.place_id, PluginSetting.plugin],
        )


def forget(session: Session, plugin: str) -> None:
    """Drop every decision about ``plugin``."""
    session.execute(delete(PluginSetting).where(PluginSetting.plugin == plugin))


def _row(session: Session, plugin: str, level: Level, place_id: int) -> PluginSetting:
    """The row of one place, locked until the transaction ends; two who decide first at once get the same one."""
    values = {"level": level, "place_id": place_id, "plugin": plugin, "values": {}, "locked": {}}
    insert_if_absent(
        session,
        PluginSetting,
        {**values, "changed_at": clock.now()},
        [PluginSetting.level, PluginSetting.place_id, PluginSetting.plugin],
    )
    row = session.scalars(
        select(PluginSetting)
        .where(
            PluginSetting.plugin == plugin, PluginSetting.level == level, PluginSetting.place_id == place_id
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    row.changed_at = clock.now()
    return row
