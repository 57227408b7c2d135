"""The application with one registered platform, for a whole module: refused launches leave nothing behind."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import make_engine
from lmssocial.settings import Settings
from lmssocial.web import scope
from tests.fakes.platform import FakePlatform, KeySetServer, key_sets
from tests.fakes.registered import register
from tests.support.compiled import Compiled
from tests.support.databases import Databases

pytest.register_assert_rewrite("tests.front.launch.outcomes")


@dataclass
class House:
    """The tool, an LMS that knows it, and a way into the database."""

    app: Flask
    platform: FakePlatform
    keys: KeySetServer
    engine: Engine

    def browser(self) -> FlaskClient:
        """A browser with an empty cookie jar."""
        return self.app.test_client()

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A session that commits at the end of the block."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def another(self, **changes: Any) -> FakePlatform:
        """A platform like the first with some things different, not registered yet."""
        return dataclasses.replace(self.platform, **changes)


@pytest.fixture(scope="module")
def key_server() -> Iterator[KeySetServer]:
    """The platform's key-set address."""
    with key_sets() as server:
        yield server


@pytest.fixture(scope="module")
def build(
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    key_server: KeySetServer,
    compiled: Compiled,
) -> Iterator[Callable[..., House]]:
    """Build houses, each on a database of its own; ``build(public_url=…)`` changes settings."""
    built: list[tuple[House, str]] = []

    def make(**changes: object) -> House:
        url = databases.migrated()
        settings = Settings(
            **{  # type: ignore[arg-type]
                "data_dir": tmp_path_factory.mktemp("house"),
                "secret_key": "a secret for tests, of forty characters.",
                "database_url": url,
                "outbound_allow": ("127.0.0.1",),
                **changes,
            }
        )
        app = create_app(settings, load_plugins(settings))
        app.jinja_env.bytecode_cache = compiled
        platform = FakePlatform(jwks_url=key_server.url, public_url=settings.public_url)
        house = House(app, platform, key_server, make_engine(url))
        built.append((house, url))
        with house.rows() as session:
            register(session, platform)
        return house

    yield make
    for house, url in built:
        with house.app.app_context():
            scope.db.engine.dispose()
        house.engine.dispose()
        databases.drop(url)


@pytest.fixture(scope="module")
def house(build: Callable[..., House]) -> House:
    """The usual house, shared by the module."""
    return build()
