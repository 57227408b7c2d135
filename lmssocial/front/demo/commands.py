"""The product's other commands, called from within: what the demo sets up, an administrator could type."""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout

import click


class CommandFailed(Exception):
    """A command ended with an error; the message is what it said."""


class Commands:
    """``lmssocial …`` in this process, which is quicker than starting Python for each."""

    def __init__(self, root: click.Command, environment: Mapping[str, str]) -> None:
        """Make ``environment`` this process's own from now on.

        :param root: the command line's outermost group.
        """
        self._root = root
        os.environ.clear()
        os.environ.update(environment)

    def run(self, *arguments: str, typed: str = "") -> str:
        """Run a command to its end and give what it printed.

        :param typed: what it reads from standard input.
        :raises CommandFailed: if it fails.
        """
        said, keyboard = io.StringIO(), sys.stdin
        sys.stdin = io.StringIO(typed)
        try:
            with redirect_stdout(said):
                self._root.main(list(arguments), prog_name="lmssocial", standalone_mode=False)
        except click.ClickException as error:
            raise CommandFailed(f"lmssocial {' '.join(arguments)}: {error.format_message()}") from error
        finally:
            sys.stdin = keyboard
        return said.getvalue()
