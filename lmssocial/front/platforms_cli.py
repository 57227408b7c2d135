"""``lmssocial platforms``: which LMSs may use this tool."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Problem
from lmssocial.front.admin.log import COMMAND_LINE, note
from lmssocial.front.launch.registration_routes import tool_description
from lmssocial.lms.identity import invitations
from lmssocial.lms.identity import platforms as service
from lmssocial.lms.identity.models import Deployment, Registration, Standing, Tenant
from lmssocial.lms.identity.platforms import PlatformDraft
from lmssocial.lms.identity.updating import Ways, update_in_lms
from lmssocial.settings import Settings
from lmssocial.web.program import program

STANDINGS = {Standing.PENDING: "waits for approval", Standing.APPROVED: "approved", Standing.DISABLED: "off"}


class Console(Protocol):
    """What these commands need of the command line."""

    settings: Settings

    def engine(self) -> Engine:
        """An engine on the installation's database."""

    def app(self) -> Flask:
        """The whole application."""


@contextmanager
def in_words() -> Iterator[None]:
    """What goes wrong becomes a sentence and status 1."""
    try:
        yield
    except Problem as problem:
        raise click.ClickException(problem.message) from problem


@contextmanager
def reading(console: Console) -> Iterator[Session]:
    """A session that changes nothing, and keeps nobody from writing."""
    with in_words(), Session(console.engine()) as session:
        yield session


@contextmanager
def writing(console: Console) -> Iterator[Session]:
    """One unit of work. Say what was done after it: before, it is not done yet."""
    with in_words(), Session(console.engine(), expire_on_commit=False) as session, unit_of_work(session):
        yield session


@click.group()
def platforms() -> None:
    """The LMSs that may use this tool."""


@platforms.command()
@click.option("--name", required=True, help="What people call it: 'Moodle of Northern College'.")
@click.option("--issuer", required=True, help="Who signs: the LMS's issuer, exactly as it writes it.")
@click.option("--client-id", required=True, help="What the LMS calls this tool.")
@click.option("--auth-login-url", required=True, help="Where the LMS authenticates people.")
@click.option("--token-url", required=True, help="Where we get access tokens.")
@click.option("--jwks-url", required=True, help="Where the LMS publishes its keys.")
@click.option("--deployment-id", required=True, help="Which installation in the LMS.")
@click.option("--tenant", default="", help="Whose it is; made if there is none of that name.")
@click.option("--token-audience", default="", help="If it is not the token URL (Brightspace).")
@click.option("--family", default="", help="moodle, canvas, … if you want it noted.")
@click.option("--update", is_flag=True, help="Replace the addresses it was registered with before.")
@click.pass_obj
def add(console: Console, /, *, tenant: str, deployment_id: str, update: bool, **typed: str) -> None:
    """Register a platform by hand. It is approved at once, because an administrator typed it.

    Doing it again changes nothing; with another --deployment-id it adds that deployment.
    """
    draft = PlatformDraft(**{name: value.strip() for name, value in typed.items()})
    with writing(console) as session:
        owner, is_new_tenant = service.tenant_named(session, tenant)
        added = service.add(session, owner, draft, deployment_id.strip(), update=update)
        _note_tenant(session, owner, is_new=is_new_tenant)
        deed = "platform.edited" if update and not added.is_new else "platform.added"
        note(session, COMMAND_LINE, deed, f"{added.registration.name}, {deployment_id.strip()}")
    if is_new_tenant:
        click.echo(f"Made the tenant {owner.name}.")
    click.echo(
        f"{'Registered' if added.is_new else 'Already registered:'} {added.registration.name} "
        f"(platform {added.registration.id}, tenant {owner.name}); deployment {deployment_id.strip()} is approved."
    )
    show_addresses(console.settings.public_url, added.registration.public_key)


def show_addresses(public_url: str, public_key: str) -> None:
    """What has to be typed into the LMS."""
    click.echo("\nGive your LMS these addresses:")
    for label, path in (
        ("Login URL", "/lti/login"),
        ("Launch and redirect URL", "/lti/launch"),
        ("Public keys (JWKS)", "/lti/jwks.json"),
        ("Deep linking URL", "/lti/launch"),
        ("Its own login URL, if several customers share this issuer", f"/lti/login/{public_key}"),
    ):
        click.echo(f"  {label}: {public_url}{path}")


@platforms.command()
@click.option("--name", required=True, help="What the platform will be called.")
@click.option("--tenant", default="", help="Whose it is; made if there is none of that name.")
@click.option("--days", default=invitations.DAYS, show_default=True, help="How long the link works.")
@click.option("--approve", is_flag=True, help="Let it in at once, without 'platforms approve'.")
@click.pass_obj
def invite(console: Console, *, name: str, tenant: str, days: int, approve: bool) -> None:
    """Print a link with which the administrator of an LMS registers it, once (dynamic registration)."""
    with writing(console) as session:
        owner, is_new_tenant = service.tenant_named(session, tenant)
        invitation, token = invitations.invite(session, owner, name, days=days, approve=approve)
        _note_tenant(session, owner, is_new=is_new_tenant)
        note(session, COMMAND_LINE, "invitation.created", invitation.name)
    if is_new_tenant:
        click.echo(f"Made the tenant {owner.name}.", err=True)
    click.echo(f"{console.settings.public_url}/lti/register?invite={token}")
    click.echo(
        f"Works once, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC, for tenant {owner.name}. "
        "It is shown only now. Whoever has it can connect an LMS there.",
        err=True,
    )


