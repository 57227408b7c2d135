"""Letters that look like others, and other spellings of the same letter.

The look-alikes are those of Unicode Technical Standard #39 (confusables), as the library confusable-homoglyphs has
them, narrowed to alphabets whose letters are drawn like ours: an Arabic alef is not taken for an l.
"""

import unicodedata

from confusable_homoglyphs import confusables

ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
"""Whose letters may be taken for each other; as Unicode's names of letters begin."""

ARABIC_SPELLINGS = str.maketrans("أإآٱىیکؤئ", "ااااييكوي", "ـ")
"""Letters that are written one for another in Arabic and Persian, and the line that only stretches a word (U+0640)."""

LEET = str.maketrans("0134578@$€!|", "oieastbaseii")
"""Digits and signs in place of letters. ``1``, ``!`` and ``|`` are read as i, though they stand for l as well."""

LEET_SIGNS = "@$€!|"


def alphabet(letter: str) -> str:
    """Which of :data:`ALPHABETS` ``letter`` belongs to; empty if to none."""
    name = unicodedata.name(letter, "").split(" ", maxsplit=1)[0]
    return name if name in ALPHABETS else ""


def _table() -> dict[int, str]:
    """Letter → the plain Latin letter it looks like."""
    table = {ord(sign): letter for sign, letter in _boxed_letters()}
    table |= {ord("ĸ"): "k", ord("ſ"): "s"}
    for code in (*range(0x1D00, 0x1D26), *range(0x0250, 0x02B0), 0xA730, 0xA731):
        words = unicodedata.name(chr(code), "").split()
        if words[:4] == ["LATIN", "LETTER", "SMALL", "CAPITAL"] and len(words) == 5 and len(words[4]) == 1:
            table[code] = words[4].lower()
    for plain in (*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", *map(chr, [*table])):
        for found in confusables.is_confusable(plain, greedy=True) or ():
            for one in found["homoglyphs"]:
                letter = one["c"]
                if len(letter) == 1 and not letter.isascii() and letter.isalpha() and alphabet(letter):
                    table.setdefault(ord(letter), _said(plain, letter, table))
    return table


def _boxed_letters() -> list[tuple[str, str]]:
    """Letters in a box or a disc, of which Unicode does not say that they are letters, with the letter each shows."""
    found = []
    for code in (*range(0x1F150, 0x1F16A), *range(0x1F170, 0x1F18A), *range(0x1F1E6, 0x1F200)):
        name = unicodedata.name(chr(code), "")
        if name[-8:-1] == "LETTER ":
            found.append((chr(code), name[-1].lower()))
    return found


def _said(plain: str, letter: str, table: dict[int, str]) -> str:
    """What ``letter``, which looks like ``plain``, is read as: a capital that looks like l is an i."""
    if plain == "l" and letter.isupper():
        return "i"
    return table.get(ord(plain), plain).lower()


LOOKALIKES = _table()
"""For ``str.translate``: a letter → the small Latin letter that it looks like."""

DRAWN_ALIKE = frozenset(
    LOOKALIKES[code] for code in (*range(0x391, 0x3CA), *range(0x410, 0x450)) if code in LOOKALIKES
)
"""Latin letters that Greek and Russian words may be made of, by their looks."""
