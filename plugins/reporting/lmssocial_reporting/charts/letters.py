"""How much room words take: no browser and no font is asked, so it is reckoned, and rather too wide than too narrow."""

import unicodedata

ROOM = 20.0
"""What a picture has across on a screen of 320 pixels, in the size of its text."""

_NARROW, _WIDE = frozenset("iljftrI.,;:'’|!()[]-· \N{NO-BREAK SPACE}"), frozenset("mwMW%@—…")


def ems(words: str) -> float:
    """How wide ``words`` are, in the size of the text."""
    return sum(_width(letter) for letter in words)


def lines_of(words: str, room: float = ROOM) -> list[str]:
    """``words`` in lines that are no wider than ``room`` ems; a word that is wider itself is parted."""
    found = [""]
    for word in words.split(" "):
        longer = f"{found[-1]} {word}" if found[-1] else word
        if ems(longer) <= room:
            found[-1] = longer
            continue
        if found[-1]:
            found.append("")
        for letter in word:
            if ems(found[-1] + letter) > room:
                found.append("")
            found[-1] += letter
    return found


def _width(letter: str) -> float:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 1.0
    if unicodedata.bidirectional(letter) == "AL":
        return 0.5
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 0.92
    return 0.76 if letter.isupper() else 0.64
