"""The same requests inside this process: how many statements they send, and where their time goes."""

import cProfile
import pstats
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import structlog
from flask import Flask
from werkzeug.test import TestResponse

from benchmarks.scenarios import Ask
from benchmarks.stand import Stand
from benchmarks.visits import UNIQUE, claims_of
from lmssocial.app import create_app, load_plugins
from lmssocial.web import scope
from tests.fakes.platform import FakePlatform
from tests.support.queries import counted_queries

BASE = "http://localhost"


@contextmanager
def application(stand: Stand) -> Iterator[Flask]:
    """Our application on the measured database, writing its log where nobody reads it."""
    app = create_app(stand.tool.settings, load_plugins(stand.tool.settings))
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    try:
        yield app
    finally:
        with app.app_context():
            scope.db.engine.dispose()


def send(app: Flask, ask: Ask) -> TestResponse:
    """Send one request.

    :raises AssertionError: if it is refused or fails.
    """
    client = app.test_client(use_cookies=False)
    form = {name: str(uuid.uuid4()) if value == UNIQUE else value for name, value in ask.form}
    response = client.open(
        ask.path,
        method="POST" if form else "GET",
        data=form or None,
        headers=list(ask.headers),
        base_url=BASE,
    )
    assert response.status_code < 400, f"{ask.path}: {response.status_code}"
    return response


def queries_of(app: Flask, ask: Ask, status: int) -> int:
    """How many statements ``ask`` sends, once everything is warm and, for a 304, the page is known."""
    etag = send(app, ask).headers.get("ETag", "")
    if status == 304:
        ask = replace(ask, headers=(*ask.headers, ("If-None-Match", etag)))
    with counted_queries() as queries:
        response = send(app, ask)
    assert response.status_code == status, response.text
    return len(queries)


def launch(app: Flask, platform: FakePlatform) -> None:
    """Login and launch by one person."""
    response = platform.launch(app.test_client(), **claims_of(3))
    assert response.status_code == 303, response.text


def queries_of_launch(app: Flask, platform: FakePlatform) -> int:
    """How many statements login and launch send together."""
    launch(app, platform)
    with counted_queries() as queries:
        launch(app, platform)
    return len(queries)


def profile(deed: Callable[[], object], times: int = 200) -> None:
    """Print where the time of ``deed`` goes."""
    for _ in range(20):
        deed()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(times):
        deed()
    profiler.disable()
    stats = pstats.Stats(profiler)
    stats.sort_stats("cumulative").print_stats(70)
    stats.sort_stats("tottime").print_stats(40)
