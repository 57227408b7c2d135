"""How much two texts have in common, in one number.

A text is reduced to its letters and digits, cut into overlapping pieces of five (shingles), and two texts are compared
by the share of pieces they have in common (Jaccard's index: common pieces by all pieces). A changed word costs only the
pieces it touches, so a text that was varied a little stays close to its origin (Broder, "On the resemblance and
containment of documents", 1997). Time and memory grow with the length of the text, up to a bound.
"""

import unicodedata

SHINGLE = 5
"""Letters and digits in one piece; short enough for scripts that put no spaces between words."""
END = 1000
"""Characters looked at, at either end of a text; thirty whole ones take longer than anybody waits."""


def shingles(text: str) -> frozenset[str]:
    """The pieces of ``text``, in which case, accents, spaces, symbols and what nobody sees make no difference."""
    if len(text) > 2 * END:
        text = f"{text[:END]}{text[-END:]}"
    folded = unicodedata.normalize("NFKD", text).casefold()
    signs = "".join(filter(str.isalnum, folded))
    return frozenset(signs[at : at + SHINGLE] for at in range(max(1, len(signs) - SHINGLE + 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 for nothing in common to 1 for the same pieces."""
    small, large = sorted((len(one), len(other)))
    if not small:
        return 0.0
    common = len(one & other)
    return common / (small + large - common)
