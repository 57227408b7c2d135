"""One form for what people type, and short versions of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial.social.content.text import excerpt, is_blank, tidy, tidy_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("null\x00byte", "nullbyte"),
        ("e\u0301", "é"),
        ("\ufefffrom a file", "from a file"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("\n\n  indented stays\t\n ", "  indented stays"),
        ("half \ud83d pair", "half  pair"),
        ("שלום \u2067עולם\u2069", "שלום \u2067עולם\u2069"),
    ],
)
def test_what_is_typed_comes_into_one_form(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@given(st.text())
def test_tidying_twice_changes_nothing_more_and_every_database_takes_it(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert "\x00" not in once
    once.encode()


def test_a_title_is_one_line() -> None:
    assert tidy_line("  two\n lines\t here ") == "two lines here"


@given(st.text(), st.integers(min_value=2, max_value=300))
def test_an_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(excerpt(text, length)) <= length


def test_an_excerpt_ends_between_words_and_says_that_it_goes_on() -> None:
    assert excerpt("A reply that goes on for a while", 20) == "A reply that goes…"
    assert excerpt("short", 20) == "short"
    assert excerpt("x" * 40, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize("text", ["", " \t\n", "\u200b\u2060", "\u00a0\u3000", "\u3164 \u2800"])
def test_what_no_reader_sees_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "🙂", "\u200bא", "\u0301", "1"])
def test_what_readers_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)
