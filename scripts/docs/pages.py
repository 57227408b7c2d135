"""Which pages are generated, and where they stand."""

from collections.abc import Callable
from pathlib import Path

from scripts.docs.api import api
from scripts.docs.hooks import hooks_page
from scripts.docs.settings import settings_page

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
API = PROJECT / "tests" / "core" / "hooks" / "api.txt"
"""What a reviewer sees changing when the hooks do."""

PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page, "hooks.md": hooks_page}


def main() -> int:
    """Write them all."""
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
        print(f"docs/{name}")
    API.write_text(api(), "utf-8")
    print(API.relative_to(PROJECT))
    return 0
