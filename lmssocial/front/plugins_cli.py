"""``lmssocial plugins``: what is installed, whether it is sound, and where it is on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol

import click
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lmssocial.core.db import JsonObject, unit_of_work
from lmssocial.core.hooks import Level, Manifest, PluginHost
from lmssocial.core.hooks.host import installed
from lmssocial.core.kernel.errors import Problem
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.lms.identity.models import Course, Tenant
from lmssocial.settings import Settings
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.models import PluginSetting

CHECK_WITHIN = 60
"""Seconds that importing a plugin may take."""
_PLACES = {Level.INSTALLATION: "everywhere", Level.TENANT: "tenant", Level.COURSE: "course"}


class Console(Protocol):
    """What these commands need of the command line."""

    settings: Settings

    def host(self) -> PluginHost:
        """The plugins, imported."""

    def engine(self) -> Engine:
        """An engine on the installation's database."""

    def app(self) -> Flask:
        """The whole application."""


@contextmanager
def work(console: Console) -> Iterator[Session]:
    """One unit of work; what goes wrong becomes a sentence and status 1."""
    try:
        with Session(console.engine()) as session, unit_of_work(session):
            yield session
    except Problem as problem:
        raise click.ClickException(problem.message) from problem


@click.group()
def plugins() -> None:
    """What is installed beside lmssocial, and where it is on."""


@plugins.command(name="list")
@click.pass_obj
def list_plugins(console: Console) -> None:
    """Every plugin with its version and where it is on. Imports none of them."""
    with work(console) as session:
        decided: dict[str, list[str]] = {}
        for row in session.scalars(
            select(PluginSetting).order_by(PluginSetting.level, PluginSetting.place_id)
        ):
            if row.enabled is not None:
                where = f"{_PLACES[row.level]} {row.place_id}" if row.place_id else _PLACES[row.level]
                decided.setdefault(row.plugin, []).append(f"{'on' if row.enabled else 'off'} {where}")
    points = installed()
    for point in points:
        version = point.dist.version if point.dist else "?"
        builtin = point.module.startswith("lmssocial.")
        state = "built in" if builtin else ", ".join(decided.get(point.name, ["off"]))
        click.echo(
            f"{point.name:<20} {version:<10} {state}{_left_out(console.settings, point.name, builtin=builtin)}"
        )
    for name in sorted(decided.keys() - {point.name for point in points}):
        click.echo(f"{name:<20} {'-':<10} {', '.join(decided[name])}  (not installed; its settings are kept)")


@plugins.command()
@click.argument("name")
def check(name: str) -> None:
    """Import NAME in a process of its own and look at it; status 1 if something is wrong."""
    command = [sys.executable, "-m", "lmssocial.front.plugin_check", name]
    try:
        done = subprocess.run(command, check=False, timeout=CHECK_WITHIN, capture_output=True, text=True)
    except subprocess.TimeoutExpired as late:
        raise click.ClickException(f"{name} was not imported within {CHECK_WITHIN} seconds.") from late
    click.echo(done.stdout, nl=False)
    click.echo(done.stderr, nl=False, err=True)
    if done.returncode not in {0, 1, 2}:
        click.echo(f"BAD   Importing {name} ended the process with status {done.returncode}.")
    if done.returncode:
        raise SystemExit(1)


@plugins.command()
@click.argument("name")
@click.option("--tenant", default="", help="Only for the tenant of this name.")
@click.option("--course", type=int, help="Only for the course with this number.")
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file with its settings there.",
)
@click.pass_obj
def enable(console: Console, name: str, tenant: str, course: int | None, settings_file: Path | None) -> None:
    """Switch NAME on: for the whole installation, one tenant or one course."""
    manifest = _loaded(console, name)
    values = None if settings_file is None else _values(console, manifest, settings_file)
    with work(console) as session:
        level, place_id, where = _place(session, tenant, course)
        _refuse_too_deep(manifest, level)
        service.switch(session, name, on=True, level=level, place_id=place_id)
        note(session, COMMAND_LINE, "plugin.switched_on", f"{name}, {where}")
        if values is not None:
            service.configure(session, name, values, level=level, place_id=place_id)
            note(session, COMMAND_LINE, "plugin.configured", f"{name}, {where}")
    click.echo(f"{name} is on {where}.")


