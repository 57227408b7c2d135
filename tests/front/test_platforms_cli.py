"""``lmssocial platforms`` as an administrator types it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.front.admin.models import LogEntry
from lmssocial.front.admin.words import ACTIONS
from lmssocial.front.platforms_cli import platforms
from lmssocial.lms.identity.invitations import open_invitation
from lmssocial.lms.identity.models import Deployment, Registration, Standing, User
from lmssocial.settings import Settings

VALUES = {
    "--name": "Moodle of Northern College",
    "--issuer": "https://moodle.example.edu",
    "--client-id": "DN4ZcEItehWiFsG",
    "--auth-login-url": "https://moodle.example.edu/mod/lti/auth.php",
    "--token-url": "https://moodle.example.edu/mod/lti/token.php",
    "--jwks-url": "https://moodle.example.edu/mod/lti/certs.php",
    "--deployment-id": "1",
}


@dataclass
class Console:
    """The part of the command line these commands use, on the test's own database."""

    settings: Settings
    made: Engine

    def engine(self) -> Engine:
        """An engine on the installation's database."""
        return self.made


@pytest.fixture
def run(settings: Settings, engine: Engine) -> Callable[..., Result]:
    """Run ``lmssocial platforms …``."""

    def run(*arguments: str, answer: str = "") -> Result:
        console = Console(settings, engine)
        return CliRunner().invoke(platforms, [*arguments], obj=console, input=answer)

    return run


def add(run: Callable[..., Result], *more: str, **changes: str) -> Result:
    """Add the Moodle, with changed values: ``add(run, jwks_url="…")``."""
    values = VALUES | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return run("add", *(part for pair in values.items() for part in pair), *more)


def test_adding_prints_the_addresses_that_the_lms_asks_for(
    run: Callable[..., Result], engine: Engine
) -> None:
    result = add(run)
    assert result.exit_code == 0, result.output
    for address in ("/lti/login\n", "/lti/launch\n", "/lti/jwks.json\n"):
        assert f"http://localhost:8000{address}" in result.output
    with Session(engine) as session:
        registration = session.scalars(select(Registration)).one()
        deployment = session.scalars(select(Deployment)).one()
        assert f"/lti/login/{registration.public_key}" in result.output
        assert f"http://localhost:8000/lti/login/{registration.public_key}\n" in run("list").output
        assert (deployment.deployment_id, deployment.standing) == ("1", Standing.APPROVED)


def test_adding_twice_says_so_and_succeeds(run: Callable[..., Result]) -> None:
    add(run)
    again = add(run)
    assert again.exit_code == 0
    assert "Already registered: Moodle of Northern College (platform 1, tenant Default)" in again.output
    assert run("list").output.count("Moodle of Northern College") == 1


def test_every_mistake_is_said_at_once_and_nothing_is_kept(
    run: Callable[..., Result], engine: Engine
) -> None:
    result = add(run, issuer=" ", jwks_url="moodle/certs", deployment_id="", tenant="New")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    for words in (
        "The issuer must have",
        "The JWKS URL is not a full web address: moodle/certs",
        "The deployment id",
    ):
        assert words in result.output
    with Session(engine) as session:
        assert session.scalars(select(Registration)).all() == []
    assert "No platform is registered" in run("list").output


def test_changed_addresses_need_a_word(run: Callable[..., Result]) -> None:
    add(run)
    refused = add(run, jwks_url="https://moodle.example.edu/keys")
    assert refused.exit_code == 1
    assert "jwks_url" in refused.output
    assert "--update" in refused.output
    assert add(run, "--update", jwks_url="https://moodle.example.edu/keys").exit_code == 0


def test_a_missing_value_is_named(run: Callable[..., Result]) -> None:
    result = run("add", "--name", "Moodle")
    assert result.exit_code == 2
    assert "--issuer" in result.output


def test_with_several_tenants_one_has_to_be_named(run: Callable[..., Result]) -> None:
    assert "Made the tenant North." in add(run, tenant="North").output
    assert "Made the tenant South." in add(run, tenant="South", client_id="other").output
    refused = run("invite", "--name", "Third")
    assert refused.exit_code == 1
    assert "North, South" in refused.output


