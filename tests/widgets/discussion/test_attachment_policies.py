"""What policies say about a file counts for the post that shows it: with the real policy, in its real process."""

import io
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import segno
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lmssocial.core.hooks import Level, Ruling, Stance
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.attachment_models import Attachment, FileState
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.models import Case, Origin, PolicyVerdict
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.models import PluginFailure
from lmssocial.widgets.discussion import moderating
from tests.support import files
from tests.support.people import Place
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]
SwitchOn = Callable[..., None]


def code(address: str) -> bytes:
    """A picture of a QR code."""
    out = io.BytesIO()
    segno.make(address, micro=False).save(out, kind="png", scale=6)
    return out.getvalue()


CODE = code("https://evil.example/login")


@pytest.fixture
def switch_on(session: Session, place: Place) -> SwitchOn:
    """Switch the policy on in the course, with a stance, in a tier."""

    def switch(stance: Stance = Stance.ENFORCE, tier: Tier = Tier.OPEN, **values: Any) -> None:
        course = place.course.id
        place.community.tier = tier
        plugin_settings.switch(session, "attachments", on=True, level=Level.COURSE, place_id=course)
        plugin_settings.configure(session, "attachments", values, level=Level.COURSE, place_id=course)
        plugin_settings.take_stance(session, "attachments", stance, level=Level.COURSE, place_id=course)

    return switch


