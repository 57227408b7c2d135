"""Undoing what people do to an address so that no machine finds it, and still knowing where it stood."""

import re
import unicodedata
from dataclasses import dataclass

from lmssocial.plugin import Span

LONGEST = 100_000
"""Characters that are looked at; nothing lmssocial publishes is longer."""

_DOTS = str.maketrans("。·•∙⋅", ".....")
"""Signs that are written, or taken by browsers, for the dot in an address. Unicode folds the other ones itself."""
_SKIPPED_MARKS = frozenset("\u034f\ufe0e\ufe0f")
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
"""Markdown's backslash before punctuation: the reader does not see it."""
_MASKED = re.compile(
    r"\s{0,3}[(\[{<]\s{0,3}(?:(?P<dot>dot|punkt|punto|point|نقطة|\.)|(?P<slash>slash|/))\s{0,3}[)\]}>]\s{0,3}"
    r"|\s{1,3}(?:(?P<bare_dot>dot|punkt|punto|نقطة|\.)|(?P<bare_slash>slash|/))\s{1,3}"
)
"""A dot or a slash in words, in brackets, or with spaces around it."""


@dataclass(frozen=True)
class Reading:
    """A text as somebody reads it who wants to follow its addresses."""

    text: str
    """In small letters, without what nobody sees, with dots and slashes where they were meant."""
    places: tuple[tuple[int, int], ...]
    """Where each of its characters stood in the source."""
    masked: frozenset[int]
    """Which of them were written in disguise."""

    def span(self, start: int, end: int) -> Span:
        """Where the characters from ``start`` up to ``end`` stood."""
        return Span(self.places[start][0], self.places[end - 1][1])

    def is_masked(self, start: int, end: int) -> bool:
        """Whether one of the characters from ``start`` up to ``end`` was written in disguise."""
        return any(start <= place < end for place in self.masked)


def read(source: str) -> Reading:
    """``source``, read."""
    signs, places = _visible(source[:LONGEST])
    text = "".join(signs)
    parts: list[str] = []
    kept: list[tuple[int, int]] = []
    masked: set[int] = set()
    at = 0
    for mask in _MASKED.finditer(text):
        parts.append(text[at : mask.start()])
        kept += places[at : mask.start()]
        masked.add(len(kept))
        parts.append("." if mask["dot"] or mask["bare_dot"] else "/")
        kept.append((places[mask.start()][0], places[mask.end() - 1][1]))
        at = mask.end()
    parts.append(text[at:])
    kept += places[at:]
    return Reading("".join(parts), tuple(kept), frozenset(masked))


def _visible(source: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The characters that a reader sees, folded, each with the place it comes from."""
    if source.isascii() and "\\" not in source:
        return list(source.lower()), [(place, place + 1) for place in range(len(source))]
    escapes = {found.start() for found in _ESCAPED.finditer(source)}
    signs: list[str] = []
    places: list[tuple[int, int]] = []
    for place, sign in enumerate(source):
        if place in escapes:
            continue
        for folded in sign.lower() if sign.isascii() else _folded(sign):
            signs.append(folded)
            places.append((place, place + 1))
    return signs, places


def _folded(sign: str) -> str:
    """One character as browsers fold it in the name of a host (Unicode Technical Standard 46); maybe nothing."""
    if unicodedata.category(sign) == "Cf" or sign in _SKIPPED_MARKS:
        return ""
    return unicodedata.normalize("NFKC", sign).casefold().translate(_DOTS)
