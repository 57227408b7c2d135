"""What the commands share: the console, one unit of work, the plugin and the place that were named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import click
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level, Manifest, PluginHost
from lmssocial.core.hooks.host import installed
from lmssocial.core.kernel.errors import Problem
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.lms.identity.models import Course, Tenant
from lmssocial.settings import Settings
from lmssocial.social.moderation.trying_out import Spot
from lmssocial.social.plugin_settings import sealing
from lmssocial.social.plugin_settings.models import PluginSetting

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Console(Protocol):
    """What these commands need of the command line."""

    settings: Settings

    def host(self) -> PluginHost:
        """The plugins, imported."""

    def engine(self) -> Engine:
        """An engine on the installation's database."""

    def app(self) -> Flask:
        """The whole application."""


@dataclass(frozen=True)
class Where:
    """A place that somebody named."""

    level: Level = Level.INSTALLATION
    place_id: int = 0
    tenant_id: int = 0
    """The tenant itself, or the course's; 0 for the installation."""
    said: str = "everywhere"
    """How to speak of it."""

    @property
    def denied(self) -> str:
        """How to speak of it where something is denied: not *everywhere*, but *anywhere*."""
        return self.said if self.place_id else "anywhere"

    @property
    def spot(self) -> Spot:
        """The same for trying out."""
        return Spot(level=self.level, place_id=self.place_id, tenant_id=self.tenant_id)


@contextmanager
def work(console: Console) -> Iterator[Session]:
    """One unit of work; what goes wrong becomes a sentence and status 1."""
    try:
        with Session(console.engine()) as session, unit_of_work(session):
            yield session
    except Problem as problem:
        raise click.ClickException(problem.message) from problem


@contextmanager
def reading(console: Console) -> Iterator[Session]:
    """A session that changes nothing, and keeps nobody from writing."""
    with Session(console.engine()) as session:
        yield session


@click.group()
@click.pass_obj
def plugins(console: Console) -> None:
    """What is installed beside lmssocial, and where it is on."""
    sealing.keep_in(lambda: SecretBox(console.settings.secret()))


def at_a_place(command: _Command) -> _Command:
    """The options ``--tenant`` and ``--course``."""
    command = click.option("--course", type=int, help="Only for the course with this number.")(command)
    return click.option("--tenant", default="", help="Only for the tenant of this name.")(command)


def loaded(console: Console, name: str) -> Manifest:
    """The manifest of a plugin that works.

    :raises click.ClickException: if it is built in, broken, left out or not installed.
    """
    host = console.host()
    if name in host.builtin:
        raise click.ClickException(f"{name} is built in and always on.")
    if broken := host.broken.get(name):
        remedy = broken.command or f"lmssocial plugins check {name}"
        raise click.ClickException(f"{name} is broken. {broken.reason}\nSee: {remedy}")
    if name not in host.manifests:
        if name in {point.name for point in installed()}:
            raise click.ClickException(
                f"{name} is installed and was left out by LMSSOCIAL_SAFE_MODE or LMSSOCIAL_PLUGINS, so it cannot be "
                "looked at. Change the setting first."
            )
        raise unknown(name)
    return host.manifests[name]


def known(session: Session, name: str) -> str:
    """``name``, of a plugin that is installed or about which something was decided. Imports nothing.

    :raises click.ClickException: if it is built in, or nobody ever heard of it.
    """
    points = {point.name: point.module for point in installed()}
    if points.get(name, "").startswith("lmssocial."):
        raise click.ClickException(f"{name} is built in and cannot be switched off.")
    decided = session.scalar(select(PluginSetting.id).where(PluginSetting.plugin == name).limit(1))
    if name not in points and decided is None:
        raise unknown(name)
    return name


def unknown(name: str) -> click.ClickException:
    """There is no such plugin."""
    return click.ClickException(f"There is no plugin called {name}. See: lmssocial plugins list")


def place(session: Session, tenant: str, course: int | None) -> Where:
    """The place that was named.

    :raises click.ClickException: if there is no such place, or two were named.
    """
    if tenant and course is not None:
        raise click.ClickException("Give --tenant or --course, not both.")
    if course is not None:
        found = session.get(Course, course)
        if found is None:
            raise click.ClickException(f"There is no course with the number {course}.")
        said = f"in the course {found.title or found.label or course}"
        return Where(Level.COURSE, course, found.tenant_id, said)
    if tenant:
        tenant_id = session.scalar(select(Tenant.id).where(Tenant.name == tenant))
        if tenant_id is None:
            names = ", ".join(session.scalars(select(Tenant.name).order_by(Tenant.name).limit(20)))
            raise click.ClickException(f"There is no tenant called {tenant}. Known: {names or 'none'}.")
        return Where(Level.TENANT, tenant_id, tenant_id, f"for the tenant {tenant}")
    return Where()


def refuse_too_deep(manifest: Manifest, level: Level) -> None:
    """Refuse a place further down than the plugin can be set.

    :raises click.ClickException: if it is.
    """
    order = list(Level)
    if order.index(level) > order.index(manifest.configured_per):
        raise click.ClickException(
            f"{manifest.name} can be set per {manifest.configured_per}, not per {level}."
        )
