"""Markdown: what it becomes, what can never come through, and that nothing takes long."""

import time

import pytest
from hypothesis import given, settings

from lmssocial.social.content.markdown import MAX_HTML, MAX_SOURCE, cook, plain_text, render
from lmssocial.social.content.sanitise import sanitise
from lmssocial.social.content.text import tidy
from tests.support.harm import HOSTILE, Elements, is_harmless, mixtures


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_hostile_survives_cooking(source: str) -> None:
    assert is_harmless(cook(tidy(source)))


@pytest.mark.parametrize(
    "html", [*HOSTILE, "<p onclick=x>", "<a href=' javascript:x'>", "<math href=javascript:x>"]
)
def test_the_sanitiser_alone_is_a_wall(html: str) -> None:
    assert is_harmless(sanitise(html))


def test_the_check_for_harm_sees_harm() -> None:
    for html in (
        "<script>",
        "<p onclick=x>",
        "<a href=javascript:x rel='nofollow noopener noreferrer ugc'>",
        "<p id=content>",
        "<img src=https://tracker.example/x.png>",
        "<img src=/w/1/files/1 onerror=x>",
    ):
        assert not is_harmless(html)


@settings(max_examples=400, deadline=None)
@given(mixtures)
def test_no_mixture_of_words_and_markup_ever_survives_as_harm(source: str) -> None:
    cooked = render(tidy(source)[:MAX_SOURCE])
    assert is_harmless(cooked.html)
    assert sanitise(cooked.html).strip() == cooked.html, "what was cooked is a fixed point of the wall"


def test_what_people_use_every_day_comes_out_right() -> None:
    html = cook("One *thing*,\nand **another**.\n\n> quoted\n\n1. first\n2. second")
    assert '<p dir="auto">One <em>thing</em>,<br>\nand <strong>another</strong>.</p>' in html
    assert "<blockquote>" in html
    assert '<li dir="auto">first</li>' in html


def test_headings_stand_below_those_of_the_page() -> None:
    assert cook("# One\n\n### Three") == '<h3 dir="auto">One</h3>\n<h5 dir="auto">Three</h5>'


def test_a_line_of_dashes_is_a_rule_and_not_a_heading() -> None:
    assert cook("My words\n---") == '<p dir="auto">My words</p>\n<hr>'


def test_indented_text_is_text() -> None:
    assert "<pre" not in cook("    four spaces pasted from elsewhere")


def test_prices_are_no_formulas() -> None:
    assert "<math" not in cook("It costs $5 and not $6.")


def test_formulas_become_mathml() -> None:
    assert '<math display="inline">' in cook("Pythagoras: $a^2+b^2=c^2$")
    assert '<math display="block">' in cook("$$\n\\frac{1}{2}\n$$")


@pytest.mark.parametrize("tex", [r"\frac{1}{", "{" * 500, "x" * 3000, r"\left(" * 300, "^", "a_b_c"])
def test_what_is_no_formula_is_shown_as_typed(tex: str) -> None:
    html = cook(f"$${tex}$$")
    assert "<code>" in html or "<math" in html


def test_a_broken_formula_keeps_its_text() -> None:
    assert cook(r"$\frac{1}{$") == r'<p dir="auto"><span class="math"><code>\frac{1}{</code></span></p>'


def test_code_is_coloured_by_classes_and_reads_left_to_right() -> None:
    html = cook('```py\nprint("<b>")\n```')
    assert html.startswith('<pre class="highlight" dir="ltr"><code>')
    assert 'class="nb"' in html
    assert "&lt;b&gt;" in html
    assert "style" not in html


def test_code_in_an_unknown_language_is_plain() -> None:
    assert cook("```klingon\nx < y\n```") == '<pre class="highlight" dir="ltr"><code>x &lt; y\n</code></pre>'


def test_wide_code_can_be_scrolled_by_keyboard() -> None:
    assert '<pre class="highlight" dir="ltr" tabindex="0">' in cook("```\n" + "x" * 80 + "\n```")


def test_links_open_beside_the_course_and_give_nothing_away() -> None:
    html = cook("See [this](https://example.org/?a=1&b=2) and www.example.com.")
    assert (
        'href="https://example.org/?a=1&amp;b=2" target="_blank" rel="nofollow noopener noreferrer ugc"'
        in html
    )
    assert '<a href="https://www.example.com"' in html
    assert ">www.example.com</a>." in html


@pytest.mark.parametrize("text", ["notes.py", "e.g. this", "ana@example.org", "3.14", "and/or"])
def test_only_addresses_become_links(text: str) -> None:
    assert "<a" not in cook(text)


def test_a_picture_from_elsewhere_is_a_link_that_loads_nothing() -> None:
    html = cook("![The diagram](https://example.org/x.png)")
    assert "<img" not in html
    assert ">The diagram</a>" in html


