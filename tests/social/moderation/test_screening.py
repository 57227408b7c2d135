"""One verdict out of many: strictest wins, failures hold, nobody objecting publishes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lmssocial.core.hooks import PluginHost, Reach, Ruling, Submission
from lmssocial.social.moderation.screening import POLICY_FAILED, Screening, screen_with
from tests.social.moderation.conftest import hold
from tests.support.plugins import Site, open_site

SUBMISSION = Submission(
    kind="shelf.book",
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    title="",
    source="words",
    text="words",
)


def policy(ruling: str, message: str) -> str:
    """The source of a policy that always says the same."""
    return f"""
    @hookimpl
    def lmssocial_screen_submission(submission):
        return Verdict(ruling=Ruling.{ruling}, reason="{ruling.lower()}", message="{message}")
    """


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where plugins are installed."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


def screened(*enabled: str) -> Screening:
    """What the policies that are on make of the submission."""
    return screen_with(PluginHost.load(), Reach(frozenset(enabled)))(SUBMISSION)


def test_without_a_policy_everything_is_published() -> None:
    assert screened() == Screening()
    assert Screening().ruling is Ruling.ALLOW
    assert Screening().messages == ()


def test_the_strictest_ruling_wins_and_its_sentence_comes_first(site: Site) -> None:
    site.install("mild", policy("ANNOTATE", "Say where it is from."))
    site.install("strict", policy("REJECT", "Not here."))
    site.install("wary", policy("HOLD", "Somebody looks first."))
    screening = screened("mild", "strict", "wary")

    assert screening.ruling is Ruling.REJECT
    assert [vote.policy for vote in screening.votes] == ["strict", "wary", "mild"]
    assert screening.messages == ("Not here.", "Somebody looks first.", "Say where it is from.")


def test_a_policy_that_is_off_has_no_vote(site: Site) -> None:
    site.install("strict", policy("REJECT", "Not here."))
    site.install("wary", policy("HOLD", "Somebody looks first."))

    assert screened("wary").ruling is Ruling.HOLD


def test_a_policy_that_raises_counts_as_hold(site: Site) -> None:
    site.install("failing", "@hookimpl\ndef lmssocial_screen_submission(submission):\n    raise ValueError")
    screening = screened("failing")

    assert screening.ruling is Ruling.HOLD
    assert screening.votes[0].verdict.reason == POLICY_FAILED
    assert screening.messages == ("A check could not be made, so a moderator reads this first.",)


def test_a_policy_that_answers_nonsense_counts_as_hold(site: Site) -> None:
    site.install("odd", "@hookimpl\ndef lmssocial_screen_submission(submission):\n    return 'hold'")

    assert screened("odd").ruling is Ruling.HOLD


def test_a_failing_policy_does_not_soften_a_strict_one(site: Site) -> None:
    site.install("failing", "@hookimpl\ndef lmssocial_screen_submission(submission):\n    raise ValueError")
    site.install("strict", policy("REJECT", "Not here."))

    assert screened("failing", "strict").ruling is Ruling.REJECT


def test_the_same_sentence_is_said_once_and_silence_not_at_all() -> None:
    screening = Screening((hold("a", "Wait."), hold("b", "Wait."), hold("c", ""), hold("d", "Really.")))

    assert screening.messages == ("Wait.", "Really.")
