"""Finding: the same answers on both databases, to golden queries and to anything a person may type."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, literal, select, table, text
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.search import index
from lmssocial.social.search.models import SearchDocument
from lmssocial.social.search.queries import Field, Hits, search
from tests.support.people import Place, make_person, make_place

TEXTS = [
    # title, body; each is a little newer than the one before
    ("Walk-away point", "How do you find the other side's limit without asking for it?"),
    ("", "Offer two packages that cost you the same; the package they defend shows their limit."),
    ("Packages", "What worked in the freight contract: payment terms first."),
    ("Überraschung im Einkauf", "Der Lieferant in der Straße nebenan hat nachgegeben."),
    ("", "NAIVE question: is naïve pricing ever right? C++ and C# teams disagree."),
    ("交渉の限界", "相手の限界をどう見つけますか。"),
    ("Silence", "Wait. Then wait again. It's 100% worth it, 3 times of 4."),
    ("", "AND OR NOT NEAR are words as well, like title: and select * from posts; --"),
    ("Limit", "limit limit limit"),
    ("كيف نتفاوض", "التفاوض مع المورد يحتاج إلى الصبر"),
    ("Error E1142 in invoice.py", "calculate_total() raises KeyError; code 4711"),
]

GOLDEN = {
    "limit": [8, 1, 0],
    "LIMIT": [8, 1, 0],
    "package": [2, 1],
    "packages": [2, 1],
    "pack limit": [1],
    "walk away": [0],
    "walk-away": [0],
    "uberraschung": [3],
    "ÜBERRASCHUNG": [3],
    "strasse": [3],
    "straße": [3],
    "naive": [4],
    "naïve": [4],
    "c++": [4],
    "限界": [5],
    "界限": [5],
    "100%": [6],
    "3 4": [6],
    "it's": [6, 0],
    "AND": [7, 4],
    "near": [7],
    "NOT limit": [],
    "title:limit": [],
    "title: words": [7],
    '"two packages"': [1],
    "payment terms first": [2],
    "nothing-like-this": [],
    "freight 'contract'": [2],
    "select * from": [7],
    '"limit limit"': [8],
    '"two packages that"': [1],
    '"packages two"': [],
    '"point how"': [],
    '"limit"': [8, 1, 0],
    '"packag"': [],
    "limit -packages": [8, 0],
    "limit -package": [8, 0],
    "limit -pack": [8, 1, 0],
    'limit -"packages"': [8, 0],
    "-limit": [],
    "- limit": [8, 1, 0],
    "Straße Lieferant": [3],
    '"payment terms" -silence': [2],
    '"naïve pricing"': [4],
    "wait 3": [6],
    "المورد": [9],
    '"مع المورد"': [9],
    "الموردين": [],
    "invoice.py": [10],
    "calculate_total()": [10],
    "E1142": [10],
    "47": [],
    "4711": [10],
}


@pytest.fixture
def place(session: Session) -> Place:
    """A course with documents in it."""
    place = make_place(session)
    for number, (title, body) in enumerate(TEXTS):
        put(session, place, number, title, body)
    return place


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """Somebody in it."""
    return make_person(session, place, "Ana Ruiz")


def put(session: Session, place: Place, number: int, title: str, body: str, kind: str = "test.note") -> None:
    document = index.Document(
        kind=kind,
        subject_id=number,
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        title=title,
        body=body,
        at=clock.now() + timedelta(seconds=number),
    )
    index.put(session, document)


Find = Callable[..., Hits]


@pytest.fixture
def find(session: Session, ana: Actor) -> Find:
    """``find("words")``: what Ana finds; ``find("words", limit=2, after=…)``."""
    everything = select(SearchDocument.subject_id)

    def ask(query: str, **more: object) -> Hits:
        options = {"kind": "test.note", "within": everything, "narrowed": False} | more
        field = Field(options.pop("kind"), options.pop("within"), options.pop("narrowed"))  # type: ignore[arg-type]
        return search(session, options.pop("actor", ana), query, field, **options)  # type: ignore[arg-type]

    return ask


@pytest.mark.parametrize("query", GOLDEN)
def test_golden_queries_find_the_same_in_the_same_order_everywhere(query: str, find: Find) -> None:
    assert [hit.subject_id for hit in find(query).hits] == GOLDEN[query]


@pytest.mark.parametrize("query", ["", "  ", "!?", '"', "'", "*", "👍", "()", "\\", "-- ;", "%", ":*"])
def test_a_query_without_words_asks_nothing(query: str, find: Find) -> None:
    assert find(query) == Hits(asked=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=8),
            st.sampled_from(
                ['"', "'", "*", ":", "(", ")", "&", "|", "!", "<->", "NEAR(", "AND", "{title}", "^", "limit"]
            ),
        ),
        max_size=6,
    ).map(" ".join)
)
def test_nothing_a_person_types_breaks_the_search(find: Find, query: str) -> None:
    hits = find(query.replace("\x00", ""))
    assert hits.asked or not hits.hits


def test_hits_carry_marked_titles_and_excerpts(find: Find) -> None:
    (hit,) = find("über einkauf").hits
    assert [p.text for p in hit.title if p.is_hit] == ["Überraschung", "Einkauf"]
    assert not any(p.is_hit for p in hit.excerpt)


def test_another_course_another_kind_and_another_customer_are_not_found(
    session: Session, place: Place, find: Find
) -> None:
    elsewhere, foreign = make_place(session, beside=place), make_place(session)
    put(session, elsewhere, 100, "Limit", "limit")
    put(session, foreign, 101, "Limit", "limit")
    put(session, place, 102, "Limit", "limit", kind="test.other")
    assert [hit.subject_id for hit in find("limit").hits] == GOLDEN["limit"]
    assert [hit.subject_id for hit in find("limit", actor=make_person(session, elsewhere)).hits] == [100]


def test_only_what_the_owner_lets_through_is_found(find: Find) -> None:
    assert [hit.subject_id for hit in find("limit", within=select(literal(1))).hits] == [1]


def test_what_is_put_again_replaces_the_old_words(session: Session, place: Place, find: Find) -> None:
    put(session, place, 0, "Another title", "about something else")
    assert [hit.subject_id for hit in find("limit").hits] == [8, 1]
    assert [hit.subject_id for hit in find("another").hits] == [0]


@pytest.mark.usefixtures("place")
def test_what_is_taken_out_leaves_no_word_behind(session: Session, find: Find) -> None:
    for number in range(len(TEXTS)):
        index.take_out(session, "test.note", number)
    index.take_out(session, "test.note", 4711)
    assert find("limit") == Hits()
    assert session.scalar(select(func.count()).select_from(table("search_words"))) == 0


def test_pages_follow_each_other_without_repeats_or_gaps(session: Session, place: Place, find: Find) -> None:
    for number in range(20, 45):
        put(session, place, number, "Many" if number % 3 == 0 else "", "many more of these")
    everything = [hit.subject_id for hit in find("many", limit=100).hits]
    paged: list[int] = []
    after = ""
    for _ in range(20):
        page = find("many", limit=4, after=after)
        paged += [hit.subject_id for hit in page.hits]
        after = page.after
        if not after:
            break
    assert paged == everything
    assert len(everything) == 25


@pytest.mark.parametrize(
    "after", ["x", "1.2", "1.2.3.4", "9.99999999999999999999.1", "a.b.c", "-1.-1.-1", "0.1.999999999999"]
)
def test_a_broken_page_mark_breaks_nothing(after: str, find: Find) -> None:
    assert find("limit", after=after).asked


def test_a_very_long_text_can_be_put_and_its_beginning_found(
    session: Session, place: Place, find: Find
) -> None:
    put(session, place, 50, "Long", "needle " + "again and " * 12_000)
    put(session, place, 51, "Longest word", "x" * 20_000)
    assert [hit.subject_id for hit in find("needle").hits] == [50]
    assert [hit.subject_id for hit in find("x" * 3_000).hits] == [51]
    assert session.execute(text("SELECT 1")).scalar() == 1
