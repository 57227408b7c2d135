"""The matrix of launches holds on the maintained fork of PyLTI1p3 as well, in an environment of its own."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.lti_library import imported_library
from tests.support.servers import ROOT

ENVIRONMENT = ROOT / ".cache" / "pylti1p3next-venv"
PYTHON = ENVIRONMENT / "bin" / "python"
ADDED = "--import-mode=importlib --strict-markers --tb=short"
"""Our usual options without those of plugins that are switched off."""
MATRIX = "tests/front/launch/test_launch_matrix.py"
LEAST = 100
"""Rows of the matrix that must have been let in or refused rightly."""


def test_every_verdict_is_the_same_on_the_fork(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    report = tmp_path / "report.xml"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "--db", "sqlite", "-o"]
    if not PYTHON.exists():
        pytest.fail("The environment of the fork is missing; `make test` sets it up.")
    done = subprocess.run(
        [PYTHON, "-m", "pytest", *options, f"addopts={ADDED}", f"--junitxml={report}", MATRIX],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    suite = ET.parse(report).getroot()[0]  # noqa: S314 -- pytest wrote it this moment
    said = {one.get("name"): str(one.get("value")) for one in suite.iter("property")}
    ran = [case for case in suite.iter("testcase") if len(case) == 0]
    record_property("library", said["library"])
    assert said["library"].startswith("pylti1p3next 2.")
    assert Path(said["folder"]).is_relative_to(ENVIRONMENT)
    assert len(ran) == int(suite.attrib["tests"]) >= LEAST


def test_the_other_tests_run_on_the_library_we_install() -> None:
    library = imported_library()
    assert library.name.startswith("PyLTI1p3 2.")
    assert not library.folder.is_relative_to(ENVIRONMENT)
