"""The formula, held against numbers worked out by hand."""

import math
from dataclasses import replace

import pytest

from lmssocial.core.hooks.routing import Candidate
from lmssocial.widgets.experts.indexing import recency, tokens
from lmssocial.widgets.experts.matching import formula
from lmssocial.widgets.experts.matching.reasons import worded
from lmssocial.widgets.experts.models import Reach

SOMEBODY = Candidate(user_id=1, community_id=1)


def test_words_lose_markup_code_case_accents_and_endings_and_keep_their_script() -> None:
    html = "<p>Breweries are <b>brewing</b> the caf\u00e9&#x27;s beers</p><pre><code>import os</code></pre>"
    assert tokens.tokens(tokens.text_of(html)) == ["brewery", "brew", "cafe", "beer"]
    assert tokens.tokens("Gl\u00e4ser \u00fcber die Stra\u00dfe") == ["glaser", "die", "strasse"]
    assert tokens.tokens("\u0417\u0430\u0432\u043e\u0434\u044b \u0438 \u043f\u0438\u0432\u043e") == [
        "\u0437\u0430\u0432\u043e\u0434\u044b",
        "\u043f\u0438\u0432\u043e",
    ]
    assert tokens.tokens("\u8cea\u554f\u529b beer") == ["\u8cea\u554f", "\u554f\u529b", "beer"]


def test_a_title_counts_twice_and_only_so_many_words_are_kept() -> None:
    document = tokens.document("Hop teas", "Which hop?", "A noble hop.")
    assert document == {"hop": 4, "tea": 2, "noble": 1}
    many = {f"word{number:05}": 1 for number in range(tokens.MOST_WORDS + 5)} | {"zebra": 2}
    kept = tokens.kept(many)
    assert len(kept) == tokens.MOST_WORDS
    assert kept["zebra"] == 2


def test_bm25_is_what_the_paper_says() -> None:
    corpus = formula.Corpus(documents=4, length=40)
    # idf = ln(1 + (4 - 1 + .5) / (1 + .5)) = ln(10 / 3); twice in a document of 20 words, twice the mean
    weighs = formula.weights(corpus, {"hop": 1, "malt": 5, "nowhere": 1}, {"hop": 1, "malt": 2})
    assert weighs == pytest.approx({"hop": math.log(10 / 3), "malt": 3 * math.log(2)})
    assert formula.bm25(corpus, weighs["hop"], 2, 20) == pytest.approx(1.2039728 * 4.4 / (2 + 1.2 * 1.75))
    assert formula.bm25(corpus, weighs["malt"], 1, 10) == pytest.approx(2.0794415 * 2.2 / 2.2)
    assert formula.idf(10, 10) > 0  # no word takes anything off
    # the rarest words are looked for, and at least one
    assert formula.rarest({"the": 900, "hop": 3, "cask": 40, "gone": 0}, 50) == ["hop", "cask"]
    assert formula.rarest({"the": 900}, 50) == ["the"]


def test_lately_is_kept_as_a_number_that_time_does_not_change() -> None:
    moments = [19_000.0, 19_030.0, 19_060.0]
    key = recency.key_of(moments, 30.0)
    assert recency.value_of(key, 19_060.0, 30.0) == pytest.approx(1.75)
    assert recency.value_of(key, 19_090.0, 30.0) == pytest.approx(0.875)
    assert recency.key_of(reversed(moments), 30.0) == key
    assert recency.key_of([], 30.0) is None
    assert recency.value_of(None, 19_090.0, 30.0) == 0.0


def test_the_core_is_in_shares_of_the_largest() -> None:
    most = replace(SOMEBODY, similarity=math.e - 1, topicality=3.0, recent_7=1.0, recent_30=8.0)
    less = replace(
        SOMEBODY, user_id=2, similarity=math.sqrt(math.e) - 1, topicality=1.0, recent_7=0.0, recent_30=2.0
    )
    core = formula.core([most, less])
    assert core[1] == pytest.approx(2.5)
    assert core[2] == pytest.approx(0.5 + 0.5 * 0.5 + 0.5 * (0.0 + 0.5))
    assert formula.core([SOMEBODY]) == {1: 0.0}


def test_what_is_said_of_somebody_adds_a_little() -> None:
    praised = replace(SOMEBODY, declared=True, endorsed=6.0, is_sme=True, helpfulness=1.0)
    assert formula.standing(praised) == pytest.approx(0.25 + 0.25 + 0.5 + 0.1)
    assert formula.standing(replace(SOMEBODY, endorsed=1.5, helpfulness=0.0)) == pytest.approx(0.125 - 0.1)
    assert formula.helpfulness(0, 0) == 0.5
    assert formula.helpfulness(20, 4) == pytest.approx(0.75)  # four times 5


def test_invitations_and_distance_hold_somebody_back() -> None:
    free = formula.factor(formula.Load(), Reach.COURSE)
    assert free == pytest.approx(math.sqrt(0.5))
    assert formula.factor(formula.Load(lately=3), Reach.COURSE) == pytest.approx(free * math.exp(-0.3))
    assert formula.factor(formula.Load(), Reach.ORGANISATION) == pytest.approx(free * 0.8)
    willing = formula.Load(invited=4, taken=4)
    assert formula.factor(willing, Reach.COURSE) == pytest.approx(math.sqrt(6 / 8))
    assert formula.held_back(-1.0, 0.5) < formula.held_back(-1.0, 0.9)  # also below zero it is no gain


def test_equals_are_asked_by_how_seldom_they_were_and_then_by_lot() -> None:
    assert formula.place(1.0, 2, 7, 1) < formula.place(1.0, 3, 7, 2)
    assert formula.place(1.0 + 1e-12, 2, 7, 2)[:2] == formula.place(1.0, 2, 7, 1)[:2]
    firsts = {
        min((formula.place(1.0, 0, question, who), who) for who in (1, 2, 3))[1] for question in range(40)
    }
    assert firsts == {1, 2, 3}
    assert sum(formula.explores(question, number) for question in range(10) for number in range(5)) == 10


def test_who_is_merely_active_is_not_known() -> None:
    assert not formula.is_known(replace(SOMEBODY, answers=90, recent_7=5.0, recent_30=20.0))
    for known in (
        {"similarity": 0.1},
        {"topicality": 0.1},
        {"declared": True},
        {"endorsed": 1.0},
        {"is_sme": True},
    ):
        assert formula.is_known(replace(SOMEBODY, **known))


def test_reasons_are_worded_as_facts() -> None:
    facts = {
        "answered": ["Capability", 4],
        "endorsed": ["Capability", 1],
        "sme": "Capability",
        "declared": "Gauge R&R",
        "similar": True,
        "hours": 6,
        "hardly_asked": True,
    }
    assert worded(facts) == [
        "SME of Capability",
        "answered 4 questions about Capability",
        "endorsed by 1 person for Capability",
        "says that they know about Gauge R&R",
        "answered something like this",
        "usually answers within 6 hours",
        "hardly ever asked before",
    ]
    assert worded({}) == []
