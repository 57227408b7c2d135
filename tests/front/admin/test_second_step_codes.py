"""One-time codes against the vectors of their standards, and codes on paper."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from lmssocial.front.admin import second_step

RFC_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The ASCII seed 12345678901234567890 of RFC 6238, appendix B, in base 32."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)

    assert second_step.step_of(RFC_SEED, code, now) == seconds // 30


@pytest.mark.parametrize(("late", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phones_clock_may_be_one_step_off(late: int, *, good: bool) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    code = pyotp.TOTP(RFC_SEED).at(now + timedelta(seconds=late))

    assert (second_step.step_of(RFC_SEED, code, now) is not None) is good


def test_a_code_may_be_typed_in_groups() -> None:
    assert second_step.step_of(RFC_SEED, " 287 082 ", datetime.fromtimestamp(59, UTC)) == 1


@pytest.mark.parametrize("code", ["", "28708", "2870822", "abcdef", "٢٨٧٠٨٢"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert second_step.step_of(RFC_SEED, code, datetime.fromtimestamp(59, UTC)) is None


def test_recovery_codes_are_many_long_and_different() -> None:
    codes = {code for _ in range(20) for code in second_step.new_recovery_codes()}

    assert len(codes) == 200
    assert all(len(code.replace("-", "")) == 16 for code in codes)


def test_a_recovery_code_is_known_however_it_is_typed() -> None:
    [code, *_] = second_step.new_recovery_codes()

    assert second_step.recovery_hash(code) == second_step.recovery_hash(f" {code.upper().replace('-', ' ')} ")
    assert code not in second_step.recovery_hash(code)


def test_the_picture_says_what_the_key_says() -> None:
    uri = second_step.setup_uri(RFC_SEED, "ada@example.edu", "lmssocial social.example.edu")

    assert pyotp.parse_uri(uri).secret == RFC_SEED
    assert second_step.qr_picture(uri).startswith("data:image/svg+xml")
    assert second_step.grouped(RFC_SEED).split() == ["GEZD", "GNBV", "GY3T", "QOJQ"] * 2
