"""Addresses of files that are signed and end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial.social.content import signed
from lmssocial.social.content.signed import LASTS, WINDOW

NOW = datetime(2026, 3, 2, 9, 4, 30, tzinfo=UTC)
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(MOMENTS, st.integers(1, 2**31 - 1))
def test_an_address_is_good_from_when_it_was_made_for_ten_to_twenty_minutes(
    moment: datetime, file_id: int
) -> None:
    token = signed.sign("secret", file_id, "published.1.1", moment)
    ticket = signed.read("secret", token, moment)

    assert ticket is not None
    assert (ticket.file_id, ticket.stamp) == (file_id, "published.1.1")
    assert ticket.until - moment + timedelta(seconds=1) >= WINDOW
    assert ticket.until - moment <= LASTS
    assert signed.read("secret", token, ticket.until) is None


def test_within_a_window_the_address_stays_so_that_browsers_keep_the_file() -> None:
    first = signed.sign("secret", 7, "a", NOW)

    assert signed.sign("secret", 7, "a", NOW + timedelta(minutes=5)) == first
    assert signed.sign("secret", 7, "a", NOW + timedelta(minutes=6)) != first
    assert signed.sign("secret", 8, "a", NOW) != first
    assert signed.sign("secret", 7, "b", NOW) != first


@pytest.mark.parametrize("token", ["", "x", "a.b", "WzEsMSwxXQ.c2lnbmVk", "é", "." * 500])
def test_what_we_did_not_sign_is_nothing(token: str) -> None:
    assert signed.read("secret", token, NOW) is None


def test_another_secret_signs_for_another_house() -> None:
    token = signed.sign("secret", 7, "a", NOW)
    changed = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")

    assert signed.read("another", token, NOW) is None
    assert signed.read("secret", changed, NOW) is None
