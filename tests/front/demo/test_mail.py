"""The mail that the demo would have sent."""

from collections.abc import Callable

from flask import Flask

from lmssocial.core.mail import Letter, MailFolder
from lmssocial.core.mail import folder as the_folder
from lmssocial.front.demo.lms.campus import Campus
from tests.front.demo.academy import Browser

LETTER = Letter(
    key="one",
    to="ana.ruiz@northfield.example",
    title="Ben <b>replied</b>",
    text="Hello & welcome\n",
    html='<p style="color: red">Hello</p><script>alert(1)</script>',
)


def keep(campus: Campus) -> str:
    """Keep the letter; gives its name."""
    MailFolder(campus.mail_dir, "no-reply@localhost").send(LETTER)
    return the_folder.names(campus.mail_dir)[0]


def test_before_there_is_any_the_page_says_what_will_come(lms: Flask) -> None:
    browser = Browser(lms.test_client())
    assert "Mail that would have been sent" in browser.get("/").text
    assert "No letter yet." in browser.get("/mail").text


def test_letters_are_listed_with_the_names_of_those_who_get_them(
    campus: Campus, browser_of: Callable[[str], Browser]
) -> None:
    name = keep(campus)
    page = browser_of("ana.ruiz").get("/mail").text
    assert f'href="/mail/{name}"' in page
    assert "Ana Ruiz <span" in page
    assert "Ben &lt;b&gt;replied&lt;/b&gt;" in page


def test_a_letter_is_shown_in_a_frame_in_which_it_can_do_nothing(campus: Campus, lms: Flask) -> None:
    name, browser = keep(campus), Browser(lms.test_client())

    around, letter = browser.get(f"/mail/{name}"), browser.get(f"/mail/{name}/page")

    assert "Hello &amp; welcome" in around.text
    assert 'sandbox="allow-popups' in around.text
    assert "unsafe-inline" not in around.headers["Content-Security-Policy"]
    assert 'style="color: red"' in letter.text
    policy = letter.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups" in policy


def test_a_letter_that_made_room_is_gone(campus: Campus, lms: Flask) -> None:
    keep(campus)
    assert Browser(lms.test_client()).get("/mail/20260101T000000-other").status_code == 404
