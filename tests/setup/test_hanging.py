"""A run of tests comes to its end, whatever a test of it does."""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.servers import ROOT

RULES = """
from tests.support.together import Together
from tests.support.watchdog import Watchdog

def pytest_configure(config):
    config.pluginmanager.register(Watchdog({seconds}))

def pytest_xdist_make_scheduler(config, log):
    return Together(config, log)
"""
TESTS = """
import subprocess
import threading
import time

import pytest

@pytest.mark.parametrize("number", range(40))
def test_number(number):
    time.sleep(0.02)
    if number == {hanging}:
        print("began", subprocess.Popen(["sleep", "600"], start_new_session=True).pid, file=open("child", "w"))
        threading.Event().wait()
"""


def run(folder: Path, *, hanging: int, seconds: float = 2, processes: int = 2) -> tuple[int, str]:
    """Run forty tests of which one hangs; the status and what was said."""
    (folder / "conftest.py").write_text(RULES.format(seconds=seconds), "ascii")
    (folder / "test_numbers.py").write_text(TESTS.format(hanging=hanging), "ascii")
    (folder / "pytest.ini").write_text("[pytest]\n", "ascii")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", str(processes), "-p", "xdist"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("hanging", [2, 20, 39], ids=["early", "midway", "last"])
def test_a_test_that_hangs_fails_and_all_others_are_run(tmp_path: Path, hanging: int) -> None:
    status, said = run(tmp_path, hanging=hanging)

    assert status == 1
    assert "1 failed, 39 passed" in said
    assert re.search(rf"FAILED test_numbers.py::test_number\[{hanging}\]", said)


def test_where_it_hung_is_said_and_what_it_started_is_ended(tmp_path: Path) -> None:
    _, said = run(tmp_path, hanging=20)

    assert "test_number[20] has not ended within 2 seconds" in said
    assert re.search(r'test_numbers\.py", line \d+ in test_number', said)
    with contextlib.suppress(psutil.NoSuchProcess):
        child = psutil.Process(int((tmp_path / "child").read_text("ascii").split()[1]))
        assert child.status() == psutil.STATUS_ZOMBIE


def test_without_other_processes_the_run_ends_with_it(tmp_path: Path) -> None:
    status, said = run(tmp_path, hanging=20, processes=0)

    assert status == 1
    assert "test_number[20] has not ended within 2 seconds" in said


def test_a_slow_test_is_waited_for(tmp_path: Path) -> None:
    status, said = run(tmp_path, hanging=-1, seconds=30)

    assert status == 0
    assert "40 passed" in said
