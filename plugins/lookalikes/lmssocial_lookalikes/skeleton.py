"""What is left of a name when everything is taken away that the eye does not notice.

Two names with the same skeleton can be confused. The idea is Unicode's (Technical Standard 39, "Unicode Security
Mechanisms", §4); the signs that look like a Latin letter or a digit come from the distribution
``confusable-homoglyphs``, which carries Unicode's table of them. Ours goes further than the standard where names of
people are concerned: accents, capitals and digits that stand for letters make no difference.
"""

import json
import re
import unicodedata
from importlib.resources import files

LONGEST = 200
"""Characters of a name that are looked at."""

_AS_LETTERS = str.maketrans("|$@€", "lsae")
"""Signs that people read as letters, before they would part words."""
_ALIKE = str.maketrans("i103457", "lloeast")
"""After everything else: letters that are one stroke, and digits that people read as letters."""
_ARABIC = str.maketrans("ٱىیېکةہھە", "ايييكهههه", "ـ")
"""Letters that are written for each other, on other keyboards or by habit; the stroke that widens words goes."""
_PAIRS = (("rn", "m"), ("vv", "w"))
"""Two letters that look like one."""
_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn"})
"""Categories of what has no shape of its own, accents among them."""
_WORD = re.compile(r"[^\W_]+")
_EMBLEMS = (0x1F150, 0x1F170, 0x1F1E6)
"""Where the alphabets of black circles, black squares and flags begin; Unicode folds none of them."""


def _latin_look() -> dict[int, str]:
    """Signs of all scripts → the small Latin letter or the digit they look like."""
    found = {first + n: chr(ord("a") + n) for first in _EMBLEMS for n in range(26)}
    listed = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8"))
    for sign, others in listed.items():
        if len(sign) > 1 or sign.isascii():
            continue
        for other in others:
            look = other["c"].casefold() if other["c"].isascii() else plain(other["c"])
            if len(look) == 1 and look.isascii() and look.isalnum():
                found[ord(sign)] = look
                break
    return found


def plain(text: str) -> str:
    """``text`` without capitals, accents, invisible characters and the variants kept for old standards."""
    parts = unicodedata.normalize("NFKD", text)
    seen = "".join(sign for sign in parts if unicodedata.category(sign) not in _UNSEEN)
    return unicodedata.normalize("NFKC", seen.casefold())


_LATIN_LOOK = _latin_look()


def skeletons(name: str) -> tuple[tuple[str, ...], ...]:
    """The words of ``name`` as they look; twice if digits stand at their ends, once as letters and once left out.

    Words that are numbers say nothing and are left out in any case. A sign is looked up both as it is and after
    :func:`plain`, because some scripts look Latin only in capitals.
    """
    looked = plain(name[:LONGEST].translate(_LATIN_LOOK)).translate(_LATIN_LOOK)
    spelled = looked.translate(_ARABIC).translate(_AS_LETTERS)
    found = [word for word in _WORD.findall(spelled) if not word.isdecimal()]
    as_letters = tuple(map(_folded, found))
    without = tuple(_folded(word.strip("0123456789")) for word in found)
    return tuple(dict.fromkeys((as_letters, without)))


def _folded(word: str) -> str:
    """``word`` with everything that looks alike made the same."""
    word = word.translate(_ALIKE)
    for pair, letter in _PAIRS:
        word = word.replace(pair, letter)
    return word
