"""Looking at what is installed."""

import subprocess
import sys

import click
from sqlalchemy import select

from lmssocial.core.hooks import Level
from lmssocial.core.hooks.host import installed
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.front.plugins_cli.base import (
    Console,
    at_a_place,
    loaded,
    place,
    plugins,
    reading,
    refuse_too_deep,
    work,
)
from lmssocial.lms.identity.models import Tenant
from lmssocial.settings import Settings
from lmssocial.social.moderation.trying_out import parts_of, try_out
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.web.program import program

CHECK_WITHIN = 60
"""Seconds that importing a plugin and asking it may take."""
ENDINGS = ("is fine.", "problem(s).")
"""How the last line of the check ends, unless the plugin ended its process."""
NOT_INSTALLED = 2
"""Its status if there is no such plugin."""
_PLACES = {Level.INSTALLATION: "everywhere", Level.TENANT: "tenant", Level.COURSE: "course"}


@plugins.command(name="list")
@click.pass_obj
def list_plugins(console: Console) -> None:
    """Every plugin with its version, where it is on and how much its word counts. Imports none of them."""
    decided = _decided(console)
    points = installed()
    for point in points:
        version = point.dist.version if point.dist else "?"
        builtin = point.module.startswith("lmssocial.")
        state = "built in" if builtin else ", ".join(decided.get(point.name) or ["off"])
        click.echo(
            f"{point.name:<20} {version:<10} {state}{_left_out(console.settings, point.name, builtin=builtin)}"
        )
    for name in sorted(decided.keys() - {point.name for point in points}):
        state = ", ".join(decided[name] or ["off"])
        click.echo(f"{name:<20} {'-':<10} {state}  (not installed; its settings are kept)")


def _decided(console: Console) -> dict[str, list[str]]:
    """Plugin → what was decided about it, from the installation down."""
    order = list(Level)
    decided: dict[str, list[str]] = {}
    with reading(console) as session:
        rows = session.scalars(select(PluginSetting).order_by(PluginSetting.place_id)).all()
        tenants = dict(session.execute(select(Tenant.id, Tenant.name)).all())
    for row in sorted(rows, key=lambda row: order.index(row.level)):
        said = decided.setdefault(row.plugin, [])
        called = tenants.get(row.place_id) if row.level is Level.TENANT else None
        where = f"{_PLACES[row.level]} {called or row.place_id}" if row.place_id else _PLACES[row.level]
        if row.enabled is not None:
            said.append(f"{'on' if row.enabled else 'off'} {where}")
        if row.stance is not None:
            said.append(f"{row.stance} {where}")
    return decided


@plugins.command()
@click.argument("name")
def check(name: str) -> None:
    """Import NAME in a process of its own and look at it; status 1 if something is wrong."""
    command = [sys.executable, "-m", "lmssocial.front.plugin_check", name]
    try:
        done = subprocess.run(command, check=False, timeout=CHECK_WITHIN, capture_output=True, text=True)
    except subprocess.TimeoutExpired as late:
        raise click.ClickException(f"{name} could not be looked at within {CHECK_WITHIN} seconds.") from late
    click.echo(done.stdout, nl=False)
    click.echo(done.stderr, nl=False, err=True)
    if done.returncode != NOT_INSTALLED and not done.stdout.rstrip().endswith(ENDINGS):
        click.echo(f"BAD   Looking at {name} ended the process with status {done.returncode}.")
        raise SystemExit(1)
    if done.returncode:
        raise SystemExit(1)


@plugins.command()
@click.argument("name")
@at_a_place
@click.pass_obj
def backtest(console: Console, name: str, tenant: str, course: int | None) -> None:
    """Ask the policy NAME, as it is set at a place, about the posts of the last 90 days there. Holds nothing.

    Who wants it enforced has to know this first: --stance enforce is refused without it.
    """
    manifest = loaded(console, name)
    if not console.host().is_policy(name):
        raise click.ClickException(f"{name} judges nothing, so there is nothing to try out.")
    with work(console) as session:
        where = place(session, tenant, course)
        refuse_too_deep(manifest, where.level)
    app = console.app()
    with app.app_context(), reading(console) as session:
        found = try_out(session, parts_of(program()), name, where.spot)
    with work(console) as session:
        session.add(found)
        note(session, COMMAND_LINE, "plugin.tried_out", f"{name}, {where.said}")
        click.echo(
            f"{name} {where.said}, in the last {found.days} days: it would have held {found.would_hold} of "
            f"{found.looked_at} posts, and advised about {found.would_advise}."
        )
        if found.would_hold:
            click.echo(
                f"Of those it would have held, members flagged {found.of_them_flagged}, and moderators acted against "
                f"{found.of_them_upheld}."
            )
        if found.failed:
            click.echo(f"It failed on {found.failed}.")
        if not found.complete:
            click.echo("It did not get through all of them in the time it had.")


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
