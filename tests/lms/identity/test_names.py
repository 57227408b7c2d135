"""Names of people whose LMS keeps them to itself."""

from hypothesis import given
from hypothesis import strategies as some

from lmssocial.lms.identity.names import pseudonym


def test_a_pseudonym_is_short_and_says_nothing() -> None:
    assert pseudonym(1) == "Participant 9B1"
    assert pseudonym(2) == "Participant 362"


def test_no_two_people_share_a_pseudonym() -> None:
    names = {pseudonym(user_id) for user_id in range(1, 70_000)}
    assert len(names) == 69_999


@given(some.integers(1, 2**40), some.integers(1, 2**40))
def test_nor_do_any_two_however_many_there_are(one: int, other: int) -> None:
    assert (pseudonym(one) == pseudonym(other)) == (one == other)


@given(some.integers(1, 2**40))
def test_a_pseudonym_lasts(user_id: int) -> None:
    assert pseudonym(user_id) == pseudonym(user_id)
