"""What the link limit holds, what it lets pass, and what it tells the author."""

import inspect
import re
from dataclasses import replace
from typing import Any

import pytest

import lmssocial_linklimit
from lmssocial.plugin import Moment, Ruling, Submission, Verdict
from lmssocial.testing import ask, check_plugin, submission
from lmssocial_linklimit import count_links, hosts, manifest, reading
from lmssocial_linklimit.settings import LinkLimit, LinkLimitForm


def post(*links: str, role: str = "learner", is_edit: bool = False) -> Submission:
    """A post with these links."""
    moment = Moment.EDIT if is_edit else Moment.CREATE
    return submission(text=" ".join(links), links=links, author_role=role, moment=moment)


def pages(count: int) -> tuple[str, ...]:
    """Links to so many different pages."""
    return tuple(f"https://example.org/{number}" for number in range(count))


def judged(about: Submission, **settings: Any) -> Verdict | None:
    """What the policy makes of a post."""
    return ask(lmssocial_linklimit, about, **settings)


@pytest.mark.parametrize("limit", [0, 1, 2, 50])
def test_a_post_at_the_limit_passes_and_one_over_it_is_held(limit: int) -> None:
    assert judged(post(*pages(limit)), limit=limit) is None
    verdict = judged(post(*pages(limit + 1)), limit=limit)

    assert verdict is not None
    assert (verdict.ruling, verdict.reason) == (Ruling.HOLD, "too-many-links")


def test_the_author_reads_how_many_there_are_and_how_many_may_be() -> None:
    verdict = judged(post(*pages(3)))

    assert verdict is not None
    assert re.findall(r"\d+", verdict.message) == ["3", "2"]


def test_where_no_link_is_allowed_the_author_reads_that_instead_of_a_nought() -> None:
    verdict = judged(post(*pages(1)), limit=0)

    assert verdict is not None
    assert "every post with a link" in verdict.message
    assert not re.search(r"\d", verdict.message)


@pytest.mark.parametrize("role", ["instructor", "administrator"])
def test_people_who_are_trusted_link_as_much_as_they_like(role: str) -> None:
    assert judged(post(*pages(30), role=role)) is None
    assert judged(post(*pages(30), role=role), trusted_roles=()) is not None


@pytest.mark.parametrize(
    "role", ["learner", "mentor", "teaching_assistant", "content_developer", "", "Instructor"]
)
def test_nobody_else_does(role: str) -> None:
    assert judged(post(*pages(3), role=role)) is not None


@pytest.mark.parametrize("office", ["steward", "sme"])
def test_stewards_and_experts_are_trusted(office: str) -> None:
    by_them = replace(post(*pages(30)), author_offices=frozenset({office}))
    assert judged(by_them, trusted_roles=()) is None


def test_the_author_sees_the_links_marked_and_reads_what_would_pass() -> None:
    about = post(*pages(3))
    verdict = judged(about, rule="We explain instead of linking.")

    assert verdict is not None
    assert tuple(about.source[span.start : span.end] for span in verdict.spans) == pages(3)
    assert verdict.suggestion == "It appears at once with no more than 2."
    assert verdict.rule == "We explain instead of linking."


@pytest.mark.parametrize(
    "text",
    [
        "hxxp://a.example/1 hxxps://a.example/2 h**ps://a.example/3",
        "a (dot) example/1 and a[.]example/2 and a{dot}example/3",
        "a.example (slash) 1 and a.example [/] 2 and a . example / 3",
        "https : //a.example/1 https :// a.example/2 http: //a.example/3 a(.)example/4",
    ],
)
def test_an_attack_of_links_in_disguise_counts_them(text: str) -> None:
    verdict = judged(submission(text=text))
    assert verdict is not None
    assert verdict.reason == "too-many-links"


@pytest.mark.parametrize(
    "text",
    [
        "the dot product, f(.)g and E[.]",
        "and/or, either / or, 1/2, 3.5/4.5",
        "notes.py, e.g. here . There",
        "a(.)b" * 9,
    ],
)
def test_mathematics_and_slashes_are_no_links(text: str) -> None:
    assert judged(submission(text=text), limit=0) is None


def test_an_edit_is_judged_like_a_new_post() -> None:
    assert judged(post(*pages(3), is_edit=True)) is not None
    assert judged(post(*pages(2), is_edit=True)) is None


@pytest.mark.parametrize(
    ("links", "count"),
    [
        ((), 0),
        (("https://a.example/x", "https://a.example/x"), 1),
        (("https://a.example/x#top", "https://a.example/x#end"), 1),
        (("http://a.example/x", "https://www.a.example/x/"), 1),
        (("https://A.example/x", "https://a.EXAMPLE/x"), 1),
        (("https://a.example/x", "https://a.example/y"), 2),
        (("https://a.example/X", "https://a.example/x"), 2),
        (("https://a.example/?p=1", "https://a.example/?p=2"), 2),
        (("https://a.example", "https://b.example"), 2),
        (("https://shop.a.example", "https://a.example"), 2),
        (("/w/3/discussion/threads/9", "#post-4", "mailto:ana@example.org", ""), 0),
        (("https://[::1", "https://a.example:99999/x"), 2),
    ],
)
def test_what_counts_is_different_pages_elsewhere(links: tuple[str, ...], count: int) -> None:
    assert count_links(links) == count


def test_the_plugin_is_sound() -> None:
    assert check_plugin(lmssocial_linklimit) == []
    assert manifest.name == "linklimit"
    assert (manifest.settings, manifest.settings_form) == (LinkLimit, LinkLimitForm)


@pytest.mark.parametrize(("locale", "word"), [("de_AT", "Moderation"), ("ar", "مشرف")])
def test_its_author_reads_the_reason_in_their_language(locale: str, word: str) -> None:
    verdict = ask(lmssocial_linklimit, post(*pages(3)), locale=locale)

    assert verdict is not None
    assert word in verdict.message
    assert re.findall(r"\d+", verdict.message) == ["3", "2"]


def test_it_knows_nothing_of_ours_but_what_plugins_may_import() -> None:
    used = {
        name
        for module in (lmssocial_linklimit, hosts, reading, lmssocial_linklimit.settings)
        for name in re.findall(r"^(?:from|import) (lmssocial\S*)", inspect.getsource(module), re.MULTILINE)
    }

    assert used == {
        "lmssocial.plugin",
        "lmssocial_linklimit.hosts",
        "lmssocial_linklimit.reading",
        "lmssocial_linklimit.settings",
    }
