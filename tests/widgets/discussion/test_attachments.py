"""Files in a discussion: attached without scripts, shown with the post, for exactly those who may read it."""

import dataclasses
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lmssocial.core.storage import StorageFailed
from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.social.content.models import Contribution, Draft
from tests.support import files
from tests.support.people import Place, make_person, make_placement
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]
PNG = files.picture("PNG", (60, 40))


def press_attach(
    seat: Seat,
    path: str,
    action: str,
    data: bytes = PNG,
    name: str = "photo.png",
    declared: str = "image/png",
    **fields: str,
) -> TestResponse:
    """Choose a file on a composer's page and press Attach, as somebody without scripts does."""
    form = seat.form(seat.open(path), action)
    sent: dict[str, Any] = {key: value for key, value in form.fields if key not in {"file", "decorative"}}
    sent |= fields | {"attach": "1", "file": (io.BytesIO(data), name, declared)}
    return send_form(seat, form.action.removeprefix("http://localhost"), sent)


def send_form(seat: Seat, address: str, sent: dict[str, Any]) -> TestResponse:
    """Send a form with a file; encoded here, because the client leaves large ones open."""
    stream, name, *declared = sent["file"]
    file = FileStorage(stream, name, "file", declared[0] if declared else "")
    boundary, body = encode_multipart(sent | {"file": file})
    return seat.client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def attach(seat: Seat, data: bytes = PNG, name: str = "photo.png", **fields: str) -> TestResponse:
    """Attach a file to a new thread."""
    fields = {"alt": "A diagram"} | fields
    return press_attach(
        seat, "/threads/new", "/threads/new", data, name, fields.pop("declared", ""), **fields
    )


def rows(session: Session) -> list[Attachment]:
    session.rollback()
    return list(session.scalars(select(Attachment).order_by(Attachment.id)))


def the_file(session: Session) -> Attachment:
    (row,) = rows(session)
    return row


def href(row: Attachment) -> str:
    return f"/w/{row.placement_id}/files/{row.id}"


def fetch(seat: Seat, address: str, **headers: str) -> TestResponse:
    """Read a file to its end, as browsers do: they follow to the signed address with the headers they have."""
    answer = seat.open(address, **headers)
    if answer.status_code == 302:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = seat.client.get(answer.headers["Location"], headers=named)
    answer.get_data()
    answer.close()
    return answer


def post_with_file(seat: Seat, session: Session, data: bytes = PNG, name: str = "photo.png") -> Attachment:
    """A thread that shows a file, posted."""
    assert attach(seat, data, name).status_code == 200
    row = rows(session)[-1]
    sign = "!" if row.width else ""
    source = f"Look:\n\n{sign}[A diagram](attachment:{row.id})"
    seat.fill_in("/threads/new", "/threads/new", title="With a file", source=source)
    return rows(session)[-1]


def test_somebody_without_scripts_attaches_a_picture_and_everybody_sees_it(
    session: Session, ana: Actor, ben: Actor, seat: SitDown
) -> None:
    at_anas, at_bens = seat(ana), seat(ben)
    page = attach(at_anas, title="Diagrams", source="As I said:", alt="Two arrows [crossed]")

    assert page.status_code == 200
    assert "photo.png is attached." in text_of(page)
    (written,) = re.findall(
        r'<textarea[^>]*name="source"[^>]*>\s*(.*?)</textarea>', page.get_data(as_text=True), re.DOTALL
    )
    file = the_file(session)
    assert written.strip() == f"As I said:\n\n![Two arrows \\[crossed\\]](attachment:{file.id})"
    assert fetch(at_bens, href(file)).status_code == 404, "nobody else sees what was not sent"
    assert fetch(at_anas, href(file)).status_code == 200

    posted = at_anas.follow(at_anas.send(at_anas.form(page, "/threads/new")))
    html = posted.get_data(as_text=True)
    assert (
        f'<img src="{href(file)}" alt="Two arrows [crossed]" width="60" height="40" loading="lazy">' in html
    )
    shown = fetch(at_bens, href(file))
    assert shown.status_code == 200
    assert shown.mimetype == "image/png"
    assert "SECRET" not in shown.get_data(as_text=False).decode("latin-1")


def test_the_text_and_the_title_are_saved_as_a_draft_when_a_file_is_attached(
    session: Session, ana: Actor, seat: SitDown
) -> None:
    attach(seat(ana), title="Half a title", source="Half a text")
    session.rollback()
    draft = session.scalars(select(Draft)).one()

    assert draft.title == "Half a title"
    assert draft.source.startswith("Half a text\n\n![A diagram](attachment:")


