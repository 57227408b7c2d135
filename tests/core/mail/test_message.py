"""A letter as it travels."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from lmssocial.core.kernel import clock
from lmssocial.core.mail import Letter, MailRefused
from lmssocial.core.mail.message import compose

SENDER = "Forum <no-reply@social.example.edu>"


def letter(**changes: str) -> Letter:
    return Letter(
        **{
            "key": "digest:7:2026-03-02",
            "to": "ana@example.edu",
            "title": "News",
            "text": "Hello\n",
            "html": "<p>Hello</p>",
            **changes,
        }
    )


def test_a_letter_has_text_and_page_and_says_that_a_machine_wrote_it() -> None:
    with clock.at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        sent = compose(letter(language="de-AT", text="Grüße\n", html="<p>Grüße</p>"), SENDER).as_bytes()

    message = message_from_bytes(sent, policy=default)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in message.iter_parts()] == ["Grüße", "<p>Grüße</p>"]
    assert message["From"] == SENDER
    assert message["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["Content-Language"] == "de-AT"
    assert message["Message-ID"].endswith("@social.example.edu>")
    assert "List-Unsubscribe" not in message
    sent.decode("ascii")  # every server takes it


def test_what_can_be_unsubscribed_from_says_so_by_the_book() -> None:
    message = compose(letter(unsubscribe="https://social.example.edu/mail/unsubscribe/abc"), SENDER)

    assert message["List-Unsubscribe"] == "<https://social.example.edu/mail/unsubscribe/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_address_to_unsubscribe_by_travels_as_it_is_however_long() -> None:
    address = f"https://social-learning.northern-college.example.edu/mail/unsubscribe/{'aB3-_' * 40}"
    sent = compose(
        letter(unsubscribe=address), "no-reply@social-learning.northern-college.example.edu"
    ).as_bytes()

    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in sent
    assert b"=?" not in sent.partition(b"\r\n\r\n")[0]


def test_the_same_letter_has_the_same_name_and_another_has_another() -> None:
    names = [compose(letter(key=key), SENDER)["Message-ID"] for key in ("a", "a", "b")]

    assert names[0] == names[1] != names[2]


def test_line_ends_in_a_title_begin_no_header() -> None:
    message = compose(letter(title="News\r\nBcc: everybody@example.edu\u2028Hello\x00"), SENDER)

    assert message["Bcc"] is None
    assert message["Subject"] == "News Bcc: everybody@example.edu Hello"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@example.edu\r\nBcc: everybody@example.edu",
        "ana@example.edu, ben@example.edu",
        "ana @example.edu",
        "Ana <ana@example.edu>",
        "ana@example.edu\x00",
    ],
)
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(MailRefused):
        compose(letter(to=address), SENDER)


def test_an_address_to_unsubscribe_at_cannot_smuggle_in_a_header() -> None:
    with pytest.raises(MailRefused):
        compose(letter(unsubscribe="https://a.example>\r\nBcc: b@example.edu"), SENDER)