def attach(seat: Seat, data: bytes, name: str = "photo.png") -> TestResponse:
    """Attach a file to a new thread."""
    form = seat.form(seat.open("/threads/new"), "/threads/new")
    kept = {key: value for key, value in form.fields if key not in {"file", "decorative"}}
    file = FileStorage(io.BytesIO(data), name, "file")
    sent = kept | {"attach": "1", "file": file, "alt": "A picture", "source": "My words", "title": "My title"}
    boundary, body = encode_multipart(sent)
    where = form.action.removeprefix("http://localhost")
    return seat.client.post(where, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def attach_and_post(seat: Seat, data: bytes, name: str = "photo.png") -> TestResponse:
    """Attach a file to a new thread and post it."""
    page = attach(seat, data, name)
    assert page.status_code == 200, text_of(page)
    return seat.follow(seat.send(seat.form(page, "/threads/new")))


def the_post(session: Session) -> Contribution:
    session.rollback()
    return session.scalars(select(Contribution)).one()


def the_file(session: Session) -> Attachment:
    session.rollback()
    return session.scalars(select(Attachment)).one()


def status(seat: Seat, file: Attachment) -> int:
    """The answer to whoever asks for the file."""
    answer = seat.open(f"/w/{file.placement_id}/files/{file.id}")
    found = seat.client.get(answer.headers["Location"]) if answer.status_code == 302 else answer
    with found:
        found.get_data()
        return found.status_code


def test_a_code_in_a_picture_holds_the_post_until_a_moderator_has_looked(
    session: Session, ana: Actor, ben: Actor, tom: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on()
    at_anas, at_bens, at_toms = seat(ana), seat(ben), seat(tom)
    page = attach(at_anas, CODE)
    assert "a code that leads to https://evil.example/login" in text_of(page), "said when it is attached"
    at_anas.follow(at_anas.send(at_anas.form(page, "/threads/new")))

    post, file = the_post(session), the_file(session)
    assert (post.state, file.state) == (State.HELD, FileState.HELD)
    assert "https://evil.example/login" in post.note
    assert [status(at, file) for at in (at_anas, at_bens, at_toms)] == [200, 404, 200]
    case = session.scalars(select(Case)).one()
    assert [(one["policy"], one["reason"]) for one in case.verdicts["verdicts"]] == [("attachments", "code")]

    moderating.publish_held_post(session, tom, post.id)
    session.commit()
    assert the_file(session).state is FileState.PUBLISHED
    assert status(at_bens, file) == 200
    at_anas.fill_in(
        f"/posts/{file.contribution_id}/edit", "/edit", source=f"Other words ![x](attachment:{file.id})"
    )
    assert the_post(session).state is State.PUBLISHED, "what a moderator has seen is not held again"


def test_other_words_beside_the_same_picture_do_not_publish_it(
    session: Session, ana: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on()
    at_anas = seat(ana)
    attach_and_post(at_anas, CODE)
    path, file = f"/posts/{the_post(session).id}/edit", the_file(session)
    at_anas.fill_in(path, "/edit", source=f"Other words ![x](attachment:{file.id})")
    assert the_post(session).state is State.HELD
    assert the_file(session).state is FileState.HELD

    at_anas.fill_in(path, "/edit", source="Without the picture.")
    assert the_post(session).state is State.PUBLISHED
    assert the_file(session).state is FileState.HELD


def test_a_file_that_is_two_things_is_refused_in_the_most_open_tier_and_the_text_is_kept(
    session: Session, ana: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on()
    page = attach(seat(ana), files.picture() + files.packed({"setup.exe": files.EXECUTABLE}))

    assert page.status_code == 422
    assert "Something else is hidden in this file" in text_of(page)
    assert "My words" in page.get_data(as_text=True)
    session.rollback()
    assert session.scalars(select(Attachment)).all() == []


def test_in_shadow_nobody_notices_and_the_verdict_is_noted_with_the_post(
    session: Session, ana: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on(Stance.SHADOW)
    at_anas = seat(ana)
    assert "evil.example" not in text_of(attach_and_post(at_anas, CODE))

    post = the_post(session)
    assert post.state is State.PUBLISHED
    noted = session.scalars(select(PolicyVerdict)).one()
    assert (noted.policy, noted.stance, noted.contribution_id) == ("attachments", Stance.SHADOW, post.id)
    assert (noted.ruling, noted.effective) == (Ruling.HOLD, Ruling.ALLOW)


def test_advice_is_said_and_stops_nothing(
    session: Session, ana: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on(Stance.ADVISE)
    at_anas = seat(ana)
    page = attach(at_anas, CODE)
    assert "evil.example" in text_of(page)
    at_anas.follow(at_anas.send(at_anas.form(page, "/threads/new")))

    assert the_post(session).state is State.PUBLISHED


def test_an_institution_may_allow_a_host(
    session: Session, ana: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on(hosts=["evil.example"])
    attach_and_post(seat(ana), CODE)

    assert the_post(session).state is State.PUBLISHED


class Scanner:
    """A clamd at the border, which takes everything with EICAR in it for a virus."""

    def __init__(self) -> None:
        """Listen."""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listening.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as file:
                file.read(len(b"zINSTREAM\0"))
                data = b""
                while length := int.from_bytes(file.read(4), "big"):
                    data += file.read(length)
                line.sendall(b"stream: Eicar-Signature FOUND\0" if b"EICAR" in data else b"stream: OK\0")

    def close(self) -> None:
        """End."""
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(5)


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scanner]:
    """A virus scanner is configured and answers."""
    scanner = Scanner()
    monkeypatch.setenv("CLAMD_ADDRESS", scanner.address)
    yield scanner
    scanner.close()


@pytest.mark.usefixtures("scanner")
def test_a_virus_is_refused_by_name_for_everybody_and_a_clean_file_is_attached(
    session: Session, ana: Actor, tom: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on()
    for person in (ana, tom):
        page = attach(seat(person), b"X5O!P%@AP...EICAR-STANDARD", "notes.txt")
        assert page.status_code == 422
        assert "The virus scanner found Eicar-Signature in this file" in text_of(page)
        assert "Have your computer checked" in text_of(page)
    assert attach(seat(ana), b"words\n", "notes.txt").status_code == 200
    assert the_file(session).size == len(b"words\n")


@pytest.fixture
def scanner_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A virus scanner is configured and does not answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CLAMD_ADDRESS", f"127.0.0.1:{free.getsockname()[1]}")


@pytest.mark.usefixtures("scanner_away")
@pytest.mark.parametrize("tier", [Tier.OPEN, Tier.REVIEWED])
def test_when_the_scanner_is_away_the_post_is_published_and_looked_at_later(
    session: Session, ana: Actor, seat: SitDown, switch_on: SwitchOn, tier: Tier
) -> None:
    switch_on(tier=tier)
    attach_and_post(seat(ana), b"words\n", "notes.txt")

    assert the_post(session).state is State.PUBLISHED
    assert session.scalars(select(Case)).one().origin is Origin.LATER
    failure = session.scalars(select(PluginFailure)).one()
    assert (failure.plugin, failure.hook) == ("attachments", "lmssocial_screen_attachment")
    assert "ScannerError" in failure.error, "the administrator reads why"


@pytest.mark.usefixtures("scanner_away")
def test_when_the_scanner_is_away_assured_content_waits(
    session: Session, ana: Actor, seat: SitDown, switch_on: SwitchOn
) -> None:
    switch_on(tier=Tier.ASSURED)
    attach_and_post(seat(ana), b"words\n", "notes.txt")

    assert the_post(session).state is State.HELD
    assert re.search(
        "check could not be made", session.scalars(select(Case)).one().verdicts["verdicts"][0]["message"]
    )
