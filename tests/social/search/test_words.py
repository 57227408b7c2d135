"""Words as both databases see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial.social.search.excerpts import LENGTH, excerpt, highlight
from lmssocial.social.search.words import LONGEST, MOST_TERMS, Term, bare, fold, terms, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("naïve", "naive"),
        ("Ångström", "angstrom"),
        ("İstanbul", "istanbul"),
        ("Ελλάδα", "ελλαδα"),
        ("ﬁle", "file"),
        ("Q&A", "q&a"),
    ],
)
def test_case_and_accents_do_not_matter(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Łukasz", "lukasz"), ("Sørensen", "sorensen"), ("Yıldız", "yildiz"), ("Đặng", "dang"), ("Þór", "thor")],
)
def test_names_are_found_without_the_letters_that_others_lack(name: str, typed: str) -> None:
    assert bare(fold(name)) == typed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It's a walk-away point.", ["it", "s", "a", "walk", "away", "point"]),
        ("snake_case v2.0", ["snake", "case", "v2", "0"]),
        ("交渉の限界 limit", ["交", "渉", "の", "限", "界", "limit"]),
        ("हिन्दी भाषा", ["हनद", "भष"]),
        ("שָׁלוֹם", ["שלום"]),
        ("👍 ok 👍", ["ok"]),
        ("½", ["1", "2"]),
        ("", []),
    ],
)
def test_texts_are_cut_into_words(text: str, found: list[str]) -> None:
    assert [word.folded for word in words(text)] == found


@given(st.text(max_size=200))
def test_words_stand_where_they_say_and_hold_nothing_but_letters_and_digits(text: str) -> None:
    position = 0
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.start >= position or word.end == position, "in order; one sign may give two words"
        position = word.end
        assert word.folded.isalnum()
        assert len(word.folded) <= LONGEST


def test_a_query_asks_for_each_word_once_and_long_ones_as_beginnings() -> None:
    assert terms('Offer, offer! "to" 42 NOT') == (
        Term("offer", is_prefix=True),
        Term("to", is_prefix=False),
        Term("42", is_prefix=False),
        Term("not", is_prefix=True),
    )
    assert len(terms(" ".join(f"word{n}" for n in range(50)))) == MOST_TERMS


def test_hits_are_marked_as_they_were_written() -> None:
    marked = highlight("Two Ángles of an angle", terms("angle"))
    assert [(p.text, p.is_hit) for p in marked] == [
        ("Two ", False),
        ("Ángles", True),
        (" of an ", False),
        ("angle", True),
    ]


@given(st.text(max_size=400), st.text(max_size=20))
def test_highlighting_loses_no_character(text: str, query: str) -> None:
    assert "".join(passage.text for passage in highlight(text, terms(query))) == text


def test_an_excerpt_shows_the_first_hit_in_its_surroundings() -> None:
    text = "word " * 200 + "needle " + "word " * 200
    passages = excerpt(text, terms("needle"))
    shown = "".join(passage.text for passage in passages)
    assert shown.startswith("… word")
    assert shown.endswith("word…")
    assert len(shown) <= LENGTH + 4
    assert [passage.text for passage in passages if passage.is_hit] == ["needle"]


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert "".join(p.text for p in excerpt("Only\nthis", terms("that"))) == "Only this"
