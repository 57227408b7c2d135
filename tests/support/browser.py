"""Finding a Chromium on this machine."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN_CHROMIUM = ROOT / ".cache" / "chromium" / "run"
"""Where ``scripts/chromium.py`` puts one when the system has none."""

ARGUMENTS = (
    "--disable-dev-shm-usage",  # containers have little of it,
    "--disable-gpu",  # and none of that
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # there is none for root
    "--disable-site-isolation-trials",
)
"""How every Chromium is started.

A frame stays in the process of the page around it. By default it moves to another with every change of sites, several
times a second in a launch, and Playwright sometimes waits for ever for a frame that it looks into at such a moment.
Which cookies and what storage a frame gets does not hang on processes.
"""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> Path | None:
    """The first Chromium that answers: $CHROMIUM, the system's, the one that ``make test`` installed."""
    return next((path for path in _candidates() if _answers(path)), None)


def _candidates() -> Iterator[Path]:
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if name and (found := shutil.which(name)):
            yield Path(found)
    yield Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    yield OWN_CHROMIUM


def _answers(path: Path) -> bool:
    """Whether it runs at all: Ubuntu's ``chromium-browser`` is only a note that says where to get one."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"Chrom" in done.stdout
