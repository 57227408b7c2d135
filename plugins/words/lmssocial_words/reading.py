"""Markdown as somebody reads it: the words, each with its place in the source, and what each of them may stand for.

Every pattern here is possessive or has its alternatives apart by their first character, so reading takes time in
proportion to the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lmssocial_words.lookalikes import ARABIC_SPELLINGS, LEET, LEET_SIGNS, LOOKALIKES

_LAST_WITH_MARKS = 0x1F2FF
_EMPTY = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters that show nothing (Hangul fillers, an empty Braille cell)."""


def _class_of(numbers: list[int]) -> str:
    """``numbers`` of characters as the inside of a character class."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in parts)


def _belongs_to_words(character: str) -> bool:
    """Whether it is no letter and still part of a word: a mark, an invisible character, a letter in a disc or box."""
    code = ord(character)
    return (
        character in _EMPTY
        or code in LOOKALIKES
        or 0x249C <= code <= 0x24E9
        or 0x1F110 <= code <= 0x1F149
        or unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}
    )


_MORE_CODES = [code for code in range(0xA0, _LAST_WITH_MARKS) if _belongs_to_words(chr(code))]
_MORE = _class_of([*_MORE_CODES, *range(0xE0000, 0xE0200)])
_INVISIBLE = re.compile(
    f"[{_class_of([code for code in _MORE_CODES if unicodedata.category(chr(code)) == 'Cf'])}"
    f"{_EMPTY}\u034f\ufe00-\ufe0f\U000e0000-\U000e01ff]+"
)
_MARKS = (
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]++"
)
STROKES = re.compile(_MARKS)
"""Marks that no letter of its own has: strokes, rings and heaps of accents; vowels of Arabic and Hebrew.

Marks that are part of a word's spelling elsewhere (Devanagari, Thai …) are not among them.
"""

_HEAPED = re.compile(rf"(\w){_MARKS}")
"""A letter with more on it than any spelling puts there: what is under it counts."""

LETTER = rf"(?:[^\W_]|[{_MORE}])"
_ENTITY = re.compile(r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});")
_TARGET = re.compile(r"\]\([^()\s]*+\)")
_GLUE = rf"(?:[*~`\[]{{1,6}}|{_TARGET.pattern})"
"""What Markdown allows inside a word without showing it: emphasis, code, a link around some of its letters."""
_WORD = re.compile(rf"(?:{LETTER}|&\#?\w{{1,31}};)++(?:{_GLUE}(?:{LETTER}|&\#?\w{{1,31}};)++)*+")
_SIGNED = re.compile(rf"(?:{LETTER}|[{re.escape(LEET_SIGNS)}])++")
_SPREAD = re.compile(
    rf"(?<![^\W_])(?:[^\W_]|&\#?\w{{1,31}};)[{_MORE}]*+"
    rf"(?=(?P<gap>[ \t\n.,\-_*~`|/+·•…\\]{{1,6}}))(?:(?P=gap)(?:[^\W_]|&\#?\w{{1,31}};)[{_MORE}]*+){{2,}}(?![^\W_])"
)
_HIDDEN = re.compile(_GLUE)
_MARKERS = frozenset("*~`")
_THRICE = re.compile(r"(.)\1\1")
_AGAIN = re.compile(r"(.)\1+")
_ENDS = "0123456789" + LEET_SIGNS


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the source, with all its disguise."""

    raw: str
    start: int
    end: int


def words(source: str) -> list[Word]:
    """The words of Markdown ``source`` in order; characters in between are no part of any."""
    shown = _blanked(source)
    found = []
    for match in _WORD.finditer(shown):
        if _is_one(shown, match):
            found.append(Word(match[0], match.start(), match.end()))
            continue
        start = match.start()
        for piece in _HIDDEN.split(match[0]):
            place = shown.index(piece, start)
            start = place + len(piece)
            found.append(Word(piece, place, start))
    return found


def _is_one(source: str, match: re.Match[str]) -> bool:
    """Whether what stands inside the word is markup: what opens or closes nothing is shown, and parts two words."""
    if match[0].isalnum():
        return True
    inside = sum(not glue.startswith(("[", "]")) for glue in _HIDDEN.findall(match[0]))
    before = source[match.start() - 1 : match.start()] in _MARKERS
    after = source[match.end() : match.end() + 1] in _MARKERS
    return inside % 2 == 0 or before != after


def signed(source: str) -> Iterator[Word]:
    """What could be a word with signs in place of letters: ``$``, ``@`` and the like beside letters."""
    for match in _SIGNED.finditer(_blanked(source)):
        raw = match[0].rstrip("!|").lstrip("!|")
        if any(sign in raw for sign in LEET_SIGNS) and any(map(str.isalpha, raw)):
            start = match.start() + match[0].index(raw)
            yield Word(raw, start, start + len(raw))


def spread(source: str) -> Iterator[Word]:
    """Runs of single letters that stand apart by the same thing: ``n o t``, ``n.o.t``; ``raw`` is without the gaps."""
    for match in _SPREAD.finditer(_blanked(source)):
        raw = match[0].replace(match["gap"], "")
        yield Word(raw, match.start(), match.end())


def plain(raw: str) -> str:
    """``raw`` without what nobody sees, in one case and one spelling: the word as a reader takes it."""
    if raw.isascii() and raw.isalnum():
        return raw.lower()
    shown = unescape(_HIDDEN.sub("", raw))
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", shown)))
    shown = _HEAPED.sub(lambda match: unicodedata.normalize("NFD", match[1])[0], shown)
    shown = STROKES.sub("", shown.casefold().translate(ARABIC_SPELLINGS))
    return "".join(filter(_is_wordly, shown)) if "(" in shown else shown


def latin(raw: str) -> str:
    """``raw`` with every letter of another alphabet that looks like a Latin one taken for it; see :func:`plain`."""
    return plain(plain_case(raw).translate(LOOKALIKES))


def plain_case(raw: str) -> str:
    """``raw`` as shown, with its capitals, because a capital may look like another letter than the small one."""
    return unicodedata.normalize("NFKC", unescape(_HIDDEN.sub("", raw)))


def leet(key: str) -> list[str]:
    """What ``key`` may stand for when digits and signs are letters: itself so read, and without those around it."""
    forms = [key.translate(LEET)]
    if (bare := key.strip(_ENDS)) != key and len(bare) > 1:
        forms.append(bare.translate(LEET))
    return forms


def either(form: str) -> str:
    """``form`` with i for l, because ``1`` may be both."""
    return form.replace("l", "i")


def drawled(key: str) -> str:
    """``key`` with every letter once, if one of them stands three times or more in a row; else empty."""
    return once(key) if _THRICE.search(key) else ""


def once(key: str) -> str:
    """``key`` with no letter twice in a row."""
    return _AGAIN.sub(r"\1", key)


def is_gap(between: str) -> bool:
    """Whether two words with ``between`` between them may belong to one phrase: no new paragraph, nothing long."""
    return len(between) <= 16 and between.count("\n") < 2


def _blanked(source: str) -> str:
    """``source``, as long as it was, without where links lead to and without entities that are no part of a word."""
    if "](" in source:
        source = _TARGET.sub(lambda match: f"]({'.' * (len(match[0]) - 3)})", source)
    if "&" in source:
        source = _ENTITY.sub(
            lambda match: match[0] if _is_letter_entity(match[0]) else " " * len(match[0]), source
        )
    return source


def _is_letter_entity(entity: str) -> bool:
    shown = unescape(entity)
    return shown != entity and all(one.isalnum() or _belongs_to_words(one) for one in shown)


def _is_wordly(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"
