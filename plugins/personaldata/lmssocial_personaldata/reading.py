"""A text as people read it, with the way back to the place in the source.

Everything here takes time in proportion to the text.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_HIDDEN = re.compile(
    r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\\[!-/:-@\[-`{-~]"
    rf"|[{_INVISIBLE}]++"
    r"|\*{2,3}|(?<!~)~~(?!~)"
    r"|(?<=\w)\*(?=[\w@])"
)
"""Entities, escapes, what nobody sees, and emphasis."""
_DIGITS = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(0x80, 0x1FC00)
    if unicodedata.category(chr(code)) == "Nd"
}
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
_BLANKS = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_PLAIN = {**_FULL_WIDTH, **_DIGITS, **_DASHES, **_BLANKS, 0xFE6B: "@"}
"""One character for one: digits of every script, full width, dashes, blanks."""

_FENCE = re.compile(r"^ {0,3}(?:[>\-*+] ?)?(`{3,}|~{3,})", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_BOOK = re.compile(
    r"\bIS[BS]N(?:-1[03])?[ :]{0,3}[0-9Xx][0-9Xx \-]{6,20}|\b97[89][ \-]?(?:[0-9][ \-]?){9}[0-9]\b"
)
_DIGITAL_OBJECT = re.compile(r"\b10\.[0-9]{4,9}/[^\s<>]+")
_DECIMAL = re.compile(r"(?<![\d.])[0-9]\.[0-9]{5,}(?![\d.])")
_STANDS_FOR_NOTHING = "\ue000"
"""Put in place of what is not looked at; no digit, letter or blank."""


@dataclass(frozen=True, slots=True)
class Legible:
    """A text without its disguise. ``text`` is what is searched."""

    text: str
    _starts: list[int]
    """Where each piece begins in ``text``."""
    _pieces: list[tuple[int, int, bool]]
    """Of each piece: its place in the source, and whether it stands there as it is."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the source."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        begin, _, verbatim = self._pieces[first]
        if verbatim:
            begin += start - self._starts[first]
        from_, until, verbatim = self._pieces[last]
        return begin, from_ + end - self._starts[last] if verbatim else until


def legible(source: str) -> Legible:
    """``source`` with entities and escapes replaced by what they show, and without what nobody sees."""
    said: list[str] = []
    starts: list[int] = []
    pieces: list[tuple[int, int, bool]] = []
    length = done = 0

    def add(text: str, start: int, end: int, *, verbatim: bool) -> None:
        nonlocal length
        if text:
            said.append(text)
            starts.append(length)
            pieces.append((start, end, verbatim))
            length += len(text)

    for match in _HIDDEN.finditer(source):
        add(source[done : match.start()], done, match.start(), verbatim=True)
        add(_shown(match[0]), match.start(), match.end(), verbatim=False)
        done = match.end()
    add(source[done:], done, len(source), verbatim=True)
    return Legible("".join(said).translate(_PLAIN), starts, pieces)


def _shown(hidden: str) -> str:
    if hidden[0] == "&":
        return unescape(hidden)
    return hidden[1] if hidden[0] == "\\" else ""


def without_addresses(text: str) -> str:
    """``text``, as long as it was, without web addresses, digital object identifiers, books and decimal fractions.

    Their digits are nobody's: what is counted up in an address, an ISBN, a measurement.
    """
    for pattern in (_ADDRESS, _DIGITAL_OBJECT, _BOOK, _DECIMAL):
        text = pattern.sub(_nothing, text)
    return text


def without_code(text: str) -> str:
    """``text``, as long as it was, without fenced code blocks; a fence that nobody closes reaches to the end."""
    pieces: list[str] = []
    done, opened = 0, None
    for match in _FENCE.finditer(text):
        if opened is None:
            opened = match
        elif match[1].startswith(opened[1]):
            pieces += [text[done : opened.start()], _blank(text[opened.start() : match.end()])]
            done, opened = match.end(), None
    if opened is not None:
        pieces += [text[done : opened.start()], _blank(text[opened.start() :])]
        done = len(text)
    return "".join([*pieces, text[done:]])


def _nothing(match: re.Match[str]) -> str:
    return _blank(match[0])


def _blank(text: str) -> str:
    return _STANDS_FOR_NOTHING * len(text)


def digits_of(text: str) -> str:
    """The digits of ``text`` alone."""
    return "".join(filter(str.isdecimal, text))
