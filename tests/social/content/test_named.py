"""People, tags and codes for emoji in running text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmssocial.social.content import references
from lmssocial.social.content.markdown import MAX_SOURCE, cook, render
from lmssocial.social.content.named import Known, possible_names

KNOWN = Known(
    people={"ana ruiz": 5, "ana ruiz#5": 5, "ana": 7, "ana#7": 7, "tom berg#9": 9, "jean-luc o'neil": 3},
    placement_id=7,
)


@pytest.mark.parametrize(
    ("source", "mentioned"),
    [
        ("@Ana Ruiz's idea", {5: "Ana Ruiz"}),
        ("ask @ana, who knows", {7: "ana"}),
        ("(@Jean-Luc O'Neil)", {3: "Jean-Luc O'Neil"}),
        ("**@Ana Ruiz**, then @Ana Ruiz#5", {5: "Ana Ruiz"}),
        ("@Tom Berg#9: yes", {9: "Tom Berg#9"}),
        ("- @Ana Ruiz\n- @Ana", {5: "Ana Ruiz", 7: "Ana"}),
        ("| a |\n|---|\n| @Ana |", {7: "Ana"}),
        ("@Tom Berg", {}),  # two of them: only the number tells
        ("@Anabel", {}),
        ("x@ana.com", {}),
        ("`@Ana`", {}),
        ("$@Ana$", {}),
        ("\\@Ana", {}),
        ("[@Ana](https://example.org)", {}),
        ("https://example.org/@Ana", {}),
        ("@Nobody Here", {}),
    ],
)
def test_people_are_found_in_words_alone_the_longest_name_first(
    source: str, mentioned: dict[int, str]
) -> None:
    cooked = render(source, known=KNOWN)
    assert cooked.names.mentions == mentioned
    assert cooked.html.count('<span class="mention">') >= len(mentioned)
    assert ("mention" in cooked.html) == bool(mentioned)


def test_the_number_that_tells_two_people_apart_is_not_shown() -> None:
    cooked = render("@Tom Berg#9 and @Ana", known=KNOWN)
    assert cooked.html.startswith('<p dir="auto"><span class="mention">@Tom Berg</span> and ')
    assert cooked.text == "@Tom Berg and @Ana"


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#Kürzen and #kürzen", {"kürzen": "Kürzen"}),
        ("#a-b- (#c_d) **#e**", {"a-b": "a-b", "c_d": "c_d", "e": "e"}),
        ("#हिंदी, #نص.", {"हिंदी": "हिंदी", "نص": "نص"}),
        ("#1 #-x x#y https://e.org/#z `#code` \\#no /#path", {}),
        ("[#in a link](https://example.org)", {}),
        ("# heading", {}),
        ("#" + "a" * 61, {}),
        ("#" + "a" * 60, {"a" * 60: "a" * 60}),
    ],
)
def test_tags_begin_with_a_letter_and_stand_in_words_alone(source: str, tags: dict[str, str]) -> None:
    assert render(source, known=KNOWN).names.tags == tags


def test_a_tag_leads_to_its_list_and_is_only_a_word_where_nobody_sees_it() -> None:
    link = (
        '<a href="/w/7/tags/k%C3%BCrzen" class="hashtag" rel="nofollow noopener noreferrer ugc">#Kürzen</a>'
    )
    assert cook("#Kürzen", known=KNOWN) == f'<p dir="auto">{link}</p>'
    assert cook("#Kürzen") == '<p dir="auto">#Kürzen</p>'


def test_codes_become_emoji_where_they_are_words() -> None:
    cooked = render(":smile: (:tada:) :+1: 10:30:45 :unheard-of: a:smile: `:smile:` https://e.org/:smile:")
    assert cooked.text == "😄 (🎉) 👍 10:30:45 :unheard-of: a:smile: :smile: https://e.org/:smile:"


def test_names_with_markup_in_them_are_only_text() -> None:
    known = Known(people={'<img src="x">': 1, "x & y": 2})
    cooked = cook('@<img src="x"> and @x & y', known=known)
    assert "<img" not in cooked
    assert '<span class="mention">@&lt;img src="x"&gt;</span>' in cooked or "&lt;img" in cooked
    assert '<span class="mention">@x &amp; y</span>' in cooked


def test_a_name_is_looked_for_in_a_few_words_only() -> None:
    assert len(list(possible_names("a.b.c.d.e.f " * 500))) <= 40
    assert list(possible_names("Ana Ruiz's idea"))[:5] == ["Ana Ruiz's idea", "Ana Ruiz's", "Ana Ruiz", "Ana"]


PATHOLOGICAL = {
    "signs": "@#:" * 6_600,
    "names": "@a b c d e f g h " * 1_170,
    "dots": "@a.b.c.d.e " * 1_800,
    "hashes": "#" * 20_000,
    "tags": "#a " * 6_600,
    "codes": ":smile: " * 2_500,
    "half codes": ":a" * 10_000,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_no_text_full_of_signs_takes_long(name: str) -> None:
    began = time.process_time()
    render(PATHOLOGICAL[name][:MAX_SOURCE], known=KNOWN)
    assert time.process_time() - began < 5


@given(st.text(alphabet="@#: \n*_`[]()\\aAnaRuiz-19ü", max_size=80))
def test_no_text_with_names_breaks_the_renderer_or_its_words(source: str) -> None:
    cooked = render(source, known=KNOWN)
    assert set(cooked.names.mentions) <= {3, 5, 7, 9}
    for tag in cooked.names.tags:
        assert f"#{tag}" in cooked.text.casefold()


@pytest.mark.parametrize(
    ("href", "ids"),
    [
        ("/w/7/discussion/posts/12", (12,)),
        ("https://tool.example/w/7/discussion/posts/12?x=1#y", (12,)),
        ("https://elsewhere.example/w/7/discussion/posts/12", ()),
        ("https://tool.example.evil/w/7/discussion/posts/12", ()),
        ("//elsewhere.example/w/7/discussion/posts/12", ()),
        ("/w/7/discussion/posts/12/edit", ()),
        ("/w/7/discussion/posts/" + "9" * 30, ()),
    ],
)
def test_links_to_posts_of_this_tool_are_known_and_stay_in_the_frame(href: str, ids: tuple[int, ...]) -> None:
    before = references.path_here("https://tool.example/w/1/x")
    references.we_are_at("https://tool.example/")
    try:
        cooked = render(f"[there]({href})")
        assert references.named_in(cooked.links) == ids
        if ids:
            assert "target" not in cooked.html
            assert 'href="/w/7/discussion/posts/12' in cooked.html
        elif "elsewhere" in href or "evil" in href:
            assert 'target="_blank"' in cooked.html or "<a" not in cooked.html
    finally:
        references.we_are_at("")
    assert before is None
