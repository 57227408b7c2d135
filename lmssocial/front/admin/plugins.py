"""What is installed, what is on where, and how it is set, as the administrators' pages show it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Broken, Level, Manifest, PluginHost, Stance
from lmssocial.core.hooks.host import installed
from lmssocial.front.admin.log import By, note
from lmssocial.lms.identity.models import Course, Tenant
from lmssocial.social.moderation.trying_out import Spot
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginFailure, PluginSetting


class State(StrEnum):
    """Where a plugin stands."""

    BUILT_IN = "built_in"
    ON = "on"
    """On somewhere."""
    OFF = "off"
    BROKEN = "broken"
    NOT_LOADED = "not_loaded"
    """Installed, and left out by LMSSOCIAL_PLUGINS or safe mode."""
    GONE = "gone"
    """Switched on somewhere, and not installed any more."""


class Switch(StrEnum):
    """What was decided about a plugin at one place."""

    ON = "on"
    OFF = "off"
    INHERIT = "inherit"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place where a plugin can be switched and set."""

    level: Level
    place_id: int
    name: str
    switch: Switch
    is_on: bool
    """What comes of it there."""
    values: JsonObject
    """Settings of this place alone; empty where it has none of its own."""
    own_stance: Stance | None = None
    """How much its word was said to count at this place alone."""
    stance: Stance = Stance.SHADOW
    """What comes of it there."""
    locks: frozenset[str] = frozenset()
    """What is locked here for everybody below: names of settings, ``enabled``, ``stance``."""
    locked: frozenset[str] = frozenset()
    """What was locked for this place further up."""

    @property
    def spot(self) -> Spot:
        """The same for trying out."""
        return Spot(level=self.level, place_id=self.place_id, tenant_id=self.place_id)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One plugin."""

    name: str
    title: str
    summary: str
    version: str
    state: State
    on_everywhere: bool
    exceptions: tuple[str, ...]
    """Tenants and courses that decided otherwise than the installation."""
    broken: Broken | None
    manifest: Manifest | None
    is_policy: bool
    """Whether it judges what people write."""
    stance: Stance
    """How much its word counts for the whole installation."""
    tripped: int
    """Tenants at which it is switched off because it failed too often."""
    can_be_switched: bool
    """What is built in cannot; what is broken or not loaded can be switched off, so that it stays off."""


def cards(session: Session, host: PluginHost) -> list[Card]:
    """All plugins there are, broken ones first, then by title."""
    places = _places(session)
    decisions: dict[str, list[PluginSetting]] = {}
    for row in session.scalars(select(PluginSetting).order_by(PluginSetting.level, PluginSetting.place_id)):
        decisions.setdefault(row.plugin, []).append(row)
    on_disk = _installed()
    failing = Counter(
        session.scalars(select(PluginFailure.plugin).where(PluginFailure.tripped_at.is_not(None)))
    )
    on = {name for name, rows in decisions.items() if any(row.enabled for row in rows)}
    names = on_disk.keys() | host.manifests.keys() | host.broken.keys() | on
    found = [
        _card(name, host, on_disk.get(name), decisions.get(name, []), places, failing[name]) for name in names
    ]
    return sorted(found, key=lambda card: (card.state not in {State.BROKEN, State.GONE}, card.title.lower()))


def card(session: Session, host: PluginHost, name: str) -> Card | None:
    """One plugin, if there is one of that name."""
    return next((one for one in cards(session, host) if one.name == name), None)


def places(session: Session, manifest: Manifest) -> list[Place]:
    """The installation, and every tenant if the plugin can be switched there, with what was decided."""
    rows = {
        (row.level, row.place_id): row
        for row in session.scalars(select(PluginSetting).where(PluginSetting.plugin == manifest.name))
    }
    top = _place(Level.INSTALLATION, 0, "", rows.get((Level.INSTALLATION, 0)))
    if manifest.configured_per is Level.INSTALLATION:
        return [top]
    tenants = session.execute(select(Tenant.id, Tenant.name).order_by(Tenant.name))
    return [
        top,
        *(
            _place(Level.TENANT, tenant_id, name, rows.get((Level.TENANT, tenant_id)), above=top)
            for tenant_id, name in tenants
        ),
    ]


def switch(
    session: Session, by: By, plugin: str, place: Place, to: Switch, *, everywhere: bool = False
) -> None:
    """Switch a plugin on or off at one place, or let the place follow the installation.

    :param everywhere: whether what is switched off is off at every place, whatever was decided there.
    """
    if to is Switch.OFF and everywhere:
        service.switch_off_everywhere(session, plugin)
    elif to is Switch.INHERIT:
        service.inherit(session, plugin, level=place.level, place_id=place.place_id)
    else:
        service.switch(session, plugin, on=to is Switch.ON, level=place.level, place_id=place.place_id)
    note(session, by, f"plugin.switched_{to}", subject(plugin, place))


def configure(
    session: Session,
    by: By,
    manifest: Manifest,
    place: Place,
    values: JsonObject,
    *,
    keep: frozenset[str] = frozenset(),
) -> None:
    """Set a plugin at one place; empty ``values`` let it follow the installation, or the defaults.

    :param keep: secrets that stay as they are.
    """
    service.configure(
        session,
        manifest.name,
        values,
        level=place.level,
        place_id=place.place_id,
        secrets=manifest.secrets,
        keep=keep,
    )
    note(session, by, "plugin.configured", subject(manifest.name, place))


def lock(session: Session, by: By, plugin: str, place: Place, names: frozenset[str]) -> None:
    """Replace what nobody below ``place`` may decide otherwise."""
    if names == place.locks:
        return
    service.lock(session, plugin, names, level=place.level, place_id=place.place_id)
    for action, changed in (("plugin.locked", names - place.locks), ("plugin.unlocked", place.locks - names)):
        if changed:
            note(session, by, action, f"{subject(plugin, place)}: {', '.join(sorted(changed))}")


def subject(plugin: str, place: Place) -> str:
    """The plugin and the place, for the log."""
    return f"{plugin}, {place.name}" if place.name else plugin


def _place(
    level: Level, place_id: int, name: str, row: PluginSetting | None, *, above: Place | None = None
) -> Place:
    shut = frozenset() if above is None else above.locks
    decided = None if row is None else row.enabled
    own_stance = None if row is None else row.stance
    inherited = above is not None and above.is_on
    stance = Stance.SHADOW if above is None else above.stance
    return Place(
        level=level,
        place_id=place_id,
        name=name,
        switch=Switch.INHERIT if decided is None else (Switch.ON if decided else Switch.OFF),
        is_on=inherited if decided is None or service.ENABLED in shut else decided,
        values={} if row is None else dict(row.values),
        own_stance=own_stance,
        stance=stance if own_stance is None or service.STANCE in shut else own_stance,
        locks=frozenset() if row is None else service.locks_of(row),
        locked=shut,
    )


@dataclass(frozen=True)
class _Installed:
    """What a distribution says of itself; nothing is imported for it."""

    version: str
    summary: str
    built_in: bool


def _installed() -> dict[str, _Installed]:
    found = {}
    for point in installed():
        built_in = point.module.startswith("lmssocial.")
        summary = "" if built_in or point.dist is None else str(point.dist.metadata["Summary"] or "")
        found[point.name] = _Installed(point.dist.version if point.dist else "", summary, built_in)
    return found


def _places(session: Session) -> dict[tuple[Level, int], str]:
    """The names of tenants and of the courses in which something was decided."""
    decided = select(PluginSetting.place_id).where(PluginSetting.level == Level.COURSE)
    courses = session.execute(select(Course.id, Course.title, Course.label).where(Course.id.in_(decided)))
    names = {(Level.COURSE, row.id): row.title or row.label or f"#{row.id}" for row in courses}
    for row in session.execute(select(Tenant.id, Tenant.name)):
        names[Level.TENANT, row.id] = row.name
    return names


def _card(
    name: str,
    host: PluginHost,
    on_disk: _Installed | None,
    decisions: Sequence[PluginSetting],
    names: Mapping[tuple[Level, int], str],
    tripped: int,
) -> Card:
    manifest = host.manifests.get(name)
    everywhere = any(row.enabled for row in decisions if row.level is Level.INSTALLATION)
    others = [
        row
        for row in decisions
        if row.level is not Level.INSTALLATION and row.enabled is not None and row.enabled is not everywhere
    ]
    return Card(
        name=name,
        title=str(manifest.title) if manifest else name,
        summary=str(manifest.summary) if manifest else (on_disk.summary if on_disk else ""),
        version=on_disk.version if on_disk else "",
        state=_state(name, host, on_disk, is_on=everywhere or bool(others)),
        on_everywhere=everywhere,
        exceptions=tuple(names.get((row.level, row.place_id), f"#{row.place_id}") for row in others),
        broken=host.broken.get(name),
        manifest=manifest,
        is_policy=manifest is not None and host.is_policy(name),
        stance=next((row.stance for row in decisions if row.place_id == 0 and row.stance), Stance.SHADOW),
        tripped=tripped,
        can_be_switched=name not in host.builtin and not (on_disk and on_disk.built_in),
    )


def _state(name: str, host: PluginHost, on_disk: _Installed | None, *, is_on: bool) -> State:
    if name in host.broken:
        return State.BROKEN
    if name in host.builtin:
        return State.BUILT_IN
    if name not in host.manifests:
        return State.GONE if on_disk is None else State.NOT_LOADED
    return State.ON if is_on else State.OFF