def test_an_invitation_is_one_line_that_scripts_can_use(run: Callable[..., Result], engine: Engine) -> None:
    result = run("invite", "--tenant", "Northern College", "--name", "Moodle", "--days", "3", "--approve")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    address, _, token = line.partition("?invite=")
    assert address == "http://localhost:8000/lti/register"
    with Session(engine) as session:
        invitation = open_invitation(session, token)
        assert invitation.approve
        assert (invitation.expires_at - invitation.created_at).days == 3
    listed = run("list").output
    assert "Invitation 1  Moodle  tenant Northern College  until" in listed
    assert token not in listed


@pytest.mark.parametrize("days", ["0", "-1", "400", "soon"])
def test_an_invitation_of_senseless_length_is_refused(run: Callable[..., Result], days: str) -> None:
    assert run("invite", "--name", "Moodle", "--days", days).exit_code in {1, 2}
    assert "Invitation" not in run("list").output


def test_a_waiting_deployment_is_listed_and_approved(run: Callable[..., Result], engine: Engine) -> None:
    add(run)
    with Session(engine) as session, unit_of_work(session):
        for name in ("2", "3"):
            session.add(Deployment(registration_id=1, deployment_id=name, created_at=clock.now()))
    assert "1 (approved), 2 (waits for approval), 3 (waits for approval)" in run("list").output
    assert "deployment 3." in run("approve", "Moodle of Northern College", "--deployment-id", "3").output
    assert "Approved Moodle of Northern College: deployment 2." in run("approve", "1").output
    assert "nothing that waits" in run("approve", "https://moodle.example.edu").output
    assert "1 (approved), 2 (approved), 3 (approved)" in run("list").output


@pytest.mark.parametrize("command", [("approve", "nobody"), ("remove", "nobody", "--yes")])
def test_an_unknown_platform_is_said_by_name(run: Callable[..., Result], command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.exit_code == 1
    assert result.output == "Error: There is no platform called nobody.\n"


def test_an_unknown_deployment_is_said_by_name(run: Callable[..., Result]) -> None:
    add(run)
    result = run("approve", "1", "--deployment-id", "9")
    assert result.exit_code == 1
    assert "has no deployment 9 yet" in result.output


def test_removing_asks_first(run: Callable[..., Result]) -> None:
    add(run)
    kept = run("remove", "1", answer="n\n")
    assert kept.exit_code == 1
    assert "Remove Moodle of Northern College (platform 1, https://moodle.example.edu)?" in kept.output
    assert "Moodle of Northern College" in run("list").output
    assert run("remove", "1", answer="y\n").exit_code == 0
    assert "No platform is registered" in run("list").output


def test_removing_a_platform_with_people_switches_it_off(run: Callable[..., Result], engine: Engine) -> None:
    add(run)
    with Session(engine) as session, unit_of_work(session):
        now = clock.now()
        session.add(
            User(tenant_id=1, registration_id=1, sub="3", name="Tina", created_at=now, last_seen_at=now)
        )
    result = run("remove", "1", "--yes")
    assert "switched off, not deleted: people came through it (courses: 0, people: 1)" in result.output
    assert "SWITCHED OFF" in run("list").output
    assert "switched off" in run("approve", "1").output
    add(run)
    assert "SWITCHED OFF" not in run("list").output


def test_every_deed_is_in_the_administrators_log(run: Callable[..., Result], engine: Engine) -> None:
    add(run, "--tenant", "Northern College")
    add(run, "--tenant", "Northern College", "--update", token_url="https://moodle.example.edu/token")
    run("invite", "--tenant", "Southern College", "--name", "Canvas")
    with Session(engine) as session, unit_of_work(session):
        session.add(Deployment(registration_id=1, deployment_id="2", created_at=clock.now()))
    run("approve", "1")
    run("approve", "1")
    run("remove", "1", "--yes")
    with Session(engine) as session:
        entries = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert {one.who for one in entries} == {"command line"}
    assert [(one.action, one.subject) for one in entries] == [
        ("tenant.added", "Northern College"),
        ("platform.added", "Moodle of Northern College, 1"),
        ("platform.edited", "Moodle of Northern College, 1"),
        ("tenant.added", "Southern College"),
        ("invitation.created", "Canvas"),
        ("deployment.approved", "Moodle of Northern College, 2"),
        ("platform.removed", "Moodle of Northern College"),
    ]
    assert {one.action for one in entries} <= ACTIONS.keys()
