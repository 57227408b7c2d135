"""Check digits and rules of identity numbers: pure functions of the number without blanks, dots and dashes."""

from datetime import date

_VERHOEFF_TIMES = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_VERHOEFF_TURN = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
_ITALIAN_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
"""What a letter at an odd place counts; digits count like the letters A to J."""
_CHINESE_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def us_ssn(number: str) -> bool:
    """United States, Social Security number: 20 CFR § 422.103; SSA, *SSN Randomization* (areas never given)."""
    area, group, serial = number[:3], number[3:5], number[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def de_idnr(number: str) -> bool:
    """Germany, Identifikationsnummer: § 139b AO; § 1 StIdV (ISO 7064 MOD 11,10; one digit twice or thrice)."""
    ten = number[:10]
    counts = sorted((ten.count(digit) for digit in set(ten)), reverse=True)
    if number[0] == "0" or counts[0] not in {2, 3} or (len(counts) > 1 and counts[1] > 1):
        return False
    rest = 10
    for digit in ten:
        rest = ((int(digit) + rest) % 10 or 10) * 2 % 11
    return (11 - rest) % 10 == int(number[10])


def es_dni(number: str) -> bool:
    """Spain, DNI and NIE: Real Decreto 1553/2005, art. 11; Orden INT/2058/2008 (letter = number modulo 23)."""
    digits = number[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


def fr_nir(number: str) -> bool:
    """France, numéro d'inscription au répertoire: décret n° 82-103, art. 4; INSEE (key = 97 - number modulo 97)."""
    thirteen = number[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(thirteen) % 97 == int(number[13:])


def nl_bsn(number: str) -> bool:
    """Netherlands, burgerservicenummer: Rijksdienst voor Identiteitsgegevens, *Logisch Ontwerp BSN* (eleven test)."""
    total = sum(
        weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), number, strict=True)
    )
    return total % 11 == 0 and number.strip("0") != ""


def pl_pesel(number: str) -> bool:
    """Poland, PESEL: ustawa o ewidencji ludności (2010), art. 15; weights 1, 3, 7, 9 and the date of birth."""
    total = sum(
        weight * int(digit) for weight, digit in zip((1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), number, strict=True)
    )
    century, month = divmod(int(number[2:4]), 20)
    year = (1900, 2000, 2100, 2200, 1800)[century] + int(number[:2])
    return total % 10 == 0 and _is_date(year, month, int(number[4:6]))


def in_aadhaar(number: str) -> bool:
    """India, Aadhaar: UIDAI, *A UID Numbering Scheme* (2010): twelve digits, none begins with 0 or 1.

    The check digit is that of J. Verhoeff, *Error Detecting Decimal Codes*, 1969.
    """
    if number[0] in "01":
        return False
    rest = 0
    for place, digit in enumerate(reversed(number)):
        rest = int(_VERHOEFF_TIMES[rest][int(_VERHOEFF_TURN[place % 8][int(digit)])])
    return rest == 0


def br_cpf(number: str) -> bool:
    """Brazil, CPF: Receita Federal, Instrução Normativa RFB nº 2.172/2024; two check digits modulo 11."""
    if len(set(number)) == 1:
        return False
    for length in (9, 10):
        total = sum((length + 1 - place) * int(digit) for place, digit in enumerate(number[:length]))
        if total * 10 % 11 % 10 != int(number[length]):
            return False
    return True


def it_codice_fiscale(number: str) -> bool:
    """Italy, codice fiscale: decreto ministeriale 23 dicembre 1976; art. 6: letters in place of digits."""
    total = 0
    for place, character in enumerate(number[:15]):
        value = int(character) if character.isdigit() else ord(character) - ord("A")
        total += value if place % 2 else _ITALIAN_ODD[value]
    return chr(ord("A") + total % 26) == number[15]


def cn_resident(number: str) -> bool:
    """China, resident identity number: GB 11643-1999 (ISO 7064 MOD 11-2, date of birth at the seventh place)."""
    total = sum(weight * int(digit) for weight, digit in zip(_CHINESE_WEIGHTS, number, strict=False))
    born = _is_date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return born and "10X98765432"[total % 11] == number[17]


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
