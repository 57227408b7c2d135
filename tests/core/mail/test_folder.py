"""Mail that stays in the house."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lmssocial.core.kernel import clock
from lmssocial.core.mail import Letter, MailDown, MailFolder
from lmssocial.core.mail import folder as the_folder

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def letter(key: str) -> Letter:
    return Letter(key=key, to="ana@example.edu", title=f"Grüße {key}", text="Hallo\n", html="<p>Hallo</p>")


def test_a_letter_can_be_read_as_it_would_have_arrived(tmp_path: Path) -> None:
    home = tmp_path / "mail"

    with clock.at(START):
        MailFolder(home, "no-reply@example.edu").send(letter("one"))

    [name] = the_folder.names(home)
    kept = the_folder.read(home, name)
    assert kept is not None
    assert (kept.to, kept.title, kept.at) == ("ana@example.edu", "Grüße one", START)
    assert (kept.text.strip(), kept.html.strip()) == ("Hallo", "<p>Hallo</p>")
    assert (home / f"{name}.eml").stat().st_mode & 0o077 == 0
    assert [path.suffix for path in home.iterdir()] == [".eml"]


def test_the_newest_are_kept_and_the_oldest_make_room(tmp_path: Path) -> None:
    mailer = MailFolder(tmp_path, "no-reply@example.edu", kept=3)

    for number in range(5):
        with clock.at(START + timedelta(minutes=number)):
            mailer.send(letter(str(number)))

    titles = [getattr(the_folder.read(tmp_path, name), "title", "") for name in the_folder.names(tmp_path)]
    assert titles == ["Grüße 4", "Grüße 3", "Grüße 2"]


def test_the_same_letter_is_kept_once(tmp_path: Path) -> None:
    mailer = MailFolder(tmp_path, "no-reply@example.edu")

    mailer.send(letter("one"))
    mailer.send(letter("one"))

    assert len(the_folder.names(tmp_path)) == 1
    assert "1 kept" in mailer.look()


def test_a_folder_that_cannot_be_written_is_trouble_for_all_letters(tmp_path: Path) -> None:
    in_the_way = tmp_path / "mail"
    in_the_way.write_text("a file")

    with pytest.raises(MailDown, match="cannot be written"):
        MailFolder(in_the_way, "no-reply@example.edu").send(letter("one"))


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    home = tmp_path / "mail"
    home.mkdir()
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nsecret")

    assert the_folder.read(home, f"..{os.sep}secret") is None