def test_task_lists_name_their_boxes() -> None:
    html = cook("- [x] done\n- [ ] open")
    assert '<label><input checked="checked" disabled="" type="checkbox"> done</label>' in html


def test_footnotes_of_two_contributions_do_not_meet() -> None:
    one, two = (cook(f"{word}[^1]\n\n[^1]: note") for word in ("one", "two"))
    ids = [{a["id"] for _tag, a in Elements(html).found if "id" in a} for html in (one, two)]
    assert len(ids[0]) == 2
    assert ids[0].isdisjoint(ids[1])


def test_tables_scroll_alone_and_align_without_styles() -> None:
    html = cook("| a | b | c |\n|:-|-:|:-:|\n| 1 | 2 | 3 |")
    assert '<div class="table-frame" tabindex="0"><table>' in html
    assert '<td dir="auto" align="right">2</td>' in html


def test_an_empty_cell_heads_no_column() -> None:
    html = cook("| | price |\n|-|-|\n| A | 1 |")
    assert '<td dir="auto"></td>\n<th dir="auto" scope="col">price</th>' in html


def test_the_words_alone_have_no_markup() -> None:
    text = plain_text(
        "# One\n\n*Two* [three](https://x.example) `four`\n\n- five\n\n| six | seven |\n|-|-|\n| 8 | 9 |\n\n> ten"
    )
    assert text == "One\nTwo three four\nfive\nsix seven\n8 9\nten"


def test_links_are_listed_in_order_with_repeats() -> None:
    cooked = render(
        "[a](https://a.example) ![b](https://b.example/b.png) https://c.example [a](https://a.example)"
    )
    assert cooked.links == (
        "https://a.example",
        "https://b.example/b.png",
        "https://c.example",
        "https://a.example",
    )


def test_more_than_the_most_is_refused() -> None:
    render("x" * MAX_SOURCE)
    with pytest.raises(ValueError, match="20000"):
        render("x" * (MAX_SOURCE + 1))


PATHOLOGICAL = {
    "brackets": "[" * 20_000,
    "pictures": "![" * 10_000,
    "stars": "*a " * 6_600,
    "mixed emphasis": "*_" * 10_000,
    "quotes": ">" * 20_000,
    "quoted lines": "> " * 10_000,
    "nested lists": "".join(" " * depth + "- a\n" for depth in range(195)),
    "backticks": "".join("a" + "`" * length for length in range(195)),
    "open links": "[a](b" * 4_000,
    "addresses": "https://a." * 2_000,
    "www": "www." * 5_000,
    "dollars": "$a " * 6_600,
    "formulas": "$x^2$ " * 3_300,
    "deep formula": "$" + "{" * 1_990 + "$",
    "footnotes": "".join(f"[^{n}]" for n in range(1_500)) + "".join(f"\n\n[^{n}]: x" for n in range(900)),
    "table": "|a" * 3_000 + "\n" + "|-" * 3_000 + "\n" + "|b\n" * 2_600,
    "entities": "&#1;" * 5_000,
    "java": "```java\n" + "a " * 1_990,
    "scala": "```scala\n" + "a.\n" * 1_300,
    "python": "```py\n" + "f'{\n" * 990,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_no_text_takes_long_or_grows_without_bounds(name: str) -> None:
    source = PATHOLOGICAL[name][:MAX_SOURCE]
    began = time.process_time()
    html = cook(tidy(source))
    assert time.process_time() - began < 5
    assert len(html) <= MAX_HTML + len(source) * 5


@pytest.mark.parametrize(
    "deep",
    [
        pytest.param(">" * 300 + " deepest", id="quotes"),
        pytest.param("- " * 300 + "deepest", id="lists"),
        pytest.param(
            "".join(" " * 2 * depth + "- a\n" for depth in range(40)) + " " * 80 + "- deepest", id="indented"
        ),
        pytest.param("> 1. " * 100 + "deepest", id="both"),
        pytest.param("x[^1]\n\n[^1]: " + ">" * 300 + " deepest", id="footnote"),
    ],
)
def test_what_is_nested_too_deeply_is_shown_as_it_was_typed(deep: str) -> None:
    cooked = render(deep + "\n\nafter it\n\n```\ncode\n```")
    for words in ("deepest", "after it", "code"):
        assert words in cooked.html
        assert words in cooked.text


@pytest.mark.parametrize("levels", range(1, 24))
@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "> - "])
def test_no_depth_loses_words(mark: str, levels: int) -> None:
    cooked = render(mark * levels + "deepest\n\nafter it")
    assert "deepest" in cooked.html
    assert "after it" in cooked.html
    assert "deepest\nafter it" in cooked.text.replace("\n\n", "\n")


def test_ten_levels_of_quotes_stay_quotes() -> None:
    assert cook("> " * 10 + "deepest").count("<blockquote") == 10
