"""How much somebody wrote and changed, as numbers for the log of events, which never carries words."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from lmssocial.social.content.diff import unchanged_ends, words_of

MOST_PAIRS = 250_000
"""Up to so many pairs of words are compared in their order; beyond, words are only counted."""


def own_length(source: str) -> int:
    """Characters that somebody wrote themself: without quoted lines, and with any white space as one character."""
    own = (line for line in source.splitlines() if not line.lstrip().startswith(">"))
    return len(" ".join(" ".join(own).split()))


def characters_changed(before: str, after: str) -> int:
    """How many characters another wording changed: of each changed passage, those taken out or put in, the larger."""
    old, new = words_of(before), words_of(after)
    head, tail = unchanged_ends(old, new)
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) * len(new) > MOST_PAIRS:
        return max(_only_in(old, new), _only_in(new, old))
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(
        max(_length(old[start:end]), _length(new[new_start:new_end]))
        for tag, start, end, new_start, new_end in codes
        if tag != "equal"
    )


def _only_in(one: Sequence[str], other: Sequence[str]) -> int:
    """Characters of the words that ``one`` has more often than ``other``."""
    return sum(len(word) * times for word, times in (Counter(one) - Counter(other)).items())


def _length(words: Sequence[str]) -> int:
    return sum(map(len, words))
