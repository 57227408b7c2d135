"""The tables of a plugin: bringing them up to date, and taking everything of it away."""

import traceback
from collections.abc import Iterable

import click
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lmssocial.core.db.migrate import downgrade, drop_tables, own_tables
from lmssocial.core.hooks.host import installed
from lmssocial.core.hooks.manifest import NAME
from lmssocial.core.hooks.schema import Upgraded, plugin_histories, upgrade_each
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.front.plugins_cli.base import Console, loaded, plugins, reading, work
from lmssocial.social.plugin_settings import remains


def report_upgrades(done: Iterable[Upgraded]) -> None:
    """Say what became of each history.

    :raises click.ClickException: after the last of them, if one failed.
    """
    failed = []
    for one in done:
        if one.error is not None:
            failed.append(one.owner)
            click.echo("".join(traceback.format_exception(one.error)), nl=False, err=True)
            reason = (str(one.error).strip() or "no reason given").splitlines()[0]
            click.echo(
                f"{one.owner}: FAILED, and stays at {one.before or 'empty'}. {type(one.error).__name__}: {reason}"
            )
        elif one.before == one.after:
            click.echo(f"{one.owner}: up to date ({one.after}).")
        else:
            click.echo(f"{one.owner}: {one.before or 'empty'} → {one.after}.")
    if failed:
        names = ", ".join(failed)
        raise click.ClickException(
            f"The tables of {names} are not up to date. Everything else is, and the site runs without {names} until "
            "that is mended."
        )


@plugins.command(name="upgrade")
@click.argument("name")
@click.pass_obj
def upgrade_tables(console: Console, name: str) -> None:
    """Bring the tables of NAME up to date."""
    manifest = loaded(console, name)
    own = [history for history in plugin_histories(console.host()) if history.owner == name]
    if not own:
        click.echo(f"{manifest.name} stores nothing, so there is nothing to bring up to date.")
        return
    done = list(upgrade_each(console.engine(), own))
    if any(one.error is None and one.before != one.after for one in done):
        with work(console) as session:
            note(session, COMMAND_LINE, "plugin.upgraded", f"{name}, {done[0].after}")
    report_upgrades(done)
    click.echo("Start the server and the worker again, so that they use it.")


@plugins.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def purge(console: Console, name: str, *, yes: bool) -> None:
    """Delete everything of NAME: its tables, settings, failures and its place in the log of events.

    Works after it was uninstalled, too. What policies said about posts stays with the cases.
    """
    if not NAME.fullmatch(name) or any(
        point.name == name and point.module.startswith("lmssocial.") for point in installed()
    ):
        raise click.ClickException(f"{name} is built in, or no name of a plugin. Nothing was deleted.")
    with reading(console) as session:
        tables = own_tables(session.connection(), name)
        kept = remains.count(session, name)
        lines = [f"  {table}: {_rows(session, table)} rows" for table in tables]
    if not tables and not kept.total:
        raise click.ClickException(f"Nothing is stored of {name}.")
    click.echo(f"Of {name} there are stored:")
    click.echo("\n".join([*lines, f"  {kept.said}"]))
    if not yes:
        click.confirm("Delete all of it? It cannot be brought back.", abort=True)
    _take_tables(console, name)
    with work(console) as session:
        remains.forget(session, name)
        note(session, COMMAND_LINE, "plugin.purged", name)
    click.echo(f"Nothing of {name} is left.")


def _take_tables(console: Console, name: str) -> None:
    """Through its own history if it can be had, because only that knows of more than tables; then whatever is left."""
    for history in plugin_histories(console.host()):
        if history.owner == name:
            try:
                downgrade(console.engine(), history, "base")
            except Exception as error:  # noqa: BLE001 – somebody else's revisions may raise anything
                click.echo(
                    f"Its own downgrade failed ({error}), so its tables are dropped as they are.", err=True
                )
    with console.engine().begin() as connection:
        drop_tables(connection, name)


def _rows(session: Session, table: str) -> int:
    """Its number of rows; the name comes from the database itself."""
    return session.scalar(select(func.count()).select_from(text(f'"{table}"'))) or 0
