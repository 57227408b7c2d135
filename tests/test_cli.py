"""The command line as an administrator meets it: real processes, real mistakes."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.cli import main
from lmssocial.front.admin.models import LogEntry
from lmssocial.settings import Settings


def run(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``lmssocial`` with ``words`` and nothing of our own environment but what a process needs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LMSSOCIAL_")}
    return subprocess.run(
        [sys.executable, "-m", "lmssocial", *words],
        cwd=cwd,
        env={**clean, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_wrong_settings_are_all_named_at_once_without_a_traceback(tmp_path: Path) -> None:
    done = run("doctor", cwd=tmp_path, LMSSOCIAL_PORT="1", LMSSOCIAL_PUBLIC_URL="http://social.example.edu")
    assert done.returncode == 1
    assert "LMSSOCIAL_PORT is not a setting" in done.stderr
    assert "LMSSOCIAL_PUBLIC_URL must be https" in done.stderr
    assert "Traceback" not in done.stderr


def test_serving_before_migrating_names_the_command(tmp_path: Path) -> None:
    done = run("serve", cwd=tmp_path, LMSSOCIAL_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 1
    assert "lmssocial db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_absent_database_is_said_so(tmp_path: Path) -> None:
    done = run("serve", cwd=tmp_path, LMSSOCIAL_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_upgrade_is_told_step_by_step_and_a_second_one_changes_nothing(tmp_path: Path) -> None:
    where = {"LMSSOCIAL_DATA_DIR": str(tmp_path / "data")}
    first = run("db", "upgrade", cwd=tmp_path, **where)
    assert first.returncode == 0, first.stderr
    assert "core: empty →" in first.stdout
    assert "up to date" in CliRunner().invoke(main, ["db", "upgrade"], env=where).output
    assert CliRunner().invoke(main, ["db", "status"], env=where).exit_code == 0
    doctor = run("doctor", cwd=tmp_path, **where)
    assert doctor.returncode == 0, doctor.stdout
    assert "sqlite answers" in doctor.stdout


def test_a_taken_port_is_named_with_the_way_out(settings: Settings, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run(
            "serve", "--port", port, cwd=tmp_path,
            LMSSOCIAL_DATABASE_URL=settings.database_url, LMSSOCIAL_DATA_DIR=str(tmp_path / "data"),
        )  # fmt: skip
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize("words", [["--help"], ["db", "--help"], ["platforms", "--help"], ["--version"]])
def test_help_needs_no_settings_to_be_right(words: list[str]) -> None:
    assert CliRunner().invoke(main, words).exit_code == 0


def test_keys_rotate_with_overlap(settings: Settings, tmp_path: Path) -> None:
    environ = {
        "LMSSOCIAL_DATABASE_URL": settings.database_url,
        "LMSSOCIAL_DATA_DIR": str(tmp_path / "data"),
        "LMSSOCIAL_SECRET_KEY": settings.secret_key,
    }

    def keys(*words: str) -> str:
        return CliRunner().invoke(main, ["keys", *words], env=environ).output

    assert "There is no key yet" in keys("list")
    assert "published now" in keys("rotate")
    assert "published now" in keys("rotate")
    assert len(keys("list").splitlines()) == 2
    assert "signs from now on" in keys("rotate", "--forget-old")
    assert len(keys("list").splitlines()) == 1


def test_whoever_changed_the_keys_is_in_the_log(settings: Settings, engine: Engine) -> None:
    environ = {
        "LMSSOCIAL_DATABASE_URL": settings.database_url,
        "LMSSOCIAL_DATA_DIR": str(settings.data_dir),
        "LMSSOCIAL_SECRET_KEY": settings.secret_key,
    }
    for words in (["keys", "rotate"], ["keys", "rotate", "--forget-old"]):
        assert CliRunner().invoke(main, words, env=environ).exit_code == 0
    with Session(engine) as session:
        entries = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert [(one.who, one.action) for one in entries] == [
        ("command line", "key.rotated"),
        ("command line", "key.replaced"),
    ]
    assert all(one.subject for one in entries)
