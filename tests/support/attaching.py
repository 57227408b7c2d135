"""Attaching files without scripts, and following where their addresses lead."""

import io
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lmssocial.social.content.attachment_models import Attachment
from tests.support import files
from tests.support.seat import Seat, text_of

PNG = files.picture("PNG", (60, 40))


def attach(seat: Seat, data: bytes = PNG, name: str = "photo.png", **fields: str) -> TestResponse:
    """Attach a file to a new thread."""
    page = seat.open("/threads/new")
    form = seat.form(page, "/threads/new")
    sent: dict[str, Any] = {key: value for key, value in form.fields if key not in {"file", "decorative"}}
    sent |= {"attach": "1", "alt": "A diagram", **fields}
    sent["file"] = FileStorage(io.BytesIO(data), name, "file")
    boundary, body = encode_multipart(sent)
    address = form.action.removeprefix("http://localhost")
    return seat.client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def posted_file(seat: Seat, session: Session, data: bytes = PNG, name: str = "photo.png") -> str:
    """Attach a file and post it; answers the address that the post shows."""
    page = attach(seat, data, name)
    assert page.status_code == 200, text_of(page)
    session.rollback()
    row = session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
    assert row is not None
    source = f"{'!' if row.width else ''}[A diagram](attachment:{row.id})"
    seat.fill_in("/threads/new", "/threads/new", title="With a file", source=source)
    return f"/w/{row.placement_id}/files/{row.id}"


def led_to(seat: Seat, address: str) -> str:
    """Where the address of a file leads."""
    answer = seat.open(address)
    assert answer.status_code == 302, text_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    return str(answer.headers["Location"])


def opened(app: Flask, address: str) -> TestResponse:
    """The page at an address, for somebody who is not signed in."""
    answer = app.test_client().get(address)
    answer.get_data()
    answer.close()
    return answer