@pytest.mark.parametrize(
    ("data", "name", "declared", "alt", "sentence"),
    [
        (files.SVG, "photo.png", "image/png", "x", "is not what its name says"),
        (files.HTML, "photo.png", "image/png", "x", "is not what its name says"),
        (files.EXECUTABLE, "setup.exe", "", "", "Files of this kind cannot be attached"),
        (files.png_bomb(5_000, 5_000), "photo.png", "image/png", "x", "too many pixels"),
        (PNG, "photo.png", "image/png", "", "Describe the picture"),
        (b"", "photo.png", "image/png", "x", "This file is empty"),
        (b"x" * 1_000_001, "notes.txt", "text/plain", "", "larger than 1 MB"),
        (PNG, "", "", "", "Choose a file first"),
    ],
)
def test_a_refused_file_is_explained_beside_the_field_and_the_text_is_kept(
    session: Session,
    ana: Actor,
    seat: SitDown,
    data: bytes,
    name: str,
    declared: str,
    alt: str,
    sentence: str,
) -> None:
    page = attach(seat(ana), data, name, declared=declared, alt=alt, title="My title", source="My words")

    assert page.status_code == 422
    assert sentence in text_of(page)
    assert "My words" in page.get_data(as_text=True)
    assert 'value="My title"' in page.get_data(as_text=True)
    assert rows(session) == []


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A small limit, so that tests need no large files."""
    return dataclasses.replace(settings, attachment_megabytes=1)


def test_what_is_larger_than_anybody_reads_is_refused_before_it_is_read(ana: Actor, seat: SitDown) -> None:
    page = attach(seat(ana), b"x" * 6_000_000, "notes.txt")

    assert page.status_code == 413


def test_a_decorative_picture_needs_no_words(session: Session, ana: Actor, seat: SitDown) -> None:
    page = attach(seat(ana), alt="", decorative="y")

    assert page.status_code == 200
    assert f"![](attachment:{the_file(session).id})" in page.get_data(as_text=True)


def test_a_file_that_was_chosen_and_not_attached_stops_the_post_and_not_silently(
    session: Session, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    page = at_anas.send(form, title="T", source="Words", file="photo.png")

    assert page.status_code == 422
    assert "did not attach it" in text_of(page)
    session.rollback()
    assert session.scalar(select(func.count(Contribution.id))) == 0


def test_files_can_be_attached_to_answers_and_to_new_wordings(
    session: Session, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    post = post_with_file(at_anas, session).contribution_id
    for path in (f"/posts/{post}/reply", f"/posts/{post}/edit"):
        page = press_attach(at_anas, path, path, files.PDF, "plan.pdf", "application/pdf", source="Words")
        assert page.status_code == 200, text_of(page)
        assert f"[plan.pdf](attachment:{rows(session)[-1].id})" in page.get_data(as_text=True)


def test_a_document_is_a_link_that_says_what_it_is_and_is_saved_instead_of_opened(
    session: Session, ana: Actor, ben: Actor, seat: SitDown
) -> None:
    at_bens = seat(ben)
    file = post_with_file(seat(ana), session, files.PDF, "plan (1).pdf")
    session.rollback()
    html = session.scalars(select(Contribution.html)).one()
    assert f'<a href="{href(file)}" class="file"' in html
    assert '<span class="file-facts">(PDF, 1 kB)</span>' in html

    answer = fetch(at_bens, href(file))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan (1).pdf"'
    assert answer.data == files.PDF


def test_whatever_is_sent_is_fenced_in(session: Session, ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    for data, name, disposition in ((PNG, "photo.png", "inline"), (files.HTML, "page.txt", "attachment")):
        assert attach(at_anas, data, name).status_code == 200
        answer = fetch(at_anas, href(rows(session)[-1]))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert re.fullmatch(r"private, max-age=\d{3,4}", answer.headers["Cache-Control"])
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Disposition"].startswith(disposition)
        assert answer.mimetype in {"image/png", "text/plain"}


def test_a_browser_that_has_a_file_is_told_so_and_only_while_it_may_read_it(
    session: Session, ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    at_bens, at_toms = seat(ben), seat(tom)
    file = post_with_file(seat(ana), session)
    address, post = href(file), file.contribution_id
    etag = fetch(at_bens, address).headers["ETag"]

    again = fetch(at_bens, address, If_None_Match=etag)
    assert (again.status_code, again.data) == (304, b"")
    at_toms.fill_in(f"/posts/{post}/remove", "/remove")
    assert fetch(at_bens, address, If_None_Match=etag).status_code == 404
    assert fetch(at_toms, address).status_code == 200
    at_toms.fill_in(f"/posts/{post}/restore", "/restore")
    assert fetch(at_bens, address).status_code == 200


def test_a_part_of_a_file_can_be_asked_for(session: Session, ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    attach(at_anas, b"0123456789", "notes.txt")
    answer = fetch(at_anas, href(the_file(session)), Range="bytes=2-4")

    assert (answer.status_code, answer.data) == (206, b"234")
    assert fetch(at_anas, href(the_file(session)), Range="bytes=20-30").status_code == 416


def test_people_of_another_course_and_nobody_signed_in_get_nothing(
    app: Flask, session: Session, place: Place, ana: Actor, seat: SitDown
) -> None:
    file = post_with_file(seat(ana), session)
    address = href(file)
    assert app.test_client().get(address).status_code == 401

    other = make_placement(session, place.community)
    session.commit()
    at_bens = seat(make_person(session, place))
    assert fetch(at_bens, address).status_code == 200
    assert fetch(at_bens, f"/w/{other.id}/files/{file.id}").status_code == 404, "the address is the only one"


def test_a_file_that_an_edit_takes_out_goes_with_its_wording(
    session: Session, ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    at_anas, at_bens, at_toms = seat(ana), seat(ben), seat(tom)
    file = post_with_file(at_anas, session)
    path, address = f"/posts/{file.contribution_id}/edit", href(file)
    at_anas.fill_in(path, "/edit", source="Without it.")

    assert [fetch(at, address).status_code for at in (at_anas, at_bens, at_toms)] == [200, 404, 200]
    at_anas.fill_in(path, "/edit", source=f"![again](attachment:{file.id})")
    assert fetch(at_bens, address).status_code == 200


def test_the_file_of_somebody_else_is_only_words(
    session: Session, ana: Actor, ben: Actor, seat: SitDown
) -> None:
    at_bens = seat(ben)
    file = post_with_file(seat(ana), session)
    page = at_bens.fill_in(
        "/threads/new",
        "/threads/new",
        title="Borrowed",
        source=f"![mine now](attachment:{file.id}) and [this](attachment:{file.id}) ![x](attachment:99999)",
    )
    html = page.get_data(as_text=True)

    assert "mine now and <a" in html
    assert "/files/" not in html
    session.rollback()
    assert session.get_one(Attachment, file.id).contribution_id == file.contribution_id


def test_the_preview_shows_what_was_attached(session: Session, ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    page = attach(at_anas)
    preview = at_anas.send(at_anas.form(page, "/threads/new"), button="preview", title="T")

    assert f'<img src="{href(the_file(session))}"' in preview.get_data(as_text=True)


def test_a_post_shows_a_bounded_number_of_files(ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    many = " ".join(f"![x](attachment:{number})" for number in range(1, 22))
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    page = at_anas.send(form, title="T", source=many)

    assert page.status_code == 422
    assert "at most 20 files" in text_of(page)


def test_nobody_fills_the_disk_with_files_that_are_never_sent(
    session: Session, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    attach(at_anas, b"words", "notes.txt")
    first = the_file(session)
    values = {
        column.name: getattr(first, column.name)
        for column in Attachment.__table__.columns
        if column.name not in {"id", "storage_key"}
    }
    session.add_all(Attachment(**values, storage_key=f"{number:032}") for number in range(39))
    session.commit()

    page = attach(at_anas, b"words", "notes.txt")
    assert page.status_code == 422
    assert "many files" in text_of(page)


def test_a_store_that_fails_leaves_no_row_and_says_so(
    app: Flask, session: Session, ana: Actor, seat: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_key: str, _data: bytes) -> None:
        raise StorageFailed("No space left on device")

    monkeypatch.setattr(app.extensions["lmssocial"].files, "put", full)
    page = attach(seat(ana), source="My words")

    assert page.status_code == 422
    assert "could not be stored" in text_of(page)
    assert "My words" in page.get_data(as_text=True)
    assert rows(session) == []


def test_scripts_get_the_markdown_or_the_reason(
    session: Session, ana: Actor, seat: SitDown, place: Place
) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    token = dict(form.fields)["csrf_token"]
    address = at_anas.address(f"/drafts/thread:{place.placement.id}/files")

    def send(data: bytes, name: str, **fields: str) -> TestResponse:
        sent: dict[str, Any] = {"csrf_token": token, "file": (io.BytesIO(data), name), **fields}
        return send_form(at_anas, address, sent)

    answer = send(PNG, "photo.png", alt="A diagram")
    assert answer.status_code == 201
    assert answer.get_json() == {
        "markdown": f"![A diagram](attachment:{the_file(session).id})",
        "name": "photo.png",
        "messages": [],
    }
    refused = send(files.SVG, "photo.png", alt="x")
    assert refused.status_code == 422
    assert "is not what its name says" in refused.get_json()["message"]
    forged = send(PNG, "photo.png", csrf_token="forged")
    assert forged.status_code == 422
    assert len(rows(session)) == 1


def test_a_file_is_kept_only_for_what_its_uploader_could_send(
    session: Session, ana: Actor, seat: SitDown, place: Place
) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    for target in ("reply:99999", "edit:99999", f"thread:{place.placement.id + 99}", "nonsense"):
        sent = {"csrf_token": dict(form.fields)["csrf_token"], "file": (io.BytesIO(b"x"), "a.txt")}
        answer = send_form(at_anas, at_anas.address(f"/drafts/{target}/files"), sent)
        assert answer.status_code == 404
    assert rows(session) == []
