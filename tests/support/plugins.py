"""Real plugins for tests: modules in files, found through the entry points of distributions on the import path."""

import importlib
import shutil
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent

import pytest

MANIFEST = 'manifest = Manifest(name="{name}", title="{title}", summary="A plugin of the tests.")'


@dataclass
class Site:
    """A folder on the import path into which plugins are installed."""

    folder: Path
    modules: list[str] = field(default_factory=list)

    def install(self, name: str, body: str = "", *, manifest: str = "", version: str = "1.0") -> str:
        """Install the plugin ``name``; gives its module's name.

        :param body: its module after the imports and the manifest; everything of ``lmssocial.plugin`` is at hand.
        :param manifest: another line for the manifest; ``none`` for no manifest at all.
        """
        module = f"lmssocial_{name}_of_tests"
        line = manifest or MANIFEST.format(name=name, title=name.title())
        source = ["from dataclasses import dataclass", "from lmssocial.plugin import *"]
        source += [] if manifest == "none" else [line]
        (self.folder / f"{module}.py").write_text("\n".join([*source, dedent(body)]) + "\n", "utf-8")
        about = self.folder / f"lmssocial_{name}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: lmssocial-{name}\nVersion: {version}\nSummary: Summary of {name}.\n",
            "utf-8",
        )
        (about / "entry_points.txt").write_text(f"[lmssocial.plugins]\n{name} = {module}\n", "utf-8")
        importlib.invalidate_caches()
        self.modules.append(module)
        return module

    def revision(self, name: str, upgrade: str, downgrade: str = "pass", *, number: int = 1) -> None:
        """Write a schema revision into ``<name>_migrations``, the folder its manifest names.

        :param upgrade: statements; ``op`` is Alembic's, ``sa`` SQLAlchemy.
        """
        folder = self.folder / f"{name}_migrations"
        folder.mkdir(exist_ok=True)
        before = repr(f"{name}{number - 1}") if number > 1 else None
        lines = [
            "import sqlalchemy as sa",
            "from alembic import op",
            f"revision, down_revision = {f'{name}{number}'!r}, {before}",
            f"def upgrade():\n{indent(dedent(upgrade), '    ')}",
            f"def downgrade():\n{indent(dedent(downgrade), '    ')}",
        ]
        (folder / f"{number:04}_of_tests.py").write_text("\n".join(lines) + "\n", "utf-8")

    def adopt(self, project: Path, name: str) -> None:
        """Install the plugin whose distribution lies in ``project``, as an editable install does: where it lies."""
        about = self.folder / f"lmssocial_{name}-0.1.0.dist-info"
        about.mkdir()
        described = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {described['name']}\nVersion: {described['version']}\n", "utf-8"
        )
        points = described["entry-points"]["lmssocial.plugins"].items()
        lines = ["[lmssocial.plugins]", *(f"{point} = {module}" for point, module in points)]
        (about / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
        (self.folder / f"lmssocial_{name}").symlink_to(project / f"lmssocial_{name}")
        importlib.invalidate_caches()
        self.modules.append(f"lmssocial_{name}")

    def uninstall(self, name: str) -> None:
        """Take the distribution away, as pip does; what it stored stays."""
        for path in self.folder.glob(f"lmssocial_{name}-*.dist-info"):
            shutil.rmtree(path)
        importlib.invalidate_caches()

    def was_imported(self, name: str) -> bool:
        """Whether anybody in this process imported the plugin."""
        return f"lmssocial_{name}_of_tests" in sys.modules

    def forget(self) -> None:
        """Take every module out of this process again."""
        for module in self.modules:
            sys.modules.pop(module, None)


def open_site(folder: Path, patch: pytest.MonkeyPatch) -> Site:
    """A site that this process and the processes it starts look into."""
    folder.mkdir()
    patch.syspath_prepend(str(folder))
    patch.setenv("PYTHONPATH", str(folder))
    return Site(folder)
