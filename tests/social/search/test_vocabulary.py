"""The words a community uses: misspelt queries are understood alike on both databases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.search import index, vocabulary
from lmssocial.social.search.models import KnownWord, SearchDocument
from lmssocial.social.search.queries import Field, Hits, search
from lmssocial.social.search.similar import similar
from lmssocial.social.search.vocabulary import distance, parts_of
from tests.support.people import Place, make_person, make_place

TEXTS = [
    ("Walk-away point", "How do you find the other side's limit without asking for it?"),
    ("Negotiating freight", "The negotiation about freight rates went on for weeks; the freight was late."),
    ("Überraschung im Einkauf", "Der Lieferant hat überraschend nachgegeben."),
    ("كيف نتفاوض", "التفاوض مع المورد يحتاج إلى الصبر"),
    ("Packages", "Offer two packages that cost you the same."),
    ("Error E1142 in invoice.py", "calculate_total() raises KeyError; code 4711"),
]

MISSPELT = {
    "freigt": ("freight", [1]),
    "frieght": ("freight", [1]),
    "freightt": ("freight", [1]),
    "negotation": ("negotiation", [1]),
    "negociating": ("negotiating", [1]),
    "pakages": ("packages", [4]),
    "packeges same": ("packages same", [4]),
    "ofer pakages": ("offer packages", [4]),
    "Uberaschung": ("uberraschung", [2]),
    "lieferannt": ("lieferant", [2]),
    "التفاوص": ("التفاوض", [3]),
    "limti": ("limit", [0]),
    "keyerorr": ("keyerror", [5]),
    "freight": ("", [1]),
    "frei": ("", [1]),
    "xylophone": ("", []),
    "4712": ("", []),
    "limit freight": ("", []),
    "two freigt": ("", []),
    "teh": ("", []),
}
"""What is typed → what it is taken for, and what is found."""


@pytest.fixture
def place(session: Session) -> Place:
    """A course with documents, whose words were learned."""
    place = make_place(session)
    for number, (title, body) in enumerate(TEXTS):
        put(session, place, number, title, body)
    assert vocabulary.learn(session) >= len(TEXTS)
    return place


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """Somebody in it."""
    return make_person(session, place, "Ana Ruiz")


def put(session: Session, place: Place, number: int, title: str, body: str) -> None:
    document = index.Document(
        kind="test.note",
        subject_id=number,
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        title=title,
        body=body,
        at=clock.now(),
    )
    index.put(session, document)


def find(session: Session, actor: Actor, query: str, *, but: tuple[int, ...] = ()) -> Hits:
    within = select(SearchDocument.subject_id).where(SearchDocument.subject_id.not_in(but))
    return search(session, actor, query, Field("test.note", within))


@pytest.mark.parametrize("query", MISSPELT)
def test_misspelt_words_are_understood_alike_everywhere(query: str, session: Session, ana: Actor) -> None:
    hits = find(session, ana, query)
    assert (hits.corrected, [hit.subject_id for hit in hits.hits]) == MISSPELT[query]


def test_nobody_learns_by_a_correction_of_words_they_may_not_read(session: Session, ana: Actor) -> None:
    assert find(session, ana, "freigt").corrected == "freight"
    assert find(session, ana, "freigt", but=(1,)) == Hits()


def test_another_course_has_words_of_its_own(session: Session, place: Place) -> None:
    elsewhere = make_place(session, beside=place)
    zoe = make_person(session, elsewhere, "Zoe")
    put(session, elsewhere, 100, "Fright", "A fright at night")
    vocabulary.learn(session)
    assert find(session, zoe, "freigt").corrected == "fright"


@pytest.mark.usefixtures("ana")
def test_words_are_counted_by_documents_and_learned_once(session: Session, place: Place) -> None:
    community = place.community.id
    assert vocabulary.learn(session) == 0
    assert vocabulary.documents_with(session, community, ["freight", "packages", "nothing"]) == {
        "freight": 1,
        "packages": 1,
    }
    put(session, place, 7, "Freight again", "")
    assert vocabulary.learn(session) == 1
    assert vocabulary.documents_with(session, community, ["freight"]) == {"freight": 2}
    kept = session.scalars(select(KnownWord.word).where(KnownWord.community_id == community)).all()
    assert len(kept) == len(set(kept))
    assert "4711" not in kept
    assert "e1142" not in kept


@pytest.mark.parametrize(
    ("one", "other", "changes"),
    [
        ("freight", "freight", 0),
        ("freight", "freigt", 1),
        ("freight", "frieght", 1),
        ("offer", "ofer", 1),
        ("packages", "pakeges", 2),
        ("cat", "dogs", 4),
        ("", "abc", 3),
    ],
)
def test_distances_count_letters_that_change(one: str, other: str, changes: int) -> None:
    assert distance(one, other, 9) == distance(other, one, 9) == changes


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 4))
def test_distances_beyond_the_limit_need_not_be_told_apart(one: str, other: str, most: int) -> None:
    assert min(distance(one, other, most), most + 1) == min(distance(one, other, 20), most + 1)


def test_parts_are_three_letters_and_the_beginning_counts_more() -> None:
    assert parts_of("cat") == {"  c", " ca", "cat", "at "}


def test_what_shares_rare_words_resembles_a_text_and_titles_count_more(
    session: Session, place: Place, ana: Actor
) -> None:
    for number in range(20, 40):
        put(session, place, number, f"Question {number}", "How do you find the way?")
    put(session, place, 50, "How to prepare an invoice", "Ask for the number first.")
    put(session, place, 51, "Something else", "It was about an invoice.")
    vocabulary.learn(session)
    field = Field("test.note", select(SearchDocument.subject_id))
    found = [
        document.subject_id for document in similar(session, ana, "How do you prepare the invoice?", field)
    ]
    assert found[0] == 50
    assert not set(found) & set(range(20, 40)), "they share what every question has"
    assert similar(session, ana, "?", field) == ()
    assert similar(session, ana, "Completely unheard of", field) == ()
