"""``lmssocial <plugin> …``: commands that plugins bring along."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from lmssocial.cli import main
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level
from lmssocial.front import plugin_check
from lmssocial.settings import Settings
from lmssocial.social.plugin_settings import service
from tests.support.people import Place
from tests.support.plugins import Site

COUNTING = """
import click
from lmssocial.plugin import NotFound

@click.command()
@click.argument("what")
@click.pass_obj
def count(work, what):
    "Count WHAT."
    if what == "stars":
        raise NotFound("Nobody can count the stars.")
    if what == "sheep":
        raise RuntimeError("fell asleep")
    with work.unit_of_work() as session:
        from sqlalchemy import text
        session.execute(text("INSERT INTO counter__what (what) VALUES (:what)"), {"what": what})
    click.echo(f"{what}: {len(work.courses_on())} courses")

@hookimpl
def lmssocial_register_commands():
    return [count]
"""


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    """Run ``lmssocial …`` on the test's database."""
    env = {
        "LMSSOCIAL_DATA_DIR": str(settings.data_dir),
        "LMSSOCIAL_DATABASE_URL": settings.database_url,
        "LMSSOCIAL_SECRET_KEY": settings.secret_key,
        "LMSSOCIAL_PLUGINS": "counter,mute",
    }
    return lambda *words: CliRunner().invoke(main, [*words], env=env)


def test_a_command_of_a_plugin_has_the_plugins_work(
    site: Site, run: Callable[..., Result], engine: Engine, place: Place
) -> None:
    site.install("counter", COUNTING)
    site.install("mute")
    with Session(engine) as session, unit_of_work(session):
        session.execute(text("CREATE TABLE counter__what (what VARCHAR(20))"))
        service.switch(session, "counter", on=True, level=Level.TENANT, place_id=place.tenant.id)
    done = run("counter", "count", "leaves")
    assert (done.exit_code, done.output.strip().splitlines()[-1]) == (0, "leaves: 1 courses")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT what FROM counter__what")) == "leaves"
    assert "Count WHAT." in run("counter", "--help").output


@pytest.mark.one_database
def test_what_goes_wrong_in_one_is_a_sentence(site: Site, run: Callable[..., Result]) -> None:
    site.install("counter", COUNTING)
    site.install("mute")
    said = run("counter", "count", "stars")
    assert (said.exit_code, said.output.strip().splitlines()[-1]) == (1, "Error: Nobody can count the stars.")
    failed = run("counter", "count", "sheep")
    assert (failed.exit_code, failed.output.strip().splitlines()[-1]) == (
        1,
        "Error: counter failed: fell asleep",
    )
    assert "in count" in failed.output  # its author needs the trace
    assert "No such command 'guess'" in run("counter", "guess").output


@pytest.mark.one_database
def test_a_plugin_without_commands_one_that_raises_and_a_name_nobody_has_are_told_apart(
    site: Site, run: Callable[..., Result]
) -> None:
    site.install("mute")
    site.install(
        "counter", "@hookimpl\ndef lmssocial_register_commands():\n    raise RuntimeError('no fingers')\n"
    )
    assert "Error: mute has no commands." in run("mute", "sing").output
    assert "Error: counter cannot say which commands it has: no fingers" in run("counter", "count").output
    assert "No such command 'nobody'" in run("nobody").output
    assert run("plugins", "list").exit_code == 0


@pytest.mark.one_database
def test_the_check_says_what_is_wrong_with_timers_commands_and_notices(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.install(
        "counter",
        """
        from datetime import timedelta

        @hookimpl
        def lmssocial_register_timers():
            return [Timer(name="tick", every=timedelta(seconds=1), run=print)] * 2

        @hookimpl
        def lmssocial_register_commands():
            raise RuntimeError("no fingers")
        """,
    )
    assert plugin_check.main("counter") == 1
    said = capsys.readouterr().out
    assert "there are two timers called tick" in said
    assert "lmssocial_register_commands raised RuntimeError: no fingers" in said
