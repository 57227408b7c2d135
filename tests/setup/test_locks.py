"""The lock files hold what the pyproject files ask for, by hash and without an address."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from scripts.build_requirements import build_requirements
from tests.support.servers import ROOT

LOCKS = [
    ROOT / "requirements.lock",
    ROOT / "requirements-dev.lock",
    ROOT / "scripts" / "bootstrap.lock",
    ROOT / "scripts" / "build.lock",
    ROOT / "tests" / "platforms" / "openedx.lock",
    ROOT / "tests" / "platforms" / "pylti1p3next.lock",
]


def locked(path: Path) -> dict[str, Version]:
    """Name and version of everything in a lock file."""
    found = re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text("utf-8"), re.MULTILINE)
    return {name: Version(version) for name, version in found}


def project(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def unmet(wanted: list[str], lock: Path) -> list[str]:
    """Requirements that ``lock`` does not satisfy; our own distributions need no lock."""
    have = locked(lock)
    asked = [Requirement(text) for text in wanted if not text.startswith("lmssocial")]
    return [
        str(one)
        for one in asked
        if one.name.lower() not in have
        or not one.specifier.contains(have[one.name.lower()], prereleases=True)
    ]


def test_the_locks_meet_what_is_asked_for() -> None:
    ours = project(ROOT / "pyproject.toml")
    wanted = list(ours["project"]["dependencies"])
    for plugin in ROOT.glob("plugins/*/pyproject.toml"):
        wanted += project(plugin)["project"].get("dependencies", [])

    assert unmet(wanted, ROOT / "requirements.lock") == []
    assert unmet([*wanted, *ours["dependency-groups"]["dev"]], ROOT / "requirements-dev.lock") == []
    assert unmet(build_requirements(), ROOT / "scripts" / "build.lock") == []


def test_what_a_lock_does_not_meet_is_noticed() -> None:
    assert unmet(["flask>=99", "a-stranger"], ROOT / "requirements.lock") == ["flask>=99", "a-stranger"]


def test_tests_run_on_the_versions_that_are_installed() -> None:
    runtime, tests = locked(ROOT / "requirements.lock"), locked(ROOT / "requirements-dev.lock")

    assert {name: tests.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")

    assert "://" not in text
    for entry in re.split(r"\n(?=[a-z])", text):
        if "==" in entry.splitlines()[0]:
            assert "--hash=sha256:" in entry, entry
