"""The same tool with its files in a bucket."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial import timers
from lmssocial.app import create_app, load_plugins
from lmssocial.core.storage import storage_at
from lmssocial.front.health.checks import Installation, examine
from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings, SettingsError
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.social.content.models import Draft
from lmssocial.web import program as the_program
from lmssocial.web.program import program
from tests.support import files
from tests.support.attaching import attach, led_to, opened, posted_file
from tests.support.buckets import S3Server
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[S3Server]:
    """A server with an empty bucket."""
    server = S3Server(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def settings(settings: Settings, server: S3Server) -> Settings:
    """The settings, with the bucket."""
    return dataclasses.replace(settings, storage_url=server.address())


def test_files_are_fetched_from_the_bucket_and_kept_there_only(
    app: Flask, session: Session, settings: Settings, server: S3Server, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    address = posted_file(at_anas, session)
    signed = led_to(at_anas, address)
    assert signed.startswith(f"{server.origin}/")
    answer = httpx.get(signed)

    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == "inline; filename=photo.png"
    assert answer.content.startswith(b"\x89PNG")
    assert not settings.attachment_folder.exists()
    page = at_anas.open("/")
    assert server.origin in page.headers["Content-Security-Policy"], "pictures may come from there"
    stranger = opened(app, address)
    assert stranger.status_code == 401


def test_a_document_is_saved_under_its_name_whatever_it_is(
    session: Session, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    signed = led_to(at_anas, posted_file(at_anas, session, files.PDF, "Übung 1.pdf"))
    answer = httpx.get(signed)

    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Ubung 1.pdf\"; filename*=UTF-8''%C3%9Cbung%201.pdf"
    )
    assert answer.headers["Content-Type"] == "application/pdf"


def test_a_bucket_that_is_away_keeps_the_text_and_says_so(
    session: Session, server: S3Server, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    server.kill()
    page = attach(at_anas, source="Words that must stay")

    assert page.status_code == 422
    assert "could not be stored just now" in text_of(page)
    assert "Words that must stay" in page.get_data(as_text=True)
    session.rollback()
    row = session.scalars(select(Attachment)).one()
    assert row.contribution_id is None, "it may be there; the sweep will know"


def test_what_was_never_sent_leaves_the_bucket(
    session: Session, settings: Settings, server: S3Server, ana: Actor, seat: SitDown
) -> None:
    attach(seat(ana))
    session.rollback()
    row = session.scalars(select(Attachment)).one()
    row.created_at -= timedelta(days=2)
    session.execute(delete(Draft))
    session.commit()
    assert server.names() == [row.storage_key]
    store = storage_at(settings.storage_url, settings.attachment_folder)

    assert timers.sweep_files(sessionmaker(session.get_bind()), store) == 1
    assert server.names() == []


def test_files_go_through_the_tool_if_that_is_set(
    app: Flask, server: S3Server, session: Session, ana: Actor, seat: SitDown, tmp_path: Path
) -> None:
    with app.app_context():
        through_us = dataclasses.replace(program(), files=storage_at(server.address(links="tool"), tmp_path))
    the_program.init_app(app, through_us)
    at_anas = seat(ana)
    signed = led_to(at_anas, posted_file(at_anas, session))

    assert signed.startswith("/files/")
    answer = opened(app, signed)
    assert answer.status_code == 200
    assert answer.get_data().startswith(b"\x89PNG")
    server.kill()
    away = opened(app, signed)
    assert away.status_code == 503
    assert "does not answer" in text_of(away)


def test_the_doctor_looks_into_the_bucket(app: Flask, settings: Settings, server: S3Server) -> None:
    with app.app_context():
        look = Installation(settings, app.extensions["sqlalchemy"].engine, load_plugins(settings), ())
        found = {finding.check: finding for finding in examine(look)}
        assert (found["files"].ok, found["files"].says) == (True, "files are kept in the bucket")
        server.kill()
        found = {finding.check: finding for finding in examine(look)}
    assert not found["files"].ok
    assert not found["files"].grave
    assert "LMSSOCIAL_STORAGE_URL" in found["files"].says
    assert "PxRfiCYEXAMPLEKEY" not in found["files"].says


def test_a_wrong_address_of_a_bucket_stops_the_tool_at_its_start(settings: Settings) -> None:
    wrong = dataclasses.replace(settings, storage_url="s3://key:hush@host/bucket?tls=maybe")
    with pytest.raises(SettingsError) as stopped:
        create_app(wrong, load_plugins(wrong))

    assert "STORAGE_URL: has tls=1 or tls=0" in str(stopped.value)
    assert "hush" not in str(stopped.value)