@plugins.command()
@click.argument("name")
@click.option("--tenant", default="", help="Only for the tenant of this name.")
@click.option("--course", type=int, help="Only for the course with this number.")
@click.pass_obj
def disable(console: Console, name: str, tenant: str, course: int | None) -> None:
    """Switch NAME off. Imports nothing, so it works whatever the plugin does. Its settings are kept."""
    with work(console) as session:
        points = {point.name: point.module for point in installed()}
        if points.get(name, "").startswith("lmssocial."):
            raise click.ClickException(f"{name} is built in and cannot be switched off.")
        known = session.scalar(select(PluginSetting.id).where(PluginSetting.plugin == name).limit(1))
        if name not in points and known is None:
            raise click.ClickException(f"There is no plugin called {name}. See: lmssocial plugins list")
        level, place_id, where = _place(session, tenant, course)
        service.switch(session, name, on=False, level=level, place_id=place_id)
        note(session, COMMAND_LINE, "plugin.switched_off", f"{name}, {where}")
    click.echo(f"{name} is off {where}.")


def _left_out(settings: Settings, name: str, *, builtin: bool) -> str:
    """Why it is not loaded although it is installed."""
    if builtin:
        return ""
    if settings.safe_mode:
        return "  (not loaded: safe mode)"
    return (
        ""
        if settings.plugins is None or name in settings.plugins
        else "  (not loaded: not in LMSSOCIAL_PLUGINS)"
    )


def _loaded(console: Console, name: str) -> Manifest:
    """The manifest of a plugin that works.

    :raises click.ClickException: if it is built in, broken, left out or not installed.
    """
    host = console.host()
    if name in host.builtin:
        raise click.ClickException(f"{name} is built in and always on.")
    if broken := host.broken.get(name):
        raise click.ClickException(f"{name} is broken. {broken.reason}\nSee: lmssocial plugins check {name}")
    if name not in host.manifests:
        if name in {point.name for point in installed()}:
            raise click.ClickException(
                f"{name} is installed and was left out by LMSSOCIAL_SAFE_MODE or LMSSOCIAL_PLUGINS, so it cannot be "
                "looked at. Change the setting first."
            )
        raise click.ClickException(f"There is no plugin called {name}. See: lmssocial plugins list")
    return host.manifests[name]


def _place(session: Session, tenant: str, course: int | None) -> tuple[Level, int, str]:
    """The level and id of the place that was named, and how to speak of it."""
    if tenant and course is not None:
        raise click.ClickException("Give --tenant or --course, not both.")
    if course is not None:
        found = session.get(Course, course)
        if found is None:
            raise click.ClickException(f"There is no course with the number {course}.")
        return Level.COURSE, course, f"in the course {found.title or found.label or course}"
    if tenant:
        tenant_id = session.scalar(select(Tenant.id).where(Tenant.name == tenant))
        if tenant_id is None:
            names = ", ".join(session.scalars(select(Tenant.name).order_by(Tenant.name).limit(20)))
            raise click.ClickException(f"There is no tenant called {tenant}. Known: {names or 'none'}.")
        return Level.TENANT, tenant_id, f"for the tenant {tenant}"
    return Level.INSTALLATION, 0, "everywhere"


def _refuse_too_deep(manifest: Manifest, level: Level) -> None:
    order = list(Level)
    if order.index(level) > order.index(manifest.configured_per):
        raise click.ClickException(
            f"{manifest.name} can be set per {manifest.configured_per}, not per {level}."
        )


def _values(console: Console, manifest: Manifest, file: Path) -> JsonObject:
    """The settings in ``file``, judged by the plugin's own form where it has one.

    :raises click.ClickException: saying everything that is wrong.
    """
    if manifest.settings is None:
        raise click.ClickException(f"{manifest.name} has no settings.")
    try:
        given = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error
    known = [setting.name for setting in fields(manifest.settings)]
    if not isinstance(given, dict):
        raise click.ClickException(f"{file} must hold a JSON object.")
    if unknown := sorted(set(given) - set(known)):
        raise click.ClickException(
            f"{', '.join(unknown)}: no setting of {manifest.name}. Known: {', '.join(known)}."
        )
    if manifest.settings_form is None:
        return given
    defaults = manifest.settings()
    wanted = {name: given.get(name, getattr(defaults, name)) for name in known}
    with console.app().test_request_context():
        form = manifest.settings_form(_as_sent(wanted), meta={"csrf": False})
        if not form.validate():
            lines = [f"  {name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
            raise click.ClickException("\n".join([f"{file} cannot be taken:", *lines]))
        return {name: form[name].data for name in known}


def _as_sent(values: JsonObject) -> MultiDict[str, str]:
    """The values as a browser would send them, because that is what forms understand."""
    sent: list[tuple[str, str]] = []
    for name, value in values.items():
        many: list[Any] = list(value) if isinstance(value, list | tuple) else [value]
        sent += [
            (name, "y" if one is True else str(one)) for one in many if one is not False and one is not None
        ]
    return MultiDict(sent)
