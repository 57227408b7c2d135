"""E-mail addresses, also those written for people and not for machines: ``ana (at) example (dot) org``."""

import re
from collections.abc import Iterator

from lmssocial_personaldata.found import Found, Kind

_LOCAL = r"(?<![\w.+%'\-])[\w.+%'\-]{1,64}+"
_LABEL = r"[^\W_](?:[\w\-]{0,62})"
_TOP = r"[^\W\d_]{2,24}"
_ADDRESS = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.){{1,8}}(?:xn--[A-Za-z0-9\-]{{2,59}}|{_TOP})(?![\w@(])")
_AT = r"[ ]{0,3}[(\[{<][ ]?(?:@|[aA][tT]|[äÄ][tT]|arroba|arobase|chez)[ ]?[)\]}>][ ]{0,3}"
_DOT = r"(?:[ ]{0,3}[(\[{<][ ]?(?:\.|[dD][oO][tT]|[pP]unkt|punto|point)[ ]?[)\]}>][ ]{0,3}|\.)"
_FOR_PEOPLE = re.compile(rf"{_LOCAL}(?:{_AT}|@)(?:{_LABEL}{_DOT}){{1,8}}{_TOP}(?!\w)")
_IN_CAPITALS = re.compile(rf"{_LOCAL} AT (?:{_LABEL} DOT ){{1,8}}{_TOP}(?!\w)")
_FILES = frozenset({"bmp", "css", "gif", "html", "ico", "jpeg", "jpg", "js", "png", "svg", "webp"})
"""Ends of file names that are no top-level domains: ``icon@2x.png``."""
_SPACED_DOT = re.compile(rf"{_DOT}| DOT ")
_SPACED_AT = re.compile(rf"{_AT}| AT |@")


def find(text: str, allowed: frozenset[str]) -> Iterator[Found]:
    """The addresses in ``text``, but for those that everybody may know.

    :param allowed: domains, with everything below them, and whole addresses; in small letters.
    """
    for pattern, confidence in ((_ADDRESS, 1.0), (_FOR_PEOPLE, 0.9), (_IN_CAPITALS, 0.9)):
        for match in pattern.finditer(text):
            start = match.start() + len(match[0]) - len(match[0].lstrip(".'-%+"))
            local, domain = _parts(text[start : match.end()])
            if not local or domain.rpartition(".")[2] in _FILES or _is_repository(local, text, match.end()):
                continue
            if not _is_allowed(local, domain, allowed):
                yield Found(Kind.EMAIL, start, match.end(), confidence)


def _parts(address: str) -> tuple[str, str]:
    local, *rest = _SPACED_AT.split(address, maxsplit=1)
    return local.strip().lower(), _SPACED_DOT.sub(".", "".join(rest)).replace(" ", "").lower()


def _is_allowed(local: str, domain: str, allowed: frozenset[str]) -> bool:
    if f"{local}@{domain}" in allowed:
        return True
    labels = domain.split(".")
    return any(".".join(labels[number:]) in allowed for number in range(len(labels)))


def _is_repository(local: str, text: str, end: int) -> bool:
    """``git@github.com:owner/name`` is where a program gets code from."""
    return local == "git" and text[end : end + 1] in {":", "/"}
