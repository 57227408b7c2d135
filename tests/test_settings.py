"""Settings: every mistake at once, and a secret that is made only once."""

import stat
from pathlib import Path

import pytest

from lmssocial.settings import Settings, SettingsError


def test_every_mistake_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(
            {
                "LMSSOCIAL_DATABSE_URL": "sqlite:///x",
                "LMSSOCIAL_DATABASE_URL": "mysql://x",
                "LMSSOCIAL_PUBLIC_URL": "http://social.example.edu",
                "LMSSOCIAL_SECRET_KEY": "short",
                "LMSSOCIAL_SAFE_MODE": "perhaps",
                "LMSSOCIAL_PROXIES": "-1",
                "LMSSOCIAL_POLICY_BUDGET_MS": "20",
            }
        )
    said = str(caught.value)
    for name in (
        "DATABSE_URL",
        "DATABASE_URL must",
        "PUBLIC_URL must be https",
        "SECRET_KEY",
        "SAFE_MODE",
        "PROXIES",
        "POLICY_BUDGET_MS must be a number from 50 to 10000",
    ):
        assert f"LMSSOCIAL_{name}" in said
    assert len(caught.value.problems) == 7


def test_other_variables_are_nobodys_business() -> None:
    assert Settings.from_env({"PATH": "/bin", "LMSSOCIAL_PLUGINS": " a, b "}).plugins == ("a", "b")


def test_an_empty_value_means_the_default() -> None:
    assert Settings.from_env({"LMSSOCIAL_PROXIES": "", "LMSSOCIAL_PLUGINS": ""}) == Settings()


def test_a_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    secret = settings.secret()
    assert Settings(data_dir=tmp_path).secret() == secret
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="LMSSOCIAL_SECRET_KEY"):
        Settings(data_dir=tmp_path / "file" / "sub").secret()


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("", "lmssocial <no-reply@social.example.edu>"),
        ("forum@example.edu", "forum@example.edu"),
        ("Forum, the <forum@example.edu>", None),
        ('"Forum, the" <forum@example.edu>', '"Forum, the" <forum@example.edu>'),
        ("forum", None),
        ("forum@example.edu\nBcc: all@example.edu", None),
        ("@example.edu", None),
        ("forum@example.edu, news@example.edu", None),
        ("forum@exämple.edu", None),
    ],
)
def test_whom_mail_comes_from_is_an_address(text: str, sender: str | None) -> None:
    environ = {"LMSSOCIAL_PUBLIC_URL": "https://social.example.edu", "LMSSOCIAL_MAIL_FROM": text}
    if sender is None:
        with pytest.raises(SettingsError, match="LMSSOCIAL_MAIL_FROM must be an address"):
            Settings.from_env(environ)
    else:
        assert Settings.from_env(environ).sender == sender


@pytest.mark.parametrize(
    "url", ["mail.example.edu", "http://mail.example.edu", "smtp://", "smtp://mail:port"]
)
def test_a_mail_server_is_named_by_its_address(url: str) -> None:
    with pytest.raises(SettingsError, match="LMSSOCIAL_SMTP_URL must"):
        Settings.from_env({"LMSSOCIAL_SMTP_URL": url})
