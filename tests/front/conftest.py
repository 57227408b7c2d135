"""The command line and plugins that are really installed, for the tests of the doors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import PluginHost
from lmssocial.front.plugins_cli import plugins
from lmssocial.settings import Settings
from lmssocial.web import scope
from tests.support.people import Place, make_place
from tests.support.plugins import Site, open_site


@dataclass
class Console:
    """The part of the command line these commands use, on the test's own database."""

    settings: Settings
    made: Engine
    imported: bool = False
    served: Flask | None = None

    def engine(self) -> Engine:
        """An engine on the installation's database."""
        return self.made

    def host(self) -> PluginHost:
        """The plugins, imported now."""
        self.imported = True
        return load_plugins(self.settings)

    def app(self) -> Flask:
        """The whole application."""
        self.served = create_app(self.settings, self.host())
        return self.served


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where plugins are installed."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


@pytest.fixture
def console(settings: Settings, engine: Engine) -> Iterator[Console]:
    """A command line."""
    console = Console(settings, engine)
    yield console
    if console.served:
        with console.served.app_context():
            scope.db.engine.dispose()


@pytest.fixture
def run(console: Console) -> Callable[..., Result]:
    """Run ``lmssocial plugins …``."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(plugins, [*words], obj=console)

    return run


@pytest.fixture
def place(engine: Engine) -> Place:
    """A tenant with a course."""
    with Session(engine, expire_on_commit=False) as session, unit_of_work(session):
        return make_place(session)
