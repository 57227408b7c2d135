"""How a plugin is set: settings from a JSON file, judged by the plugin's own form."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Manifest
from lmssocial.front.admin import plugin_stances
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.front.plugins_cli.base import (
    Console,
    Where,
    at_a_place,
    loaded,
    place,
    plugins,
    reading,
    refuse_too_deep,
    work,
)
from lmssocial.social.moderation.trying_out import setup_of
from lmssocial.social.plugin_settings import service
from lmssocial.social.plugin_settings.sealing import decided_above

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@plugins.command()
@click.argument("name")
@at_a_place
@click.option(
    "--settings",
    "file",
    type=FILE,
    help="A JSON file with its settings there; without one the present ones are printed.",
)
@click.pass_obj
def configure(console: Console, name: str, tenant: str, course: int | None, file: Path | None) -> None:
    """Set NAME at a place, or print as JSON how it is set there, which is also how such a file looks.

    Secrets are never printed. One that the file does not name stays as it is; "" removes it.
    """
    manifest = loaded(console, name)
    if manifest.settings is None:
        raise click.ClickException(f"{name} has no settings.")
    if file is None:
        with reading(console) as session:
            where = place(session, tenant, course)
            present = asdict(_present(session, manifest, where))
        unsaid = manifest.secrets | decided_above(manifest, where.level)
        shown = {name: value for name, value in present.items() if name not in unsaid}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        if stored := sorted(
            name for name in manifest.secrets - decided_above(manifest, where.level) if present[name]
        ):
            click.echo(f"Stored and not shown: {', '.join(stored)}.", err=True)
        return
    given = in_file(console, manifest, file, tenant=tenant, course=course)
    with work(console) as session:
        where = place(session, tenant, course)
        refuse_too_deep(manifest, where.level)
        store(session, manifest, where, given)
    counts = " It counts from the next post on." if console.host().is_policy(name) else ""
    click.echo(f"{name} is set {where.said}.{counts}")


def store(session: Session, manifest: Manifest, where: Where, given: JsonObject) -> None:
    """Keep the settings of a place, and note it.

    :raises click.ClickException: if one of them was locked further up, or is decided there only.
    """
    if above := sorted(given.keys() & decided_above(manifest, where.level)):
        levels = sorted({str(manifest.set_above[name]) for name in above})
        raise click.ClickException(
            f"{', '.join(above)}: decided per {' and '.join(levels)}, so it cannot be set {where.said}."
        )
    locked = service.locked_above(session, manifest.name, level=where.level, tenant_id=where.tenant_id)
    if shut := sorted(locked & given.keys()):
        raise click.ClickException(f"{', '.join(shut)}: locked further up, so it cannot be set {where.said}.")
    service.configure(
        session,
        manifest.name,
        given,
        level=where.level,
        place_id=where.place_id,
        secrets=manifest.secrets,
        keep=manifest.secrets - given.keys(),
    )
    subject = f"{manifest.name}, {where.said}"
    note(session, COMMAND_LINE, "plugin.configured", subject)
    own_stance = service.stance_at(session, manifest.name, level=where.level, place_id=where.place_id)
    if plugin_stances.step_back(session, COMMAND_LINE, manifest, where.spot, own_stance, subject):
        click.echo(
            "Nobody has tried it out with these settings, so for now its verdicts are only noted (shadow)."
        )


def in_file(
    console: Console, manifest: Manifest, file: Path, *, tenant: str, course: int | None
) -> JsonObject:
    """The settings in ``file``, judged by the plugin's own form where it has one; those it does not name stay open.

    :raises click.ClickException: saying everything that is wrong.
    """
    given = _read(manifest, file)
    if manifest.settings_form is None:
        return given
    with reading(console) as session:
        wanted = asdict(_present(session, manifest, place(session, tenant, course))) | given
    with console.app().test_request_context():
        form = manifest.settings_form(_as_sent(wanted), meta={"csrf": False})
        if not form.validate():
            lines = [f"  {name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
            raise click.ClickException("\n".join([f"{file} cannot be taken:", *lines]))
        return {name: form[name].data for name in given}


def _present(session: Session, manifest: Manifest, where: Where) -> Any:
    return setup_of(session, manifest, where.spot).settings


def _read(manifest: Manifest, file: Path) -> JsonObject:
    if manifest.settings is None:
        raise click.ClickException(f"{manifest.name} has no settings.")
    try:
        given = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise click.ClickException(f"{file} must hold a JSON object.")
    names = [setting.name for setting in fields(manifest.settings)]
    if unknown := sorted(given.keys() - set(names)):
        raise click.ClickException(
            f"{', '.join(unknown)}: no setting of {manifest.name}. Known: {', '.join(names)}."
        )
    if strange := sorted(
        name for name in manifest.secrets & given.keys() if not isinstance(given[name], str)
    ):
        raise click.ClickException(f"{', '.join(strange)}: a secret must be a text.")
    return given


def _as_sent(values: JsonObject) -> MultiDict[str, str]:
    """The values as a browser would send them, because that is what forms understand."""
    sent: list[tuple[str, str]] = []
    for name, value in values.items():
        many: list[Any] = list(value) if isinstance(value, list | tuple) else [value]
        sent += [
            (name, "y" if one is True else str(one)) for one in many if one is not False and one is not None
        ]
    return MultiDict(sent)
