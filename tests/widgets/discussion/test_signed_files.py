"""Files are led to by addresses that are signed and end."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.social.content.signed import LASTS
from tests.conftest import TestClock
from tests.support.attaching import led_to, opened, posted_file
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


def test_who_may_read_a_post_is_led_to_an_address_that_needs_no_cookie(
    app: Flask, session: Session, ana: Actor, ben: Actor, seat: SitDown
) -> None:
    at_anas, at_bens = seat(ana), seat(ben)
    address = posted_file(at_anas, session)
    signed = led_to(at_bens, address)
    answer = opened(app, signed)

    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert "Set-Cookie" not in answer.headers
    assert "X-Frame-Options" not in answer.headers, "a picture may be opened inside the LMS"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert opened(app, address).status_code == 401, "the address in the post asks for the sign-in"


def test_an_address_ends(app: Flask, session: Session, ana: Actor, seat: SitDown, clock: TestClock) -> None:
    at_anas = seat(ana)
    signed = led_to(at_anas, posted_file(at_anas, session))
    assert opened(app, signed).status_code == 200
    clock.tick(seconds=LASTS.total_seconds())
    over = opened(app, signed)

    assert over.status_code == 410
    assert "This link to a file is over" in text_of(over)


def test_an_address_is_good_no_more_once_its_post_was_changed_or_removed(
    app: Flask, session: Session, ana: Actor, ben: Actor, seat: SitDown
) -> None:
    at_anas, at_bens = seat(ana), seat(ben)
    address = posted_file(at_anas, session)
    signed = led_to(at_bens, address)
    session.rollback()
    post = session.scalars(select(Attachment.contribution_id)).one()
    at_anas.fill_in(f"/posts/{post}/remove", "/remove")

    assert opened(app, signed).status_code == 410
    assert at_bens.open(address).status_code == 404


def test_nobody_makes_an_address_for_another_file(
    app: Flask, session: Session, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    signed = led_to(at_anas, posted_file(at_anas, session))
    head, _, token = signed.rpartition("/")
    for wrong in ("1", token[:-3], token.swapcase(), f"{token}x", "%00"):
        assert opened(app, f"{head}/{wrong}").status_code == 410, wrong


def test_a_file_that_left_the_folder_is_told_as_gone(
    app: Flask, session: Session, settings: Settings, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    address = posted_file(at_anas, session)
    for file in settings.attachment_folder.rglob("*"):
        if file.is_file():
            file.unlink()

    assert opened(app, led_to(at_anas, address)).status_code == 410
