"""What changed between two wordings, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
"""Words and marks, each with the space behind it, so that neighbouring changed words read as one phrase."""

CONTEXT = 160
"""Characters of unchanged text shown before and after a change."""


class Kind(StrEnum):
    """What became of a passage."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    SKIPPED = "skipped"
    """Unchanged, and too long to be repeated."""


@dataclass(frozen=True)
class Passage:
    """A stretch of text that was kept, taken out or put in."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> tuple[Passage, ...]:
    """The passages that lead from ``before`` to ``after``, long unchanged ones shortened.

    The kept and the taken-out ones are ``before``, the kept and the put-in ones ``after``.
    """
    passages = list(_compared(words_of(before), words_of(after)))
    shown: list[Passage] = []
    for number, passage in enumerate(passages):
        if passage.kind is Kind.SAME:
            shown.extend(_shortened(passage.text, first=number == 0, last=number == len(passages) - 1))
        else:
            shown.append(passage)
    return tuple(shown)


def words_of(text: str) -> list[str]:
    """The words and marks of a text, each with the space behind it; joined they are the text."""
    return _WORDS.findall(text)


def unchanged_ends(before: list[str], after: list[str]) -> tuple[int, int]:
    """How many words two wordings begin with alike, and, of the rest, how many they end with alike."""
    head = _common(before, after)
    return head, _common(before[head:][::-1], after[head:][::-1])


def _compared(before: list[str], after: list[str]) -> Iterator[Passage]:
    head, tail = unchanged_ends(before, after)
    yield from _passage(Kind.SAME, before[:head])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    # autojunk keeps repetitive text from taking quadratic time; equal ends are cut off first, where it would do harm.
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        yield from _passage(Kind.SAME if tag == "equal" else Kind.GONE, old[start:end])
        if tag != "equal":
            yield from _passage(Kind.NEW, new[new_start:new_end])
    yield from _passage(Kind.SAME, before[len(before) - tail :])


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _passage(kind: Kind, words: list[str]) -> Iterator[Passage]:
    if words:
        yield Passage(kind, "".join(words))


def _shortened(text: str, *, first: bool, last: bool) -> Iterator[Passage]:
    if len(text) <= 3 * CONTEXT:
        yield Passage(Kind.SAME, text)
        return
    if not first:
        yield Passage(Kind.SAME, text[:CONTEXT])
    yield Passage(Kind.SKIPPED, text[0 if first else CONTEXT : len(text) if last else -CONTEXT])
    if not last:
        yield Passage(Kind.SAME, text[-CONTEXT:])
