"""Card numbers and International Bank Account Numbers, told from other digits by their check digits."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lmssocial_personaldata.found import Found, Kind

CARDS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),  # Visa
    (51, 55, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),  # Mastercard
    (34, 34, frozenset({15})),  # American Express
    (37, 37, frozenset({15})),
    (300, 305, frozenset({14, 16})),  # Diners Club
    (36, 36, frozenset({14})),
    (38, 39, frozenset({14, 16})),
    (6011, 6011, frozenset({16, 19})),  # Discover
    (644, 659, frozenset({16, 19})),
    (3528, 3589, frozenset({16, 19})),  # JCB
    (62, 62, frozenset({16, 17, 18, 19})),  # UnionPay
    (60, 60, frozenset({16})),  # RuPay
    (81, 82, frozenset({16})),
    (508, 508, frozenset({16})),
    (2200, 2204, frozenset({16, 19})),  # Mir
    (5018, 5018, frozenset({16, 18, 19})),  # Maestro
    (5020, 5020, frozenset({16, 18, 19})),
    (5038, 5038, frozenset({16, 18, 19})),
    (6304, 6304, frozenset({16, 18, 19})),
    (6759, 6763, frozenset({16, 18, 19})),
)
"""First digits from, first digits to, lengths: the ranges that ISO/IEC 7812 issuers publish of themselves."""

IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FK", "FO", "GL", "NL", "SD"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "MN", "XK"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "CR", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "OM", "SO", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("BI", "DJ", "FR", "GR", "IT", "MC", "MR", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HN", "HU", "LB", "NI", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU", "YE"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    **dict.fromkeys(("LC",), 32),
    **dict.fromkeys(("RU",), 33),
}
"""Characters of an IBAN by country (SWIFT IBAN Registry)."""

_RUN = re.compile(r"(?<![^\W_])[0-9](?:[ ._\-]{0,3}[0-9]){12,}+(?![^\W_])")
_GROUP = re.compile(r"[0-9]+")
_IBAN_START = re.compile(r"(?<![^\W_])[A-Za-z]{2}[0-9]{2}(?=[ \-]?[0-9A-Za-z])")
_IBAN_REST = re.compile(r"[ \-]?[0-9A-Za-z]")
_LONGEST = 19
"""Digits of the longest card number."""
_MOST_GROUPS = 6
"""Groups that card numbers are printed in, of three digits or more but for the last: 4-4-4-4-3 at most."""


def find_cards(text: str) -> Iterator[Found]:
    """The card numbers in ``text``, in one piece or in groups."""
    for run in _RUN.finditer(text):
        groups = [(match.start(), match.end()) for match in _GROUP.finditer(text, run.start(), run.end())]
        first = 0
        while first < len(groups):
            taken = _card_at(text, groups, first)
            if taken:
                yield Found(Kind.CARD, groups[first][0], groups[first + taken - 1][1], 0.95)
            first += taken or 1


def _card_at(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """How many groups from ``first`` on are a card number together; 0 if none are."""
    start = groups[first][0]
    if groups[first][1] - start == 1:  # digit by digit: only if nothing else stands there
        return len(groups) if first == 0 and _is_card_digit_by_digit(text, groups) else 0
    head = "".join(text[begin:end] for begin, end in groups[first : first + 2])[:4]
    lengths = _lengths_of(head)
    digits = ""
    for count, (begin, end) in enumerate(groups[first : first + _MOST_GROUPS] if lengths else (), start=1):
        digits += text[begin:end]
        if len(digits) > _LONGEST:
            break
        is_fraction = count == 1 and text[start - 1 : start] == "."
        if len(digits) in lengths and not is_fraction and luhn(digits):
            return count
        if end - begin < 3:
            break
    return 0


def _is_card_digit_by_digit(text: str, groups: list[tuple[int, int]]) -> bool:
    if len(groups) > _LONGEST or any(end - begin > 1 for begin, end in groups):
        return False
    digits = "".join(text[begin] for begin, _end in groups)
    return len(digits) in _lengths_of(digits[:4]) and luhn(digits)


@lru_cache(maxsize=10_000)
def _lengths_of(head: str) -> frozenset[int]:
    """How long card numbers are that begin with the digits ``head``; empty if none do."""
    found: frozenset[int] = frozenset()
    for low, high, lengths in CARDS:
        width = len(str(low))
        if len(head) >= width and low <= int(head[:width]) <= high:
            found |= lengths
    return found


def find_ibans(text: str) -> Iterator[Found]:
    """The International Bank Account Numbers in ``text``, with or without gaps."""
    done = 0
    for match in _IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(match[0][:2].upper())
        if length is None or match.start() < done:
            continue
        written, end = match[0], match.end()
        while len(written) < length and (more := _IBAN_REST.match(text, end)):
            written += more[0][-1]
            end = more.end()
        if len(written) == length and not text[end : end + 1].isalnum() and is_iban(written.upper()):
            yield Found(Kind.BANK, match.start(), end)
            done = end


def luhn(digits: str) -> bool:
    """Whether the last of ``digits`` is right (ISO/IEC 7812-1, Annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and digits.strip("0") != ""


def is_iban(written: str) -> bool:
    """Whether ``written``, in capitals and without gaps, has right check digits (ISO 13616, ISO 7064 MOD 97-10)."""
    if IBAN_LENGTHS.get(written[:2]) != len(written):
        return False
    turned = written[4:] + written[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
