"""The tables of plugins, what is left of them, and how one begins."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from lmssocial import server
from lmssocial.app import histories, load_plugins
from lmssocial.cli import main
from lmssocial.core.activity import Subscriber
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import PluginHost
from lmssocial.core.hooks.schema import hold_back
from lmssocial.core.kernel import clock
from lmssocial.front.admin.models import LogEntry
from lmssocial.front.health.checks import Installation, examine, readiness
from lmssocial.settings import Settings
from lmssocial.social.plugin_settings import remains
from lmssocial.social.plugin_settings.models import PluginFailure, PluginSetting
from lmssocial.web import scope
from lmssocial.web.program import program
from tests.support.plugins import Site

POLICY = """
@hookimpl
def lmssocial_screen_submission(submission):
    return None
"""
TABLE = "op.create_table('{name}', sa.Column('id', sa.Integer, primary_key=True))"


def storing(site: Site, name: str, *upgrades: str, downgrade: str = "") -> None:
    """Install a plugin with these revisions."""
    manifest = f'manifest = Manifest(name="{name}", title="{name.title()}", summary="", migrations="{name}_migrations")'
    for number, statements in enumerate(upgrades, 1):
        site.revision(name, statements, downgrade or "pass", number=number)
    site.install(name, POLICY, manifest=manifest)


def diary(site: Site) -> None:
    """Install a plugin with one table."""
    storing(site, "diary", TABLE.format(name="diary__page"), downgrade="op.drop_table('diary__page')")


def command(settings: Settings, *words: str) -> Result:
    """Run ``lmssocial …`` on the test's database."""
    environ = {
        "LMSSOCIAL_DATABASE_URL": settings.database_url,
        "LMSSOCIAL_DATA_DIR": str(settings.data_dir),
        "LMSSOCIAL_SECRET_KEY": settings.secret_key,
    }
    return CliRunner().invoke(main, [*words], env=environ)


def tables(engine: Engine) -> set[str]:
    """Every table of the plugins of these tests."""
    prefixes = ("bad__", "diary__", "greedy__", "other__")
    return {name for name in inspect(engine).get_table_names() if name.startswith(prefixes)}


def held_back(settings: Settings, engine: Engine) -> PluginHost:
    """The plugins as a server finds them when it starts."""
    host = load_plugins(settings)
    hold_back(host, engine)
    return host


# tables


def test_upgrading_brings_the_core_and_every_plugin_up_to_date(
    settings: Settings, engine: Engine, site: Site
) -> None:
    diary(site)
    assert command(settings, "db", "status").exit_code == 1
    done = command(settings, "db", "upgrade")

    assert done.exit_code == 0, done.output
    assert "diary: empty → diary1." in done.output
    assert tables(engine) == {"diary__page", "diary__alembic_version"}
    status = command(settings, "db", "status")
    assert status.exit_code == 0
    assert "diary: at diary1, newest is diary1" in status.output
    assert "diary: up to date (diary1)." in command(settings, "db", "upgrade").output


def test_one_plugins_bad_migration_leaves_the_others_and_the_core_upgraded(
    settings: Settings, engine: Engine, site: Site
) -> None:
    storing(site, "bad", TABLE.format(name="bad__first"), "raise ValueError('no second step')")
    diary(site)
    done = command(settings, "db", "upgrade")

    assert done.exit_code == 1
    assert "bad: FAILED, and stays at empty. ValueError: no second step" in done.output
    assert "diary: empty → diary1." in done.output
    assert tables(engine) == {"diary__page", "diary__alembic_version"}


@pytest.mark.parametrize(
    "statement",
    [
        TABLE.format(name="stray"),
        "op.add_column('identity_tenant', sa.Column('colour', sa.String(10)))",
        "op.drop_table('activity_parked')",
    ],
)
def test_a_revision_that_touches_what_is_not_its_own_is_refused_and_taken_back(
    settings: Settings, engine: Engine, site: Site, run: Callable[..., Result], statement: str
) -> None:
    before = {name: len(inspect(engine).get_columns(name)) for name in inspect(engine).get_table_names()}
    storing(site, "greedy", TABLE.format(name="greedy__own") + "\n" + statement)
    done = command(settings, "db", "upgrade")

    assert done.exit_code == 1
    assert "greedy: FAILED" in done.output
    assert "must be called greedy__" in done.output
    after = {name: len(inspect(engine).get_columns(name)) for name in inspect(engine).get_table_names()}
    assert after == before
    assert "must be called greedy__" in run("check", "greedy").output


