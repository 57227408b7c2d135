"""Alive, ready, counted; and what a monitor reads when something is wrong."""

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from lmssocial.app import create_app, load_plugins
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.lms.lti import tool_keys
from lmssocial.settings import Settings
from lmssocial.web import scope
from tests.support.queries import Queries


def test_an_installation_in_order_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert set(ready.get_json()["checks"].values()) == {"ok"}


def test_pending_migrations_make_it_not_ready_but_alive(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of another age'"))
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["schema"] == "failed"
    assert client.get("/healthz").status_code == 200


def test_a_database_that_does_not_answer_is_a_503_and_says_no_secret(settings: Settings) -> None:
    absent = dataclasses.replace(settings, database_url="postgresql://lms:pa55word@127.0.0.1:1/nowhere")
    client = create_app(absent, load_plugins(absent)).test_client()
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"] == {"database": "failed"}
    assert "pa55word" not in ready.text
    page = client.get("/w/1/discussion/")
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "pa55word" not in page.text


def test_keys_sealed_with_another_secret_are_noticed(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), unit_of_work(scope.session()) as session:
        tool_keys.ensure_key(session, SecretBox("some other installation's secret"))
    assert client.get("/readyz").get_json()["checks"]["keys"] == "failed"


def test_requests_are_counted_by_route_and_not_by_address(client: FlaskClient) -> None:
    client.get("/w/4711/discussion/")
    page = client.get("/metrics").text
    assert 'route="/w/<int:placement_id>/discussion/"' in page
    assert "/4711" not in page


def test_starting_asks_the_database_nothing(
    settings: Settings, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    with count_queries() as queries:
        create_app(settings, load_plugins(settings))
    assert len(queries) == 0
