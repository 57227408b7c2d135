"""Telephone numbers, as the library phonenumbers (Google's libphonenumber) finds and validates them."""

import re
from collections.abc import Iterable, Iterator

import phonenumbers
from phonenumbers import Leniency, NumberParseException, PhoneNumberMatcher

from lmssocial_personaldata.found import Found, Kind
from lmssocial_personaldata.reading import digits_of

MOST_TRIES = 300
"""Groups of digits that turn out to be no telephone number, after which a text is taken for a table of figures."""
MOST_FOUND = 100
"""Numbers found, after which nobody needs to know of more; what follows is taken along."""

_DIALLED = re.compile(
    r"(?:wa\.me/|(?:api\.|web\.)?whatsapp\.com/send/?\?(?:[\w=]{1,40}&)?phone=|\btel:|viber://\S{1,20}number=|t\.me/)"
    r"((?:\+|%2[bB])?[0-9][0-9\-.()]{5,19}[0-9])"
)
"""Links that dial: WhatsApp's, Viber's, Telegram's and plain ones."""
_NUMBERED = re.compile(
    r"(?:#|№|\b(?:ids?|no|nr|order|ticket|issue|invoice|matrikel\w{0,8}|version|rfc|page|seite|§))[ .:#\-]{0,3}$",
    re.IGNORECASE,
)
"""What stands before digits that count something."""

_BARE = re.compile(r"[0-9]+(?:\D*[#x~][0-9]+)?")
"""Digits in one piece, and what the library took for an extension."""


def find(text: str, prose: str, regions: Iterable[str], allowed: frozenset[str]) -> Iterator[Found]:
    """The telephone numbers in ``text``, from which addresses were taken.

    :param prose: the same, as long, without code: numbers without a country code are looked for in here only.
    :param regions: countries (ISO 3166-1) whose numbers are known without their country code.
    :param allowed: digits of the numbers that everybody may know.
    """
    if sum(map(str.isdecimal, text)) < 6:
        return
    yield from _matches(text, None, Leniency.VALID, allowed, confidence=1.0)
    for region in map(str.upper, regions):
        if region in phonenumbers.SUPPORTED_REGIONS:
            yield from _matches(prose, region, Leniency.STRICT_GROUPING, allowed, confidence=0.8)


def find_dialled(text: str, allowed: frozenset[str]) -> Iterator[Found]:
    """The telephone numbers in addresses that call or write to them when followed."""
    for match in _DIALLED.finditer(text):
        digits = digits_of(match[1].removeprefix("%2B").removeprefix("%2b"))
        if digits not in allowed and _is_number(f"+{digits}"):
            yield Found(Kind.PHONE, match.start(1), match.end(1))


def _matches(
    text: str, region: str | None, leniency: int, allowed: frozenset[str], *, confidence: float
) -> Iterator[Found]:
    matcher = PhoneNumberMatcher(text, region, leniency, max_tries=MOST_TRIES)
    for number, match in enumerate(matcher, start=1):
        if digits_of(match.raw_string) in allowed or _is_counted(text, match.start, match.raw_string):
            continue
        if number == MOST_FOUND:
            yield Found(Kind.PHONE, match.start, len(text), confidence)
            return
        yield Found(Kind.PHONE, match.start, match.end, confidence)


def _is_counted(text: str, start: int, raw: str) -> bool:
    """Whether these are bare digits after “order”, “id”, “#” and the like."""
    return _BARE.fullmatch(raw) is not None and _NUMBERED.search(text[max(0, start - 20) : start]) is not None


def _is_number(dialled: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(dialled))
    except NumberParseException:
        return False
