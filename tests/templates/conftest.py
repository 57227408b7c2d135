"""A browser, and the site it looks at."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lmssocial.web import assets
from tests.support.browser import ROOT
from tests.support.compiled import Compiled
from tests.templates.site import make_site, served
from tests.templates.workshop import Workshop

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def workshop() -> Workshop:
    """How the site answers the scripts."""
    return Workshop()


@pytest.fixture
def site(workshop: Workshop, compiled: Compiled) -> Iterator[str]:
    """The address of the site."""
    assert (assets.DIST / "manifest.json").is_file(), "the assets are not built; run: make assets"
    app = make_site()
    app.jinja_env.bytecode_cache = compiled
    app.register_blueprint(workshop.blueprint())
    with served(app) as address:
        yield address


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: script errors, and everything its content security policy forbade."""
    return []


@pytest.fixture
def look_at(chromium: Browser, site: str, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a page of the site: ``look_at("/look", width=320, color_scheme="dark")``."""
    contexts = []

    def open_page(path: str, *, width: int = 760, height: int = 900, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        answer = page.goto(site + path)
        assert answer
        assert answer.ok, f"{path} was answered {answer.status}"
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, locked in ``frontend/``."""
    assert Path(AXE).is_file(), "axe-core is not installed; run: make assets"
    return AXE.read_text("utf-8")
