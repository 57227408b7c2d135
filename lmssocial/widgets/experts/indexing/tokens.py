"""Texts as words that can be compared. Pure.

Without markup, code, case and accents; no words that say nothing; endings cut a little, so that ``breweries`` finds
``brewery`` and ``brewing`` finds ``brew``. Chinese and Japanese, written without spaces, are taken in pairs of signs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain, pairwise

from lmssocial.social.search.words import Word, words
from lmssocial.widgets.experts.indexing.stop_words import STOP_WORDS

TITLE_TIMES = 2
"""How often the words of a question's title count in a document."""
MOST_WORDS = 1_000
"""Different words of a document that are kept: those it has most often."""
MOST_ASKED = 60
"""Different words of a question that are looked for: those it has most often."""

_CODE = re.compile(r"<(pre|code|script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_LAST_OF_EUROPE = "\u058f"
"""The last sign of Latin, Greek, Cyrillic and Armenian: there, a word of less than three letters says little."""


def text_of(html: str) -> str:
    """What readers see of ``html``, without code."""
    return unescape(_TAG.sub(" ", _CODE.sub(" ", html)))


def tokens(text: str) -> list[str]:
    """The words of ``text`` that count, in order, at most 40 characters each."""
    return [stem(word) for word in _whole(text) if not _says_nothing(word)]


def document(title: str, question: str, answer: str) -> Counter[str]:
    """An answer with its question, as it stands in the index: words and how often. All three without markup."""
    heading = tokens(title)
    return Counter(chain(heading * TITLE_TIMES, tokens(question), tokens(answer)))


def asked(title: str, text: str) -> dict[str, int]:
    """The words of a question that somebody is looked for with, and how often it has them."""
    return _most(Counter(chain(tokens(title), tokens(text))), MOST_ASKED)


def kept(counted: Mapping[str, int]) -> dict[str, int]:
    """The words of a document that are kept, in alphabetical order."""
    return _most(counted, MOST_WORDS)


def stem(word: str) -> str:
    """``word`` without an English ending: plural, third person, ``-ing``. Others go through unchanged but for an s."""
    if not word.isascii():
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith("ing"):
        return word[:-3]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _most(counted: Mapping[str, int], most: int) -> dict[str, int]:
    often = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:most]
    return dict(sorted(often))


def _says_nothing(word: str) -> bool:
    least = 3 if word[0] <= _LAST_OF_EUROPE else 2
    return len(word) < least or word in STOP_WORDS


def _whole(text: str) -> Iterator[str]:
    """Words as they are; signs that stand beside each other as pairs, a lone one twice: it is a word, too."""
    run: list[Word] = []
    for word in words(text):
        if _is_sign(word):
            if run and run[-1].end != word.start:
                yield from _pairs(run)
                run = []
            run.append(word)
            continue
        yield from _pairs(run)
        run = []
        yield word.folded
    yield from _pairs(run)


def _is_sign(word: Word) -> bool:
    return word.end - word.start == 1 and word.folded[0] >= "\u3040"


def _pairs(run: list[Word]) -> Iterator[str]:
    if len(run) == 1:
        yield run[0].folded * 2
    for one, other in pairwise(run):
        yield one.folded + other.folded
