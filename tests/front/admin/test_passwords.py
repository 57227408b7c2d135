"""Which passwords are taken, and how they are kept."""

import time

import pytest
from argon2 import PasswordHasher

from lmssocial.front.admin import passwords


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "Zwölf Boxkämpfer jagen",
        "xK9!fjw02ms-qqL",
        "admins deserve long sentences",
        "بسم الله الرحمن",
    ],
)
def test_a_password_with_some_length_and_thought_is_taken(password: str) -> None:
    assert not passwords.problem_with(password, "ada")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "At least 12"),
        ("elevenchars", "At least 12"),
        ("x" * 201, "At most 200"),
        ("aaaaaaaaaaaaaa", "guess"),
        ("abababababab", "guess"),
        ("123456789012", "guess"),
        ("098765432109", "guess"),
        ("qwertyuiop123", "guess"),
        ("qwertyuiopasdf", "guess"),
        ("abcdefghijklmn", "guess"),
        ("password1234", "guess"),
        ("Password!!!!2026", "guess"),
        ("P@ssw0rd!2345", "guess"),
        ("passwordpassword", "guess"),
        ("lmssocial2026!", "guess"),
        ("AdministratorAdmin", "guess"),
        ("ada.lovelace.1815", "guess"),
        ("correcthorsebatterystaple", "guess"),
    ],
)
def test_a_password_that_would_be_guessed_is_not_taken(password: str, why: str) -> None:
    assert why in passwords.problem_with(password, "ada.lovelace@example.edu")


def test_a_password_is_kept_as_argon2id_and_only_it_matches() -> None:
    stored = passwords.hash_password("seven swans a-swimming")

    assert stored.startswith("$argon2id$")
    assert "swans" not in stored
    assert passwords.matches(stored, "seven swans a-swimming")
    assert not passwords.matches(stored, "seven swans a-swimming ")
    assert not passwords.matches(stored, "")


def test_the_same_letters_match_however_a_keyboard_composes_them() -> None:
    assert passwords.matches(passwords.hash_password("Zwölf Boxkämpfer"), "Zwo\u0308lf Boxka\u0308mpfer")


def test_no_password_opens_an_account_that_is_not_there() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches(None, "seven swans a-swimming")
    assert not passwords.matches("no hash at all", "seven swans a-swimming")


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    stored = passwords.hash_password("seven swans a-swimming")

    def least(of: str | None) -> float:
        times = []
        for _ in range(5):
            began = time.process_time()
            passwords.matches(of, "something else")
            times.append(time.process_time() - began)
        return min(times)

    assert 0.5 < least(None) / least(stored) < 2


def test_a_hash_with_yesterdays_parameters_is_noticed() -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("seven swans a-swimming")

    assert passwords.is_outdated(cheap)
    assert passwords.matches(cheap, "seven swans a-swimming")
    assert not passwords.is_outdated(passwords.hash_password("seven swans a-swimming"))
