"""The start of a web process: what it makes ready before the first request."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Level
from lmssocial.core.hooks.runner import IsolatedRunner
from lmssocial.server import make_app
from lmssocial.social.plugin_settings import service
from lmssocial.web import scope
from lmssocial.web.program import program
from tests.conftest import SECRET
from tests.support.plugins import Site, open_site
from tests.support.policies import policy


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where plugins are installed: one policy, and one plugin that is none."""
    site = open_site(tmp_path / "site", monkeypatch)
    site.install("calm", policy("return None"))
    site.install("quiet")
    yield site
    site.forget()


@pytest.fixture
def start(
    site: Site,  # noqa: ARG001 – it has to be there
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[str], Flask]]:
    """Makes the application as a web server does, on a database."""
    made: list[Flask] = []

    def app(url: str) -> Flask:
        monkeypatch.setenv("LMSSOCIAL_DATABASE_URL", url)
        monkeypatch.setenv("LMSSOCIAL_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("LMSSOCIAL_SECRET_KEY", SECRET)
        monkeypatch.setenv("LMSSOCIAL_PLUGINS", "calm,quiet")
        made.append(make_app())
        return made[-1]

    yield app
    for one in made:
        with one.app_context():
            program().policies.close()
            scope.db.engine.dispose()


def has_process(app: Flask, *, within: float) -> bool:
    """Whether the policies' process is there in so many seconds."""
    with app.app_context():
        runner = program().policies
    assert isinstance(runner, IsolatedRunner)
    end = time.monotonic() + within
    while runner.pid is None and time.monotonic() < end:
        time.sleep(0.02)
    return runner.pid is not None


def test_the_policies_process_is_made_ready_where_a_policy_is_on(
    session: Session, db_url: str, start: Callable[[str], Flask]
) -> None:
    with unit_of_work(session):
        service.switch(session, "calm", on=True, level=Level.COURSE, place_id=7)

    assert has_process(start(db_url), within=10)


def test_no_process_is_started_where_no_policy_is_on(
    session: Session, db_url: str, start: Callable[[str], Flask]
) -> None:
    with unit_of_work(session):
        service.switch(session, "quiet", on=True, level=Level.INSTALLATION)
        service.switch(session, "calm", on=False, level=Level.INSTALLATION)

    assert not has_process(start(db_url), within=0.5)


def test_a_database_without_tables_does_not_keep_the_process_from_starting(
    empty_db_url: str, start: Callable[[str], Flask]
) -> None:
    assert not has_process(start(empty_db_url), within=0.1)
