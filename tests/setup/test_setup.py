"""On a machine that lacks something, the set-up says what, and how to get it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.servers import ROOT

OLD = """#!/bin/sh
case "$2" in *version_info*) exit 1;; esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$2" in *ensurepip*) exit 1;; esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout on a machine with nothing but a shell; programs can be put into its ``bin``."""
    (tmp_path / "scripts").mkdir()
    shutil.copyfile(ROOT / "scripts" / "setup.sh", tmp_path / "scripts" / "setup.sh")
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "rm"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or "")
    return tmp_path


def set_up(machine: Path) -> tuple[int, str]:
    """Run the set-up; its status and what it said."""
    done = subprocess.run(
        ["/bin/sh", "scripts/setup.sh"],
        cwd=machine,
        env={"PATH": str(machine / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def install(machine: Path, name: str, script: str) -> None:
    program = machine / "bin" / name
    program.write_text(script, "ascii")
    program.chmod(0o755)


def test_without_python_it_names_the_version_it_needs(machine: Path) -> None:
    status, said = set_up(machine)

    assert status == 1
    assert "needs Python 3.11 or newer" in said


def test_an_old_python_is_not_taken(machine: Path) -> None:
    install(machine, "python3", OLD)

    status, said = set_up(machine)

    assert status == 1
    assert "needs Python 3.11 or newer" in said


def test_a_python_without_venv_is_named_with_its_remedy(machine: Path) -> None:
    install(machine, "python3", OLD)
    install(machine, "python3.12", WITHOUT_VENV)

    status, said = set_up(machine)

    assert status == 1
    assert "python3.12 is new enough, but its venv module is missing" in said
    assert "apt-get install python3-venv" in said


def test_a_newer_python_is_found_beside_an_old_one(machine: Path) -> None:
    install(machine, "python3", OLD)
    install(
        machine,
        "python3.13",
        '#!/bin/sh\n[ "$1" = -m ] && { echo "making it with 3.13" >&2; exit 7; }\nexit 0\n',
    )

    status, said = set_up(machine)

    assert status == 7
    assert "Making .venv with" in said
    assert "making it with 3.13" in said


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    targets = {
        line.split(":")[0]
        for line in (ROOT / "Makefile").read_text("utf-8").splitlines()
        if line[:1].isalpha() and ":" in line and "=" not in line
    }
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert targets
    for target in targets:
        assert f"make {target} " in said
