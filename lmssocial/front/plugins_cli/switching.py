"""Where a plugin is on, how much its word counts, and what nobody further down may change."""

import shlex
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Manifest, Stance
from lmssocial.front.admin import plugin_stances
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.front.plugins_cli.base import (
    Console,
    Where,
    at_a_place,
    known,
    loaded,
    place,
    plugins,
    refuse_too_deep,
    work,
)
from lmssocial.front.plugins_cli.configuring import FILE, in_file, store
from lmssocial.lms.identity.models import Course, Tenant
from lmssocial.social.plugin_settings import breaker, service
from lmssocial.social.plugin_settings.models import PluginFailure, PluginSetting


@plugins.command()
@click.argument("name")
@at_a_place
@click.option("--settings", "file", type=FILE, help="A JSON file with its settings there.")
@click.option(
    "--stance",
    "word",
    type=click.Choice([stance.value for stance in Stance]),
    help="How much a policy's word counts there; until somebody says so, its verdicts are only noted (shadow).",
)
@click.pass_obj
def enable(
    console: Console, name: str, tenant: str, course: int | None, file: Path | None, word: str | None
) -> None:
    """Switch NAME on: for the whole installation, one tenant or one course."""
    manifest = loaded(console, name)
    given = None if file is None else in_file(console, manifest, file, tenant=tenant, course=course)
    stance = None if word is None else Stance(word)
    if stance is not None and not console.host().is_policy(name):
        raise click.ClickException(f"{name} judges nothing, so it takes no stance.")
    with work(console) as session:
        where = place(session, tenant, course)
        refuse_too_deep(manifest, where.level)
        _refuse_locked(session, name, where, _decided(given, stance))
        service.switch(session, name, on=True, level=where.level, place_id=where.place_id)
        note(session, COMMAND_LINE, "plugin.switched_on", f"{name}, {where.said}")
        if given is not None:
            store(session, manifest, where, given)
        if stance is not None:
            _take(session, manifest, where, stance)
    click.echo(f"{name} is on {where.said}{'' if stance is None else f', and its stance is {stance}'}.")


@plugins.command()
@click.argument("name")
@at_a_place
@click.option("--all", "everywhere", is_flag=True, help="Also where a tenant or a course has switched it on.")
@click.pass_obj
def disable(console: Console, name: str, tenant: str, course: int | None, *, everywhere: bool) -> None:
    """Switch NAME off. Imports nothing, so it works whatever the plugin does. Its settings are kept."""
    with work(console) as session:
        known(session, name)
        where = place(session, tenant, course)
        if everywhere and where.level is not Level.INSTALLATION:
            raise click.ClickException(
                "--all means every tenant and course. Leave out --tenant and --course."
            )
        _refuse_locked(session, name, where, {service.ENABLED})
        if everywhere:
            service.switch_off_everywhere(session, name)
        else:
            service.switch(session, name, on=False, level=where.level, place_id=where.place_id)
        note(session, COMMAND_LINE, "plugin.switched_off", f"{name}, {where.said}")
        session.flush()
        locked = service.locked_at(session, name, level=where.level, place_id=where.place_id)
        below = service.ENABLED not in locked
        elsewhere = below and where.level is Level.INSTALLATION and service.any_on(session, [name])
        courses = _courses_on(session, name, where) if below and where.level is Level.TENANT else []
    if elsewhere:
        click.echo(
            f"{name} is off for the installation, and stays on where a tenant or a course has switched it on."
        )
        click.echo("To switch it off there, too, add --all.")
        return
    click.echo(f"{name} is off {where.said}.")
    if courses:
        numbers = ", ".join(map(str, courses))
        click.echo(f"It stays on in the courses that have switched it on: {numbers}. See --course.")


@plugins.command(name="lock")
@click.argument("name")
@click.argument("settings", nargs=-1, required=True)
@click.option("--tenant", default="", help="Only for the courses of the tenant of this name.")
@click.pass_obj
def lock_settings(console: Console, name: str, settings: tuple[str, ...], tenant: str) -> None:
    """Decide SETTINGS of NAME for everybody below: names of settings, 'enabled' for the switch, or 'stance'."""
    manifest = loaded(console, name)
    if strange := sorted(set(settings) - _lockable(manifest)):
        raise click.ClickException(
            f"{', '.join(strange)}: nothing of {name} that can be locked. "
            f"Known: {', '.join(sorted(_lockable(manifest)))}."
        )
    with work(console) as session:
        where = place(session, tenant, None)
        names = service.locked_at(session, name, level=where.level, place_id=where.place_id) | set(settings)
        service.lock(session, name, names, level=where.level, place_id=where.place_id)
        note(session, COMMAND_LINE, "plugin.locked", f"{name}, {where.said}: {', '.join(sorted(settings))}")
    click.echo(f"Locked {where.said}: {', '.join(sorted(names))}.")


