"""Whether one name could be taken for another, and whether a name is none but an office."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from lmssocial_lookalikes.skeleton import LONGEST, plain, skeletons

GLUED = 5
"""Letters that a name must have to be looked for within a longer word."""
LETTERS = 6
"""Letters that a name must have more than for one letter more, less or otherwise to make no difference."""
CONSONANTS = 10
"""Likewise where only consonants are written: in Arabic, Ahmad and Muhammad differ in one letter."""
_CONSONANTS_ONLY = re.compile(r"[\u0590-\u08ff]")


class Likeness(Enum):
    """How a name is like another."""

    SAME = "same"
    """Written the same, but for capitals and accents."""
    LOOK = "look"
    """Looks the same, has its words in another order, or has an office added."""
    NEAR = "near"
    """Differs in one letter."""


def likeness(name: str, staff_name: str, offices: Iterable[str], *, near: bool) -> Likeness | None:
    """How ``name`` is like ``staff_name``; ``None`` if nobody would take one for the other.

    :param offices: words that make a name sound like staff, such as ``prof``.
    :param near: whether one letter may differ.
    """
    mine, theirs = _read(name[:LONGEST]), _read(staff_name[:LONGEST])
    if theirs.plain and mine.plain == theirs.plain:
        return Likeness.SAME
    known = _skeletons_of(tuple(offices))
    staff = _without(theirs.skeletons[0], known)
    if not staff:
        return None
    orders = {"".join(staff[n:] + staff[:n]) for n in range(len(staff))}
    found = [_compare(words, staff, orders, known, near=near) for words in mine.skeletons]
    return Likeness.LOOK if Likeness.LOOK in found else found[0] or found[-1]


def is_office(name: str, offices: Iterable[str]) -> bool:
    """Whether ``name`` says nothing but that somebody has an office: "Course Support"."""
    known = _skeletons_of(tuple(offices))
    return any(words and _consists_of("".join(words), known) for words in _read(name[:LONGEST]).skeletons)


def _compare(
    words: tuple[str, ...], staff: tuple[str, ...], orders: set[str], offices: frozenset[str], *, near: bool
) -> Likeness | None:
    if sorted(_without(words, offices)) == sorted(staff):
        return Likeness.LOOK
    glued = "".join(words)
    if any(_contains(glued, order, offices) for order in orders):
        return Likeness.LOOK
    if not near:
        return None
    bare = _without(words, offices)
    spelled = {"".join(bare)} if _same_initials(bare, staff) else set()
    if len(words) == 1:
        spelled.add(_cut(glued, offices))
    if any(_one_letter_apart(one, order) for one in spelled for order in orders):
        return Likeness.NEAR
    return None


def _same_initials(words: tuple[str, ...], staff: tuple[str, ...]) -> bool:
    """Whether an initial is not all that differs: "A. Lovelace" and "B. Lovelace" are two people."""
    one, other = (sorted(word for word in name if len(word) == 1) for name in (words, staff))
    return one == other


@dataclass(frozen=True)
class _Read:
    """A name, understood."""

    plain: tuple[str, ...]
    """Its words without capitals and accents."""
    skeletons: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1000)
def _read(name: str) -> _Read:
    """``name``, understood; the staff is compared with everybody, and need not be read each time."""
    return _Read(tuple(plain(name).split()), skeletons(name))


@lru_cache(maxsize=16)
def _skeletons_of(offices: tuple[str, ...]) -> frozenset[str]:
    """What the words for offices look like; the settings seldom change, so this is worked out once."""
    return frozenset(word for office in offices for words in skeletons(office) for word in words if word)


def _without(words: tuple[str, ...], offices: frozenset[str]) -> tuple[str, ...]:
    """``words`` without offices; all of them if nothing else would be left."""
    return tuple(word for word in words if word and word not in offices) or tuple(filter(None, words))


def _contains(glued: str, name: str, offices: frozenset[str]) -> bool:
    """Whether ``glued`` is ``name`` with nothing but offices and digits around it."""
    if glued == name:
        return True
    if len(name) < GLUED:
        return False
    at = glued.find(name)
    return at >= 0 and _consists_of(glued[:at], offices) and _consists_of(glued[at + len(name) :], offices)


def _consists_of(letters: str, offices: frozenset[str]) -> bool:
    """Whether ``letters`` can be cut into offices and digits. Takes as many steps as there are letters."""
    reached = {0}
    for start, letter in enumerate(letters):
        if start in reached:
            reached.update(start + len(one) for one in offices if letters.startswith(one, start))
            if letter.isdecimal():
                reached.add(start + 1)
    return len(letters) in reached


def _cut(glued: str, offices: frozenset[str]) -> str:
    """``glued`` without the offices at its ends, longest first, as long as a name is left."""
    for side in _sides(offices):
        shorter = glued.removeprefix(side[0]).removesuffix(side[1])
        if len(shorter) > LETTERS:
            glued = shorter
    return glued


def _sides(offices: frozenset[str]) -> Iterator[tuple[str, str]]:
    for office in sorted(offices, key=lambda one: (-len(one), one)):
        if len(office) > 2:  # shorter ones begin too many names
            yield office, ""
            yield "", office


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter was changed, added or left out, or two neighbours were swapped, in names long enough."""
    enough = CONSONANTS if _CONSONANTS_ONLY.search(other) else LETTERS
    if min(len(one), len(other)) <= enough or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    if len(one) == len(other):
        swapped = one[start + 1 : start + 2] + one[start]
        return one[start + 1 :] == other[start + 1 :] or one[:start] + swapped + one[start + 2 :] == other
    short, long = sorted((one, other), key=len)
    return short[start:] == long[start + 1 :]
