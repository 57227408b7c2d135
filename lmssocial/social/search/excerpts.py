"""The passage of a text that shows why it was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from lmssocial.social.search.words import Term, words

LENGTH = 220
"""Characters of an excerpt."""

BEFORE = 60
"""Characters shown before the first hit, if there are so many."""


@dataclass(frozen=True)
class Passage:
    """A stretch of an excerpt."""

    text: str
    is_hit: bool


def highlight(text: str, query: Sequence[Term]) -> tuple[Passage, ...]:
    """``text`` in passages, those that match a term marked as hits."""
    passages: list[Passage] = []
    position = 0
    for word in words(text):
        if word.start >= position and any(term.matches(word.folded) for term in query):
            if word.start > position:
                passages.append(Passage(text[position : word.start], is_hit=False))
            passages.append(Passage(text[word.start : word.end], is_hit=True))
            position = word.end
    if position < len(text):
        passages.append(Passage(text[position:], is_hit=False))
    return tuple(passages)


def excerpt(text: str, query: Sequence[Term]) -> tuple[Passage, ...]:
    """The part of ``text`` around its first hit, on one line, with its hits marked."""
    line = " ".join(text.split())
    first = next((word.start for word in words(line) if any(term.matches(word.folded) for term in query)), 0)
    start = _word_border(line, max(0, first - BEFORE)) if first > BEFORE else 0
    end = min(len(line), start + LENGTH)
    if end < len(line):
        end = line.rfind(" ", start + LENGTH // 2, end) + 1 or end
    cut = ("… " if start else "") + line[start:end].strip() + ("…" if end < len(line) else "")
    return highlight(cut, query)


def _word_border(line: str, position: int) -> int:
    """The first beginning of a word at or after ``position``."""
    space = line.find(" ", position, position + BEFORE)
    return space + 1 if space >= 0 else position
