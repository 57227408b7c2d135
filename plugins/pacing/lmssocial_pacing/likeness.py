"""How much two texts have in common, in one number.

A text is reduced to its letters and digits, cut into overlapping pieces of five (shingles), and two texts are compared
by the share of pieces they have in common (Jaccard's index: common pieces by all pieces). A changed word costs only the
pieces it touches, so a text that was varied a little stays close to its origin (Broder, "On the resemblance and
containment of documents", 1997). Time and memory grow with the length of the text, up to a bound.
"""

import re
import unicodedata

SHINGLE = 5
"""Letters and digits in one piece; short enough for scripts that put no spaces between words."""
END = 1000
"""Characters looked at, at either end of a text; thirty whole ones take longer than anybody waits."""

_SILENT = re.compile(r"[\W_]+")
_SILENT_ASCII = str.maketrans("", "", "".join(chr(sign) for sign in range(128) if not chr(sign).isalnum()))
"""The same for what most people write, five times as fast."""


class Text:
    """A text, ready to be compared. Case, accents, spaces, symbols and what nobody sees make no difference."""

    def __init__(self, source: str) -> None:
        """:param source: Markdown."""
        if len(source) > 2 * END:
            source = f"{source[:END]}{source[-END:]}"
        if source.isascii():
            self.signs = source.lower().translate(_SILENT_ASCII)
        else:
            self.signs = _SILENT.sub("", unicodedata.normalize("NFKD", source).casefold())
        self._shingles: frozenset[str] | None = None

    def shingles(self) -> frozenset[str]:
        """Its pieces; cut when they are needed first."""
        if self._shingles is None:
            last = max(1, len(self.signs) - SHINGLE + 1)
            self._shingles = frozenset([self.signs[at : at + SHINGLE] for at in range(last)])
        return self._shingles

    def is_like(self, other: "Text", share: float) -> bool:
        """Whether the two have at least this share of their pieces in common, from 0 to 1."""
        if not self.signs or not other.signs:
            return False
        if self.signs == other.signs:
            return True
        mine, theirs = self.shingles(), other.shingles()
        common = len(mine & theirs)
        return common >= share * (len(mine) + len(theirs) - common)
