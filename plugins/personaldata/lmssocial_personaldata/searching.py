"""Searching one text for everything that is set to be looked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lmssocial_personaldata import email, identity, payment, phone
from lmssocial_personaldata.found import Found, Kind
from lmssocial_personaldata.reading import digits_of, legible, without_addresses, without_code
from lmssocial_personaldata.settings import PersonalData

MOST_MARKS = 500
"""Places marked one by one; from there on, one mark covers all that follow up to the last."""
LONGEST_DOUBLE = 200
"""Characters; nothing that is found in one piece is longer, but for what is covered up to the end of a text."""


@dataclass(frozen=True)
class Places:
    """What a text holds of personal data."""

    kinds: frozenset[Kind]
    marks: tuple[tuple[int, int], ...]
    """Places in the source, in order, none of which touch."""
    confidence: float
    """Of the surest find; 0 if there is none."""


def search(source: str, settings: PersonalData) -> Places:
    """The personal data in Markdown ``source``."""
    shown = legible(source)
    found = _without_doubles(_find(shown.text, settings))
    marks: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        start, end = shown.place(one.start, one.end)
        if marks and (start <= marks[-1][1] or len(marks) == MOST_MARKS):
            marks[-1] = (marks[-1][0], max(marks[-1][1], end))
        else:
            marks.append((start, end))
    return Places(
        frozenset(one.kind for one in found),
        tuple(marks),
        max((one.confidence for one in found), default=0.0),
    )


def _find(text: str, settings: PersonalData) -> Iterator[Found]:
    kinds = set(settings.kinds)
    addresses, numbers = _allowed(tuple(settings.allowed))
    figures = without_addresses(text)
    prose = without_code(figures)
    if Kind.CARD in kinds:
        yield from payment.find_cards(figures)
    if Kind.BANK in kinds:
        yield from payment.find_ibans(figures)
    if Kind.IDENTITY in kinds:
        yield from identity.find(prose, settings.identity_numbers)
    if Kind.EMAIL in kinds:
        yield from email.find(text, addresses)
    if Kind.PHONE in kinds:
        yield from phone.find(figures, prose, settings.regions, numbers)
        yield from phone.find_dialled(text, numbers)


def _without_doubles(found: Iterator[Found]) -> list[Found]:
    """Leave out what lies within something of another kind that comes before it: the digits of an IBAN are no card."""
    kept: list[Found] = []
    taken: set[int] = set()
    for one in found:
        middle = range(one.start, one.end)
        if one.end - one.start <= LONGEST_DOUBLE and taken.issuperset(middle):
            continue
        taken.update(middle if one.end - one.start <= LONGEST_DOUBLE else ())
        kept.append(one)
    return kept


@lru_cache(maxsize=64)
def _allowed(lines: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Domains and addresses in small letters, and the digits of telephone numbers."""
    numbers = {digits_of(line) for line in lines if not any(map(str.isalpha, line))}
    return frozenset(line.strip().lower().removeprefix("@") for line in lines), frozenset(
        filter(None, numbers)
    )
