"""``lmssocial <plugin> …``: the commands that a plugin brings along, loaded only when somebody types its name."""

import traceback
from typing import Any

import click
from sqlalchemy.orm import sessionmaker

from lmssocial.core.hooks import PluginHost
from lmssocial.core.hooks.host import installed
from lmssocial.core.kernel.errors import Problem
from lmssocial.front.plugins_cli.base import Console, loaded
from lmssocial.social.plugin_settings.work import PluginWork
from lmssocial.web.program import Program, program

HOOK = "lmssocial_register_commands"


class PluginCommands(click.Group):
    """What stands behind the name of one plugin."""

    def __init__(self, plugin: str) -> None:
        """Remember the name; nothing is imported before a command, or the list of them, is asked for."""
        super().__init__(
            plugin,
            help=f"Commands of the plugin {plugin}.",
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self._program: Program | None = None
        self._found: dict[str, click.Command] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, sorted."""
        self._load(ctx.obj)
        return sorted(self._found)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, if the plugin has one."""
        self._load(ctx.obj)
        return self._found.get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command with the plugin's work as its object; what goes wrong becomes a sentence and status 1."""
        console: Console = ctx.obj
        made = self._load(console)
        ctx.obj = PluginWork(str(self.name), sessionmaker(console.engine()), made.host, made.outbound)
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise click.ClickException(problem.message) from problem
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # a plugin may raise anything
            click.echo("".join(traceback.format_exception(error)), nl=False, err=True)
            raise click.ClickException(f"{self.name} failed: {_line(error)}") from error

    def _load(self, console: Console) -> Program:
        """Import what is needed, once.

        :raises click.ClickException: if the plugin is not loaded, offers nothing, or what it offers cannot be used.
        """
        if self._program is None:
            with console.app().app_context():
                made = program()
            loaded(console, str(self.name))
            self._found = _commands(made.host, str(self.name))
            self._program = made
        return self._program


def commands_of(name: str) -> PluginCommands | None:
    """The commands of an installed plugin; ``None`` if there is none of this name. Imports nothing."""
    points = {point.name: point.module for point in installed()}
    return None if points.get(name, "lmssocial.").startswith("lmssocial.") else PluginCommands(name)


def _commands(host: PluginHost, name: str) -> dict[str, click.Command]:
    """What the plugin offers, by name.

    :raises click.ClickException: if it offers nothing, or what cannot be used.
    """
    if HOOK not in host.hooks_of(name):
        raise click.ClickException(f"{name} has no commands. See: lmssocial plugins --help")
    try:
        offered = list(host.call(HOOK, name, {}))
    except Exception as error:  # a plugin may raise anything
        click.echo("".join(traceback.format_exception(error)), nl=False, err=True)
        raise click.ClickException(f"{name} cannot say which commands it has: {_line(error)}") from error
    named = {str(one.name): one for one in offered if isinstance(one, click.Command)}
    if len(named) != len(offered):
        raise click.ClickException(f"{name} offers something that is no command, or two of one name.")
    return named


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