def test_an_index_on_somebody_elses_table_is_told_by_the_check(
    run: Callable[..., Result], site: Site
) -> None:
    storing(site, "greedy", "op.create_index('greedy_names', 'identity_tenant', ['name'])")

    assert "touch something that is not its own" in run("check", "greedy").output


def test_one_plugin_alone_is_upgraded(settings: Settings, engine: Engine, site: Site) -> None:
    diary(site)
    storing(site, "other", TABLE.format(name="other__page"))
    assert command(settings, "db", "upgrade", "--plugin", "diary").exit_code == 0
    assert tables(engine) == {"diary__page", "diary__alembic_version"}

    done = command(settings, "plugins", "upgrade", "other")
    assert done.exit_code == 0, done.output
    assert "other__page" in tables(engine)
    with Session(engine) as session:
        assert ("plugin.upgraded", "other, other1") in [
            tuple(row) for row in session.execute(select(LogEntry.action, LogEntry.subject))
        ]
    assert "linklimit has no migrations" in command(settings, "db", "upgrade", "--plugin", "linklimit").output
    assert "stores nothing" in command(settings, "plugins", "upgrade", "linklimit").output


def test_a_plugin_with_pending_migrations_is_held_back_and_told_and_stops_nobody(
    settings: Settings, engine: Engine, site: Site
) -> None:
    diary(site)
    host = held_back(settings, engine)
    assert "diary" not in host.manifests
    assert "linklimit" in host.manifests
    assert host.broken["diary"].command == "lmssocial plugins upgrade diary"

    everything = load_plugins(settings)
    for found in (
        Installation(settings, engine, host, histories(host)),
        Installation(settings, engine, everything, histories(everything)),
    ):
        findings = {finding.check: finding for finding in readiness(found)}
        assert findings["schema"].ok
        assert not findings["plugins"].ok
        assert not findings["plugins"].grave
        told = [finding.says for finding in examine(found) if not finding.ok]
        assert any("lmssocial plugins upgrade diary" in says for says in told), told

    command(settings, "plugins", "upgrade", "diary")
    assert "diary" in held_back(settings, engine).manifests


def test_migrations_that_cannot_be_read_or_found_break_their_plugin_alone(
    settings: Settings, engine: Engine, site: Site
) -> None:
    storing(site, "odd", "pass")
    (site.folder / "odd_migrations" / "0001_of_tests.py").write_text("this is no Python", "utf-8")
    storing(site, "empty")
    host = held_back(settings, engine)

    assert "cannot be read" in host.broken["odd"].reason
    assert "no such folder" in host.broken["empty"].reason
    assert "linklimit" in host.manifests


def test_starting_asks_the_database_nothing_where_no_plugin_stores_anything(settings: Settings) -> None:
    class Untouchable:
        def connect(self) -> None:
            raise AssertionError("the database was asked")

    host = load_plugins(settings)
    hold_back(host, Untouchable())  # type: ignore[arg-type]  # nothing else of an engine is wanted

    assert "linklimit" in host.manifests


def test_a_sound_history_is_fine(run: Callable[..., Result], site: Site) -> None:
    diary(site)
    done = run("check", "diary")

    assert done.exit_code == 0, done.output
    assert "stores its data in diary__page" in done.output


@pytest.mark.parametrize(
    ("upgrade", "said"),
    [
        ("raise ValueError('not today')", "Its migrations fail: ValueError: not today"),
        (TABLE.format(name="diary__page"), "leaves the table diary__page"),
    ],
)
def test_a_history_that_is_not_sound_is_said_so(
    run: Callable[..., Result], site: Site, upgrade: str, said: str
) -> None:
    storing(site, "diary", upgrade)
    done = run("check", "diary")

    assert done.exit_code == 1
    assert said in done.output


# purge


def remember(engine: Engine, name: str) -> None:
    """Everything the core keeps about a plugin."""
    now = clock.now()
    with Session(engine) as session, unit_of_work(session):
        session.add(Subscriber(name=remains.subscriber(name), cursor=3))
        session.add(
            PluginFailure(plugin=name, tenant_id=1, count=2, since=now, last_at=now, hook="x", error="y")
        )


