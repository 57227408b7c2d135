"""The list as an institution writes it: a word or phrase on each line, with stars and what is to happen.

``word`` – this word. ``word*`` – and its inflected forms. ``*word`` – words that end in it. ``*word*`` – words that
have it anywhere. ``= hold``, ``= advise`` or ``= redact`` after it says what happens; ``#`` begins a remark.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lmssocial_words import reading

MOST = 500
"""Entries that a list may have."""
LONGEST = 120
"""Characters that a line may have."""
MOST_WORDS = 8
"""Words that a phrase may have."""
SHORTEST_PART = 3
"""Letters that a part of words must have; two letters are part of too many words."""

_REMARK = re.compile(r"(?:^|\s)#.*")


class Action(StrEnum):
    """What happens to a post with the word."""

    ADVISE = "advise"
    REDACT = "redact"
    HOLD = "hold"


class How(StrEnum):
    """Which words of a text one word of the list means."""

    EXACT = "exact"
    INFLECTED = "inflected"
    ENDING = "ending"
    PART = "part"


class Fault(StrEnum):
    """What is wrong with a line."""

    ACTION = "action"
    EMPTY = "empty"
    STAR = "star"
    SHORT = "short"
    LONG = "long"


class WrongLineError(ValueError):
    """A line that says nothing a policy could look for."""

    def __init__(self, fault: Fault) -> None:
        """Name the fault."""
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of an entry, as :func:`~lmssocial_words.reading.plain` has it."""

    key: str
    how: How


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase that is not wanted, and what happens where it stands."""

    words: tuple[Wanted, ...]
    action: Action | None
    """``None``: what the policy does by default."""


def read(lines: Iterable[str]) -> list[Entry]:
    """The entries of ``lines``. A line that is wrong is passed over: the form has refused it where people type."""
    found = []
    for line in list(lines)[:MOST]:
        try:
            entry = read_line(line)
        except WrongLineError:
            continue
        if entry is not None:
            found.append(entry)
    return found


def read_line(line: str) -> Entry | None:
    """The entry on ``line``; ``None`` for a blank line or a remark.

    :raises WrongLineError: if it is neither.
    """
    if len(line) > LONGEST:
        raise WrongLineError(Fault.LONG)
    said, equals, action = _REMARK.sub("", line).partition("=")
    if not said.strip() and not equals:
        return None
    if equals and action.strip().lower() not in {one.value for one in Action}:
        raise WrongLineError(Fault.ACTION)
    wanted = tuple(one for chunk in said.split() for one in _wanted(chunk))
    if not wanted:
        raise WrongLineError(Fault.EMPTY)
    if len(wanted) > MOST_WORDS:
        raise WrongLineError(Fault.LONG)
    return Entry(wanted, Action(action.strip().lower()) if equals else None)


def _wanted(chunk: str) -> list[Wanted]:
    """The words of ``chunk``, which has no blanks: one, or several as in ``know-all``; stars belong to its ends."""
    bare = chunk.strip("*")
    if "*" in bare:
        raise WrongLineError(Fault.STAR)
    keys = [key for word in reading.words(bare) if (key := reading.plain(word.raw))]
    if not keys:
        raise WrongLineError(Fault.EMPTY)
    before, after = chunk.startswith("*"), chunk.endswith("*")
    if (before or after) and len(keys) > 1:
        raise WrongLineError(Fault.STAR)
    if before and len(keys[0]) < SHORTEST_PART:
        raise WrongLineError(Fault.SHORT)
    how = {(True, True): How.PART, (True, False): How.ENDING, (False, True): How.INFLECTED}.get(
        (before, after)
    )
    return [Wanted(key, how or How.EXACT) for key in keys]
