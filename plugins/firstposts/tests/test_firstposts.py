"""Whose posts are read first, which of them, and what newcomers are told."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

import lmssocial_firstposts
from lmssocial.plugin import Moment, Need, Ruling, Standing, Submission, Verdict
from lmssocial.testing import ask, check_plugin
from lmssocial_firstposts import manifest
from lmssocial_firstposts.settings import FirstPosts, FirstPostsForm

NEW = Standing()
POST = Submission(
    kind="discussion.reply",
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    title="",
    source="Hello everybody.",
    text="Hello everybody.",
    tier="reviewed",
    standing=NEW,
)
THREAD = replace(POST, kind="discussion.thread", title="Who I am")


def judged(post: Submission, settings: FirstPosts | None = None) -> Verdict | None:
    """What the policy makes of ``post``."""
    return ask(lmssocial_firstposts, post, **vars(settings or FirstPosts()))


def by(published: int, post: Submission = POST) -> Submission:
    """``post`` by somebody of whom everybody can read so many posts."""
    return replace(post, standing=Standing(published=published))


@pytest.mark.parametrize("posts", [1, 2, 20])
def test_posts_are_held_until_enough_are_approved(posts: int) -> None:
    settings = FirstPosts(posts=posts)
    for published in range(posts):
        verdict = judged(by(published), settings)
        assert verdict is not None, published
        assert (verdict.ruling, verdict.reason) == (Ruling.HOLD, "first-posts")
    assert judged(by(posts), settings) is None
    assert judged(by(posts + 400), settings) is None


def test_an_attack_of_many_first_posts_at_once_is_held_whole() -> None:
    """Held posts do not make their author known, however many there are."""
    assert all(judged(replace(POST, source=f"Cheap essays, number {n}")) for n in range(200))


def test_declined_posts_make_nobody_known() -> None:
    assert judged(replace(POST, standing=Standing(declined=5, upheld_flags=2))) is not None


def test_an_attack_by_editing_a_harmless_first_post_is_held() -> None:
    edit = replace(POST, moment=Moment.EDIT, previous="Hello.", source="Buy at https://shop.example")
    verdict = judged(edit)

    assert verdict is not None
    assert "changed" in verdict.message
    assert judged(replace(edit, standing=Standing(published=1)), FirstPosts(posts=2)) is not None


@pytest.mark.parametrize("role", ["instructor", "teaching_assistant", "administrator"])
def test_the_staff_is_never_new(role: str) -> None:
    assert judged(replace(POST, author_role=role)) is None
    assert judged(replace(POST, author_role=role), FirstPosts(trusted_roles=())) is not None


@pytest.mark.parametrize("office", ["steward", "sme"])
def test_stewards_and_experts_are_never_new(office: str) -> None:
    assert judged(replace(POST, author_offices=frozenset({office})), FirstPosts(trusted_roles=())) is None


@pytest.mark.parametrize("role", ["learner", "mentor", "content_developer", "", "Instructor"])
def test_everybody_else_is(role: str) -> None:
    assert judged(replace(POST, author_role=role)) is not None


def test_only_threads_lets_replies_through() -> None:
    settings = FirstPosts(only_threads=True)
    assert judged(POST, settings) is None
    verdict = judged(THREAD, settings)
    assert verdict is not None
    assert "threads" in verdict.message


@pytest.mark.parametrize(
    ("source", "links", "held"),
    [
        ("Only words.", (), False),
        ("See [the shop](https://shop.example).", ("https://shop.example",), True),
        ("See [the shop](HTTPS://SHOP.EXAMPLE).", ("HTTPS://SHOP.EXAMPLE",), True),
        ("See [the shop](//shop.example).", ("//shop.example",), True),
        ("As in [the second thread](/w/3/discussion/threads/2).", ("/w/3/discussion/threads/2",), False),
        ("Write to me.", ("mailto:ana@example.org",), False),
        ("![a QR code](/w/3/files/9)", ("/w/3/files/9",), True),
        ("![a QR code][1]", (), True),
        ("Wow![1] That is odd.", (), False),
    ],
)
def test_only_with_links_holds_what_leads_elsewhere_and_pictures(
    source: str, links: tuple[str, ...], *, held: bool
) -> None:
    verdict = judged(replace(POST, source=source, links=links), FirstPosts(only_with_links=True))
    assert (verdict is not None) is held
    assert verdict is None or "link" in verdict.suggestion


def test_newcomers_are_told_kindly_and_that_the_next_ones_go_through() -> None:
    verdict = judged(POST)

    assert verdict is not None
    assert verdict.message == "Welcome. A moderator reads everybody's first post before others see it."
    assert verdict.suggestion == "As soon as this one is approved, your next posts appear at once."


def test_where_several_are_read_the_author_knows_how_many_are_left() -> None:
    verdict = judged(by(1), FirstPosts(posts=3))

    assert verdict is not None
    assert verdict.suggestion == (
        "Your posts appear at once when 3 of them are approved. Approved so far: 1."
    )


def test_the_rule_it_rests_on_is_quoted() -> None:
    verdict = judged(POST, FirstPosts(rule="We welcome everybody in person."))
    assert verdict is not None
    assert verdict.rule == "We welcome everybody in person."


def test_without_knowing_the_author_it_abstains() -> None:
    assert judged(replace(POST, standing=None)) is None


def test_a_hundred_thousand_brackets_are_read_quickly() -> None:
    settings = FirstPosts(only_with_links=True)
    assert judged(replace(POST, source="![" * 50_000), settings) is None
    assert judged(replace(POST, source="![" + "x" * 100_000), settings) is None


def test_the_plugin_is_sound_and_asks_for_no_more_than_it_needs() -> None:
    assert manifest.name == "firstposts"
    assert check_plugin(lmssocial_firstposts) == []
    assert manifest.needs == {Need.STANDING}


def sent(**values: object) -> FirstPostsForm:
    """The form as a browser sends it, with its defaults but for ``values``."""
    given = {**vars(FirstPosts()), **values}
    pairs = [
        (name, str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, tuple) else (value,))
        if one not in {False, None}
    ]
    return FirstPostsForm(MultiDict(pairs), meta={"csrf": False})


def test_its_form_takes_its_defaults_and_refuses_what_makes_no_sense() -> None:
    form = sent()
    assert form.validate(), form.errors
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in form.data.items()
    }
    assert FirstPosts(**read) == FirstPosts()
    for wrong in (
        {"posts": 0},
        {"posts": 21},
        {"posts": None},
        {"rule": "x" * 301},
        {"trusted_roles": ("x",)},
    ):
        assert not sent(**wrong).validate(), wrong


@pytest.mark.parametrize(("locale", "word"), [("de_AT", "Moderation"), ("ar", "المشرفين")])
def test_newcomers_are_welcomed_in_their_language(locale: str, word: str) -> None:
    verdict = ask(lmssocial_firstposts, POST, locale=locale)

    assert verdict is not None
    assert word in verdict.message
