"""Print what building our distributions needs, one requirement a line: the input of ``scripts/build.lock``."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def build_requirements() -> list[str]:
    """The ``[build-system] requires`` of the product and of every plugin, without repetitions."""
    found: set[str] = set()
    for project in [ROOT / "pyproject.toml", *ROOT.glob("plugins/*/pyproject.toml")]:
        found.update(tomllib.loads(project.read_text("utf-8"))["build-system"]["requires"])
    return sorted(found)


if __name__ == "__main__":
    print("\n".join(build_requirements()))
