"""Words as both databases see them: without case, accents and punctuation; Chinese and Japanese sign by sign."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 40
"""Characters of a word that count; what is longer is cut, in texts and in queries alike."""

MOST_TERMS = 12
"""Words of a query that count."""

_BARE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)

_RUNS = re.compile(r"[^\W_]+")
_SINGLE = re.compile(
    # Hiragana, Katakana, Han: written without spaces, so each sign is a word.
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True)
class Word:
    """A word of a text: where it stands, and what it is folded to."""

    start: int
    end: int
    folded: str


def fold(text: str) -> str:
    """``text`` without case and accents: ``Straße`` and ``STRASSE`` are ``strasse``, ``naïve`` is ``naive``."""
    if text.isascii():
        return text.lower()
    # Twice, because folding the case may bring marks that were part of a letter ("İ").
    return _unmarked(_unmarked(text).casefold())


def _unmarked(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.category(part).startswith("M"))


def bare(folded: str) -> str:
    """``folded`` as people type it who lack the letter: ``łukasz`` is ``lukasz``, ``sørensen`` is ``sorensen``.

    For names, which others have to type. Texts keep these letters: what is in the index was folded without this.
    """
    return folded.translate(_BARE)


def words(text: str) -> Iterator[Word]:
    """The words of ``text`` in order. Marks on letters belong to their word, wherever a script puts them."""
    for start, end in _spans(text):
        part = text[start:end]
        if part.isascii():
            yield Word(start, end, part.lower()[:LONGEST])
            continue
        yield from _foreign_words(part, start, end)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Runs of letters, digits and the marks between them."""
    if text.isascii():
        for run in _RUNS.finditer(text):
            yield run.span()
        return
    start = None
    for position, character in enumerate(text):
        inside = unicodedata.category(character)[0] in ("LNM" if start is not None else "LN")
        if inside and start is None:
            start = position
        elif not inside and start is not None:
            yield start, position
            start = None
    if start is not None:
        yield start, len(text)


def _foreign_words(part: str, start: int, end: int) -> Iterator[Word]:
    position = 0
    for sign in _SINGLE.finditer(part):
        if sign.start() > position:
            yield from _folded(part[position : sign.start()], start + position, start + sign.start())
        yield from _folded(sign.group(), start + sign.start(), start + sign.end())
        position = sign.end()
    if position < len(part):
        yield from _folded(part[position:], start + position, end)


def _folded(part: str, start: int, end: int) -> Iterator[Word]:
    """One word, or several where folding takes a letter apart ("½" is 1 and 2)."""
    for run in _RUNS.findall(fold(part)):
        yield Word(start, end, run[:LONGEST])


@dataclass(frozen=True)
class Term:
    """One word of a query."""

    word: str
    is_prefix: bool
    """Whether longer words that begin with it match: from three characters on, ``offer`` finds ``offers``."""

    def matches(self, folded: str) -> bool:
        """Whether a folded word of a text matches."""
        return folded.startswith(self.word) if self.is_prefix else folded == self.word


def terms(query: str) -> tuple[Term, ...]:
    """What ``query`` asks for: each of its words once; a text must have them all. Nothing in it is an operator."""
    found: dict[str, Term] = {}
    for word in words(query[:400]):
        if word.folded not in found and len(found) < MOST_TERMS:
            found[word.folded] = Term(word.folded, len(word.folded) >= 3 and not word.folded.isdecimal())
    return tuple(found.values())
