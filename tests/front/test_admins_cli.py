"""``lmssocial admins`` as somebody with access to the server types it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.front.admin import accounts, passwords, sessions
from lmssocial.front.admin.models import AdminAccount, AdminSession, LogEntry
from lmssocial.front.admins_cli import admins
from lmssocial.settings import Settings

PASSWORD = "seven swans a-swimming"


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
    """Run ``lmssocial admins …``, answering what it asks line by line."""

    def run(*words: str, answers: str = "") -> Result:
        return CliRunner().invoke(admins, [*words], obj=Console(settings, engine), input=answers)

    return run


def known(engine: Engine) -> list[AdminAccount]:
    """Every account."""
    with Session(engine, expire_on_commit=False) as session:
        return list(session.scalars(select(AdminAccount).order_by(AdminAccount.login)))


def test_an_administrator_is_added_with_a_password_asked_twice(
    run: Callable[..., Result], engine: Engine
) -> None:
    done = run("add", "Ada@Example.edu", "--name", "Ada Lovelace", answers=f"{PASSWORD}\n{PASSWORD}\n")

    assert done.exit_code == 0, done.output
    assert "ada@example.edu can sign in at http://localhost:8000/admin/" in done.output
    assert PASSWORD not in done.output
    [ada] = known(engine)
    assert (ada.login, ada.name, ada.disabled) == ("ada@example.edu", "Ada Lovelace", False)
    assert passwords.matches(ada.password_hash, PASSWORD)
    with Session(engine) as session:
        entry = session.scalars(select(LogEntry)).one()
    assert (entry.who, entry.action, entry.subject) == ("command line", "account.added", "ada@example.edu")


def test_two_different_passwords_are_asked_for_again(run: Callable[..., Result], engine: Engine) -> None:
    done = run("add", "ada", answers=f"{PASSWORD}\nsomething else\n{PASSWORD}\n{PASSWORD}\n")

    assert done.exit_code == 0, done.output
    assert len(known(engine)) == 1


def test_a_password_may_come_from_standard_input(run: Callable[..., Result], engine: Engine) -> None:
    done = run("add", "ada", "--password-stdin", answers=f"{PASSWORD}\nnot this line\n")

    assert done.exit_code == 0, done.output
    assert passwords.matches(known(engine)[0].password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [
        ("ada", "too short", "At least 12 characters"),
        ("ada", "password1234", "first passwords that somebody would guess"),
        ("lovelace", "Lovelace.1815!", "somebody would guess"),
        ("ada", "", "At least 12 characters"),
        ("two words", PASSWORD, "no spaces"),
        ("", PASSWORD, "1 to 120 characters"),
        ("x" * 121, PASSWORD, "1 to 120 characters"),
    ],
)
def test_what_cannot_be_taken_is_said(
    run: Callable[..., Result], engine: Engine, login: str, password: str, said: str
) -> None:
    done = run("add", login, "--password-stdin", answers=f"{password}\n")

    assert done.exit_code == 1
    assert said in done.output
    assert not known(engine)


def test_a_login_is_taken_once_and_no_password_is_asked_for_in_vain(run: Callable[..., Result]) -> None:
    run("add", "ada", "--password-stdin", answers=PASSWORD)
    done = run("add", "ADA")

    assert done.exit_code == 1
    assert "already an administrator called ada" in done.output
    assert "lmssocial admins remove ada" in done.output
    assert "Password" not in done.output


def test_the_list_says_who_there_is_and_how_they_sign_in(run: Callable[..., Result], engine: Engine) -> None:
    assert "There is no administrator yet" in run("list").output
    run("add", "ada", "--name", "Ada Lovelace", "--password-stdin", answers=PASSWORD)
    with Session(engine) as session, unit_of_work(session):
        account = accounts.by_login(session, "ada")
        assert account is not None
        account.disabled = True

    assert "ada  Ada Lovelace  password only  never signed in  SWITCHED OFF" in run("list").output


def test_removing_asks_first_and_ends_every_sign_in(run: Callable[..., Result], engine: Engine) -> None:
    run("add", "ada", "--password-stdin", answers=PASSWORD)
    with Session(engine) as session, unit_of_work(session):
        sessions.begin(session, known(engine)[0].id)
    kept = run("remove", "ada", answers="n\n")
    assert kept.exit_code == 1
    assert "It is the only one" in kept.output
    assert len(known(engine)) == 1
    done = run("remove", "Ada", answers="y\n")

    assert "ada is removed." in done.output
    assert not known(engine)
    with Session(engine) as session:
        assert not session.scalars(select(AdminSession)).all()


def test_somebody_who_is_not_there_cannot_be_removed(run: Callable[..., Result]) -> None:
    done = run("remove", "eve", "--yes")

    assert done.exit_code == 1
    assert "There is no administrator called eve." in done.output
