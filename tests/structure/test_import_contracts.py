"""The import contracts in pyproject.toml hold, and each of them would notice a breach."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.rules import ROOT


def lint_imports(root: Path) -> str:
    """What lint-imports says about the checkout at ``root``."""
    plugins = [str(path.parent) for path in root.glob("plugins/*/pyproject.toml")]
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", root / "pyproject.toml"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(root), *plugins]), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the contracts speak of."""
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    leave_out = shutil.ignore_patterns("__pycache__", "static", "node_modules", "tests")
    for name in ("lmssocial", "plugins"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=leave_out)
    return tmp_path


def test_the_contracts_hold() -> None:
    said = lint_imports(ROOT)
    assert " 0 broken." in said, said


BREACHES = {
    "a low layer imports a high one": (
        "Look down, never sideways or up",
        "lmssocial/core/kernel/clock.py",
        "import lmssocial.web.forms",
    ),
    "a package that nobody placed": (
        "Look down, never sideways or up",
        "lmssocial/utils.py",
        "",
    ),
    "the settings import the core": (
        "The settings stand on nothing",
        "lmssocial/settings.py",
        "import lmssocial.core.kernel.clock",
    ),
    "hooks import the activity log": (
        "Inside core",
        "lmssocial/core/hooks/host.py",
        "import lmssocial.core.activity.record",
    ),
    "the protocol imports the people": (
        "Inside lms",
        "lmssocial/lms/lti/claims.py",
        "import lmssocial.lms.identity.models",
    ),
    "content imports moderation": (
        "Inside social",
        "lmssocial/social/content/models.py",
        "import lmssocial.social.moderation.models",
    ),
    "one widget imports another": (
        "Widgets are strangers to each other",
        "lmssocial/widgets/gallery/__init__.py",
        "import lmssocial.widgets.discussion.models",
    ),
    "one door imports another": (
        "Doors are strangers to each other",
        "lmssocial/front/health/routes.py",
        "import lmssocial.front.admin",
    ),
    "a slice has helpers": (
        "Inside a slice",
        "lmssocial/widgets/discussion/helpers.py",
        "",
    ),
    "models import the service": (
        "Inside a slice",
        "lmssocial/widgets/discussion/models.py",
        "import lmssocial.widgets.discussion.service",
    ),
    "a service knows Flask": (
        "The domain knows no framework",
        "lmssocial/widgets/discussion/service.py",
        "import flask",
    ),
    "a service knows the request": (
        "The domain knows no framework",
        "lmssocial/widgets/discussion/service.py",
        "import lmssocial.web.scope",
    ),
    "a plugin reaches past the façade": (
        "Plugins import lmssocial.plugin and nothing else of ours",
        "plugins/linklimit/lmssocial_linklimit/__init__.py",
        "import lmssocial.core.db",
    ),
    "a door speaks PyLTI1p3": (
        "Only lmssocial.lms.lti speaks PyLTI1p3",
        "lmssocial/front/launch/routes.py",
        "import pylti1p3.exception",
    ),
    "a door holds the login": (
        "Only lmssocial.web.scope holds the session and the person of a request",
        "lmssocial/front/admin/__init__.py",
        "import flask_login",
    ),
    "two packages import each other": (
        "No cycles anywhere",
        "lmssocial/core/db/base.py",
        "import lmssocial.core.activity.models",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_contract_notices_its_breach(breach: str, checkout: Path) -> None:
    contract, file, line = BREACHES[breach]
    path = checkout / file
    assert path.exists() or not line or path.name == "__init__.py", (
        f"{file} has moved; the breach must follow it"
    )
    path.parent.mkdir(exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else '"""Planted."""\n'
    path.write_text(f"{before}\n{line}\n", "utf-8")

    said = lint_imports(checkout)

    assert f"{contract} BROKEN" in said, said
