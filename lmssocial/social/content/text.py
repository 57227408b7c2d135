"""What people type or paste, brought into one form before anything else looks at it."""

import re
import unicodedata

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_UNSEEN = re.compile(
    # Control characters but tab and line feed, lone surrogates, and the two marks that reverse what follows them.
    # Isolates and embeddings stay: honest right-to-left text uses them, and every block is isolated anyway.
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202d\u202e\ufeff\ufffe\uffff]"
)
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that look like nothing."""
_BLANK_LINES = re.compile(r"\n{4,}")


def tidy(text: str) -> str:
    """``text`` with Unix line ends, in NFC, without characters that no reader sees and databases refuse (NUL)."""
    text = _UNSEEN.sub("", _LINE_END.sub("\n", text))
    return _BLANK_LINES.sub("\n\n\n", unicodedata.normalize("NFC", text)).strip("\n").rstrip()


def tidy_line(text: str) -> str:
    """``text`` as one line with single spaces, for titles."""
    return " ".join(tidy(text).split())


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: no text, or only spaces, invisible characters and fillers."""
    return all(unicodedata.category(sign)[0] in "CZ" or sign in _FILLERS for sign in text)


def excerpt(text: str, length: int = 280) -> str:
    """The beginning of ``text`` on one line, cut between words and marked with an ellipsis if it goes on.

    :param length: the most characters there may be.
    """
    line = " ".join(text[: length * 4].split())
    if len(line) <= length and len(text) <= length * 4:
        return line
    cut = line[: length - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > length // 2 else cut).rstrip(" ,;:.–-") + "…"
