"""Passwords of administrators: which are taken, and how they are kept (Argon2id with the parameters of RFC 9106)."""

import re
import secrets
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lmssocial.core.kernel.words import gettext as _

SHORTEST = 12
LONGEST = 200
"""Characters; more would only be work for whoever wants to keep us busy."""

_OBVIOUS = frozenset(
    {
        *("abc", "admin", "administrator", "baseball", "canvas", "changeme", "correcthorsebatterystaple"),
        *("dragon", "football", "geheim", "hello", "iloveyou", "letmein", "lmssocial", "login", "master"),
        *("monkey", "moodle", "motdepasse", "pass", "passwd", "password", "passwort", "princess", "qwerty"),
        *("qwertz", "root", "secret", "sunshine", "superman", "test", "welcome", "wachtwoord"),
    }
)
"""Words that every guesser tries first, alone, doubled, or with digits and signs around them."""
_ROWS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)

_hasher = PasswordHasher()


def problem_with(password: str, login: str = "") -> str:
    """Why ``password`` is not taken, as a sentence; empty when it is."""
    if len(password) < SHORTEST:
        return _(
            "At least %(count)d characters, please. A few words in a row are easy to remember.",
            count=SHORTEST,
        )
    if len(password) > LONGEST:
        return _("At most %(count)d characters, please.", count=LONGEST)
    if is_obvious(password, login):
        return _("This is among the first passwords that somebody would guess. Please think of another.")
    return ""


def is_obvious(password: str, login: str = "") -> bool:
    """Whether a guesser would try it early: few different characters, a row of keys, a favourite, the login."""
    small = _plain(password).lower()
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", small)
    if len(set(small)) < 5 or _is_row(small) or (len(core) > 3 and _is_row(core)):
        return True
    names = {part for part in re.split(r"[^a-z0-9]+", _plain(login).lower()) if len(part) > 2}
    return any(_is_made_of(words, _OBVIOUS | names) for words in (small, core.translate(_LEET)))


def hash_password(password: str) -> str:
    """How ``password`` is kept: with its own salt, and the parameters in front."""
    return _hasher.hash(_plain(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``; takes as long for ``None``, where there is no account."""
    try:
        _hasher.verify(stored or _nobodys(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether ``stored`` was made with other parameters than those we use now."""
    return _hasher.check_needs_rehash(stored)


def _plain(text: str) -> str:
    """The same characters however a keyboard composes them (NIST SP 800-63B §5.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def _is_row(text: str) -> bool:
    """Whether ``text`` runs along the digits, the alphabet or the keys, forwards or backwards."""
    return any(text in row * 3 or text in row[::-1] * 3 for row in _ROWS)


def _is_made_of(password: str, words: frozenset[str]) -> bool:
    """Whether nothing but digits and signs is left when ``words`` are taken out, and there was one."""
    left = password
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != password and not re.sub(r"[\W\d_]", "", left)


def _nobodys() -> str:
    """A hash nobody has the password of, as costly to compare with as any other."""
    salt, digest = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
