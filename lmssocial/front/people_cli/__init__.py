"""``lmssocial people``: finding a person, handing out what is kept about them, erasing them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click
from flask import Flask
from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.db.migrate import own_tables
from lmssocial.core.hooks import PluginHost
from lmssocial.core.hooks.host import installed
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.front.people_cli import erasing, exporting
from lmssocial.lms.identity.models import Tenant, User
from lmssocial.web.program import program

MOST = 50
"""People that are listed at once."""


class Console(Protocol):
    """What these commands need of the command line."""

    def engine(self) -> Engine:
        """An engine on the installation's database."""

    def app(self) -> Flask:
        """The whole application, without plugins whose tables are not up to date."""


@click.group()
def people() -> None:
    """What is kept about a person: hand it out, or erase it."""


@people.command()
@click.argument("words")
@click.pass_obj
def find(console: Console, words: str) -> None:
    """Everybody whose name or e-mail address contains WORDS, with their numbers.

    Who is known through two platforms is two people here.
    """
    with Session(console.engine()) as session:
        pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = session.execute(
            select(User.id, User.name, User.email, Tenant.name.label("tenant"))
            .join(Tenant, Tenant.id == User.tenant_id)
            .where(
                or_(
                    User.name.ilike(f"%{pattern}%", escape="\\"),
                    User.email.ilike(f"%{pattern}%", escape="\\"),
                )
            )
            .order_by(User.name, User.id)
            .limit(MOST + 1)
        ).all()
    if not rows:
        raise click.ClickException(f"Nobody's name or address contains {words}.")
    for row in rows[:MOST]:
        click.echo(f"{row.id:>8}  {row.name}  {row.email or '-'}  ({row.tenant})")
    if len(rows) > MOST:
        click.echo("There are more. Say more of the name.")


@people.command()
@click.argument("number", type=int)
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file to write into; without one it is printed.",
)
@click.pass_obj
def export(console: Console, number: int, file: Path | None) -> None:
    """Everything that is kept about the person NUMBER, as JSON. See: lmssocial people find."""
    if file is not None and file.exists():
        raise click.ClickException(f"{file} is there already. Name a file that is not.")
    host = _everybody(console)
    with Session(console.engine()) as session:
        user = _person(session, number)
        try:
            found = exporting.export(session, host, user)
        except exporting.NotExported as failed:
            raise click.ClickException(f"{failed}\nNothing was handed out: it would not be all.") from failed
    text = json.dumps(found, indent=2, ensure_ascii=False, default=str)
    if file is None:
        click.echo(text)
    else:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(f"{text}\n", "utf-8")
        click.echo(f"Written to {file}, which only you can read.")
    with _work(console) as session:
        note(session, COMMAND_LINE, "people.exported", f"person {number}")


@people.command()
@click.argument("number", type=int)
@click.option(
    "--with-words", is_flag=True, help="Also what they wrote; without this it stays, under no name."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(console: Console, number: int, *, with_words: bool, yes: bool) -> None:
    """Forget the person NUMBER everywhere. It cannot be undone. See: lmssocial people find.

    Remove them from their courses in the LMS first: whoever it still sends, or still lists, comes as somebody new.
    """
    host = _everybody(console)
    with Session(console.engine()) as session:
        user = _person(session, number)
        said = f"{user.name} {f'<{user.email}> ' if user.email else ''}".strip()
    stays = "What they wrote goes as well." if with_words else "What they wrote stays, under “Former member”."
    click.echo(f"{said}, person {number}: name, address, account, drafts, notices and settings go. {stays}")
    if not yes:
        click.confirm("Erase them? It cannot be undone.", abort=True)
    with _work(console) as session:
        try:
            locked = session.get_one(User, number, with_for_update=True, populate_existing=True)
            erasing.erase(session, host, locked, with_words=with_words)
        except erasing.NotErased as failed:
            raise click.ClickException(f"{failed}\nNothing was erased anywhere.") from failed
        note(session, COMMAND_LINE, "people.erased", f"person {number}{', with words' if with_words else ''}")
    click.echo(f"Person {number} is erased.")


def _everybody(console: Console) -> PluginHost:
    """All plugins, because each may keep something.

    :raises click.ClickException: if one that has tables is not loaded.
    """
    with console.app().app_context():
        host = program().host
    with console.engine().connect() as connection:
        missing = [
            point.name
            for point in installed()
            if point.name not in host.manifests and own_tables(connection, point.name)
        ]
    if missing:
        raise click.ClickException(
            f"{', '.join(missing)}: not loaded, and may keep something about them. Mend or load it first, or delete "
            f"everything of it: lmssocial plugins purge {missing[0]}"
        )
    return host


def _person(session: Session, number: int) -> User:
    user = session.get(User, number)
    if user is None:
        raise click.ClickException(f"There is no person {number}. See: lmssocial people find")
    if user.is_former and not user.has_real_name:
        raise click.ClickException(f"Person {number} is a former member: there is nobody behind that number.")
    return user


@contextmanager
def _work(console: Console) -> Iterator[Session]:
    with Session(console.engine()) as session, unit_of_work(session):
        yield session