@plugins.command(name="unlock")
@click.argument("name")
@click.argument("settings", nargs=-1, required=True)
@click.option("--tenant", default="", help="Only for the courses of the tenant of this name.")
@click.pass_obj
def unlock_settings(console: Console, name: str, settings: tuple[str, ...], tenant: str) -> None:
    """Let those below decide SETTINGS of NAME themselves again. What they had decided before counts again."""
    with work(console) as session:
        known(session, name)
        where = place(session, tenant, None)
        before = service.locked_at(session, name, level=where.level, place_id=where.place_id)
        if strange := sorted(set(settings) - before):
            raise click.ClickException(f"{', '.join(strange)}: not locked {where.denied}.")
        names = before - set(settings)
        service.lock(session, name, names, level=where.level, place_id=where.place_id)
        note(session, COMMAND_LINE, "plugin.unlocked", f"{name}, {where.said}: {', '.join(sorted(settings))}")
    click.echo(f"Locked {where.said}: {', '.join(sorted(names)) or 'nothing'}.")


@plugins.command()
@click.argument("name")
@click.option("--tenant", default="", help="Only for the tenant of this name.")
@click.pass_obj
def reset(console: Console, name: str, tenant: str) -> None:
    """Forget how NAME failed, and use it again where it was switched off for failing too often."""
    with work(console) as session:
        where = place(session, tenant, None)
        rows = session.scalars(select(PluginFailure).where(PluginFailure.plugin == name)).all()
        found = [row for row in rows if where.level is Level.INSTALLATION or row.tenant_id == where.place_id]
        if not found:
            known(session, name)
            raise click.ClickException(f"{name} has not failed {where.denied}. Nothing was changed.")
        for row in found:
            breaker.clear(session, name, row.tenant_id)
        note(session, COMMAND_LINE, "plugin.reset", f"{name}, {where.said}")
    back = sum(row.tripped_at is not None for row in found)
    click.echo(f"Forgotten for {len(found)} tenant(s); {name} is used again by {back} of them.")


def _take(session: Session, manifest: Manifest, where: Where, stance: Stance) -> None:
    """Let its word count; to be enforced it must have been tried out with the settings it has there.

    :raises Conflict: if it was not.
    """
    session.flush()
    plugin_stances.take(session, COMMAND_LINE, manifest, where.spot, stance, f"{manifest.name}, {where.said}")


def _lockable(manifest: Manifest) -> set[str]:
    own = set() if manifest.settings is None else {setting.name for setting in fields(manifest.settings)}
    return own | {service.ENABLED, service.STANCE}


def _decided(given: Iterable[str] | None, stance: Stance | None) -> set[str]:
    return {service.ENABLED, *(given or ()), *(() if stance is None else (service.STANCE,))}


def _courses_on(session: Session, name: str, where: Where) -> list[int]:
    """The courses of a tenant that have switched a plugin on themselves."""
    query = (
        select(Course.id)
        .join(PluginSetting, PluginSetting.place_id == Course.id)
        .where(
            Course.tenant_id == where.tenant_id,
            PluginSetting.level == Level.COURSE,
            PluginSetting.plugin == name,
            PluginSetting.enabled.is_(True),
        )
    )
    return list(session.scalars(query.order_by(Course.id)))


def _refuse_locked(session: Session, name: str, where: Where, names: set[str]) -> None:
    """Refuse what would not count.

    :raises click.ClickException: naming what was locked further up, and how to unlock it there.
    """
    locked = service.locked_above(session, name, level=where.level, tenant_id=where.tenant_id)
    if shut := sorted(names & locked):
        top = service.locked_at(session, name, level=Level.INSTALLATION)
        remedies = [" ".join(one for one in shut if one in top)]
        if below := " ".join(one for one in shut if one not in top):
            tenant = session.get_one(Tenant, where.tenant_id)
            remedies.append(f"{below} --tenant {shlex.quote(tenant.name)}")
        raise click.ClickException(
            "\n".join(
                [
                    f"{', '.join(shut)}: locked further up, so it cannot be decided {where.said}.",
                    *(f"See: lmssocial plugins unlock {name} {remedy}" for remedy in remedies if remedy),
                ]
            )
        )
