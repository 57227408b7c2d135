"""Identity numbers of people, by country. One without strict rules counts only with its name beside it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lmssocial_personaldata import checks
from lmssocial_personaldata.found import Found, Kind

NEAR = 48
"""Characters before a number in which its name may stand."""
_LEFT = r"(?<![^\W_])(?<![0-9][.,/\-])"
_RIGHT = r"(?![^\W_])(?![.,/\-][0-9])"
_GAPS = re.compile(r"[ .\-/]")
_YEARS = re.compile(r"(?:(?:19|20)[0-9]{2}[ \-]?)+")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a country writes its identity numbers, and which are right."""

    key: str
    written: re.Pattern[str]
    """With the blanks, dots and dashes people put there."""
    is_right: Callable[[str], bool]
    """Of the number in capitals without those."""
    bare: re.Pattern[str] | None = None
    """Digits that mean it only if one of :attr:`names` stands just before."""
    names: re.Pattern[str] | None = None


def _pattern(inside: str) -> re.Pattern[str]:
    return re.compile(f"{_LEFT}{inside}{_RIGHT}", re.IGNORECASE)


def _names(inside: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{inside})", re.IGNORECASE)


_NINE = _pattern(r"[0-9]{9}")
_NEVER = re.compile(r"(?!)")
_D = "[0-9LMNPQRSTUV]"

SCHEMES = (
    Scheme(
        "us_ssn",
        _pattern(r"[0-9]{3}([ \-])[0-9]{2}\1[0-9]{4}"),
        checks.us_ssn,
        _NINE,
        _names(r"SSN|social security"),
    ),
    Scheme("de_idnr", _pattern(r"[1-9][0-9](?:[0-9]{9}| [0-9]{3} [0-9]{3} [0-9]{3})"), checks.de_idnr),
    Scheme(
        "es_dni",
        _pattern(r"(?:[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}|[XYZ]-?[0-9]{7})-?[A-HJ-NP-TV-Z]"),
        checks.es_dni,
    ),
    Scheme(
        "fr_nir",
        _pattern(
            r"[1-478] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[/\-]? ?[0-9]{2}"
        ),
        checks.fr_nir,
    ),
    Scheme("nl_bsn", _NEVER, checks.nl_bsn, _NINE, _names(r"BSN|burgerservice|sofi-?num")),
    Scheme("pl_pesel", _pattern(r"[0-9]{11}"), checks.pl_pesel),
    Scheme(
        "in_aadhaar",
        _pattern(r"(?<![0-9] )[2-9][0-9]{3}([ \-])[0-9]{4}\1[0-9]{4}(?! [0-9])"),
        checks.in_aadhaar,
        _pattern(r"[2-9][0-9]{11}"),
        _names(r"aadh?aar|आधार|UID\b"),
    ),
    Scheme(
        "br_cpf",
        _pattern(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"),
        checks.br_cpf,
        _pattern(r"[0-9]{11}"),
        _names(r"CPF"),
    ),
    Scheme(
        "it_codice_fiscale",
        _pattern(rf"[A-Z]{{6}} ?{_D}{{2}}[A-EHLMPRST]{_D}{{2}} ?[A-Z]{_D}{{3}}[A-Z]"),
        checks.it_codice_fiscale,
    ),
    Scheme("cn_resident", _pattern(r"[1-9][0-9]{16}[0-9X]"), checks.cn_resident),
)
"""Every scheme there is, by the name its setting has."""


def find(text: str, keys: Iterable[str]) -> Iterator[Found]:
    """The identity numbers in ``text`` of the schemes called ``keys``."""
    wanted = set(keys)
    for scheme in SCHEMES:
        if scheme.key in wanted:
            yield from _find(text, scheme)


def _find(text: str, scheme: Scheme) -> Iterator[Found]:
    for match in scheme.written.finditer(text):
        if _is_right(match[0], scheme):
            yield Found(Kind.IDENTITY, match.start(), match.end(), 0.9)
    if scheme.bare is None or scheme.names is None or not scheme.names.search(text):
        return
    for match in scheme.bare.finditer(text):
        named = scheme.names.search(text, max(0, match.start() - NEAR), match.start())
        if named and _is_right(match[0], scheme):
            yield Found(Kind.IDENTITY, match.start(), match.end())


def _is_right(written: str, scheme: Scheme) -> bool:
    number = _GAPS.sub("", written).upper()
    return not _YEARS.fullmatch(written) and scheme.is_right(number)
