"""``lmssocial plugins``: what is installed, whether it is sound, where it is on, and the whole life of a plugin."""

from lmssocial.front.plugins_cli import configuring, looking, making, switching, tables
from lmssocial.front.plugins_cli.base import plugins
from lmssocial.front.plugins_cli.own_commands import commands_of
from lmssocial.front.plugins_cli.tables import report_upgrades

COMMANDS = (configuring, looking, making, switching, tables)
"""Every module that hangs its commands on the group by being imported."""

__all__ = ["COMMANDS", "commands_of", "plugins", "report_upgrades"]
