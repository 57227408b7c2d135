"""Looks at one plugin in a process of its own: ``python -m lmssocial.front.plugin_check NAME``.

Importing somebody else's code may end the process, hang, or change it; so ``lmssocial plugins check`` never does it
itself. What is found is printed line by line; the status is 0 when all is well, 1 when something is not, 2 when the
plugin is not installed.
"""

import sys
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import EntryPoint
from typing import Any

import click
import structlog

from lmssocial.core.db import Base
from lmssocial.core.hooks import Manifest, PluginHost
from lmssocial.core.hooks.host import installed
from lmssocial.web.forms import SafeForm

REGISTERING = ("lmssocial_register_widgets", "lmssocial_register_event_types")
"""Hooks that are called at start-up, and so can be tried here."""


def main(name: str) -> int:
    """Check the plugin called ``name``, print what was found, and say with which status to end."""
    structlog.configure(processors=[_silence])
    point = next((one for one in installed() if one.name == name), None)
    if point is None:
        click.echo(
            f"There is no plugin called {name}. Installed: {', '.join(one.name for one in installed())}."
        )
        return 2
    problems = list(_examine(point))
    for problem in problems:
        click.echo(f"BAD   {problem}")
    click.echo(f"{name} has {len(problems)} problem(s)." if problems else f"{name} is fine.")
    return 1 if problems else 0


def _silence(_logger: object, _method: str, _event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    raise structlog.DropEvent  # the host logs what is printed here anyway


def _examine(point: EntryPoint) -> Iterator[str]:
    """Import and register it; print what it is, and yield what is wrong."""
    version = point.dist.version if point.dist else "unknown"
    click.echo(f"      {point.name} {version}, from {point.value}")
    known = set(Base.metadata.tables)
    host = PluginHost()
    builtin = point.module.startswith("lmssocial.")
    try:
        host.load_entry_point(point, builtin=builtin)
    except SystemExit as end:
        yield f"Importing it ends the process (status {end.code}). A module must not call sys.exit()."
        return
    if broken := host.broken.get(point.name):
        click.echo(broken.details, err=True)
        yield broken.reason
        return
    manifest = host.manifests[point.name]
    api = ".".join(map(str, manifest.api))
    click.echo(f"      {manifest.title}: {manifest.summary}")
    click.echo(f"      hook API {api}, can be set per {manifest.configured_per}")
    hooks = host.hooks_of(point.name)
    click.echo(f"      implements {', '.join(hooks)}" if hooks else "      implements no hook")
    if not hooks:
        yield "It implements no hook, so it does nothing. Mark functions with @hookimpl."
    yield from _settings(manifest)
    if not builtin:
        yield from _tables(point.name, set(Base.metadata.tables) - known)
    yield from _registrations(host)


def _settings(manifest: Manifest) -> Iterator[str]:
    """The settings dataclass must have defaults, and the form the same fields."""
    if manifest.settings is None:
        if manifest.settings_form is not None:
            yield "It has a settings_form and no settings to go with it."
        return
    names = {setting.name for setting in fields(manifest.settings)}
    try:
        defaults = manifest.settings()
    except Exception as error:  # noqa: BLE001 – a plugin's constructor may raise anything
        yield f"{manifest.settings.__name__}() cannot be made without arguments: {error}"
    else:
        click.echo(f"      settings {defaults!r}")
    if manifest.settings_form is None:
        return
    if not issubclass(manifest.settings_form, SafeForm):
        yield f"{manifest.settings_form.__name__} must derive from lmssocial.plugin.SafeForm."
        return
    yield from _form_fields(manifest.settings_form, names)


def _form_fields(form: type[Any], names: set[str]) -> Iterator[str]:
    in_form = {name for name in dir(form) if hasattr(getattr(form, name), "_formfield")}
    for missing in sorted(names - in_form):
        yield f"The setting {missing} has no field in {form.__name__}."
    for extra in sorted(in_form - names):
        yield f"The field {extra} of {form.__name__} is not a setting."


def _tables(name: str, new: set[str]) -> Iterator[str]:
    for table in sorted(new):
        if not table.startswith(f"{name}__"):
            yield f"The table {table} must be called {name}__{table}."


def _registrations(host: PluginHost) -> Iterator[str]:
    for hook in REGISTERING:
        for answer in host.collect(hook):
            if answer.error is not None:
                yield f"{hook} raised {type(answer.error).__name__}: {answer.error}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
