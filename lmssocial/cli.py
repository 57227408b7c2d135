"""The command line. Each mistake ends in a sentence that says what to do, and a status that scripts can read."""

import os
from dataclasses import dataclass
from functools import cached_property

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from lmssocial import __version__, server, worker
from lmssocial.app import create_app, histories, load_plugins
from lmssocial.core.db import make_engine
from lmssocial.core.db.migrate import downgrade, position
from lmssocial.core.hooks import PluginHost
from lmssocial.core.hooks.schema import hold_back, upgrade_each
from lmssocial.front.admins_cli import admins
from lmssocial.front.demo.cli import demo
from lmssocial.front.health.checks import Installation, examine, readiness
from lmssocial.front.health.running import begin_anew
from lmssocial.front.keys_cli import keys
from lmssocial.front.people_cli import people
from lmssocial.front.platforms_cli import platforms
from lmssocial.front.plugins_cli import commands_of, plugins, report_upgrades
from lmssocial.settings import Settings, SettingsError
from lmssocial.web import logs, scope
from lmssocial.web.program import program
from lmssocial.widgets.discussion.importing.commands import import_discussion


@dataclass
class Console:
    """What a command has at hand; each part is made when it is first asked for."""

    settings: Settings

    @cached_property
    def _host(self) -> PluginHost:
        return load_plugins(self.settings)

    @cached_property
    def _engine(self) -> Engine:
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        return make_engine(self.settings.database)

    @cached_property
    def _app(self) -> Flask:
        hold_back(self._host, self._engine)
        return create_app(self.settings, self._host)

    def host(self) -> PluginHost:
        """The plugins; importing them happens here, so commands that must not import do not ask."""
        return self._host

    def engine(self) -> Engine:
        """An engine on the installation's database."""
        return self._engine

    def app(self) -> Flask:
        """The whole application, without plugins whose tables are not up to date."""
        return self._app

    def close(self) -> None:
        """Close what was opened."""
        if "_engine" in vars(self):
            self._engine.dispose()
        if "_app" in vars(self):
            with self._app.app_context():
                scope.db.engine.dispose()

    def installation(self) -> Installation:
        """What health checks look at."""
        return Installation(self.settings, self._engine, self._host, histories(self._host))


class Sentences(click.Group):
    """Turns expected failures of any command into one sentence and status 1 instead of a traceback.

    A name that none of its own commands has may be that of a plugin with commands.
    """

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Ours, or what the plugin of this name offers; nothing is imported to find out."""
        return super().get_command(ctx, cmd_name) or commands_of(cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException(
                "The settings are not right.\n  " + "\n  ".join(error.problems)
            ) from error
        except OperationalError as error:
            first = str(error.orig or error).strip().splitlines()[0]
            raise click.ClickException(
                f"The database does not answer, or its schema is not ready: {first}\n"
                "Check LMSSOCIAL_DATABASE_URL, and run: lmssocial db upgrade"
            ) from error


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lmssocial")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Social learning inside the courses people already have: an LTI 1.3 tool.

    Settings are environment variables, LMSSOCIAL_…; see docs/settings.md. Some plugins have commands of their own:
    lmssocial NAME --help.
    """
    if ctx.invoked_subcommand == "demo":
        return  # the demo makes its own settings
    settings = Settings.from_env(os.environ)
    logs.configure(settings.log_format)
    ctx.obj = console = Console(settings)
    ctx.call_on_close(console.close)


def _refuse_unready(console: Console) -> None:
    """Stop with the sentences that say what is missing; what concerns single plugins is told and stops nothing.

    :raises click.ClickException: if people could not be served.
    """
    findings = [finding for finding in readiness(console.installation()) if not finding.ok]
    if grave := [finding.says for finding in findings if finding.grave]:
        raise click.ClickException("\n".join(grave))
    for finding in findings:
        click.echo(finding.says, err=True)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=0, help="Processes; 0 means one for each core.")
@click.option("--threads", default=2, show_default=True, help="Threads of each process.")
@click.pass_obj
def serve(console: Console, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the tool. Pending migrations are an error that names the command."""
    _refuse_unready(console)
    console.engine().dispose()
    try:
        server.run(
            console.settings, host=host, port=port, workers=workers or os.cpu_count() or 1, threads=threads
        )
    except server.PortTaken as error:
        raise click.ClickException(str(error)) from error


@main.command(name="worker")
@click.pass_obj
def run_worker(console: Console) -> None:
    """Run timers and deliveries, until stopped. One is enough; two do no harm."""
    _refuse_unready(console)
    with console.app().app_context():
        jobs = program().jobs
    click.echo("lmssocial worker is running. Ctrl-C stops it.")
    worker.run(jobs, console.settings.data_dir)


@main.command(name="reload")
@click.pass_obj
def reload_processes(console: Console) -> None:
    """Let the server and the worker on this machine begin anew, with what was installed meanwhile. Drops no request."""
    asked = begin_anew(console.settings.data_dir)
    if not asked:
        raise click.ClickException("Nothing runs here on this data folder.")
    click.echo(f"Begins anew: {', '.join(asked)}.")


@main.group()
def db() -> None:
    """The database: bring its schema up to date, or see where it stands."""


@db.command(name="upgrade")
@click.option("--plugin", "only", default="", help="Only the tables of this plugin.")
@click.pass_obj
def db_upgrade(console: Console, only: str) -> None:
    """Apply every pending migration: the core's, then each plugin's. A plugin that fails holds up nobody else."""
    found = histories(console.host())
    if only:
        found = tuple(history for history in found if history.owner == only and only != "core")
        if not found:
            raise click.ClickException(f"{only} has no migrations. See: lmssocial plugins list")
    report_upgrades(upgrade_each(console.engine(), found))


@db.command(name="downgrade")
@click.argument("revision")
@click.confirmation_option(prompt="Going back drops what newer revisions store. Go on?")
@click.pass_obj
def db_downgrade(console: Console, revision: str) -> None:
    """Take the core's schema back to REVISION."""
    downgrade(console.engine(), histories()[0], revision)
    click.echo(f"The schema is at {revision}.")


@db.command(name="status")
@click.pass_obj
def db_status(console: Console) -> None:
    """Say where each schema history stands; status 1 if anything is pending."""
    pending = False
    with console.engine().connect() as connection:
        for history in histories(console.host()):
            where = position(connection, history)
            pending = pending or where.pending
            click.echo(f"{where.owner}: at {where.at or 'nothing'}, newest is {where.head}")
    if pending:
        raise click.ClickException("Migrations are pending. Run: lmssocial db upgrade")


@main.command()
@click.pass_obj
def doctor(console: Console) -> None:
    """Look at everything that can be wrong: one screen, status 1 if something is."""
    findings = examine(console.installation())
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        mark = "ok  " if finding.ok else ("BAD " if finding.grave else "note")
        click.echo(f"{mark}  {finding.check:<{width}} {finding.says}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)


for group in (admins, demo, import_discussion, keys, people, platforms, plugins):
    main.add_command(group)