@platforms.command(name="list")
@click.pass_obj
def list_platforms(console: Console) -> None:
    """Every platform with its deployments, and the invitations that are still open."""
    with reading(console) as session:
        found = service.all_platforms(session)
        for registration in found:
            _show(registration, console.settings.public_url)
        if not found:
            click.echo("No platform is registered. Add one: lmssocial platforms invite --name …")
        for invitation, owner in invitations.open_invitations(session):
            until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
            click.echo(f"Invitation {invitation.id}  {invitation.name}  tenant {owner}  until {until}")


@platforms.command()
@click.argument("platform")
@click.option("--deployment-id", default="", help="This one only, even if it was switched off.")
@click.pass_obj
def approve(console: Console, platform: str, deployment_id: str) -> None:
    """Let the waiting deployments of PLATFORM (number, name or issuer) in."""
    with writing(console) as session:
        registration = service.platform_called(session, platform)
        changed = service.approve(session, registration, deployment_id.strip())
        for one in changed:
            subject = f"{registration.name}, {one.deployment_id}"
            note(session, COMMAND_LINE, "deployment.approved", subject)
    if changed:
        names = ", ".join(one.deployment_id for one in changed)
        click.echo(f"Approved {registration.name}: deployment {names}.")
    else:
        click.echo(f"{registration.name} has nothing that waits. {_deployments(registration.deployments)}")
    if not registration.enabled:
        click.echo("The platform itself is switched off; 'platforms add' with its values switches it on.")


@platforms.command()
@click.argument("platform")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(console: Console, platform: str, *, yes: bool) -> None:
    """Remove PLATFORM (number, name or issuer).

    One through which people came already is switched off instead; what they wrote stays.
    """
    with reading(console) as session:
        registration = service.platform_called(session, platform)
        known = f"{registration.name} (platform {registration.id}, {registration.issuer})"
    if not yes:
        click.confirm(f"Remove {known}? Launches from it are refused from then on.", abort=True)
    with writing(console) as session:
        removed = service.remove(session, service.platform_called(session, platform))
        deed = "platform.disabled" if removed.is_switched_off else "platform.removed"
        note(session, COMMAND_LINE, deed, removed.name)
    if removed.is_switched_off:
        click.echo(
            f"{removed.name} is switched off, not deleted: people came through it (courses: {removed.kept_courses}, "
            f"people: {removed.kept_people}), and what they wrote is kept. "
            "'platforms add' with its values switches it on again."
        )
    else:
        click.echo(f"{removed.name} is removed.")


@platforms.command()
@click.argument("platform")
@click.pass_obj
def refresh(console: Console, platform: str) -> None:
    """Tell PLATFORM (number, name or issuer) what has changed here since it registered us.

    Addresses, scopes and custom parameters; some LMSs ask their administrator whether they accept it.
    """
    with reading(console) as session:
        registration = service.platform_called(session, platform)
        known, name = registration.id, registration.name
    with console.app().app_context(), in_words():
        parts = program()
        ways = Ways(caller=parts.caller, outbound=parts.outbound, box=parts.secret_box)
        update_in_lms(sessionmaker(console.engine()), ways, tool_description(), known)
    with writing(console) as session:
        note(session, COMMAND_LINE, "platform.updated_there", name)
    click.echo(f"{name} has what is new. In Canvas an administrator accepts it under Apps, Manage.")


def _note_tenant(session: Session, tenant: Tenant, *, is_new: bool) -> None:
    if is_new:
        note(session, COMMAND_LINE, "tenant.added", tenant.name)


def _show(registration: Registration, public_url: str) -> None:
    off = "" if registration.enabled else "  SWITCHED OFF"
    family = f"  {registration.family}" if registration.family else ""
    click.echo(f"{registration.id}  {registration.name}{family}  tenant {registration.tenant.name}{off}")
    click.echo(f"    issuer {registration.issuer}  client {registration.client_id}")
    click.echo(f"    own login URL {public_url}/lti/login/{registration.public_key}")
    click.echo(f"    {_deployments(registration.deployments)}")


def _deployments(deployments: Sequence[Deployment]) -> str:
    if not deployments:
        return "No deployment yet; the first launch shows it."
    shown = sorted(deployments, key=lambda one: one.id)
    return "Deployments: " + ", ".join(f"{one.deployment_id} ({STANDINGS[one.standing]})" for one in shown)
