"""What somebody types into a search box, understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial.social.search.asking import Asked, replaced, understood
from lmssocial.social.search.words import MOST_TERMS, Term


def prefix(word: str) -> Term:
    return Term(word, is_prefix=True)


def whole(word: str) -> Term:
    return Term(word, is_prefix=False)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", Asked()),
        ("two packages", Asked((prefix("two"), prefix("packages")))),
        ('"two packages"', Asked(phrases=(("two", "packages"),))),
        ('"two packages', Asked(phrases=(("two", "packages"),))),
        ('"limit"', Asked((whole("limit"),))),
        ('limit "limit"', Asked((whole("limit"),))),
        ("limit -price", Asked((prefix("limit"),), without=(whole("price"),))),
        ("walk-away", Asked((prefix("walk"), prefix("away")))),
        ("limit - price", Asked((prefix("limit"), prefix("price")))),
        ("-price", Asked(without=(whole("price"),))),
        ("author:Ana", Asked(authors=("ana",))),
        ('AUTHOR:"Ana Ruíz" limit', Asked((prefix("limit"),), authors=("ana", "ruiz"))),
        ("author:", Asked((prefix("author"),))),
        ("#Preise limit", Asked((prefix("limit"),), tags=("preise",))),
        ("c# #1", Asked((whole("c"),), tags=("1",))),
        ("title:limit", Asked((prefix("title"), prefix("limit")))),
        ("Straße", Asked((prefix("strasse"),))),
    ],
)
def test_queries_are_understood(query: str, asked: Asked) -> None:
    assert understood(query) == asked


def test_what_asks_for_nothing_says_so() -> None:
    assert not understood("-price").asks
    assert not understood("!!!").asks
    assert understood("author:ana").asks
    assert not understood("author:ana").has_words
    assert understood('"two packages"').has_words


@given(st.text(max_size=450))
def test_anything_can_be_typed_and_only_letters_and_digits_reach_the_database(query: str) -> None:
    asked = understood(query)
    every = [term.word for term in (*asked.terms, *asked.without)]
    every += [word for phrase in asked.phrases for word in phrase]
    assert all(word.isalnum() for word in (*every, *asked.authors))
    assert max(map(len, (asked.terms, asked.phrases, asked.without, asked.authors, asked.tags))) <= MOST_TERMS


def test_words_of_a_query_are_replaced_where_they_stand() -> None:
    query = '"two pakages" -price author:ana Límt!'
    assert (
        replaced(query, {"limt": "limit", "pakages": "packages"}) == '"two packages" -price author:ana limit!'
    )
    assert replaced(query, {}) == query
