"""``lmssocial keys``: the keys we sign with."""

from datetime import datetime
from typing import Protocol

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.lms.lti import tool_keys
from lmssocial.lms.lti.models import ToolKey
from lmssocial.settings import Settings


class Console(Protocol):
    """What these commands need of the command line."""

    settings: Settings

    def engine(self) -> Engine:
        """An engine on the installation's database."""


@click.group()
def keys() -> None:
    """The keys this tool signs with."""


@keys.command(name="list")
@click.pass_obj
def list_keys(console: Console) -> None:
    """Every key by age, and which of them signs."""
    with Session(console.engine()) as session:
        rows = tool_keys.list_keys(session)
        if not rows:
            click.echo("There is no key yet; the first is made when an LMS first asks for it.")
        signing = tool_keys.signing_kid(session)
        for row in rows:
            click.echo(f"{row.kid}  made {_at(row.created_at)}  {_what_it_does(row, signing)}")


@keys.command()
@click.option(
    "--forget-old", is_flag=True, help="Drop every old key at once: one leaked, or cannot be opened."
)
@click.pass_obj
def rotate(console: Console, *, forget_old: bool) -> None:
    """Make a new key. Old and new overlap for a day, so that no launch and no grade fails meanwhile."""
    box = SecretBox(console.settings.secret())
    with Session(console.engine()) as session, unit_of_work(session):
        if forget_old:
            kid = tool_keys.replace_all(session, box)
            note(session, COMMAND_LINE, "key.replaced", kid)
            click.echo(
                f"{kid} signs from now on. Platforms refuse us until they have fetched our keys again."
            )
            return
        tool_keys.forget_retired(session)
        kid = tool_keys.rotate(session, box)
        note(session, COMMAND_LINE, "key.rotated", kid)
        is_first = tool_keys.signing_kid(session) == kid
    if is_first:
        click.echo(f"{kid} is published now and signs from now on: there was no key before it.")
        return
    moment = clock.now()
    click.echo(
        f"{kid} is published now and signs from {_at(moment + tool_keys.KNOWN_FIRST)}. The present key signs until "
        f"then and stays published until {_at(moment + tool_keys.KNOWN_FIRST + tool_keys.KNOWN_AFTER)}, so that no "
        "platform that keeps our keys for a day refuses anything. Nothing else is to be done."
    )


def _what_it_does(key: ToolKey, signing: str) -> str:
    if key.kid == signing:
        return f"signs until {_at(key.retired_at)}" if key.retired_at else "signs"
    if key.retired_at is None or key.retired_at > clock.now():
        return "published; signs when its predecessor steps down"
    return f"signs no more; published until {_at(key.retired_at + tool_keys.KNOWN_AFTER)}"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
