"""What the link limit holds, what it lets pass, and what it tells the author."""

import inspect
import re
from dataclasses import fields

import pytest

import lmssocial_linklimit
from lmssocial.plugin import HOOK_API, Moment, Ruling, Submission, Verdict
from lmssocial_linklimit import count_links, lmssocial_screen_submission, manifest
from lmssocial_linklimit.settings import LinkLimit, LinkLimitForm


def submission(*links: str, role: str = "learner", is_edit: bool = False) -> Submission:
    """A post with these links."""
    return Submission(
        kind="discussion.reply",
        tenant_id=1,
        community_id=1,
        author_id=1,
        author_role=role,
        title="",
        source=" ".join(links),
        text=" ".join(links),
        links=links,
        moment=Moment.EDIT if is_edit else Moment.CREATE,
    )


def pages(count: int) -> tuple[str, ...]:
    """Links to so many different pages."""
    return tuple(f"https://example.org/{number}" for number in range(count))


def judged(post: Submission, settings: LinkLimit | None = None) -> Verdict | None:
    """What the policy makes of ``post``."""
    verdict: Verdict | None = lmssocial_screen_submission(post, settings or LinkLimit())
    return verdict


@pytest.mark.parametrize("limit", [0, 1, 2, 50])
def test_a_post_at_the_limit_passes_and_one_over_it_is_held(limit: int) -> None:
    settings = LinkLimit(limit=limit)
    assert judged(submission(*pages(limit)), settings) is None
    verdict = judged(submission(*pages(limit + 1)), settings)

    assert verdict is not None
    assert (verdict.ruling, verdict.reason) == (Ruling.HOLD, "too-many-links")


def test_the_author_reads_how_many_there_are_and_how_many_may_be() -> None:
    verdict = judged(submission(*pages(3)))

    assert verdict is not None
    assert re.findall(r"\d+", verdict.message) == ["3", "2"]


def test_where_no_link_is_allowed_the_author_reads_that_instead_of_a_nought() -> None:
    verdict = judged(submission(*pages(1)), LinkLimit(limit=0))

    assert verdict is not None
    assert "every post with a link" in verdict.message
    assert not re.search(r"\d", verdict.message)


@pytest.mark.parametrize("role", ["instructor", "administrator"])
def test_people_who_are_trusted_link_as_much_as_they_like(role: str) -> None:
    assert judged(submission(*pages(30), role=role)) is None
    assert judged(submission(*pages(30), role=role), LinkLimit(trusted_roles=())) is not None


@pytest.mark.parametrize(
    "role", ["learner", "mentor", "teaching_assistant", "content_developer", "", "Instructor"]
)
def test_nobody_else_does(role: str) -> None:
    assert judged(submission(*pages(3), role=role)) is not None


def test_an_edit_is_judged_like_a_new_post() -> None:
    assert judged(submission(*pages(3), is_edit=True)) is not None
    assert judged(submission(*pages(2), is_edit=True)) is None


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


def test_the_manifest_fits_this_lmssocial_and_form_and_settings_agree() -> None:
    assert manifest.name == "linklimit"
    assert manifest.api[0] == HOOK_API[0]
    in_form = {name for name in dir(LinkLimitForm) if hasattr(getattr(LinkLimitForm, name), "_formfield")}

    assert manifest.settings is LinkLimit
    assert manifest.settings_form is LinkLimitForm
    assert in_form == {setting.name for setting in fields(LinkLimit)}


def test_it_knows_nothing_of_ours_but_what_plugins_may_import() -> None:
    used = {
        name
        for module in (lmssocial_linklimit, lmssocial_linklimit.settings)
        for name in re.findall(r"^(?:from|import) (lmssocial\S*)", inspect.getsource(module), re.MULTILINE)
    }

    assert used == {"lmssocial.plugin", "lmssocial_linklimit.settings"}