@pytest.mark.parametrize("state", ["installed", "uninstalled", "unwilling"])
def test_purging_leaves_nothing_whether_it_is_still_installed_or_not(
    settings: Settings, engine: Engine, site: Site, run: Callable[..., Result], state: str
) -> None:
    if state == "unwilling":
        storing(site, "diary", TABLE.format(name="diary__page"), downgrade="raise ValueError('never')")
    else:
        diary(site)
    command(settings, "db", "upgrade")
    run("enable", "diary")
    remember(engine, "diary")
    run("enable", "linklimit")
    remember(engine, "linklimit")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO diary__page (id) VALUES (1)"))
        connection.execute(text("CREATE INDEX diary__page_by_id ON diary__page (id)"))
    if state == "uninstalled":
        site.uninstall("diary")

    done = run("purge", "diary", "--yes")
    assert done.exit_code == 0, done.output
    assert "diary__page: 1 rows" in done.output
    assert tables(engine) == set()
    with Session(engine) as session:
        assert remains.count(session, "diary").total == 0
        assert remains.count(session, "linklimit").total == 3
        assert (
            session.scalars(select(LogEntry.action).order_by(LogEntry.id.desc()).limit(1)).one()
            == "plugin.purged"
        )
    assert "Nothing is stored of diary" in run("purge", "diary", "--yes").output


def test_purging_asks_first(run: Callable[..., Result], engine: Engine) -> None:
    run("enable", "linklimit")
    done = run("purge", "linklimit")  # answers nothing

    assert done.exit_code == 1
    assert "places with settings: 1" in done.output
    with Session(engine) as session:
        assert session.scalar(select(func.count(PluginSetting.id))) == 1


@pytest.mark.parametrize("name", ["discussion", "core", "Nothing!", "x' OR 1=1"])
def test_what_is_no_plugin_is_not_purged(run: Callable[..., Result], name: str) -> None:
    assert run("purge", name, "--yes").exit_code == 1


# reset


def test_a_plugin_that_was_switched_off_for_failing_is_used_again(
    run: Callable[..., Result], engine: Engine
) -> None:
    assert "has not failed" in run("reset", "linklimit").output
    remember(engine, "linklimit")
    done = run("reset", "linklimit")

    assert done.exit_code == 0, done.output
    with Session(engine) as session:
        assert session.scalar(select(func.count(PluginFailure.id))) == 0


# new


def test_a_new_plugin_works_and_its_own_tests_pass(
    run: Callable[..., Result], site: Site, tmp_path: Path
) -> None:
    done = run("new", "too_long", "--in", str(tmp_path))
    assert done.exit_code == 0, done.output
    folder = tmp_path / "lmssocial-too-long"
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(folder)],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "6 passed" in tested.stdout

    site.adopt(folder, "too_long")
    checked = run("check", "too_long")
    assert checked.exit_code == 0, checked.output
    assert "too_long is fine." in checked.output


@pytest.mark.parametrize("name", ["none", "manifest", "safe"])
def test_a_new_plugin_works_whatever_its_name_means_in_python(
    run: Callable[..., Result], site: Site, tmp_path: Path, name: str
) -> None:
    run("new", name, "--in", str(tmp_path))
    site.adopt(tmp_path / f"lmssocial-{name}", name)

    assert f"{name} is fine." in run("check", name).output


@pytest.mark.parametrize(
    "name", ["Loud", "9lives", "a", "x" * 40, "../up", "two__bars", "with-dash", "discussion"]
)
def test_a_name_that_cannot_be_or_is_taken_writes_nothing(
    run: Callable[..., Result], tmp_path: Path, name: str
) -> None:
    assert run("new", name, "--in", str(tmp_path)).exit_code == 1
    assert list(tmp_path.glob("lmssocial*")) == []


def test_a_folder_that_exists_is_not_written_into(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "lmssocial-loud").mkdir()
    done = run("new", "loud", "--in", str(tmp_path))

    assert "exists already" in done.output
    assert list((tmp_path / "lmssocial-loud").iterdir()) == []


def test_a_server_starts_without_a_plugin_whose_tables_are_not_up_to_date(
    settings: Settings, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary(site)
    monkeypatch.setenv("LMSSOCIAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LMSSOCIAL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("LMSSOCIAL_SECRET_KEY", settings.secret_key)
    for loaded, ready in ((False, "failed"), (True, "ok")):
        app = server.make_app()
        with app.app_context():
            assert ("diary" in program().host.manifests) is loaded
            answer = app.test_client().get("/readyz")
            scope.db.engine.dispose()
        assert answer.status_code == 200
        assert answer.get_json()["checks"]["plugins"] == ready
        command(settings, "plugins", "upgrade", "diary")
