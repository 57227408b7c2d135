"""``lmssocial admins``: who may open ``/admin/``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Problem
from lmssocial.front.admin import accounts, passwords
from lmssocial.front.admin.accounts import AccountDraft
from lmssocial.front.admin.log import COMMAND_LINE
from lmssocial.settings import Settings


class Console(Protocol):
    """What these commands need of the command line."""

    settings: Settings

    def engine(self) -> Engine:
        """An engine on the installation's database."""


@contextmanager
def work(console: Console) -> Iterator[Session]:
    """One unit of work; what goes wrong becomes a sentence and status 1."""
    try:
        with Session(console.engine()) as session, unit_of_work(session):
            yield session
    except Problem as problem:
        raise click.ClickException(problem.message) from problem


@click.group()
def admins() -> None:
    """The people who may open /admin/."""


@admins.command()
@click.argument("login", metavar="NAME")
@click.option("--name", "full_name", default="", help="Their full name, as other administrators see it.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@click.pass_obj
def add(console: Console, login: str, full_name: str, *, password_stdin: bool) -> None:
    """Let somebody in who signs in as NAME, and ask for their first password twice."""
    login = accounts.normal_login(login)
    if not login or not login.isprintable() or any(sign.isspace() for sign in login) or len(login) > 120:
        raise click.ClickException("The name must have 1 to 120 characters and no spaces.")
    with work(console) as session:  # before anybody thinks of a password in vain
        if accounts.by_login(session, login) is not None:
            raise click.ClickException(
                f"There is already an administrator called {login}. For another password, remove and add again:\n"
                f"  lmssocial admins remove {login}"
            )
    password = _from_stdin() if password_stdin else _asked_twice()
    if problem := passwords.problem_with(password, login):
        raise click.ClickException(problem)
    with work(console) as session:
        accounts.add(session, COMMAND_LINE, AccountDraft(login=login, name=full_name, password=password))
    click.echo(f"{login} can sign in at {console.settings.public_url}/admin/")


@admins.command(name="list")
@click.pass_obj
def list_admins(console: Console) -> None:
    """Every administrator, and how they sign in."""
    with work(console) as session:
        everyone = accounts.everyone(session)
        for one in everyone:
            steps = "password and code" if one.sealed_totp_secret else "password only"
            seen = (
                f"last signed in {one.last_sign_in_at:%Y-%m-%d %H:%M} UTC"
                if one.last_sign_in_at
                else "never signed in"
            )
            click.echo(f"{one.login}  {one.name}  {steps}  {seen}{'  SWITCHED OFF' if one.disabled else ''}")
        if not everyone:
            click.echo("There is no administrator yet. Add one: lmssocial admins add NAME")


@admins.command()
@click.argument("login", metavar="NAME")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(console: Console, login: str, *, yes: bool) -> None:
    """Remove NAME's account and end their sign-ins. What they did stays in the log."""
    with work(console) as session:
        found = accounts.by_login(session, login)
        if found is None:
            raise click.ClickException(f"There is no administrator called {accounts.normal_login(login)}.")
        account_id, others = found.id, len(accounts.everyone(session)) - 1
    if not yes:
        last = "" if others else " It is the only one; then nobody can open /admin/ until you add another."
        click.confirm(f"Remove {accounts.normal_login(login)}?{last}", abort=True)
    with work(console) as session:
        removed = accounts.remove(session, COMMAND_LINE, account_id)
    click.echo(f"{removed} is removed.")


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _asked_twice() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same once more")
    return password
