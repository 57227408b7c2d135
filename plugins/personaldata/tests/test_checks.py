"""Each rule takes the numbers its state or a textbook gives as examples, and notices a slip of one digit."""

import pytest

from lmssocial_personaldata import checks
from lmssocial_personaldata.identity import SCHEMES
from lmssocial_personaldata.payment import IBAN_LENGTHS, is_iban, luhn

RIGHT = {
    "us_ssn": ["219099999", "078051120", "899990001"],
    "de_idnr": ["86095742719", "47036892816", "65929970489", "57549285017", "25768131411"],
    "es_dni": ["12345678Z", "54362315K", "X1234567L", "X2482300W"],
    "fr_nir": ["295109912611193", "255081416802538", "184127645108946", "253072B07300470"],
    "nl_bsn": ["111222333", "123456782"],
    "pl_pesel": ["44051401359", "02070803628"],
    "in_aadhaar": ["234123412346"],
    "br_cpf": ["52998224725", "39053344705"],
    "it_codice_fiscale": ["RCCMNL83S18D969H", "MRTMTT25D09F205Z", "RSSMRA85T10A562S"],
    "cn_resident": ["11010519491231002X", "440524188001010014"],
}
WITHOUT_CHECK_DIGIT = {"us_ssn"}
RULES = {scheme.key: scheme.is_right for scheme in SCHEMES}


def test_every_scheme_has_examples() -> None:
    assert RULES.keys() == RIGHT.keys()


@pytest.mark.parametrize(
    ("key", "number"), [(key, number) for key, numbers in RIGHT.items() for number in numbers]
)
def test_a_right_number_is_right(key: str, number: str) -> None:
    assert RULES[key](number)


@pytest.mark.parametrize(
    ("key", "number"),
    [(key, number) for key, numbers in RIGHT.items() if key not in WITHOUT_CHECK_DIGIT for number in numbers],
)
def test_a_slip_of_the_last_digit_is_noticed(key: str, number: str) -> None:
    last = max(place for place, character in enumerate(number) if character.isdecimal())
    slips = [f"{number[:last]}{digit}{number[last + 1 :]}" for digit in "0123456789" if digit != number[last]]
    assert not [slip for slip in slips if RULES[key](slip)]


@pytest.mark.parametrize("number", ["000123456", "666123456", "900123456", "123006789", "123450000"])
def test_social_security_numbers_that_are_never_given(number: str) -> None:
    assert not checks.us_ssn(number)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("01234567899", "it begins with a nought"),
        ("12345678903", "no digit stands twice"),
        ("11223344556", "several digits stand twice"),
        ("11111111111", "one digit stands ten times"),
    ],
)
def test_a_german_number_has_one_digit_twice_or_thrice(number: str, why: str) -> None:
    assert not checks.de_idnr(number), why


@pytest.mark.parametrize("number", ["44053201359", "44133001358", "02302900009"])
def test_a_polish_number_has_a_date_that_exists(number: str) -> None:
    assert not checks.pl_pesel(number)


def test_verhoeffs_scheme_notices_neighbours_that_changed_places() -> None:
    right = "234123412346"
    for place in range(1, 11):
        swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
        assert swapped == right or not checks.in_aadhaar(swapped)


def test_an_indian_number_begins_with_neither_nought_nor_one() -> None:
    assert not any(checks.in_aadhaar(f"{first}2341234123{last}") for first in "01" for last in "0123456789")


def test_numbers_of_one_digit_are_nobodys() -> None:
    assert not checks.br_cpf("1" * 11)
    assert not checks.nl_bsn("0" * 9)
    assert not luhn("0" * 16)


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "5555555555554444",
        "378282246310005",
        "6011111111111117",
        "30569309025904",
        "3530111333300000",
    ],
)
def test_luhn(number: str) -> None:
    assert luhn(number)
    assert not luhn(number[:-1] + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize(
    "number",
    [
        "DE89370400440532013000",
        "GB82WEST12345698765432",
        "FR1420041010050500013M02606",
        "ES9121000418450200051332",
        "NL91ABNA0417164300",
        "NO9386011117947",
        "PL61109010140000071219812874",
        "SA0380000000608010167519",
        "MT84MALT011000012345MTLCAST001S",
        "BR9700360305000010009795493P1",
    ],
)
def test_ibans_of_the_registry(number: str) -> None:
    assert is_iban(number)
    assert not is_iban(number[:2] + str((int(number[2]) + 1) % 10) + number[3:])
    assert not is_iban(number + "0")
    assert not is_iban("XX" + number[2:])


def test_lengths_are_those_an_iban_may_have() -> None:
    assert all(15 <= length <= 34 for length in IBAN_LENGTHS.values())
    assert all(len(country) == 2 and country.isupper() for country in IBAN_LENGTHS)
