"""What every page in a browser must be: usable without sight or mouse, and no wider than its window."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

from tests.support.servers import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

WIDEST = """() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > limit + 1);
    return wide.slice(0, 5).map(e => `${e.tagName.toLowerCase()}.${e.className}: ${e.getBoundingClientRect().right}`)
        .concat(`the page is ${document.documentElement.scrollWidth} px wide in ${limit} px`);
}"""


def accessibility_faults(page: Page | Frame) -> list[str]:
    """What axe finds wrong in ``page``, a line for each element.

    axe is evaluated by the browser's debugger, so the page's own Content-Security-Policy stays in force.
    """
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(
        "standards => axe.run(document, {runOnly: standards, resultTypes: ['violations']})", STANDARDS
    )
    return [
        f"{fault['id']}: {fault['help']}: {node['html'][:200]} ({node['failureSummary']})"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def assert_accessible(page: Page | Frame) -> None:
    """Fail with everything that axe finds wrong."""
    faults = accessibility_faults(page)
    assert not faults, f"{page.url}:\n" + "\n".join(faults)


def no_horizontal_scroll(page: Page | Frame) -> None:
    """Fail if ``page`` is wider than its window, naming what sticks out."""
    wide = page.evaluate(WIDEST)
    assert not wide, f"{page.url}: {wide}"


def _axe() -> str:
    assert Path(AXE).is_file(), f"{AXE} is missing; `make test` installs it"
    return AXE.read_text("utf-8")
